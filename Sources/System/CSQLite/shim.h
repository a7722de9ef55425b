#ifndef CTXBROWSE_CSQLITE_SHIM_H
#define CTXBROWSE_CSQLITE_SHIM_H

#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import. */
static inline int ctx_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, index, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* The text begins with a byte order mark, which SQLite takes off. */
static inline int ctx_sqlite_bind_text16(sqlite3_stmt *statement, int index, const void *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, index, (const char *)text, length, SQLITE_TRANSIENT, SQLITE_UTF16);
}

static inline int ctx_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/* sqlite3_db_config is variadic, which Swift cannot call. The schema of a
 * foreign database may neither run unsafe functions nor damage the file. */
static inline int ctx_sqlite_harden(sqlite3 *database) {
    int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code != SQLITE_OK) return code;
    return sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

/* Variadic as above. Closing then neither empties nor removes the -wal file. */
static inline int ctx_sqlite_keep_wal_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/* The open file of the main database. Reading and locking go through it and
 * never through a descriptor of our own: closing any descriptor of a file
 * drops every POSIX lock that the process holds on it. */
static inline sqlite3_file *ctx_sqlite_main_file(sqlite3 *database) {
    sqlite3_file *file = (sqlite3_file *)0;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) {
        return (sqlite3_file *)0;
    }
    return file != (sqlite3_file *)0 && file->pMethods != (const sqlite3_io_methods *)0 ? file : (sqlite3_file *)0;
}

/* Reads bytes of the database file without a transaction. */
static inline int ctx_sqlite_read_file(sqlite3 *database, void *bytes, int count, sqlite3_int64 offset) {
    sqlite3_file *file = ctx_sqlite_main_file(database);
    return file == (sqlite3_file *)0 ? SQLITE_IOERR : file->pMethods->xRead(file, bytes, count, offset);
}

/* Takes the lock by which SQLite makes sure that nobody else has the database
 * open; SQLITE_BUSY when somebody has. Given back when the connection closes. */
static inline int ctx_sqlite_lock_exclusively(sqlite3 *database) {
    sqlite3_file *file = ctx_sqlite_main_file(database);
    return file == (sqlite3_file *)0 ? SQLITE_IOERR : file->pMethods->xLock(file, SQLITE_LOCK_EXCLUSIVE);
}

/* The errno of the latest failed call on the database file or its journal.
 * sqlite3_system_errno has lost it when rolling back made further calls. */
static inline int ctx_sqlite_file_errno(sqlite3 *database) {
    int code = 0;
    sqlite3_file *journal = (sqlite3_file *)0;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal) == SQLITE_OK
        && journal != (sqlite3_file *)0 && journal->pMethods != (const sqlite3_io_methods *)0
        && journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &code) == SQLITE_OK && code != 0) {
        return code;
    }
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &code) != SQLITE_OK) return 0;
    return code;
}

#endif
