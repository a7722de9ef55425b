#include "CPostgres.h"
#include "library_loading.h"

/* Result type, name, parameters, arguments. */
#define FUNCTIONS(F) \
    F(int, PQsetClientEncoding, (PGconn * connection, const char *encoding), (connection, encoding)) \
    F(PGconn *, PQconnectdb, (const char *text), (text)) \
    F(PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expand), (keywords, values, expand)) \
    F(PostgresPollingStatusType, PQconnectPoll, (PGconn * connection), (connection)) \
    F(void, PQfinish, (PGconn * connection), (connection)) \
    F(PQconninfoOption *, PQconndefaults, (void), ()) \
    F(PQconninfoOption *, PQconninfoParse, (const char *text, char **error), (text, error)) \
    F(void, PQconninfoFree, (PQconninfoOption * options), (options)) \
    F(char *, PQdb, (const PGconn *connection), (connection)) \
    F(char *, PQuser, (const PGconn *connection), (connection)) \
    F(char *, PQpass, (const PGconn *connection), (connection)) \
    F(char *, PQhost, (const PGconn *connection), (connection)) \
    F(char *, PQport, (const PGconn *connection), (connection)) \
    F(ConnStatusType, PQstatus, (const PGconn *connection), (connection)) \
    F(PGTransactionStatusType, PQtransactionStatus, (const PGconn *connection), (connection)) \
    F(const char *, PQparameterStatus, (const PGconn *connection, const char *name), (connection, name)) \
    F(int, PQserverVersion, (const PGconn *connection), (connection)) \
    F(char *, PQerrorMessage, (const PGconn *connection), (connection)) \
    F(int, PQsocket, (const PGconn *connection), (connection)) \
    F(int, PQconnectionNeedsPassword, (const PGconn *connection), (connection)) \
    F(PGVerbosity, PQsetErrorVerbosity, (PGconn * connection, PGVerbosity verbosity), (connection, verbosity)) \
    F(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn * connection, PQnoticeProcessor processor, void *context), (connection, processor, context)) \
    F(PGcancel *, PQgetCancel, (PGconn * connection), (connection)) \
    F(void, PQfreeCancel, (PGcancel * cancel), (cancel)) \
    F(int, PQcancel, (PGcancel * cancel, char *error, int size), (cancel, error, size)) \
    F(PGresult *, PQexec, (PGconn * connection, const char *query), (connection, query)) \
    F(int, PQsendQuery, (PGconn * connection, const char *query), (connection, query)) \
    F(int, PQsendQueryParams, (PGconn * connection, const char *command, int count, const Oid *types, const char *const *values, const int *lengths, const int *formats, int format), (connection, command, count, types, values, lengths, formats, format)) \
    F(int, PQsetSingleRowMode, (PGconn * connection), (connection)) \
    F(PGresult *, PQgetResult, (PGconn * connection), (connection)) \
    F(int, PQisBusy, (PGconn * connection), (connection)) \
    F(int, PQconsumeInput, (PGconn * connection), (connection)) \
    F(int, PQsetnonblocking, (PGconn * connection, int isNonblocking), (connection, isNonblocking)) \
    F(int, PQflush, (PGconn * connection), (connection)) \
    F(ExecStatusType, PQresultStatus, (const PGresult *result), (result)) \
    F(char *, PQresultErrorMessage, (const PGresult *result), (result)) \
    F(char *, PQresultErrorField, (const PGresult *result, int field), (result, field)) \
    F(int, PQntuples, (const PGresult *result), (result)) \
    F(int, PQnfields, (const PGresult *result), (result)) \
    F(char *, PQfname, (const PGresult *result, int column), (result, column)) \
    F(Oid, PQftype, (const PGresult *result, int column), (result, column)) \
    F(char *, PQcmdStatus, (PGresult * result), (result)) \
    F(char *, PQcmdTuples, (PGresult * result), (result)) \
    F(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column)) \
    F(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column)) \
    F(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column)) \
    F(void, PQclear, (PGresult * result), (result)) \
    F(void, PQfreemem, (void *memory), (memory))

#define NAME(type, name, parameters, arguments) #name,
static const char *const names[] = {FUNCTIONS(NAME) NULL};
/* The name has been the same since 2006, whatever the version. */
static struct ctx_library library = CTX_LIBRARY("libpq.so.5", names);

#define FORWARD(type, name, parameters, arguments) CTX_FORWARD(library, type, name, parameters, arguments)
FUNCTIONS(FORWARD)

const char *ctx_pg_load(void) { return ctx_library_load(&library); }
