/* pic8259: the 8259A interrupt controller, and the pair of them that a PC/AT has.
 *
 *   offset 0  write ICW1 (bit 4), OCW2 (bits 4..3 = 00), OCW3 (bits 4..3 = 01)
 *             read IRR or ISR as OCW3 chose, or the poll word
 *   offset 1  write ICW2..ICW4 after an ICW1, else OCW1 (the mask); read the mask
 *
 * Contract. Pins are levels. In edge mode a rising pin sets a request; a pin that falls before the
 * acknowledge takes its request back (8259A data sheet, "Interrupt request (IR) inputs"), and an
 * acknowledge without a request answers IR7 without setting ISR ("default IR7"). Fully nested,
 * special fully nested and special mask modes, all EOIs and rotations, automatic EOI, poll.
 * ICW1 clears mask, service register and edge memory, selects IRR for reading and makes IR7 the
 * lowest. Between ICW1 and its last word, and from reset to the first ICW1, INT stays low.
 *
 * Known inaccuracies. ICW4.uPM = 0 (MCS-80) is remembered but an acknowledge still answers the one
 * vector byte of 8086 mode. Buffered mode and ICW1.ADI have no visible effect. Initialization
 * clears ISR, which the data sheet does not list.
 *
 * Source: Intel 8259A/8259A-2 data sheet (231468). */
#ifndef DEVICES_PIC8259_H
#define DEVICES_PIC8259_H

#include "devices/device.h"

struct pic8259_state {
    uint8_t pins;  /* levels at IR7..IR0 */
    uint8_t edges; /* edge mode: rising edges not yet acknowledged */
    uint8_t isr;
    uint8_t imr;
    uint8_t icw1; /* as written */
    uint8_t icw2; /* vector base */
    uint8_t icw3;
    uint8_t icw4;
    uint8_t expects; /* ICW that offset 1 takes next: 2, 3, 4; 0 = the mask */
    uint8_t ready;   /* an initialization sequence was completed */
    uint8_t lowest;  /* the IR of the lowest priority, 0..7 */
    uint8_t read_isr;
    uint8_t poll; /* the next read is a poll */
    uint8_t special_mask;
    uint8_t rotate_aeoi;
    uint8_t out; /* level of INT */
};

struct pic8259 {
    struct pic8259_state s;
    bool master; /* the SP/EN pin */
    struct irq_line intr;
};

void pic8259_init(struct pic8259 *pic, bool master, struct irq_line intr);
void pic8259_reset(struct pic8259 *pic);
void pic8259_map(struct pic8259 *pic, struct bus *ports, uint32_t base);
void pic8259_add_state(struct pic8259 *pic, struct state_map *map);

/* An irq_fn: pins 0 to 7. */
void pic8259_pin(void *pic, unsigned pin, bool level);

/* What a read of offset 0 shows as IRR. */
uint8_t pic8259_requests(const struct pic8259 *pic);

/* The INTA cycles of one chip: the vector, and the IR that it took (7, without ISR, when
 * spurious). */
uint8_t pic8259_acknowledge(struct pic8259 *pic, unsigned *taken);

/* The PC/AT's two: IRQ0..7 at 20h, IRQ8..15 at A0h, the second's INT at the first's IR2. */
struct pic8259_pair {
    struct pic8259 master, slave;
};

void pic8259_pair_init(struct pic8259_pair *pair, struct irq_line intr);
void pic8259_pair_reset(struct pic8259_pair *pair);
void pic8259_pair_map(struct pic8259_pair *pair, struct bus *ports);
void pic8259_pair_add_state(struct pic8259_pair *pair, struct state_map *map);

/* An irq_fn: pins 0 to 15, of which 2 is taken. */
void pic8259_pair_pin(void *pair, unsigned irq, bool level);

/* What the CPU's INTA cycles read. */
uint8_t pic8259_pair_acknowledge(void *pair);

#endif
