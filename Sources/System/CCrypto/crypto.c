#include "CCrypto.h"
#include "library_loading.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Result type, name, parameters, arguments. */
#define FUNCTIONS(F) \
    F(int, EVP_Digest, (const void *bytes, size_t count, unsigned char *digest, unsigned int *size, const EVP_MD *type, ENGINE *engine), (bytes, count, digest, size, type, engine)) \
    F(const EVP_MD *, EVP_sha256, (void), ()) \
    F(const EVP_MD *, EVP_md5, (void), ()) \
    F(unsigned char *, HMAC, (const EVP_MD *type, const void *key, int keyCount, const unsigned char *bytes, size_t count, unsigned char *digest, unsigned int *size), (type, key, keyCount, bytes, count, digest, size))

#define NAME(type, name, parameters, arguments) #name,
static const char *const names[] = {FUNCTIONS(NAME) NULL};
static struct ctx_library library = CTX_LIBRARY("libcrypto.so." CTX_TEXT(OPENSSL_SHLIB_VERSION), names);

#define FORWARD(type, name, parameters, arguments) CTX_FORWARD(library, type, name, parameters, arguments)
FUNCTIONS(FORWARD)

const char *ctx_crypto_load(void) { return ctx_library_load(&library); }

int ctx_sha256(const void *bytes, size_t count, unsigned char *digest) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL);
}

int ctx_hmac_sha256(
    const void *key, int key_count, const unsigned char *bytes, size_t count, unsigned char *digest) {
    return HMAC(EVP_sha256(), key, key_count, bytes, count, digest, NULL) != NULL;
}

int ctx_md5(const void *bytes, size_t count, unsigned char *digest) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_md5(), NULL);
}
