/* lapic: the local APIC of each processor, and the APIC bus on which they and the I/O APIC talk.
 *
 *   020 ID (bits 31..24)   030 version   080 TPR   090 APR   0A0 PPR   0B0 EOI
 *   0D0 LDR   0E0 DFR   0F0 SVR   100 ISR   180 TMR   200 IRR (8 registers of 32 vectors each)
 *   280 ESR   300 ICR low   310 ICR high
 *   320 LVT timer   340 LVT performance counter   350 LVT LINT0   360 LVT LINT1   370 LVT error
 *   380 initial count   390 current count   3E0 divide
 *
 * Contract. One window of 4 KiB, in which each processor sees its own registers (`who` of the bus);
 * there is none for who is no processor. An xAPIC as in the P6 family: version 14h, five LVT
 * entries, 8-bit IDs, physical and logical destinations (flat and cluster). Fixed, lowest priority,
 * NMI, INIT and startup messages arrive at once, so the delivery status is always idle. An ICR
 * write with INIT and level de-assert is accepted and does nothing. While SVR bit 8 is clear, the
 * LVT stays masked and fixed messages are not taken; INIT, NMI and startup messages are. An INIT
 * message resets all but the ID. A processor's INTR is high while the highest request is above its
 * PPR, or while ExtINT waits: an acknowledge takes the APIC's own first, and answers the spurious
 * vector when both have gone. The timer counts computed clocks, never stepped ones, so it cannot
 * drift; an interrupt comes at the first tick that is not before the exact moment. Periods shorter
 * than an instruction make one interrupt.
 *
 * Known inaccuracies. The delivery mode SMI is ignored. Lowest priority goes to the lowest PPR, on
 * a tie to the lowest ID, without arbitration priorities and without a focus processor. Performance
 * counters never overflow. Remote read (RRD) is always 0. IA32_APIC_BASE is not there, as the
 * processor has no RDMSR: the window cannot move. Of 32-bit registers a narrower read sees its
 * bytes, a narrower write does nothing. Changing the divide register or the timer's mode goes on
 * from the present count. Send accept error is told as by a P6.
 *
 * Source: Intel SDM vol. 3A (order number 253668), chapter 10, "Advanced programmable interrupt
 * controller". */
#ifndef DEVICES_LAPIC_H
#define DEVICES_LAPIC_H

#include "devices/device.h"

#define LAPIC_BASE       0xfee00000u
#define LAPIC_VERSION    0x00040014u /* integrated; the last LVT entry is number 4 */
#define LAPIC_MOST       32u
#define LAPIC_EVERYBODY  0xffu
#define LAPIC_LINT_PINS  2u
#define APIC_DESTINATION 24u /* the bit at which IDs and destinations begin */

enum apic_mode {
    APIC_FIXED,
    APIC_LOWEST,
    APIC_SMI,
    APIC_NMI = 4,
    APIC_INIT,
    APIC_STARTUP, /* of a message; not in an LVT or redirection entry */
    APIC_EXTINT,
};

enum lapic_lvt {
    LAPIC_LVT_TIMER,
    LAPIC_LVT_PERFORMANCE,
    LAPIC_LVT_LINT0,
    LAPIC_LVT_LINT1,
    LAPIC_LVT_ERROR,
    LAPIC_LVTS,
};

/* Offsets of registers that somebody else than a guest writes. */
enum { LAPIC_SVR = 0x0f0, LAPIC_REGISTER_LINT0 = 0x350, LAPIC_REGISTER_LINT1 = 0x360 };

/* Where an interrupt, or a message, comes from: 0 to 31 the local APIC of that processor, ... */
enum apic_source {
    APIC_FROM_PIN = 0x100, /* ... this and the number of a pin of the I/O APIC */
    APIC_FROM_TIMER = 0x200,
    APIC_FROM_ERROR,
    APIC_FROM_LINT0,
    APIC_FROM_LINT1,
};

/* What goes over the APIC bus. */
struct apic_message {
    uint16_t from; /* enum apic_source */
    uint8_t destination;
    bool logical;
    bool level;   /* triggered by a level: its EOI is told to the I/O APIC */
    uint8_t mode; /* enum apic_mode */
    uint8_t vector;
};

struct lapic_state {
    uint32_t id, tpr, ldr, dfr, svr; /* as their registers show them */
    uint32_t isr[8], tmr[8], irr[8];
    uint32_t esr, errors; /* what reads show; what came since the last write */
    uint32_t icr_low, icr_high;
    uint32_t lvt[LAPIC_LVTS];
    uint32_t divide, initial;
    uint32_t count;   /* the timer's at `started`; 0 = stopped */
    uint64_t started; /* clock of the timer */
    uint8_t pins;     /* levels of LINT0 and LINT1 */
    uint8_t extint;   /* an ExtINT message waits */
    uint8_t out;      /* level of INTR */
    uint8_t reserved[5];
};

/* What a local APIC does to its processor and asks from outside. */
struct lapic_wires {
    struct irq_line intr, nmi, init;
    void (*startup)(void *cpu, uint8_t vector);
    void *cpu;
    uint8_t (*extint)(void *pic); /* the INTA cycles of the 8259A */
    void *pic;
};

struct apic_bus;

struct lapic {
    struct lapic_state s;
    struct apic_bus *bus;
    unsigned number; /* of its processor */
    struct clock *clock;
    uint32_t hz, timer_hz;
    unsigned slot;
    char name[16]; /* of its state: "lapic", "lapic.1", ... */
    struct lapic_wires wires;
};

struct apic_bus {
    struct lapic *lapic[LAPIC_MOST]; /* by number of the processor */
    unsigned used;
    /* Told of all that a processor gets, but for ExtINT of its own pin; NULL: nobody. */
    void (*told)(void *context, unsigned processor, const struct apic_message *message);
    void *told_context;
    void (*eoi)(void *ioapic, uint8_t vector); /* of a vector triggered by a level; NULL: nobody */
    void *ioapic;
};

/* The next processor's, with its number as ID. `hz` = ticks in a guest second, `timer_hz` = clocks
 * of the timer. */
void lapic_init(struct lapic *lapic, struct apic_bus *bus, struct clock *clock, uint32_t hz,
                uint32_t timer_hz, struct lapic_wires wires);
void lapic_reset(struct lapic *lapic);
void lapic_map(struct apic_bus *bus, struct bus *memory);
void lapic_add_state(struct lapic *lapic, struct state_map *map);

/* An irq_fn: LINT0 and LINT1. */
void lapic_pin(void *lapic, unsigned pin, bool level);

/* As the processor's own write. */
void lapic_write(struct lapic *lapic, uint32_t offset, uint32_t value);

/* What the processor's INTA cycles read. */
uint8_t lapic_acknowledge(void *lapic);

/* The vector that an acknowledge would take from the APIC itself; -1 = none. */
int lapic_pending(const struct lapic *lapic);

/* False: nobody took it. */
bool apic_send(struct apic_bus *bus, const struct apic_message *message);

#endif
