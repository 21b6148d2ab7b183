/*
 * Address spaces: regions, lazy pages, copy-on-write.
 *
 * For every page of every region exactly one of these holds, and page.c's promises rely on it:
 *   - it is not mapped, and a page is promised for it;
 *   - it is mapped, and this is the page's only user;
 *   - it is mapped read-only with PTE_COW, and each user of the page but one has a promise.
 * The same goes for second-level tables: each 4 MiB slot that a region touches has its table
 * or a promise for one.
 */
#include "kernel/vm.h"
#include "kernel/defs.h"
#include "kernel/errno.h"

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

    if (!(top & PTE_PRESENT))
        return NULL;
    return (pte_t *)frame_address(top) + va / PAGE_SIZE % 1024;
}

/* The same; makes the table, which was promised, if need be. Pre: va lies in a region. */
static pte_t *make_entry(struct vm *vm, uint32_t va)
{
    if (!(vm->pgdir[slot_of(va)] & PTE_PRESENT)) {
        void *table = page_alloc_promised();

        vm->tables_promised--;
        memset(table, 0, PAGE_SIZE);
        vm->pgdir[slot_of(va)] = frame_entry(table, PTE_TABLE);
    }
    return find_entry(vm, va);
}

/* Give up what one page of a region holds, a page or a promise. Returns promises to release. */
static uint32_t drop_page(pte_t *entry)
{
    uint32_t freed_promises = 1;

    if (*entry & PTE_PRESENT) {
        void *page = frame_address(*entry);

        freed_promises = page_users(page) > 1;
        page_free(page);
    }
    *entry = 0;
    return freed_promises;
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
            promises += drop_page(entry++);
        va = stop;
    }
    for (uint32_t slot = slot_of(start); start < end && slot <= slot_of(end - 1); slot++) {
        bool kept_by_rest = r->start < start && slot == slot_of(start - 1);

        if (kept_by_rest || slot_used(vm, slot, r))
            continue;
        if (vm->pgdir[slot] & PTE_PRESENT) {
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

/* Make an empty address space. Returns 0, or -1 without memory. */
int vm_create(struct vm *vm)
{
    memset(vm, 0, sizeof *vm);
    vm->pgdir = page_alloc();
    if (!vm->pgdir)
        return -1;
    mmu_init_top(vm->pgdir);
    return 0;
}

/* Give everything back. Pre: it is not the current address space. */
void vm_destroy(struct vm *vm)
{
    for (struct region *r = vm->region; r < vm->region + NREGION; r++) {
        drop_range(vm, r, r->start, r->end);
        r->end = r->start;
    }
    page_free(vm->pgdir);
    vm->pgdir = NULL;
}

/*
 * Add a region of whole pages around start..end; pages that an existing region has already are
 * shared with it, and it gets the flags as well. Returns 0, or -1 with the error set.
 */
int vm_map(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
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

/* Move the end of the heap of the current process by n bytes. Returns 0, or -1: nothing moved. */
int vm_resize_heap(struct vm *vm, int n)
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
        drop_range(vm, heap, end, heap->end);
        heap->end = end;
        mmu_forget_all();
    }
    vm->brk = brk;
    return 0;
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
uint32_t vm_find_hole(const struct vm *vm, uint32_t length)
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

/* Give up the whole pages start..end of the current process, as far as it has them. 0 or -1. */
int vm_unmap(struct vm *vm, uint32_t start, uint32_t end)
{
    if (split(vm, start) < 0 || split(vm, end) < 0)
        return -1;
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (overlaps(r, start, end)) {
            drop_range(vm, r, r->start, r->end);
            r->end = r->start;
        }
    mmu_forget_all();
    return 0;
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

/* Change what the current process may do with the pages start..end, which it must have. 0 or -1. */
int vm_protect(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags)
{
    for (uint32_t va = start; va < end;) {
        const struct region *r = find_region(vm, va);

        if (!r)
            return error(ENOMEM);
        va = r->end;
    }
    if (split(vm, start) < 0 || split(vm, end) < 0)
        return -1;
    for (struct region *r = vm->region; r < vm->region + NREGION; r++)
        if (overlaps(r, start, end)) {
            r->flags = flags | (r->flags & REGION_HEAP);
            restrict_pages(vm, r);
        }
    mmu_forget_all();
    return 0;
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

/*
 * Make `child` a copy of the current process's address space. Pages are not copied but shared.
 * Returns 0, or -1 with the error set.
 */
int vm_copy(struct vm *child, struct vm *parent)
{
    if (vm_create(child) < 0)
        return error(ENOMEM);
    for (int i = 0; i < NREGION; i++) {
        struct region *r = &parent->region[i];

        child->region[i] = (struct region){r->start, r->start, r->flags};
        if (promise_range(child, &child->region[i], r->start, r->end) < 0) {
            vm_destroy(child);
            mmu_forget_all();
            return error(ENOMEM);
        }
        child->region[i].end = r->end;
        for (uint32_t va = r->start; va < r->end; va += PAGE_SIZE) {
            pte_t *entry = find_entry(parent, va);

            if (entry)
                share_page(child, entry, va);
            else
                va = (slot_of(va) + 1) * SLOT_SIZE - PAGE_SIZE;
        }
    }
    child->brk = parent->brk;
    mmu_forget_all();
    return 0;
}

/* May a program read (write) all of va..va+n? */
bool vm_allows(struct vm *vm, uint32_t va, uint32_t n, bool write)
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

/* The last of several users, or the first, writes: it gets a page of its own. */
static void copy_on_write(pte_t *entry)
{
    void *old = frame_address(*entry);

    if (page_users(old) > 1) {
        void *page = page_alloc_promised();

        memcpy(page, old, PAGE_SIZE);
        page_free(old);
        *entry = frame_entry(page, *entry & ~PTE_FRAME(~0u));
    }
    *entry = (*entry & ~(pte_t)PTE_COW) | PTE_WRITE;
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
 */
void *vm_page(struct vm *vm, uint32_t va, bool write)
{
    struct region *r = find_region(vm, va);
    pte_t *entry;
    pte_t before;

    if (!r || (write && !(r->flags & REGION_WRITE)) || r->flags & REGION_HIDDEN)
        return NULL;
    entry = make_entry(vm, va);
    before = *entry;
    make_page(entry, r);
    if (write && !(*entry & PTE_WRITE))
        copy_on_write(entry);
    if (*entry != before)
        mmu_forget(va);
    return (char *)frame_address(*entry) + va % PAGE_SIZE;
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
