#ifndef CTXBROWSE_COPENSSL_H
#define CTXBROWSE_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

/* Loads libssl, which the first call of one of its functions else does. NULL, or why it cannot be loaded. */
const char *ctx_ssl_load(void);

/* These are macros over SSL_ctrl, SSL_CTX_ctrl and BIO_ctrl, which Swift does not import. */

static inline int ctx_ssl_require_tls12(SSL_CTX *context) {
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

/* The name in clear that tells a server with several certificates which one is wanted. */
static inline int ctx_ssl_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, (char *)name);
}

/* A write may be taken in part and repeated from a buffer that has moved. */
static inline void ctx_ssl_allow_partial_writes(SSL *session) {
    SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static inline size_t ctx_bio_pending(BIO *bio) { return BIO_ctrl_pending(bio); }

/* The reason of the oldest error that this thread has met, as OpenSSL words it; 0 when there is none. */
static inline int ctx_ssl_error_reason(void) { return ERR_GET_REASON(ERR_peek_error()); }

static inline int ctx_ssl_is_wrong_version(int reason) {
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_UNKNOWN_PROTOCOL;
}

static inline const char *ctx_ssl_error_text(void) {
    const char *text = ERR_reason_error_string(ERR_peek_error());
    return text == (const char *)0 ? "" : text;
}

#endif
