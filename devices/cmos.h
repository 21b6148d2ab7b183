/* cmos: the MC146818 real-time clock with its RAM, 128 bytes as in the PC/AT.
 *
 *   70h  write: bits 6..0 index (bit 7, the NMI mask, is ignored); read: not answered
 *   71h  the byte at the index: 00-09 time, alarm and date; 0A-0D registers A to D; 0E-7F RAM, of
 *        which 32h is the century
 *
 * Contract. Time starts from cmos_set_date (the input log's INPUT_DATE) and advances with guest
 * ticks only: one update a guest second, carried through seconds to century as the chip does, in
 * BCD or binary, 12 or 24 hours (register B). UIP is set for 2228 us before each update. SET (B.7)
 * and a held divider (A.6-4 = 11x) stop updates; 500 ms after a divider's release the first one
 * follows. Periodic (rates 1..15), alarm (with "don't care" C0h-FFh) and update flags are set
 * whether or not enabled; IRQ8 is high while an enabled one is set; reading C clears them. D reads
 * 80h.
 *
 * Known inaccuracies. Daylight saving (B.0) and the square-wave pin do nothing. A divider value
 * other than 010 and 11x counts as 010. Fields that hold no valid date count on from where they
 * are.
 *
 * Source: Motorola MC146818A data sheet (1984); IBM PC/AT Technical Reference for the RAM. */
#ifndef DEVICES_CMOS_H
#define DEVICES_CMOS_H

#include "devices/device.h"

struct cmos_state {
    ticks next_update;     /* when the seconds advance */
    uint64_t periods_seen; /* count of periodic moments up to the last look at register C */
    uint8_t ram[128];      /* C without its IRQF */
    uint8_t index;
    uint8_t irq;
    uint8_t reserved[6];
};

struct cmos {
    struct cmos_state s;
    struct clock *clock;
    uint32_t hz;
    unsigned slot_update;
    unsigned slot_periodic;
    struct irq_line irq8;
};

void cmos_init(struct cmos *cmos, struct clock *clock, uint32_t hz, struct irq_line irq8);
/* RAM and time live on a battery: they stay. */
void cmos_reset(struct cmos *cmos);
void cmos_map(struct cmos *cmos, struct bus *ports, uint32_t base);
void cmos_add_state(struct cmos *cmos, struct state_map *map);

/* Sink of the input log (input_fn): the date now, in seconds since 1970 UTC. */
void cmos_set_date(void *cmos, uint32_t seconds);

/* For the board, before the start: RAM bytes 0Eh to 7Fh. */
void cmos_store(struct cmos *cmos, unsigned index, uint8_t value);

/* The usual bytes for `size` bytes of RAM: 15h-18h, 30h-31h, 34h-35h. */
void cmos_store_memory_size(struct cmos *cmos, uint64_t size);

#endif
