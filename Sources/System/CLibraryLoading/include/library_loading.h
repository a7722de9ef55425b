#ifndef CTXBROWSE_LIBRARY_LOADING_H
#define CTXBROWSE_LIBRARY_LOADING_H

#include <pthread.h>

/* A shared library that is loaded when the first of its functions is needed.
 *
 * libpq, libcurl and OpenSSL bring some thirty other libraries, which cost
 * more time to load than the rest of a start takes, and most runs open
 * nothing that needs them. */
struct ctx_library {
    /* As the dynamic loader finds it: "libpq.so.5". */
    const char *file;
    /* The functions that are used of it; NULL after the last. */
    const char *const *functions;
    pthread_mutex_t lock;
    /* What dlopen has given; NULL before. */
    void *handle;
};

#define CTX_LIBRARY(file, functions) { (file), (functions), PTHREAD_MUTEX_INITIALIZER, (void *)0 }

/* The value of a macro as text, for a library that is named for the version its headers are of. */
#define CTX_TEXT(value) CTX_TEXT_AS_WRITTEN(value)
#define CTX_TEXT_AS_WRITTEN(value) #value

/* Loads the library unless it is loaded. NULL when it is there with all its
 * functions; else why not, as the dynamic loader words it, in memory of this
 * thread until its next call. */
const char *ctx_library_load(struct ctx_library *library);

/* The function of this name in the library, which is loaded when it has to
 * be. Ends the program when that fails: callers load first, where a failure
 * can be told. */
void *ctx_library_function(struct ctx_library *library, const char *name);

/* Defines a function that its header declares as one that calls the same in
 * the library; a wrong type does not compile. */
#define CTX_FORWARD(library, type, name, parameters, arguments)                                  \
    type name parameters {                                                                       \
        static __typeof__(name) *known;                                                          \
        __typeof__(name) *function = __atomic_load_n(&known, __ATOMIC_ACQUIRE);                  \
        if (!function) {                                                                         \
            function = (__typeof__(name) *)ctx_library_function(&(library), #name);              \
            __atomic_store_n(&known, function, __ATOMIC_RELEASE);                                \
        }                                                                                        \
        return function arguments;                                                               \
    }

#endif
