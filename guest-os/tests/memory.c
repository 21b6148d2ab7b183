/*
 * Address spaces against a model. Random forks, writes, reads, heap moves and ends are done with
 * the kernel's page.c and vm.c, and with plain arrays. Every read must agree; memory that was
 * granted must be there when it is touched, however little is left; and when everything has
 * ended, every page and every promise must have come back.
 */
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/lock.h"
#include "kernel/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    MEMORY_PAGES = 600,
    SPACES = 12,
    MODEL_PAGES = 2200, /* of the heap, more than there is memory, and over several tables */
    TEXT_START = 0x5000,
    TEXT_PAGES = 3,
    HEAP_START = TEXT_START + TEXT_PAGES * PAGE_SIZE,
    SHARED = 0x7e000000, /* a page that the kernel has as well */
    ROUNDS = 200000,
};

/* One process: the kernel's view and ours. */
struct space {
    bool used;
    struct vm *vm;
    uint32_t heap_pages;
    uint32_t heap[MODEL_PAGES]; /* first word of each page */
    uint32_t stack;             /* first word of the stack's top page */
    uint32_t *shared;           /* the kernel's view of that page; 0: none */
};

char host_stack[1];
static struct space spaces[SPACES];
static uint8_t users[MEMORY_PAGES + 1];
static uint32_t seed = 1;
static int refused;

/* --- what the kernel's files ask for --- */

void acquire(struct spinlock *lk)
{
    lk->held = true;
}

void release(struct spinlock *lk)
{
    lk->held = false;
}

void panic(const char *format, ...)
{
    printf("panic: %s\n", format);
    exit(1);
}

int error(int number)
{
    (void)number;
    return -1;
}

void mmu_init_top(pte_t *top)
{
    memset(top, 0, PAGE_SIZE);
}

void mmu_forget(uint32_t va)
{
    (void)va;
}

void mmu_change(pte_t *top)
{
    (void)top;
}

void mmu_changed(pte_t *top, uint32_t va)
{
    (void)top, (void)va;
}

/* --- the test --- */

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void fail(const char *what, int round)
{
    printf("round %d: %s\n", round, what);
    exit(1);
}

static uint32_t *word_at(struct space *s, uint32_t va, bool write, int round)
{
    uint32_t *p = vm_page(s->vm, va, write);

    if (!p)
        fail("granted memory is not there", round);
    return p;
}

/* As exec does it: text, which is read-only, heap and stack. */
static bool begin(struct space *s)
{
    memset(s, 0, sizeof *s);
    s->vm = vm_create();
    if (!s->vm)
        return false;
    s->vm->brk = HEAP_START;
    s->used = vm_map(s->vm, TEXT_START, HEAP_START, 0) == 0 &&
              vm_map(s->vm, HEAP_START, HEAP_START, REGION_WRITE | REGION_HEAP) == 0 &&
              vm_map(s->vm, STACK_BOTTOM, STACK_TOP, REGION_WRITE) == 0;
    if (!s->used)
        vm_put(s->vm);
    return s->used;
}

static void copy(struct space *to, struct space *from)
{
    struct vm *vm = vm_copy(from->vm);

    if (!vm) {
        refused++;
        return;
    }
    *to = *from;
    to->vm = vm;
    to->shared = NULL;
    if (vm_allows(vm, SHARED, PAGE_SIZE, false))
        fail("a child has its parent's shared page", 0);
}

static void resize(struct space *s)
{
    uint32_t pages = random_below(random_below(8) == 0 ? MODEL_PAGES : 64);
    int n = (int)(pages - s->heap_pages) * (int)PAGE_SIZE;
    uint32_t before;

    if (vm_resize_heap(s->vm, n, &before) < 0) {
        if (n <= 0)
            fail("the heap cannot be made smaller", 0);
        refused++;
        return;
    }
    for (uint32_t i = s->heap_pages; i < pages; i++)
        s->heap[i] = 0;
    s->heap_pages = pages;
}

static void touch(struct space *s, int round)
{
    uint32_t page = random_below(s->heap_pages + 1);
    bool write = random_below(2);
    bool is_stack = page == s->heap_pages;
    uint32_t va = is_stack ? STACK_TOP - PAGE_SIZE : HEAP_START + page * PAGE_SIZE;
    uint32_t *model = is_stack ? &s->stack : &s->heap[page];
    uint32_t *real = word_at(s, va, write, round);

    if (*real != *model)
        fail("a page has another value than the model", round);
    if (write)
        *real = *model = seed;
    if (vm_page(s->vm, TEXT_START, true) || !vm_page(s->vm, TEXT_START, false))
        fail("text is not read-only", round);
    if (vm_page(s->vm, HEAP_START + s->heap_pages * PAGE_SIZE, false))
        fail("memory behind the heap can be touched", round);
}

/* The program has no part in its shared page any more; nobody else had. */
static void drop_shared(struct space *s, int round)
{
    if (s->shared && page_free(s->shared))
        fail("a shared page has a user too many", round);
    s->shared = NULL;
}

static void share(struct space *s, int round)
{
    if (s->shared) {
        *word_at(s, SHARED, true, round) = seed;
        if (*s->shared != seed)
            fail("the kernel and the program have different pages", round);
        if (vm_protect(s->vm, SHARED, SHARED + PAGE_SIZE, 0) == 0)
            fail("a shared page is protected", round);
        if (vm_unmap(s->vm, SHARED, SHARED + PAGE_SIZE) < 0)
            fail("a shared page stays", round);
        drop_shared(s, round);
        return;
    }
    s->shared = page_alloc();
    if (s->shared && vm_map_page(s->vm, SHARED, s->shared) < 0)
        drop_shared(s, round);
    refused += !s->shared;
}

static void end(struct space *s, int round)
{
    vm_put(s->vm);
    drop_shared(s, round);
    s->used = false;
}

static void step(int round)
{
    struct space *s = &spaces[random_below(SPACES)];
    struct space *other = &spaces[random_below(SPACES)];

    if (!s->used) {
        if (other->used)
            copy(s, other);
        else
            refused += !begin(s);
        return;
    }
    switch (random_below(40)) {
    case 0: end(s, round); break;
    case 1: resize(s); break;
    case 2: share(s, round); break;
    default: touch(s, round); break;
    }
}

int main(void)
{
    void *memory = (void *)(uintptr_t)KERNBASE;

    if (mmap(memory, MEMORY_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != memory)
        return 77; /* the host has something there: nothing was tested */
    page_init(users, MEMORY_PAGES * PAGE_SIZE);
    page_add_memory(KERNBASE, KERNBASE + MEMORY_PAGES * PAGE_SIZE);
    for (int round = 0; round < ROUNDS; round++)
        step(round);
    for (int i = 0; i < SPACES; i++)
        if (spaces[i].used)
            end(&spaces[i], ROUNDS);
    if (page_promise(MEMORY_PAGES + 1) == 0 || page_promise(MEMORY_PAGES) < 0)
        fail("not all memory has come back", ROUNDS);
    printf("%d rounds, %d times no for lack of memory\n", ROUNDS, refused);
    return refused == 0;
}
