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

/* The file that was used last. The device is at `position` of it, and only goes forwards. */
static struct {
    bool present;
    char name[sizeof((struct entry *)0)->name];
    uint32_t size;
    uint16_t select;
    uint32_t position;
} file;

static bool device_present;

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
    device_present = memcmp(signature, "QEMU", sizeof signature) == 0;
}

/* Look the file up in the device's directory, unless it is the one used last. */
static bool find(const char *name)
{
    uint8_t count[4];

    if (!device_present)
        return false;
    if (strncmp(file.name, name, sizeof file.name) == 0)
        return file.present;
    strlcpy(file.name, name, sizeof file.name);
    file.present = false;
    outw(SELECTOR, ITEM_DIRECTORY);
    read_bytes(count, sizeof count);
    for (uint32_t i = 0; i < big_endian(count, 4) && i < MAX_FILES && !file.present; i++) {
        struct entry e;

        read_bytes(&e, sizeof e);
        file.present = strncmp(e.name, name, sizeof e.name) == 0;
        file.size = big_endian(e.size, 4);
        file.select = (uint16_t)big_endian(e.select, 2);
    }
    file.position = UINT32_MAX;
    return file.present;
}

int arch_host_file_size(const char *name)
{
    return find(name) ? (int)file.size : -1;
}

/* Make `off` the position from which the device gives the next byte. */
static void seek(uint32_t off)
{
    char skipped[64];

    if (off < file.position) {
        outw(SELECTOR, file.select);
        file.position = 0;
    }
    while (file.position < off) {
        uint32_t part = off - file.position;

        if (part > sizeof skipped)
            part = sizeof skipped;
        read_bytes(skipped, part);
        file.position += part;
    }
}

/* Pre: the file is there and has n bytes from `off` on. */
void arch_host_file_read(const char *name, uint32_t off, void *dst, uint32_t n)
{
    if (!find(name))
        return;
    seek(off);
    read_bytes(dst, n);
    file.position += n;
}
