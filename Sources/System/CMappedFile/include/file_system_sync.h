#ifndef CTXBROWSE_FILE_SYSTEM_SYNC_H
#define CTXBROWSE_FILE_SYSTEM_SYNC_H

/* Waits until everything written to the file system of an open file is on the
 * disk. Swift's Glibc module leaves out syncfs, a GNU extension. */
int ctx_sync_file_system(int file);

#endif
