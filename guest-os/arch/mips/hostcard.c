/*
 * Files that the host hands to the guest, and the guest's way to end the machine with a status: a
 * card of Trapscope's own, for what fw_cfg and isa-debug-exit are on a PC.
 */
#include "arch/mips/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum {
    VENDOR = 0x54525053, /* "TRPS" */
    DEVICE = 1,

    NUMBER = 0x00, /* write: choose a file; read: how many there are */
    SIZE = 0x04,
    POSITION = 0x08,
    EXIT = 0x0c,
    NAME = 0x7f00,
    WINDOW = 0x8000, /* the file from POSITION on */

    NAME_LENGTH = 64,
    WINDOW_SIZE = 0x8000,
};

static int slot = -1;

void hostcard_init(void)
{
    slot = lamebus_find(VENDOR, DEVICE, 0);
}

/* Choose the file of this name. */
static bool find(const char *name)
{
    uint32_t files = slot < 0 ? 0 : lamebus_read(slot, NUMBER);

    for (uint32_t i = 0; i < files; i++) {
        lamebus_write(slot, NUMBER, i);
        if (strncmp(lamebus_buffer(slot, NAME), name, NAME_LENGTH) == 0)
            return true;
    }
    return false;
}

int arch_host_file_size(const char *name)
{
    return find(name) ? (int)lamebus_read(slot, SIZE) : -1;
}

/* Pre: the file is there and has n bytes from `off` on. */
void arch_host_file_read(const char *name, uint32_t off, void *dst, uint32_t n)
{
    char *d = dst;

    if (!find(name))
        return;
    while (n > 0) {
        uint32_t part = n < WINDOW_SIZE ? n : WINDOW_SIZE;

        lamebus_write(slot, POSITION, off);
        memcpy(d, lamebus_buffer(slot, WINDOW), part);
        d += part;
        off += part;
        n -= part;
    }
}

void hostcard_exit(uint32_t status)
{
    if (slot >= 0)
        lamebus_write(slot, EXIT, status);
}
