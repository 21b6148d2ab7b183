/*
 * Physical memory, in pages of 4 KiB, with promises.
 *
 * Memory that a process was granted but has not touched yet, and pages that two processes share
 * until one writes, need no page now but may need one later. Each such need is a promise.
 * A promise is made only while there are more unused pages than promises, so that a later
 * page_alloc_promised() cannot fail: sbrk() and fork() say no, instead of a process dying at
 * some innocent store.
 *
 * A page may have several users (copy-on-write); `users` counts them.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/lock.h"

/* Memory that has never been used. Pages leave at `next`; nothing needs to be touched at boot. */
struct fresh {
    uintptr_t next;
    uintptr_t end;
};

/* A page that came back. */
struct free_page {
    struct free_page *next;
};

static struct spinlock page_lock = {.name = "page"};
static struct fresh fresh[3];
static struct free_page *free_list;
static uint32_t unused;   /* pages that nobody uses: fresh and in the free list */
static uint32_t promised; /* of them, those that are spoken for */

/* One counter a page frame of the memory that page_init() was told about. */
static uint8_t *users;
static uint32_t frames;

static uint32_t frame_of(const void *page)
{
    uintptr_t pa = (uintptr_t)page - KERNBASE;

    if (pa % PAGE_SIZE != 0 || pa / PAGE_SIZE >= frames)
        panic("page: %p is no page", page);
    return (uint32_t)(pa / PAGE_SIZE);
}

/*
 * Use the array at `table` (one byte for each page below physical address `top`) to count
 * users. Called once, before any memory is added.
 */
void page_init(uint8_t *table, uint32_t top)
{
    users = table;
    frames = top / PAGE_SIZE;
    memset(users, 0, frames);
}

/* Kernel addresses start..end are free memory. */
void page_add_memory(uintptr_t start, uintptr_t end)
{
    start = (start + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
    end &= ~(uintptr_t)(PAGE_SIZE - 1);
    if (start >= end)
        return;
    for (size_t i = 0; i < NELEM(fresh); i++)
        if (fresh[i].next == fresh[i].end) {
            fresh[i] = (struct fresh){start, end};
            unused += (uint32_t)((end - start) / PAGE_SIZE);
            return;
        }
}

/* Pre: unused > 0. */
static void *take(void)
{
    struct free_page *page = free_list;

    unused--;
    if (page) {
        free_list = page->next;
    } else {
        struct fresh *f = fresh;

        while (f->next == f->end)
            f++;
        page = (struct free_page *)f->next;
        f->next += PAGE_SIZE;
    }
    users[frame_of(page)] = 1;
    return page;
}

/* A page with one user and any contents, or 0 when all others are promised. */
void *page_alloc(void)
{
    void *page = NULL;

    acquire(&page_lock);
    if (unused > promised)
        page = take();
    release(&page_lock);
    return page;
}

/* Pre: page_lock is held. */
static void *take_promised(void)
{
    if (promised == 0)
        panic("page: nothing was promised");
    promised--;
    return take();
}

/* Redeem one promise. */
void *page_alloc_promised(void)
{
    void *page;

    acquire(&page_lock);
    page = take_promised();
    release(&page_lock);
    return page;
}

/* One more user for the page. The caller has made a promise for the day one of them writes. */
void page_share(void *page)
{
    acquire(&page_lock);
    if (users[frame_of(page)]++ == UINT8_MAX)
        panic("page: too many users");
    release(&page_lock);
}

/* One user less; the last one gives the page back. Returns whether it has others. */
bool page_free(void *page)
{
    uint32_t frame = frame_of(page);
    bool shared;

    acquire(&page_lock);
    if (users[frame] == 0)
        panic("page: %p is freed twice", page);
    shared = --users[frame] > 0;
    if (!shared) {
        struct free_page *f = page;

        f->next = free_list;
        free_list = f;
        unused++;
    }
    release(&page_lock);
    return shared;
}

/*
 * One of the page's users wants it for itself. Returns it if there is no other user, else a copy,
 * for which a promise is redeemed. The others must not find out meanwhile how many they are, so
 * that the lock is held while the copy is made.
 */
void *page_unshare(void *page)
{
    void *own = page;

    acquire(&page_lock);
    if (users[frame_of(page)] > 1) {
        own = take_promised();
        memcpy(own, page, PAGE_SIZE);
        users[frame_of(page)]--;
    }
    release(&page_lock);
    return own;
}

/* Promise n pages. Returns 0, or -1 when there are not that many. */
int page_promise(uint32_t n)
{
    int result = -1;

    acquire(&page_lock);
    if (unused - promised >= n) {
        promised += n;
        result = 0;
    }
    release(&page_lock);
    return result;
}

/* n promises will never be called in. */
void page_release_promise(uint32_t n)
{
    acquire(&page_lock);
    if (promised < n)
        panic("page: %u promises released, %u made", n, promised);
    promised -= n;
    release(&page_lock);
}
