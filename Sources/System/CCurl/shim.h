#ifndef CTXBROWSE_CCURL_SHIM_H
#define CTXBROWSE_CCURL_SHIM_H

#include <curl/curl.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic,
 * which Swift cannot call: one function for each type of value. */

typedef size_t (*ctx_curl_transfer)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ctx_curl_seek)(void *context, curl_off_t offset, int origin);

static inline CURLcode ctx_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ctx_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ctx_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ctx_curl_set_headers(CURL *handle, struct curl_slist *headers) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

/* One context for all four callbacks. */
static inline void ctx_curl_set_callbacks(
    CURL *handle, void *context, ctx_curl_transfer body, ctx_curl_transfer header, ctx_curl_transfer upload,
    ctx_curl_seek seek) {
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    curl_easy_setopt(handle, CURLOPT_READDATA, context);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, upload);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
}

static inline long ctx_curl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

static inline CURLMcode ctx_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

/* The result is in a union beside a pointer that is not of interest. */
static inline CURLcode ctx_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
