#define _GNU_SOURCE
#include "file_system_sync.h"

#include <unistd.h>

int ctx_sync_file_system(int file) {
    return syncfs(file);
}
