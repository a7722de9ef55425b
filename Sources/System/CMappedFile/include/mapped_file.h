#ifndef CTXBROWSE_MAPPED_FILE_H
#define CTXBROWSE_MAPPED_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Read-only mappings of files that other programs may cut short.
 *
 * Touching a page behind the end of a mapped file raises SIGBUS, which would
 * end the program. Inside a mapping made here the page reads as zeros instead
 * and the mapping is marked; any other SIGBUS goes to the handler that was
 * there before.
 */

/* Maps `length` bytes from `offset` (a multiple of the page size). Returns NULL
 * and sets errno when that fails; ENOMEM when too many mappings are alive. */
void *ctx_map_file(int descriptor, off_t offset, size_t length);

/* Gives a mapping back; nobody may read it any more. */
void ctx_unmap_file(void *address, size_t length);

/* Whether a part of the live mapping that holds `address` was replaced by zeros. */
int ctx_mapping_was_cut(const void *address);

#endif
