/* lamebus_bus: the LAMEbus controller in slot 31: who is in which slot, interrupts, processors,
 * power.
 *
 *   400h * slot     the card there: +0 vendor (0 = empty), +4 device, +8 revision
 *   7E00  RAMSZ     read: bytes of RAM
 *   7E04  IRQS      read: slots that interrupt
 *   7E08  PWR       write 0: power off LAMEBUS_POWER_US later; reads all ones
 *   7E0C  IRQE      which slots may interrupt at all
 *   7E10  CPUS      read: processors that there are
 *   7E14  CPUE      processors that run; a 1 starts, a 0 stops
 *   7E18  SELF      read: the bit of the processor that asks
 *   8000 + 400h * processor
 *         +0  CIRQE slots that may interrupt this processor
 *         +4  CIPI  not 0: its inter-processor interrupt; reads all ones or 0
 *       +300  CRAM  256 bytes of scratch memory
 *
 * Contract. A processor's interrupt line is the level (IRQS & IRQE & CIRQE) != 0, its IPI line CIPI
 * != 0. A processor that is started begins at CRAM's first word, with the second in $a0 and $sp at
 * CRAM's end, seen through kseg0. Writing a register that is to be read only does not answer.
 *
 * Known inaccuracies. System/161 allocates 128 of CRAM's 256 bytes. Of PWR's other values, those
 * with bit 31 clear (the board without its cards) hang System/161: they are told and ignored. Bits
 * of CPUE beyond CPUS are ignored, as there. The older board without processors is not here.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference". */
#ifndef DEVICES_LAMEBUS_BUS_H
#define DEVICES_LAMEBUS_BUS_H

#include "devices/lamebus.h"

#define LAMEBUS_BASE       0x1fe00000u
#define LAMEBUS_CONTROLLER 31u
#define LAMEBUS_PROCESSORS 32u
#define LAMEBUS_CRAM       256u
#define LAMEBUS_POWER_US   5000u

struct lamebus_bus_state {
    uint32_t irqs, irqe, cpue, interrupted; /* the last: level of each processor's line */
    struct {
        uint32_t cirqe, cipi;
        uint8_t cram[LAMEBUS_CRAM];
    } cpu[LAMEBUS_PROCESSORS];
};

/* What the controller does to the rest of the machine. */
struct lamebus_outside {
    void (*start)(void *context, unsigned cpu, uint32_t pc, uint32_t a0, uint32_t sp);
    void (*stop)(void *context, unsigned cpu);
    void (*power_off)(void *context);
    void (*misused)(void *context, unsigned slot, uint32_t offset, uint32_t value);
    void *context;
};

struct lamebus_bus {
    struct lamebus_bus_state s;
    struct lamebus_card self;
    const struct lamebus_card *card[LAMEBUS_SLOTS];
    struct clock *clock;
    uint32_t hz;
    unsigned slot; /* of the clock: the power goes off */
    uint32_t ram;
    unsigned cpus;
    struct irq_line irq[LAMEBUS_PROCESSORS], ipi[LAMEBUS_PROCESSORS];
    struct lamebus_outside outside;
    struct bus *memory;
};

/* Puts itself into slot 31 of `memory`. */
void lamebus_bus_init(struct lamebus_bus *bus, struct clock *clock, uint32_t hz, struct bus *memory,
                      uint32_t ram, unsigned cpus, struct lamebus_outside outside);
/* The two lines of a processor. */
void lamebus_bus_connect(struct lamebus_bus *bus, unsigned cpu, struct irq_line irq,
                         struct irq_line ipi);
/* Puts a card into a slot that is empty. */
void lamebus_bus_plug(struct lamebus_bus *bus, unsigned slot, struct lamebus_card *card,
                      const char *name);
void lamebus_bus_add_state(struct lamebus_bus *bus, struct state_map *map);

/* A card's interrupt line. */
void lamebus_bus_pin(struct lamebus_bus *bus, unsigned slot, bool level);
bool lamebus_bus_asserted(const struct lamebus_bus *bus, unsigned slot);

#endif
