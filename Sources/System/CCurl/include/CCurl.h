#ifndef CTXBROWSE_CCURL_H
#define CTXBROWSE_CCURL_H

#include <curl/curl.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic,
 * which Swift cannot call: one function for each type of value. */

typedef size_t (*ctx_curl_transfer)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ctx_curl_seek)(void *context, curl_off_t offset, int origin);

/* Loads libcurl, which the first call of one of its functions else does. NULL, or why it cannot be loaded. */
const char *ctx_curl_load(void);

CURLcode ctx_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ctx_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ctx_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode ctx_curl_set_headers(CURL *handle, struct curl_slist *headers);

/* One context for all four callbacks. */
void ctx_curl_set_callbacks(
    CURL *handle, void *context, ctx_curl_transfer body, ctx_curl_transfer header, ctx_curl_transfer upload,
    ctx_curl_seek seek);

/* The status of the answer; 0 before there is one. */
long ctx_curl_status(CURL *handle);

CURLMcode ctx_curl_multi_set_long(CURLM *handle, CURLMoption option, long value);

/* The result is in a union beside a pointer that is not of interest. */
static inline CURLcode ctx_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
