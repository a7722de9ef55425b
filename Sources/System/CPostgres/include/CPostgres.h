#ifndef CTXBROWSE_CPOSTGRES_H
#define CTXBROWSE_CPOSTGRES_H

/* Debian keeps libpq's headers in a directory of their own. */
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#include <sys/eventfd.h>

/* Loads libpq, which the first call of one of its functions else does. NULL, or why it cannot be loaded. */
const char *ctx_pg_load(void);

/* Swift's Glibc module leaves this header out. */
static inline int ctx_pg_wake_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* The field codes are character constants, which Swift does not import. */
static inline const char *ctx_pg_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline const char *ctx_pg_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

/* libpq prints what the server remarks to standard error, into the middle of the screen. */
static inline void ctx_pg_drop_notice(void *context, const char *message) {
    (void)context;
    (void)message;
}

static inline void ctx_pg_silence(PGconn *connection) {
    PQsetNoticeProcessor(connection, ctx_pg_drop_notice, (void *)0);
}

#endif
