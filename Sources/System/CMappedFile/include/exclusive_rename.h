#ifndef CTXBROWSE_EXCLUSIVE_RENAME_H
#define CTXBROWSE_EXCLUSIVE_RENAME_H

/* Renames inside one directory unless the new name is taken: EEXIST then.
 * Swift's Glibc module leaves out renameat2, a GNU extension. Falls back to
 * link and unlink on a file system that cannot rename so. */
int ctx_rename_exclusively(int directory, const char *old_name, const char *new_name);

#endif
