/*
 * How many processors there are: the tables that the firmware leaves for it. Intel MultiProcessor
 * Specification 1.4, chapter 4. A PC without them has one.
 */
#include "arch/x86/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/param.h"

/* Figure 4-1. */
struct floating_pointer {
    char signature[4];
    uint32_t table; /* physical address; 0: there is none */
    uint8_t length; /* in 16 bytes */
    uint8_t revision;
    uint8_t checksum;
    uint8_t features[5];
};

/* Figure 4-3. Its entries follow. */
struct configuration {
    char signature[4];
    uint16_t length;
    uint8_t revision;
    uint8_t checksum;
    char product[20];
    uint32_t oem_table;
    uint16_t oem_length;
    uint16_t entries;
    uint32_t local_apics; /* their physical address */
    uint32_t extended;
};

_Static_assert(sizeof(struct configuration) == 44, "as the specification lays it out");

enum {
    ROM = 0xf0000,
    ROM_END = 0x100000,
    PROCESSOR = 0, /* kind of entry */
    PROCESSOR_SIZE = 20,
    OTHER_SIZE = 8,
    USABLE = 1, /* of a processor's flags */
};

/* All bytes of a structure add up to 0. */
static bool is_whole(const void *structure, uint32_t length)
{
    const uint8_t *bytes = structure;
    uint8_t sum = 0;

    for (uint32_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + bytes[i]);
    return sum == 0;
}

static const struct configuration *find(void)
{
    for (uint32_t at = ROM; at < ROM_END; at += 16) {
        const struct floating_pointer *p = (const void *)(uintptr_t)(KERNBASE + at);
        const struct configuration *c = (const void *)(uintptr_t)(KERNBASE + p->table);

        if (memcmp(p->signature, "_MP_", 4) == 0 && is_whole(p, sizeof *p) && p->table >= ROM &&
            p->table <= ROM_END - sizeof *c && memcmp(c->signature, "PCMP", 4) == 0 &&
            c->length <= ROM_END - p->table && is_whole(c, c->length))
            return c;
    }
    return NULL;
}

/* The processors' local APIC IDs, NCPU at most. Returns how many there are, or 0: nothing says it.
 */
unsigned mp_processors(uint8_t ids[NCPU])
{
    const struct configuration *c = find();
    const uint8_t *entry = (const uint8_t *)(c + 1);
    unsigned n = 0;

    if (!c || c->local_apics != LAPIC_ADDRESS)
        return 0;
    for (unsigned i = 0; i < c->entries && n < NCPU; i++) {
        if (entry[0] == PROCESSOR && entry[3] & USABLE)
            ids[n++] = entry[1];
        entry += entry[0] == PROCESSOR ? PROCESSOR_SIZE : OTHER_SIZE;
    }
    return n;
}
