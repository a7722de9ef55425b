#include "COpenSSL.h"
#include "library_loading.h"

/* Result type, name, parameters, arguments; those of libcrypto, which libssl brings, are found through it. */
#define FUNCTIONS(F) \
    F(const SSL_METHOD *, TLS_client_method, (void), ()) \
    F(SSL_CTX *, SSL_CTX_new, (const SSL_METHOD *method), (method)) \
    F(void, SSL_CTX_free, (SSL_CTX * context), (context)) \
    F(long, SSL_CTX_ctrl, (SSL_CTX * context, int command, long number, void *pointer), (context, command, number, pointer)) \
    F(void, SSL_CTX_set_verify, (SSL_CTX * context, int mode, SSL_verify_cb callback), (context, mode, callback)) \
    F(int, SSL_CTX_load_verify_locations, (SSL_CTX * context, const char *file, const char *directory), (context, file, directory)) \
    F(int, SSL_CTX_set_default_verify_paths, (SSL_CTX * context), (context)) \
    F(int, SSL_CTX_use_certificate_chain_file, (SSL_CTX * context, const char *file), (context, file)) \
    F(int, SSL_CTX_use_PrivateKey_file, (SSL_CTX * context, const char *file, int type), (context, file, type)) \
    F(int, SSL_CTX_check_private_key, (const SSL_CTX *context), (context)) \
    F(SSL *, SSL_new, (SSL_CTX * context), (context)) \
    F(void, SSL_free, (SSL * session), (session)) \
    F(long, SSL_ctrl, (SSL * session, int command, long number, void *pointer), (session, command, number, pointer)) \
    F(void, SSL_set_bio, (SSL * session, BIO *input, BIO *output), (session, input, output)) \
    F(void, SSL_set_connect_state, (SSL * session), (session)) \
    F(X509_VERIFY_PARAM *, SSL_get0_param, (SSL * session), (session)) \
    F(int, SSL_set1_host, (SSL * session, const char *name), (session, name)) \
    F(int, SSL_do_handshake, (SSL * session), (session)) \
    F(int, SSL_read, (SSL * session, void *buffer, int count), (session, buffer, count)) \
    F(int, SSL_write, (SSL * session, const void *buffer, int count), (session, buffer, count)) \
    F(int, SSL_get_error, (const SSL *session, int result), (session, result)) \
    F(long, SSL_get_verify_result, (const SSL *session), (session)) \
    F(int, X509_VERIFY_PARAM_set1_ip_asc, (X509_VERIFY_PARAM * parameters, const char *address), (parameters, address)) \
    F(const char *, X509_verify_cert_error_string, (long error), (error)) \
    F(const BIO_METHOD *, BIO_s_mem, (void), ()) \
    F(BIO *, BIO_new, (const BIO_METHOD *method), (method)) \
    F(int, BIO_free, (BIO * bio), (bio)) \
    F(int, BIO_read, (BIO * bio, void *buffer, int count), (bio, buffer, count)) \
    F(int, BIO_write, (BIO * bio, const void *buffer, int count), (bio, buffer, count)) \
    F(size_t, BIO_ctrl_pending, (BIO * bio), (bio)) \
    F(void, ERR_clear_error, (void), ()) \
    F(unsigned long, ERR_peek_error, (void), ()) \
    F(const char *, ERR_reason_error_string, (unsigned long code), (code))

#define NAME(type, name, parameters, arguments) #name,
static const char *const names[] = {FUNCTIONS(NAME) NULL};
static struct ctx_library library = CTX_LIBRARY("libssl.so." CTX_TEXT(OPENSSL_SHLIB_VERSION), names);

#define FORWARD(type, name, parameters, arguments) CTX_FORWARD(library, type, name, parameters, arguments)
FUNCTIONS(FORWARD)

const char *ctx_ssl_load(void) { return ctx_library_load(&library); }
