/*
 * The disk: first drive of the primary IDE channel, one sector at a time by programmed I/O.
 * ATA/ATAPI-4, the commands READ SECTOR(S), WRITE SECTOR(S) and FLUSH CACHE, 28-bit addresses.
 *
 * A reader waits for the interrupt that says the sector can be fetched, a writer for the one
 * that says it has been taken; so the disk serves one process at a time.
 */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/buf.h"
#include "kernel/defs.h"

enum {
    DATA = 0x1f0,
    COUNT = 0x1f2,
    LBA_LOW = 0x1f3,
    LBA_MID = 0x1f4,
    LBA_HIGH = 0x1f5,
    DRIVE = 0x1f6,
    STATUS = 0x1f7,
    COMMAND = 0x1f7,

    DRIVE_LBA = 0xe0,
    STATUS_BUSY = 0x80,
    STATUS_FAULT = 0x20,
    STATUS_REQUEST = 0x08,
    STATUS_ERROR = 0x01,
    READ_SECTORS = 0x20,
    WRITE_SECTORS = 0x30,
    IDENTIFY = 0xec,
    FLUSH_CACHE = 0xe7,

    WORDS = BSIZE / 2,
    PATIENCE = 1000000,
};

_Static_assert(BSIZE == 512, "a block is a sector");

static struct sleeplock disk_lock = {.name = "disk"}; /* held for a whole transfer */
static struct spinlock ide_lock = {.name = "ide"};
static bool interrupted;
static uint32_t sectors; /* 0: no disk has been found */

/* The status once the drive is not busy; all ones if it stays so. */
static uint8_t wait_not_busy(void)
{
    for (int i = 0; i < PATIENCE; i++) {
        uint8_t status = inb(STATUS);

        if (!(status & STATUS_BUSY))
            return status;
    }
    return 0xff;
}

/*
 * Ask the drive how many sectors it has. Returns 0 without one: then nothing answers, or an
 * empty channel reads as 0.
 */
static uint32_t identify(void)
{
    uint16_t answer[WORDS];
    uint8_t status;

    outb(DRIVE, DRIVE_LBA);
    status = inb(STATUS);
    if (status == 0 || status == 0xff)
        return 0;
    outb(COMMAND, IDENTIFY);
    status = wait_not_busy();
    if (!(status & STATUS_REQUEST) || status & STATUS_ERROR)
        return 0;
    insw(DATA, answer, WORDS);
    return answer[60] | (uint32_t)answer[61] << 16;
}

uint32_t arch_disk_blocks(void)
{
    if (sectors == 0) {
        sectors = identify();
        if (sectors > 0)
            pic_enable(IRQ_IDE);
    }
    return sectors;
}

void ide_interrupt(void)
{
    acquire(&ide_lock);
    inb(STATUS); /* the drive takes its interrupt back */
    interrupted = true;
    wakeup(&interrupted);
    release(&ide_lock);
}

static void wait_interrupt(void)
{
    while (!interrupted)
        sleep(&interrupted, &ide_lock);
    interrupted = false;
}

static void command(uint32_t sector, uint8_t number)
{
    wait_not_busy();
    interrupted = false;
    outb(COUNT, 1);
    outb(LBA_LOW, (uint8_t)sector);
    outb(LBA_MID, (uint8_t)(sector >> 8));
    outb(LBA_HIGH, (uint8_t)(sector >> 16));
    outb(DRIVE, (uint8_t)(DRIVE_LBA | sector >> 24));
    outb(COMMAND, number);
}

static void check(uint32_t sector, uint8_t status, uint8_t wanted)
{
    if (status & (STATUS_BUSY | STATUS_ERROR | STATUS_FAULT) || (status & wanted) != wanted)
        panic("disk: sector %u: status 0x%x", sector, (uint32_t)status);
}

/* Move one sector. Pre: disk_lock and ide_lock are held. */
static void transfer(struct buf *b, bool write)
{
    command(b->block, write ? WRITE_SECTORS : READ_SECTORS);
    if (write) {
        check(b->block, wait_not_busy(), STATUS_REQUEST);
        outsw(DATA, b->data, WORDS);
    }
    wait_interrupt();
    check(b->block, wait_not_busy(), write ? 0 : STATUS_REQUEST);
    if (!write)
        insw(DATA, b->data, WORDS);
}

void arch_disk_transfer(struct buf *b, bool write)
{
    if (b->block >= sectors)
        panic("disk: sector %u of %u", b->block, sectors);
    sleeplock_acquire(&disk_lock);
    acquire(&ide_lock);
    transfer(b, write);
    release(&ide_lock);
    sleeplock_release(&disk_lock);
}

void arch_disk_barrier(void)
{
    sleeplock_acquire(&disk_lock);
    acquire(&ide_lock);
    command(0, FLUSH_CACHE);
    wait_interrupt();
    check(0, wait_not_busy(), 0);
    release(&ide_lock);
    sleeplock_release(&disk_lock);
}
