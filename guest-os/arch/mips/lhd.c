/*
 * The disk card: one sector at a time through the card's buffer. It has no memory of its own that
 * could be lost: a sector that is done is on the disk. It serves one process at a time.
 */
#include "arch/mips/board.h"
#include "kernel/arch.h"
#include "kernel/buf.h"
#include "kernel/defs.h"

enum {
    SECTORS = 0x00,
    STATUS = 0x04,
    SECTOR = 0x08,
    BUFFER = 0x8000,

    STATUS_IDLE = 0,
    STATUS_READ = 1,
    STATUS_WRITE = 3,
    STATUS_DONE = 4, /* in what comes back; the bits above it are errors */
};

_Static_assert(BSIZE == 512, "a block is a sector");

static struct sleeplock disk_lock = {.name = "disk"}; /* held for a whole transfer */
static struct spinlock lhd_lock = {.name = "lhd"};
static int slot = -1;
static uint32_t result; /* of the transfer; 0 until it has ended */

static void interrupt(int from)
{
    uint32_t status = lamebus_read(from, STATUS);

    if (!(status & STATUS_DONE))
        return;
    acquire(&lhd_lock);
    result = status;
    lamebus_write(from, STATUS, STATUS_IDLE); /* the card takes its interrupt back */
    wakeup(&result);
    release(&lhd_lock);
}

uint32_t arch_disk_blocks(void)
{
    if (slot < 0) {
        slot = lamebus_find(VENDOR_SYSTEM161, DEVICE_DISK, 0);
        if (slot >= 0)
            lamebus_on_interrupt(slot, interrupt);
    }
    return slot < 0 ? 0 : lamebus_read(slot, SECTORS);
}

/* Move one sector. Pre: disk_lock and lhd_lock are held. */
static void transfer(struct buf *b, bool write)
{
    void *buffer = lamebus_buffer(slot, BUFFER);

    if (write)
        memcpy(buffer, b->data, BSIZE);
    result = 0;
    lamebus_write(slot, SECTOR, b->block);
    lamebus_write(slot, STATUS, write ? STATUS_WRITE : STATUS_READ);
    while (result == 0)
        sleep(&result, &lhd_lock);
    if (result & ~(uint32_t)(STATUS_WRITE | STATUS_DONE))
        panic("disk: sector %u: status 0x%x", b->block, result);
    if (!write)
        memcpy(b->data, buffer, BSIZE);
}

void arch_disk_transfer(struct buf *b, bool write)
{
    sleeplock_acquire(&disk_lock);
    acquire(&lhd_lock);
    transfer(b, write);
    release(&lhd_lock);
    sleeplock_release(&disk_lock);
}

void arch_disk_barrier(void)
{
}
