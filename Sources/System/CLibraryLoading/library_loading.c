#define _GNU_SOURCE
#include "library_loading.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local char reason[512];

const char *ctx_library_load(struct ctx_library *library) {
    const char *failure = NULL;
    pthread_mutex_lock(&library->lock);
    if (!library->handle) {
        void *handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
        const char *error = handle ? NULL : dlerror();
        for (const char *const *name = library->functions; handle && *name; name++) {
            if (dlsym(handle, *name)) continue;
            snprintf(reason, sizeof reason, "%s has no function %s", library->file, *name);
            failure = reason;
            dlclose(handle);
            handle = NULL;
        }
        if (!handle && !failure) {
            snprintf(reason, sizeof reason, "%s", error ? error : library->file);
            failure = reason;
        }
        library->handle = handle;
    }
    pthread_mutex_unlock(&library->lock);
    return failure;
}

void *ctx_library_function(struct ctx_library *library, const char *name) {
    const char *failure = ctx_library_load(library);
    void *function = failure ? NULL : dlsym(library->handle, name);
    if (!function) {
        fprintf(stderr, "cannot call %s: %s\n", name, failure ? failure : "it is not in the library");
        abort();
    }
    return function;
}
