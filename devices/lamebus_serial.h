/* lamebus_serial: a serial port ("lser", device 4).
 *
 *   +0  CHARACTER  write: sent; read: the last one received, and now taken
 *   +4  WIRQ       what happens when a character is sent
 *   +8  RIRQ       ... when one is received
 *   +C  CARRIER    read: 1 = there is somebody at the other end (ours: see below)
 *
 * WIRQ and RIRQ are latches of three bits: 1 ENABLE, 2 READY, 4 FORCE. The port interrupts while
 * either has ENABLE and one of the others. A character takes its time to send, at whose end READY
 * is set in WIRQ; meanwhile writes of others are lost. Received ones wait in a line of
 * LAMEBUS_SERIAL_LINE bytes; the next is shown, and READY set in RIRQ, a character's time after the
 * one before was read or READY was cleared.
 *
 * CARRIER is not System/161's: its consoles never end, but the streams of a program do. A port is
 * made with it or without. It goes with the line: it falls when the last character that was
 * received before was taken. RIRQ then has a fourth bit, 8 HANGUP: with ENABLE and HANGUP the port
 * interrupts while CARRIER is 0; and its READY is no latch: it is set while a character waits to be
 * read. Such a port is as fast as LAMEBUS_SERIAL_STREAM.
 *
 * Known inaccuracies. Without carrier, a tenth of a second passes from the first time that ENABLE
 * is set in RIRQ to the next character, and one that was shown before is shown again: so a kernel
 * does not lose what was typed while it started. System/161 looks every
 * character's time whether it may show the next one, so that it may come at once.
 *
 * Source: System/161 2.0.8, "LAMEbus hardware reference", and its speed of 19200 bps times 25. */
#ifndef DEVICES_LAMEBUS_SERIAL_H
#define DEVICES_LAMEBUS_SERIAL_H

#include "devices/fifo.h"
#include "devices/lamebus.h"

#define LAMEBUS_SERIAL_LINE    512u
#define LAMEBUS_SERIAL_CONSOLE 48000u   /* characters in a second of the guest's */
#define LAMEBUS_SERIAL_BEGIN   10u      /* in a second */
#define LAMEBUS_SERIAL_STREAM  1000000u /* ... with carrier */

struct lamebus_serial_state {
    struct fifo line;
    uint8_t line_bytes[LAMEBUS_SERIAL_LINE];
    uint8_t wirq, rirq;
    uint8_t sending;
    uint8_t receiving; /* less than a character's time ago one was let go */
    uint8_t character; /* the one shown */
    uint8_t taken;     /* it was read */
    uint8_t line_carrier;
    uint8_t irq;   /* level */
    uint8_t begun; /* ENABLE was ever set in RIRQ */
    uint8_t reserved[3];
};

struct lamebus_serial {
    struct lamebus_serial_state s;
    struct lamebus_card card;
    bool has_carrier;
    struct clock *clock;
    uint32_t hz;
    unsigned send_slot, receive_slot;
    void (*send)(void *context, uint8_t byte);
    void *send_context;
};

void lamebus_serial_init(struct lamebus_serial *serial, struct clock *clock, uint32_t hz,
                         bool has_carrier, void (*send)(void *context, uint8_t byte),
                         void *send_context);
void lamebus_serial_plug(struct lamebus_serial *serial, struct lamebus_bus *bus, unsigned slot);
/* `name` tells one port's state block from another's. */
void lamebus_serial_add_state(struct lamebus_serial *serial, struct state_map *map,
                              const char *name);

/* Bytes that can come in now without loss. */
unsigned lamebus_serial_room(const struct lamebus_serial *serial);

/* Sinks of the input log (input_fn). A byte without room is lost. */
void lamebus_serial_receive(void *serial, uint32_t byte);
void lamebus_serial_carrier(void *serial, uint32_t level);

#endif
