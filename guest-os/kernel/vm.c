/*
 * Address spaces: regions, lazy pages, copy-on-write.
 *
 * For every page of every region exactly one of these holds, and page.c's promises rely on it:
 *   - it is not mapped, and a page is promised for it;
 *   - it is mapped, and this is the page's only user;
 *   - it is mapped read-only with PTE_COW, and each user of the page but one has a promise;
 *   - it is mapped in a REGION_SHARED: the kernel uses the page as well, and nothing is promised.
 * The same goes for second-level tables: each 4 MiB slot that a region touches has its table
 * or a promise for one.
 */
#include "kernel/vm.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/lock.h"

/* There is one for each thread, and one more for its exec() to build. */
static struct vm spaces[2 * NPROC];
static struct spinlock spaces_lock = {.name = "address spaces"};

#define SLOT_SIZE (PAGE_SIZE * 1024u)

static uint32_t slot_of(uint32_t va)
{
    return va / SLOT_SIZE;
}

static uint32_t page_down(uint32_t va)
{
    return va & ~(PAGE_SIZE - 1u);
}

static uint32_t page_up(uint32_t va)
{
    return page_down(va + PAGE_SIZE - 1);
}

static void *frame_address(pte_t entry)
{
    return (void *)(uintptr_t)(PTE_FRAME(entry) + KERNBASE);
}

static pte_t frame_entry(const void *page, uint32_t flags)
{
    return (pte_t)((uintptr_t)page - KERNBASE) | flags;
}

/* Does any region but `except` touch this slot? */
static bool slot_used(const struct vm *vm, uint32_t slot, const struct region *except)
{
    for (const struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (r != except && r->start < r->end && slot >= slot_of(r->start) &&
            slot <= slot_of(r->end - 1))
            return true;
    return false;
}

static struct region *find_region(struct vm *vm, uint32_t va)
{
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (va >= r->start && va < r->end)
            return r;
    return NULL;
}

static struct region *find_heap(struct vm *vm)
{
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (r->flags & REGION_HEAP)
            return r;
    return NULL;
}

/* The second-level entry for va, or 0 if its table does not exist. */
static pte_t *find_entry(struct vm *vm, uint32_t va)
{
    pte_t top = vm->pgdir[slot_of(va)];

    if (!(top & PTE_TABLE))
        return NULL;
    return (pte_t *)frame_address(top) + va / PAGE_SIZE % 1024;
}

/* The same; makes the table, which was promised, if need be. Pre: va lies in a region. */
static pte_t *make_entry(struct vm *vm, uint32_t va)
{
    if (!(vm->pgdir[slot_of(va)] & PTE_TABLE)) {
        void *table = page_alloc_promised();

        vm->tables_promised--;
        memset(table, 0, PAGE_SIZE);
        vm->pgdir[slot_of(va)] = frame_entry(table, PTE_TABLE);
    }
    return find_entry(vm, va);
}

/* Give up what one page of a region holds, a page or a promise. Returns promises to release. */
static uint32_t drop_page(const struct region *r, pte_t *entry)
{
    uint32_t freed_promises = 1;

    if (*entry & PTE_PRESENT)
        freed_promises = page_free(frame_address(*entry));
    *entry = 0;
    return r->flags & REGION_SHARED ? 0 : freed_promises;
}

/* Give up the pages start..end of a region, and the tables of slots that nothing uses then. */
static void drop_range(struct vm *vm, struct region *r, uint32_t start, uint32_t end)
{
    uint32_t promises = 0;

    for (uint32_t va = start; va < end;) {
        uint32_t slot_end = (slot_of(va) + 1) * SLOT_SIZE;
        uint32_t stop = slot_end < end ? slot_end : end;
        pte_t *entry = find_entry(vm, va);

        if (!entry)
            promises += (stop - va) / PAGE_SIZE;
        for (uint32_t v = va; entry && v < stop; v += PAGE_SIZE)
            promises += drop_page(r, entry++);
        va = stop;
    }
    for (uint32_t slot = slot_of(start); start < end && slot <= slot_of(end - 1); slot++) {
        bool kept_by_rest = r->start < start && slot == slot_of(start - 1);

        if (kept_by_rest || slot_used(vm, slot, r))
            continue;
        if (vm->pgdir[slot] & PTE_TABLE) {
            page_free(frame_address(vm->pgdir[slot]));
            vm->pgdir[slot] = 0;
        } else {
            vm->tables_promised--;
            promises++;
        }
    }
    page_release_promise(promises);
}

/* Promise what pages start..end (new at the end of region r) may need. 0 or -1. */
static int promise_range(struct vm *vm, struct region *r, uint32_t start, uint32_t end)
{
    uint32_t tables = 0;

    if (start >= end)
        return 0;
    for (uint32_t slot = slot_of(start); slot <= slot_of(end - 1); slot++)
        if (!slot_used(vm, slot, NULL) && !(r->start < start && slot == slot_of(start - 1)))
            tables++;
    if (page_promise((end - start) / PAGE_SIZE + tables) < 0)
        return -1;
    vm->tables_promised += tables;
    return 0;
}

/* Make an empty address space with one user. Returns 0 with ENOMEM if it cannot be. */
struct vm *vm_create(void)
{
    pte_t *pgdir = page_alloc();
    struct vm *vm = spaces;

    if (!pgdir) {
        error(ENOMEM);
        return NULL;
    }
    mmu_init_top(pgdir);
    acquire(&spaces_lock);
    while (vm->users > 0)
        vm++;
    *vm = (struct vm){.pgdir = pgdir, .lock = {.name = "address space"}, .users = 1};
    release(&spaces_lock);
    return vm;
}

/* One more thread uses it. */
struct vm *vm_share(struct vm *vm)
{
    acquire(&spaces_lock);
    vm->users++;
    release(&spaces_lock);
    return vm;
}

/* One user less; with the last one it goes. Pre: it is not this processor's address space. */
void vm_put(struct vm *vm)
{
    bool last;

    acquire(&spaces_lock);
    last = vm->users == 1;
    vm->users -= !last;
    release(&spaces_lock);
    if (!last)
        return;
    for (struct region *r = vm->region; r < vm->region + NREGION; r++) {
        drop_range(vm, r, r->start, r->end);
        r->end = r->start;
    }
    page_free(vm->pgdir);
    vm->pgdir = NULL;
    acquire(&spaces_lock);
    vm->users = 0;
    release(&spaces_lock);
}

static int map(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
{
    struct region *slot = NULL;

    start = page_down(start);
    end = page_up(end);
    for (struct region *r = vm->region; r < vm->region + NREGION; r++) {
        if (r->start < r->end && start < r->end && end > r->start) {
            if (start < r->start)
                return error(ENOEXEC);
            r->flags |= flags;
            start = r->end;
        }
        if (!slot && r->start == r->end && !(r->flags & REGION_HEAP))
            slot = r;
    }
    if (start >= end && !(flags & REGION_HEAP))
        return 0;
    if (!slot)
        return error(ENOEXEC);
    *slot = (struct region){.start = start, .end = start, .flags = flags};
    if (promise_range(vm, slot, start, end) < 0)
        return error(ENOMEM);
    slot->end = end;
    return 0;
}

/*
 * Add a region of whole pages around start..end; pages that an existing region has already are
 * shared with it, and it gets the flags as well. Returns 0, or -1 with the error set.
 */
int vm_map(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
{
    int result;

    acquire(&vm->lock);
    result = map(vm, start, end, flags);
    release(&vm->lock);
    return result;
}

static int resize_heap(struct vm *vm, int n)
{
    struct region *heap = find_heap(vm);
    uint32_t brk = vm->brk + (uint32_t)n;
    uint32_t end = page_up(brk);

    if (n > 0 && (brk < vm->brk || brk > USER_LIMIT))
        return error(ENOMEM);
    if (n < 0 && (brk > vm->brk || brk < heap->start))
        return error(EINVAL);
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (r != heap && r->start < r->end && r->start < end && r->end > heap->start)
            return error(ENOMEM);
    if (end > heap->end) {
        if (promise_range(vm, heap, heap->end, end) < 0)
            return error(ENOMEM);
        heap->end = end;
    } else if (end < heap->end) {
        mmu_change(vm->pgdir);
        drop_range(vm, heap, end, heap->end);
        heap->end = end;
        mmu_changed(vm->pgdir, MMU_ALL);
    }
    vm->brk = brk;
    return 0;
}

/* Move the end of the heap by n bytes. Returns 0 and where it was; -1: nothing moved. */
int vm_resize_heap(struct vm *vm, int n, uint32_t *before)
{
    int result;

    acquire(&vm->lock);
    *before = vm->brk;
    result = resize_heap(vm, n);
    release(&vm->lock);
    return result;
}

static bool overlaps(const struct region *r, uint32_t start, uint32_t end)
{
    return r->start < r->end && r->start < end && r->end > start;
}

static bool is_free(const struct vm *vm, uint32_t start, uint32_t end)
{
    for (const struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (overlaps(r, start, end))
            return false;
    return true;
}

/* The highest place for `length` bytes, above the heap's end. 0: there is none. */
static uint32_t find_hole(const struct vm *vm, uint32_t length)
{
    uint32_t best = 0;

    for (int i = -1; i < NREGION; i++) {
        uint32_t top = i < 0 ? USER_LIMIT : vm->region[i].start;

        if (top <= USER_LIMIT && top >= length && top - length >= page_up(vm->brk) &&
            top - length > best && is_free(vm, top - length, top))
            best = top - length;
    }
    return best;
}

/*
 * Add a region of `length` bytes, whole pages, at the highest place where there is room for it.
 * Returns where it is; 0 with ENOMEM: nowhere.
 */
uint32_t vm_map_anywhere(struct vm *vm, uint32_t length, uint32_t flags)
{
    uint32_t start;

    acquire(&vm->lock);
    start = find_hole(vm, length);
    if (start && map(vm, start, start + length, flags) < 0)
        start = 0;
    release(&vm->lock);
    if (!start)
        error(ENOMEM);
    return start;
}

/* Make `va` a border between regions. Returns 0; -1 with ENOMEM if there are too many regions. */
static int split(struct vm *vm, uint32_t va)
{
    struct region *whole = find_region(vm, va);

    if (!whole || whole->start == va)
        return 0;
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (r->start == r->end && !(r->flags & REGION_HEAP)) {
            *r = (struct region){va, whole->end, whole->flags & ~(uint32_t)REGION_HEAP};
            whole->end = va;
            return 0;
        }
    return error(ENOMEM);
}

static int unmap(struct vm *vm, uint32_t start, uint32_t end)
{
    if (split(vm, start) < 0 || split(vm, end) < 0)
        return -1;
    mmu_change(vm->pgdir);
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (overlaps(r, start, end)) {
            drop_range(vm, r, r->start, r->end);
            r->end = r->start;
        }
    mmu_changed(vm->pgdir, MMU_ALL);
    return 0;
}

/* Give up the whole pages start..end, as far as they are there. 0 or -1. */
int vm_unmap(struct vm *vm, uint32_t start, uint32_t end)
{
    int result;

    acquire(&vm->lock);
    result = unmap(vm, start, end);
    release(&vm->lock);
    return result;
}

/* Bring the pages that are there in line with their region's flags: vm_page() gives more back. */
static void restrict_pages(struct vm *vm, const struct region *r)
{
    for (uint32_t va = r->start; va < r->end; va += PAGE_SIZE) {
        pte_t *entry = find_entry(vm, va);

        if (!entry || !(*entry & PTE_PRESENT))
            continue;
        *entry |= PTE_USER;
        if (!(r->flags & REGION_WRITE))
            *entry &= ~(pte_t)PTE_WRITE;
        if (r->flags & REGION_HIDDEN)
            *entry &= ~(pte_t)PTE_USER;
    }
}

static int protect(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
{
    for (uint32_t va = start; va < end;) {
        const struct region *r = find_region(vm, va);

        if (!r || r->flags & REGION_SHARED)
            return error(ENOMEM);
        va = r->end;
    }
    if (split(vm, start) < 0 || split(vm, end) < 0)
        return -1;
    mmu_change(vm->pgdir);
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (overlaps(r, start, end)) {
            r->flags = flags | (r->flags & REGION_HEAP);
            restrict_pages(vm, r);
        }
    mmu_changed(vm->pgdir, MMU_ALL);
    return 0;
}

/*
 * Add a region of one page that is there already and that its owner, the kernel, goes on using. 0
 * or -1: there is something, or no memory.
 */
int vm_map_page(struct vm *vm, uint32_t va, void *page)
{
    int result;

    acquire(&vm->lock);
    result =
        is_free(vm, va, va + PAGE_SIZE) ? map(vm, va, va + PAGE_SIZE, REGION_WRITE) : error(EINVAL);
    if (result == 0) {
        find_region(vm, va)->flags |= REGION_SHARED;
        *make_entry(vm, va) = frame_entry(page, PTE_USER_PAGE | PTE_WRITE);
        page_share(page);
        page_release_promise(1);
    }
    release(&vm->lock);
    return result;
}

/* Change what the program may do with the pages start..end, which must be there. 0 or -1. */
int vm_protect(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
{
    int result;

    acquire(&vm->lock);
    result = protect(vm, start, end, flags);
    release(&vm->lock);
    return result;
}

/* Share one mapped page with the child, read-only from now on in both. */
static void share_page(struct vm *child, pte_t *entry, uint32_t va)
{
    if (!(*entry & PTE_PRESENT))
        return;
    *entry = (*entry & ~(pte_t)PTE_WRITE) | PTE_COW;
    *make_entry(child, va) = *entry;
    page_share(frame_address(*entry));
}

/* Give the child what its parent has in one region. 0; -1 without memory. */
static int copy_region(struct vm *child, struct vm *parent, int i)
{
    struct region *r = &parent->region[i];

    if (r->flags & REGION_SHARED)
        return 0;
    child->region[i] = (struct region){r->start, r->start, r->flags};
    if (promise_range(child, &child->region[i], r->start, r->end) < 0)
        return -1;
    child->region[i].end = r->end;
    for (uint32_t va = r->start; va < r->end; va += PAGE_SIZE) {
        pte_t *entry = find_entry(parent, va);

        if (entry)
            share_page(child, entry, va);
        else
            va = (slot_of(va) + 1) * SLOT_SIZE - PAGE_SIZE;
    }
    return 0;
}

/*
 * A copy of an address space, with one user. Pages are not copied but shared. 0 with ENOMEM if it
 * cannot be.
 */
struct vm *vm_copy(struct vm *parent)
{
    struct vm *child = vm_create();
    int result = 0;

    if (!child)
        return NULL;
    acquire(&parent->lock);
    mmu_change(parent->pgdir);
    for (int i = 0; i < NREGION && result == 0; i++)
        result = copy_region(child, parent, i);
    child->brk = parent->brk;
    mmu_changed(parent->pgdir, MMU_ALL);
    release(&parent->lock);
    if (result == 0)
        return child;
    vm_put(child);
    error(ENOMEM);
    return NULL;
}

static bool allows(struct vm *vm, uint32_t va, uint32_t n, bool write)
{
    if (va + n < va)
        return false;
    for (uint32_t end = va + n; va < end;) {
        struct region *r = find_region(vm, va);

        if (!r || (write && !(r->flags & REGION_WRITE)) || r->flags & REGION_HIDDEN)
            return false;
        va = r->end;
    }
    return true;
}

/* May a program read (write) all of va..va+n? */
bool vm_allows(struct vm *vm, uint32_t va, uint32_t n, bool write)
{
    bool result;

    acquire(&vm->lock);
    result = allows(vm, va, n, write);
    release(&vm->lock);
    return result;
}

/* The last of several users, or the first, writes: it gets a page of its own. */
static void copy_on_write(struct vm *vm, pte_t *entry, uint32_t va)
{
    void *page;

    mmu_change(vm->pgdir);
    page = page_unshare(frame_address(*entry));
    *entry = frame_entry(page, (*entry & ~PTE_FRAME(~0u) & ~(pte_t)PTE_COW) | PTE_WRITE);
    mmu_changed(vm->pgdir, va);
}

/* Make sure that there is a page behind an entry of region r. */
static void make_page(pte_t *entry, const struct region *r)
{
    if (!(*entry & PTE_PRESENT)) {
        void *page = page_alloc_promised();

        memset(page, 0, PAGE_SIZE);
        *entry = frame_entry(page, PTE_USER_PAGE | (r->flags & REGION_WRITE ? PTE_WRITE : 0));
    }
}

/*
 * The program (or the kernel for it) touches va. Make the page present, and private if it is
 * to be written. Returns the kernel's address of the byte, or 0 if the program may not do that.
 * Pre: the lock is held, as long as the address is used.
 */
void *vm_page(struct vm *vm, uint32_t va, bool write)
{
    struct region *r = find_region(vm, va);
    pte_t *entry;

    if (!r || (write && !(r->flags & REGION_WRITE)) || r->flags & REGION_HIDDEN)
        return NULL;
    entry = make_entry(vm, va);
    make_page(entry, r);
    if (write && !(*entry & PTE_WRITE))
        copy_on_write(vm, entry, va);
    return (char *)frame_address(*entry) + va % PAGE_SIZE;
}

/*
 * A fault of the current process at va. Returns whether it may go on. What this processor remembers
 * is forgotten also when nothing is to be done: another one may just have done it.
 */
bool vm_fault(struct vm *vm, uint32_t va, bool write)
{
    bool resolved;

    acquire(&vm->lock);
    resolved = vm_page(vm, va, write);
    mmu_forget(va);
    release(&vm->lock);
    return resolved;
}

/*
 * The same for a loader that fills the pages of an address space that is not in use yet; they
 * may be read-only to the program.
 */
void *vm_load_page(struct vm *vm, uint32_t va)
{
    struct region *r = find_region(vm, va);
    pte_t *entry;

    if (!r)
        return NULL;
    entry = make_entry(vm, va);
    make_page(entry, r);
    return (char *)frame_address(*entry) + va % PAGE_SIZE;
}

/* Bytes that the process was granted. */
uint32_t vm_size(const struct vm *vm)
{
    uint32_t size = 0;

    for (const struct region *r = vm->region; r < vm->region + NREGION; r++)
        size += r->end - r->start;
    return size;
}
