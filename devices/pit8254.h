/* pit8254: the 8254 interval timer: three counters of 1,193,182 Hz.
 *
 *   offset 0..2  write: counter n, as its access mode says; read: latched status, latched count or
 *                the count itself
 *   offset 3     write: control word, counter latch (RW = 0) or read-back (SC = 3); reads are not
 *                answered
 *
 * Contract. All six modes, binary and BCD; GATE of counters 0 and 1 is tied high, that of 2 comes
 * from port 61h. Counting is computed from guest ticks, never stepped, so it cannot drift; counter
 * 0's edges reach IRQ0 at the first tick that is not before the exact moment. A count written
 * during modes 2 and 3 takes effect at the end of the period. A half-written 16-bit count stops
 * mode 0, as the data sheet says.
 *
 * Known inaccuracies. The first clock after a write is the next of the free-running 1.193182 MHz,
 * whatever the phase of the write pulse. In mode 3 the chip takes a new count at the end of a half
 * period already. A count of 1 in modes 2 and 3, which the data sheet forbids, makes no edges.
 *
 * Source: Intel 8254 data sheet (231164), "Operational description", "Mode definitions". */
#ifndef DEVICES_PIT8254_H
#define DEVICES_PIT8254_H

#include "devices/device.h"

#define PIT8254_HZ 1193182u

struct pit8254_channel {
    uint64_t started; /* PIT clock at which the count in effect was loaded */
    uint64_t stopped; /* gate low: clocks counted so far */
    uint64_t next_at; /* PIT clock at which `next` is loaded */
    uint32_t count;   /* in effect, 1..65536; 0 = none yet */
    uint32_t next;    /* written, waits for next_at; 0 = none */
    uint16_t latch;   /* latched count, in the counter's own notation */
    uint8_t control;  /* RW, mode and BCD bits of the control word */
    uint8_t gate;
    uint8_t running;    /* counts (gate and triggers allow it) */
    uint8_t low_byte;   /* first half of a 16-bit write */
    uint8_t write_high; /* the next write is the high byte */
    uint8_t read_high;  /* the next read is the high byte */
    uint8_t latched;    /* bytes of the latch still to read: 0, 1, 2 */
    uint8_t status;     /* latched status */
    uint8_t has_status;
    uint8_t triggered; /* modes 1 and 5: a gate edge came since the control word */
    uint8_t reserved[4];
};

struct pit8254_state {
    struct pit8254_channel channel[3];
};

struct pit8254 {
    struct pit8254_state s;
    struct clock *clock;
    uint32_t hz;
    unsigned slot;
    struct irq_line irq0;
};

/* `hz` = ticks in a guest second. */
void pit8254_init(struct pit8254 *pit, struct clock *clock, uint32_t hz, struct irq_line irq0);
void pit8254_reset(struct pit8254 *pit);
void pit8254_map(struct pit8254 *pit, struct bus *ports, uint32_t base);
void pit8254_add_state(struct pit8254 *pit, struct state_map *map);

/* The gate of counter 2, and any counter's OUT as it is now. */
void pit8254_gate2(struct pit8254 *pit, bool level);
bool pit8254_output(const struct pit8254 *pit, unsigned channel);

#endif
