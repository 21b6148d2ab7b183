/* What the real-mode half calls in the protected-mode half, through protected_call(). */
#ifndef FIRMWARE_PROTECTED_H
#define FIRMWARE_PROTECTED_H

#include "guest-os/firmware/layout.h"

/* INT 15h AH=87h: physical addresses. */
struct block {
    u32 from, to, words;
};

u32 block_move(const struct block *b);

/* Starts the kernel in the flash, or returns an enum turnstile_failure. */
u32 turnstile_boot(u32 unused);

#endif
