/*
 * Ends the process with SIGKILL, or sends it the signal CRASH_SIGNAL names and
 * goes on, just before its Nth call that changes a file system, N being CRASH_AT; a process that ends by itself leaves the number of
 * such calls in the file CRASH_COUNT names. Preloaded into the program under test, it makes
 * "the machine stopped at any moment" a loop over every such moment.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

/* Whether a byte has been put into a pipe, which the program's handler does. */
static atomic_bool is_told;

/* Sends the signal and goes on once the program's handler has run. */
static void interrupt(int number) {
    atomic_store(&is_told, false);
    kill(getpid(), number);
    while (!atomic_load(&is_told)) sched_yield();
}

static void count_call(void) {
    static atomic_long limit = -1;
    long at = atomic_load(&limit);
    if (at < 0) {
        const char *text = getenv("CRASH_AT");
        at = text ? atol(text) : 0;
        atomic_store(&limit, at);
    }
    if (atomic_fetch_add(&calls, 1) + 1 == at) {
        const char *number = getenv("CRASH_SIGNAL");
        if (number) {
            interrupt(atoi(number));
            return;
        }
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
}

static void leave_count(void) {
    const char *path = getenv("CRASH_COUNT");
    long count = atomic_load(&calls);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld\n", count);
    fclose(file);
}

/* Standard output and error are no file system. */
static void count_write(int file) {
    if (file > 2) count_call();
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* The program's only way out: one by exit() would leave no count. */
void _exit(int code) {
    REAL(_exit);
    leave_count();
    real(code);
    for (;;) pause();
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    count_write(file);
    ssize_t done = real(file, bytes, count);
    struct stat status;
    if (file > 2 && done == 1 && fstat(file, &status) == 0 && S_ISFIFO(status.st_mode)) atomic_store(&is_told, true);
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    count_write(file);
    return real(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    REAL(pwrite64);
    count_write(file);
    return real(file, bytes, count, offset);
}

int fsync(int file) {
    REAL(fsync);
    count_call();
    return real(file);
}

int fdatasync(int file) {
    REAL(fdatasync);
    count_call();
    return real(file);
}

int syncfs(int file) {
    REAL(syncfs);
    count_call();
    return real(file);
}

int ftruncate(int file, off_t length) {
    REAL(ftruncate);
    count_call();
    return real(file, length);
}

int ftruncate64(int file, off64_t length) {
    REAL(ftruncate64);
    count_call();
    return real(file, length);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    count_call();
    return real(from, to);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    REAL(renameat);
    count_call();
    return real(from_directory, from, to_directory, to);
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags) {
    REAL(renameat2);
    count_call();
    return real(from_directory, from, to_directory, to, flags);
}

int link(const char *from, const char *to) {
    REAL(link);
    count_call();
    return real(from, to);
}

int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags) {
    REAL(linkat);
    count_call();
    return real(from_directory, from, to_directory, to, flags);
}

int unlink(const char *path) {
    REAL(unlink);
    count_call();
    return real(path);
}

int unlinkat(int directory, const char *path, int flags) {
    REAL(unlinkat);
    count_call();
    return real(directory, path, flags);
}

int rmdir(const char *path) {
    REAL(rmdir);
    count_call();
    return real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    count_call();
    return real(path, mode);
}

int mkdirat(int directory, const char *path, mode_t mode) {
    REAL(mkdirat);
    count_call();
    return real(directory, path, mode);
}
