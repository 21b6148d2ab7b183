/*
 * An address space: what may be mapped where (regions), and what is mapped now (page table). The
 * threads of a process share one.
 */
#ifndef KERNEL_VM_H
#define KERNEL_VM_H

#include "kernel/arch.h"
#include "kernel/lock.h"
#include "kernel/param.h"

#include <stddef.h>
#include <stdint.h>

enum {
    REGION_WRITE = 1,
    REGION_HEAP = 2,   /* what sbrk() moves the end of */
    REGION_HIDDEN = 4, /* the program may not even read it */
    REGION_SHARED = 8, /* a page that the kernel has, too; a child does not get it */
};

/* A whole number of pages that a process may use. Pages appear in it when they are touched. */
struct region {
    uint32_t start;
    uint32_t end; /* first byte behind it; start == end: unused slot (except for the heap) */
    uint32_t flags;
};

struct vm {
    pte_t *pgdir;
    struct spinlock lock; /* protects what follows, and the page table */
    int users;            /* threads; 0 = free slot */
    struct region region[NREGION];
    uint32_t brk;             /* end of the heap in bytes; its region ends at the next page */
    uint32_t tables_promised; /* second-level tables that were promised but not made yet */
};

/* The stack ends one page below the kernel; a page that is never mapped lies below it. */
#define STACK_TOP    (KERNBASE - PAGE_SIZE)
#define STACK_BOTTOM (STACK_TOP - STACKPAGES * PAGE_SIZE)
#define USER_LIMIT   (STACK_BOTTOM - PAGE_SIZE)

#endif
