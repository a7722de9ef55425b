#ifndef CTXBROWSE_CCRYPTO_H
#define CTXBROWSE_CCRYPTO_H

#include <stddef.h>

/* Loads libcrypto, which the first digest else does. NULL, or why it cannot be loaded. */
const char *ctx_crypto_load(void);

/* Each writes a whole digest (32, 32 or 16 bytes) and returns 1 for success. */

int ctx_sha256(const void *bytes, size_t count, unsigned char *digest);

int ctx_hmac_sha256(
    const void *key, int key_count, const unsigned char *bytes, size_t count, unsigned char *digest);

/* For Content-MD5 only, which the batch delete of S3 requires. */
int ctx_md5(const void *bytes, size_t count, unsigned char *digest);

#endif
