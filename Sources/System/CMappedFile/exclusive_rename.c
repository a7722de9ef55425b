#define _GNU_SOURCE
#include "exclusive_rename.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int ctx_rename_exclusively(int directory, const char *old_name, const char *new_name) {
    if (renameat2(directory, old_name, directory, new_name, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (linkat(directory, old_name, directory, new_name, 0) != 0) return -1;
    return unlinkat(directory, old_name, 0);
}
