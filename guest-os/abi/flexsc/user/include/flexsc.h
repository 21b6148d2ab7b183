/*
 * The syscall page, as program and kernel see it: 64 entries, each of which is one call.
 *
 * A program makes an entry its own (FSC_ALLOC), writes number and arguments, and lastly
 * FSC_SUBMITTED. From then on it is the kernel's until it says FSC_DONE; the program takes the
 * result and gives it back, FSC_FREE.
 *
 *   FREE -> ALLOC -> SUBMITTED -> BUSY -> DONE -> FREE
 *                                 |  ^
 *                                 v  |
 *                               BLOCKED     the call has to wait for somebody else; others go first
 */
#ifndef FLEXSC_H
#define FLEXSC_H

#define FSC_ENTRIES    64
#define FSC_ARGS       5
#define FSC_PAGE       0x7e000000u /* where the page is, unless the program wants it elsewhere */
#define FLEX_TURNSTILE 32          /* what is added to the numbers of Turnstile's own calls */

#ifndef __ASSEMBLER__

#include <stdint.h>

enum fsc_status { FSC_FREE, FSC_ALLOC, FSC_SUBMITTED, FSC_BUSY, FSC_BLOCKED, FSC_DONE };

struct fsc_entry {
    uint32_t number;
    uint32_t num_args;
    uint32_t arg[FSC_ARGS];
    volatile uint32_t status; /* enum fsc_status */
    int32_t result;           /* an error is its number made negative */
    uint32_t unused[7];
};

struct fsc_page {
    struct fsc_entry entry[FSC_ENTRIES];
};

_Static_assert(sizeof(struct fsc_page) == 4096, "64 entries of 64 bytes");

/* What ipc_recv() gives. */
struct ipc_message {
    int32_t from;
    uint32_t value;
};

#endif

#endif
