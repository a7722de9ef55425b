#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"
#include "library_loading.h"

/* Result type, name, parameters, arguments. */
#define FUNCTIONS(F)                                                                             \
    F(CURLcode, curl_global_init, (long flags), (flags))                                         \
    F(CURL *, curl_easy_init, (void), ())                                                        \
    F(void, curl_easy_cleanup, (CURL * handle), (handle))                                        \
    F(const char *, curl_easy_strerror, (CURLcode code), (code))                                 \
    F(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *text), (list, text)) \
    F(void, curl_slist_free_all, (struct curl_slist * list), (list))                             \
    F(CURLM *, curl_multi_init, (void), ())                                                      \
    F(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi))                                   \
    F(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL *handle), (multi, handle))          \
    F(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL *handle), (multi, handle))       \
    F(CURLMcode, curl_multi_perform, (CURLM * multi, int *active), (multi, active))              \
    F(CURLMcode, curl_multi_poll,                                                                \
      (CURLM * multi, struct curl_waitfd others[], unsigned int count, int milliseconds, int *ready), \
      (multi, others, count, milliseconds, ready))                                               \
    F(CURLMcode, curl_multi_wakeup, (CURLM * multi), (multi))                                    \
    F(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *waiting), (multi, waiting))

#define NAME(type, name, parameters, arguments) #name,
static const char *const names[] = {
    FUNCTIONS(NAME) "curl_easy_setopt", "curl_easy_getinfo", "curl_multi_setopt", NULL};
/* The name has been the same since 2006, whatever the version. */
static struct ctx_library library = CTX_LIBRARY("libcurl.so.4", names);

#define FORWARD(type, name, parameters, arguments) CTX_FORWARD(library, type, name, parameters, arguments)
FUNCTIONS(FORWARD)

const char *ctx_curl_load(void) { return ctx_library_load(&library); }

/* What takes any number of arguments cannot be passed on. */

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#define VARIADIC(name) ((__typeof__(name) *)ctx_library_function(&library, #name))

CURLcode ctx_curl_set_long(CURL *handle, CURLoption option, long value) {
    return VARIADIC(curl_easy_setopt)(handle, option, value);
}

CURLcode ctx_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return VARIADIC(curl_easy_setopt)(handle, option, value);
}

CURLcode ctx_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return VARIADIC(curl_easy_setopt)(handle, option, value);
}

CURLcode ctx_curl_set_headers(CURL *handle, struct curl_slist *headers) {
    return VARIADIC(curl_easy_setopt)(handle, CURLOPT_HTTPHEADER, headers);
}

void ctx_curl_set_callbacks(
    CURL *handle, void *context, ctx_curl_transfer body, ctx_curl_transfer header, ctx_curl_transfer upload,
    ctx_curl_seek seek) {
    __typeof__(curl_easy_setopt) *set = VARIADIC(curl_easy_setopt);
    set(handle, CURLOPT_WRITEDATA, context);
    set(handle, CURLOPT_WRITEFUNCTION, body);
    set(handle, CURLOPT_HEADERDATA, context);
    set(handle, CURLOPT_HEADERFUNCTION, header);
    set(handle, CURLOPT_READDATA, context);
    set(handle, CURLOPT_READFUNCTION, upload);
    set(handle, CURLOPT_SEEKDATA, context);
    set(handle, CURLOPT_SEEKFUNCTION, seek);
}

long ctx_curl_status(CURL *handle) {
    long status = 0;
    return VARIADIC(curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

CURLMcode ctx_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return VARIADIC(curl_multi_setopt)(handle, option, value);
}
