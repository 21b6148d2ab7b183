/* mptable: the tables from which a kernel learns of a PC's processors and APICs, put into its ROM.
 */
#include "emu/machine/mptable.h"

#include <string.h>

#include "cpu/x86/x86.h"
#include "devices/ioapic.h"
#include "devices/lapic.h"
#include "emu/base/bug.h"

#define SEARCHED      0x10000u /* of the ROM's end: where kernels look (4.1) */
#define POINTER_BYTES 16u
#define HEADER_BYTES  44u
#define REVISION      4u /* of the specification: 1.4 */

enum entry { PROCESSOR, BUS, IOAPIC, IO_INTERRUPT, LOCAL_INTERRUPT };
enum processor { ENABLED = 1, BOOTSTRAP = 2 };
enum interrupt { INT, NMI, SMI, EXTINT };
enum buses { BUS_PCI, BUS_ISA };

#define TIMER_IRQ     0u
#define TIMER_PIN     2u /* IRQ 0 is there, as on every PC: pin 0 is the 8259A's */
#define CASCADE_IRQ   2u
#define ISA_IRQS      16u
#define IOAPIC_OWN_ID 0u

struct table {
    uint8_t *at;
    size_t used;
    unsigned entries;
};

static void put(struct table *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to->at[to->used++] = i < sizeof value ? (uint8_t)(value >> 8 * i) : 0;
}

static void put_text(struct table *to, const char *text, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to->at[to->used++] = *text == '\0' ? ' ' : (uint8_t)*text++;
}

/* Makes the bytes from `first` on add up to 0, through the byte at `sum`. */
static void seal(struct table *to, size_t first, size_t sum)
{
    uint8_t total = 0;
    for (size_t i = first; i < to->used; i++)
        total = (uint8_t)(total + to->at[i]);
    to->at[sum] = (uint8_t)(to->at[sum] - total);
}

static void put_processor(struct table *to, unsigned number)
{
    put(to, PROCESSOR, 1);
    put(to, number, 1); /* its local APIC's ID */
    put(to, LAPIC_VERSION & 0xff, 1);
    put(to, ENABLED | (number == 0 ? BOOTSTRAP : 0), 1);
    put(to, X86_SIGNATURE, 4);
    put(to, X86_FEATURES, 4);
    put(to, 0, 8);
    to->entries++;
}

static void put_bus(struct table *to, enum buses id, const char *name)
{
    put(to, BUS, 1);
    put(to, id, 1);
    put_text(to, name, 6);
    to->entries++;
}

static void put_ioapic(struct table *to)
{
    put(to, IOAPIC, 1);
    put(to, IOAPIC_OWN_ID, 1);
    put(to, IOAPIC_VERSION & 0xff, 1);
    put(to, ENABLED, 1);
    put(to, IOAPIC_BASE, 4);
    to->entries++;
}

/* Polarity and trigger mode are those of the ISA bus. */
static void put_interrupt(struct table *to, enum entry entry, enum interrupt kind, unsigned irq,
                          unsigned apic, unsigned pin)
{
    put(to, entry, 1);
    put(to, kind, 1);
    put(to, 0, 2);
    put(to, BUS_ISA, 1);
    put(to, irq, 1);
    put(to, apic, 1);
    put(to, pin, 1);
    to->entries++;
}

static void put_pointer(struct table *to, uint32_t address)
{
    put_text(to, "_MP_", 4);
    put(to, address + POINTER_BYTES, 4);
    put(to, POINTER_BYTES / 16, 1);
    put(to, REVISION, 1);
    put(to, 0, 1); /* checksum */
    put(to, 0, 5); /* feature bytes: a table follows, no IMCR */
    seal(to, 0, 10);
}

static void put_header(struct table *to)
{
    put_text(to, "PCMP", 4);
    put(to, 0, 2); /* length */
    put(to, REVISION, 1);
    put(to, 0, 1); /* checksum */
    put_text(to, "TRAPSCOP", 8);
    put_text(to, "PC", 12);
    put(to, 0, 6); /* no OEM table */
    put(to, 0, 2); /* entries */
    put(to, LAPIC_BASE, 4);
    put(to, 0, 4); /* no extended table */
}

static void put_entries(struct table *to, unsigned cpus)
{
    for (unsigned i = 0; i < cpus; i++)
        put_processor(to, i);
    put_bus(to, BUS_PCI, "PCI");
    put_bus(to, BUS_ISA, "ISA");
    put_ioapic(to);
    for (unsigned irq = 0; irq < ISA_IRQS; irq++)
        if (irq != CASCADE_IRQ)
            put_interrupt(to, IO_INTERRUPT, INT, irq, IOAPIC_OWN_ID,
                          irq == TIMER_IRQ ? TIMER_PIN : irq);
    put_interrupt(to, LOCAL_INTERRUPT, EXTINT, 0, LAPIC_EVERYBODY, 0);
    put_interrupt(to, LOCAL_INTERRUPT, NMI, 0, LAPIC_EVERYBODY, 1);
}

void mptable_put(uint8_t *rom, size_t size, unsigned cpus)
{
    for (size_t at = size - SEARCHED; at + sizeof MPTABLE_MARK < size; at += 16) {
        if (memcmp(rom + at, MPTABLE_MARK, sizeof MPTABLE_MARK) != 0)
            continue;
        struct table to = {.at = rom + at};
        put_pointer(&to, (uint32_t)(0x100000 - size + at));
        put_header(&to);
        put_entries(&to, cpus);
        uint8_t *header = rom + at + POINTER_BYTES;
        header[4] = (uint8_t)(to.used - POINTER_BYTES);
        header[5] = (uint8_t)((to.used - POINTER_BYTES) >> 8);
        header[34] = (uint8_t)to.entries;
        seal(&to, POINTER_BYTES, POINTER_BYTES + 7);
        return;
    }
}
