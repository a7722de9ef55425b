#ifndef CTXBROWSE_CCRYPTO_SHIM_H
#define CTXBROWSE_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Each writes a whole digest (32, 32 or 16 bytes) and returns 1 for success.
 * EVP_sha256() and its like are macros in some versions of the library. */

static inline int ctx_sha256(const void *bytes, size_t count, unsigned char *digest) {
    return EVP_Digest(bytes, count, digest, (unsigned int *)0, EVP_sha256(), (ENGINE *)0);
}

static inline int ctx_hmac_sha256(
    const void *key, int key_count, const unsigned char *bytes, size_t count, unsigned char *digest) {
    return HMAC(EVP_sha256(), key, key_count, bytes, count, digest, (unsigned int *)0) != (unsigned char *)0;
}

/* For Content-MD5 only, which the batch delete of S3 requires. */
static inline int ctx_md5(const void *bytes, size_t count, unsigned char *digest) {
    return EVP_Digest(bytes, count, digest, (unsigned int *)0, EVP_md5(), (ENGINE *)0);
}

#endif
