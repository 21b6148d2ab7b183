/* uart16550: the 16550A serial port.
 *
 *   offset 0  DLAB 0: read RBR, write THR; DLAB 1: divisor low
 *   offset 1  DLAB 0: IER; DLAB 1: divisor high
 *   offset 2  read IIR, write FCR          offset 5  LSR
 *   offset 3  LCR                          offset 6  MSR
 *   offset 4  MCR                          offset 7  SCR
 *
 * Contract. What comes in from outside waits in a line buffer of UART16550_LINE bytes and enters
 * the receiver whenever that has room, so no byte is ever overrun: whoever feeds it asks
 * uart16550_room first. A change of carrier travels the same line: it is seen behind the last byte
 * before it. DCD follows the carrier; CTS and DSR are always on, RI off. THRE interrupts arise when
 * THR empties and when IER.1 is set while it is empty; reading IIR or writing THR ends them.
 * Loopback as on the chip; meanwhile the line waits.
 *
 * Known inaccuracies. A byte is sent the moment it is written: THRE and TEMT read 1 always.
 * MCR.OUT2 does not gate the interrupt (on the PC card it does; guests that leave MCR at 0 rely on
 * QEMU, which does not). Received bytes arrive as fast as they are read, whatever the divisor.
 * Setting up the receiver (divisor, LCR, FCR, a rising IER.0, loopback) loses no input: unread
 * bytes go back to the line, and the first of them arrives one character time later; so a guest
 * that flushes the receiver when it starts does not eat what was typed ahead. No break, parity or
 * framing errors come in. LSR and MSR can be read only.
 *
 * Source: National PC16550D data sheet (June 1995), "Registers". */
#ifndef DEVICES_UART16550_H
#define DEVICES_UART16550_H

#include "devices/device.h"
#include "devices/fifo.h"

#define UART16550_FIFO 16u
#define UART16550_LINE 4096u

struct uart16550_state {
    struct fifo rx;   /* the receiver: 16 bytes, or 1 with FIFOs off */
    struct fifo line; /* outside, not yet received */
    ticks receive_at; /* the line flows from then on */
    uint8_t rx_bytes[UART16550_FIFO];
    uint8_t line_bytes[UART16550_LINE];
    uint16_t divisor;
    uint8_t ier;
    uint8_t fcr; /* bits 7..6 and 0 */
    uint8_t lcr;
    uint8_t mcr;
    uint8_t lsr_errors; /* OE (bit 1), until LSR is read */
    uint8_t msr_deltas; /* bits 3..0, until MSR is read */
    uint8_t scr;
    uint8_t rbr; /* last byte received, what an empty receiver shows */
    uint8_t thre_pending;
    uint8_t timeout_pending;
    uint8_t carrier;      /* level at DCD */
    uint8_t line_carrier; /* level at the end of the line buffer */
    uint8_t irq;          /* level of INTR */
    uint8_t reserved;
};

struct uart16550 {
    struct uart16550_state s;
    struct clock *clock;
    uint32_t hz;
    unsigned slot;
    struct irq_line irq;
    void (*send)(void *context, uint8_t byte);
    void *send_context;
};

void uart16550_init(struct uart16550 *uart, struct clock *clock, uint32_t hz, struct irq_line irq,
                    void (*send)(void *context, uint8_t byte), void *send_context);
/* The line buffer and the carrier are outside: they stay. */
void uart16550_reset(struct uart16550 *uart);
void uart16550_map(struct uart16550 *uart, struct bus *ports, uint32_t base);
/* `name` tells one port's state block from another's. */
void uart16550_add_state(struct uart16550 *uart, struct state_map *map, const char *name);

/* Bytes that can come in now without loss. */
unsigned uart16550_room(const struct uart16550 *uart);

/* Sinks of the input log (input_fn). A byte without room is lost and counts as an overrun (OE). */
void uart16550_receive(void *uart, uint32_t byte);
void uart16550_carrier(void *uart, uint32_t level);

#endif
