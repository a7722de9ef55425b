#define _GNU_SOURCE
#include "mapped_file.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { slot_count = 4096 };

/* Pages replaced at one fault: many enough that a long file that was cut does
 * not fault on each page, few enough that one bad disk block hides little. */
enum { pages_per_fault = 64 };

/* The handler may run at any moment on any thread, so slots are atomic and
 * never move. A slot is taken by its `start`, valid once `length` is set. */
struct slot {
    atomic_uintptr_t start;
    atomic_size_t length;
    atomic_int was_cut;
};

static struct slot slots[slot_count];
static atomic_int used_slots; /* no slot at or after this was ever taken */
static size_t page_size;
static struct sigaction previous_action;
static int install_error;
static pthread_once_t install_once = PTHREAD_ONCE_INIT;

static struct slot *slot_holding(uintptr_t address) {
    int used = atomic_load_explicit(&used_slots, memory_order_acquire);
    for (int index = 0; index < used; index++) {
        uintptr_t start = atomic_load_explicit(&slots[index].start, memory_order_acquire);
        size_t length = atomic_load_explicit(&slots[index].length, memory_order_acquire);
        if (start != 0 && address >= start && address - start < length) return &slots[index];
    }
    return NULL;
}

/* Fills the faulting page and some after it with zeros; 0 when that is not possible. */
static int replace_pages(uintptr_t address) {
    struct slot *slot = slot_holding(address);
    if (slot == NULL) return 0;
    uintptr_t page = address & ~(uintptr_t)(page_size - 1);
    uintptr_t start = atomic_load(&slot->start);
    uintptr_t end = (start + atomic_load(&slot->length) + page_size - 1) & ~(uintptr_t)(page_size - 1);
    size_t length = end - page;
    if (length > pages_per_fault * page_size) length = pages_per_fault * page_size;
    void *zeros = mmap((void *)page, length, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (zeros == MAP_FAILED) return 0;
    atomic_store(&slot->was_cut, 1);
    return 1;
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
    int saved_errno = errno;
    if (info->si_code > 0 && replace_pages((uintptr_t)info->si_addr)) {
        errno = saved_errno;
        return;
    }
    errno = saved_errno;
    if (previous_action.sa_flags & SA_SIGINFO) {
        previous_action.sa_sigaction(number, info, context);
    } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
        previous_action.sa_handler(number);
    } else {
        /* The fault comes again on return and then takes its default course; a
         * signal sent by a program does not, so it is sent once more. */
        signal(number, SIG_DFL);
        if (info->si_code <= 0) raise(number);
    }
}

static void install(void) {
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    action.sa_sigaction = on_bus_error;
    if (sigaction(SIGBUS, &action, &previous_action) != 0) install_error = errno;
}

static struct slot *take_slot(void *address, size_t length) {
    for (int index = 0; index < slot_count; index++) {
        uintptr_t free_slot = 0;
        if (!atomic_compare_exchange_strong(&slots[index].start, &free_slot, (uintptr_t)address)) continue;
        atomic_store(&slots[index].was_cut, 0);
        atomic_store(&slots[index].length, length);
        int used = atomic_load(&used_slots);
        while (used <= index && !atomic_compare_exchange_weak(&used_slots, &used, index + 1)) {
        }
        return &slots[index];
    }
    return NULL;
}

void *ctx_map_file(int descriptor, off_t offset, size_t length) {
    pthread_once(&install_once, install);
    if (install_error != 0) {
        errno = install_error;
        return NULL;
    }
    void *address = mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, offset);
    if (address == MAP_FAILED) return NULL;
    if (take_slot(address, length) == NULL) {
        munmap(address, length);
        errno = ENOMEM;
        return NULL;
    }
    return address;
}

void ctx_unmap_file(void *address, size_t length) {
    struct slot *slot = slot_holding((uintptr_t)address);
    if (slot != NULL) {
        /* The length goes first: a slot without one holds no address, and is free only then. */
        atomic_store(&slot->length, 0);
        munmap(address, length);
        atomic_store(&slot->start, 0);
        return;
    }
    munmap(address, length);
}

int ctx_mapping_was_cut(const void *address) {
    struct slot *slot = slot_holding((uintptr_t)address);
    return slot != NULL && atomic_load(&slot->was_cut);
}
