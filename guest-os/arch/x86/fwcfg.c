/*
 * Files that the host hands to the guest: QEMU's fw_cfg device (its docs/specs/fw_cfg.rst).
 * A selector port chooses an item, a data port gives its bytes one after the other.
 */
#include "arch/x86/board.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum {
    SELECTOR = 0x510,
    DATA = 0x511,
    ITEM_SIGNATURE = 0x00,
    ITEM_DIRECTORY = 0x19,
    MAX_FILES = 256,
};

/* A directory entry; numbers are big-endian. */
struct entry {
    uint8_t size[4];
    uint8_t select[2];
    uint8_t reserved[2];
    char name[56];
};

static bool present;

static uint32_t big_endian(const uint8_t *p, int n)
{
    uint32_t value = 0;

    while (n-- > 0)
        value = value << 8 | *p++;
    return value;
}

static void read_bytes(void *dst, uint32_t n)
{
    insb(DATA, dst, n);
}

void fwcfg_init(void)
{
    char signature[4];

    outw(SELECTOR, ITEM_SIGNATURE);
    read_bytes(signature, sizeof signature);
    present = memcmp(signature, "QEMU", sizeof signature) == 0;
}

static bool find(const char *name, struct entry *e)
{
    uint8_t count[4];

    if (!present)
        return false;
    outw(SELECTOR, ITEM_DIRECTORY);
    read_bytes(count, sizeof count);
    for (uint32_t i = 0; i < big_endian(count, 4) && i < MAX_FILES; i++) {
        read_bytes(e, sizeof *e);
        if (strncmp(e->name, name, sizeof e->name) == 0)
            return true;
    }
    return false;
}

int arch_host_file_size(const char *name)
{
    struct entry e;

    return find(name, &e) ? (int)big_endian(e.size, 4) : -1;
}

/*
 * n bytes from `off` on; the caller keeps inside the file's size. The device only reads
 * forwards, so a read that goes on where the last one ended costs nothing extra.
 */
void arch_host_file_read(const char *name, uint32_t off, void *dst, uint32_t n)
{
    static char last_name[sizeof((struct entry *)0)->name];
    static uint32_t last_end;
    char skipped[64];

    if (off != last_end || strncmp(name, last_name, sizeof last_name) != 0) {
        struct entry e;

        if (!find(name, &e))
            return;
        outw(SELECTOR, (uint16_t)big_endian(e.select, 2));
        for (uint32_t left = off; left > 0;) {
            uint32_t part = left < sizeof skipped ? left : sizeof skipped;

            read_bytes(skipped, part);
            left -= part;
        }
        strlcpy(last_name, name, sizeof last_name);
    }
    read_bytes(dst, n);
    last_end = off + n;
}
