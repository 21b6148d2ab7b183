/* kbd8042: the PC/AT keyboard controller with a keyboard at its port.
 *
 *   60h  read: the output buffer; write: data of a controller command, else a byte to the keyboard
 *   64h  read: status: 0 output full, 1 input full (0), 2 system flag, 3 last write was to 64h,
 *        4 keyboard not locked (1), 5 output is from the auxiliary device (0), 6 time-out, 7 parity
 *   64h  write: commands 20-3F 60-7F A4 A7 A8 A9 AA AB AD AE C0 D0 D1 D2 D3 D4 DD DF E0 F0-FF
 *
 * Contract. IRQ1 is high while the output buffer is full and bit 0 of the command byte is set.
 * Keys come from the input log as set-1 bytes (what a program sees with translation on); with
 * translation off (command byte bit 6 = 0) the same keys arrive as set 2. The keyboard answers ED
 * EE F0 F2 F3 F4 F5 F6 F7-FA FE FF as the manual says and FEh to what it does not know. The output
 * port's bit 1 is the A20 line (the board joins it with port 92h's), high after reset: init drives
 * it, so its sink must exist. Clearing bit 0, or a pulse of it (FEh), calls reset(). There is no
 * auxiliary device: A9h answers 01h (clock stuck low), D3h nothing, D4h the time-out byte FEh with
 * status bit 6.
 *
 * Known inaccuracies. Commands and bytes take no time: the next byte is there as soon as one is
 * read. The command byte after reset is what a BIOS leaves (45h). Scan code sets 1 and 3 are
 * accepted and reported, but the keys keep to set 2. No typematic repeat (the host's keyboard
 * repeats). The keyboard's buffer holds KBD8042_KEYS bytes, not 16, so that pasted text survives;
 * a key beyond it is lost without the overrun code.
 *
 * Source: IBM PC/AT Technical Reference (6183310), "Keyboard controller" and "Keyboard"; the
 * auxiliary commands from the IBM PS/2 Hardware Interface Technical Reference. */
#ifndef DEVICES_KBD8042_H
#define DEVICES_KBD8042_H

#include "devices/device.h"
#include "devices/fifo.h"

#define KBD8042_KEYS    256u
#define KBD8042_ANSWERS 16u

struct kbd8042_state {
    struct fifo keys;    /* bytes from the keys, set 1 */
    struct fifo answers; /* the keyboard's answers to commands, which go first */
    uint8_t key_bytes[KBD8042_KEYS];
    uint8_t answer_bytes[KBD8042_ANSWERS];
    uint8_t ram[32];        /* byte 0 = command byte */
    uint8_t output;         /* the output buffer */
    uint8_t full;           /* status bit 0 */
    uint8_t status;         /* bits 2, 3, 6 */
    uint8_t port;           /* output port, bits 1..0 */
    uint8_t command;        /* controller command that waits for its data, 0 = none */
    uint8_t device_command; /* keyboard command that waits for its data, 0 = none */
    uint8_t last_sent;      /* for FEh, resend */
    uint8_t scanning;       /* keys are reported */
    uint8_t leds;
    uint8_t rate;
    uint8_t set;     /* scan code set, 1 to 3 */
    uint8_t release; /* set 2: the F0h of a release was sent, its code follows */
    uint8_t irq;     /* level of IRQ1 */
    uint8_t reserved[3];
};

struct kbd8042 {
    struct kbd8042_state s;
    struct irq_line irq1;
    struct irq_line a20;
    void (*reset)(void *context);
    void *context;
};

void kbd8042_init(struct kbd8042 *kbd, struct irq_line irq1, struct irq_line a20,
                  void (*reset)(void *context), void *context);
void kbd8042_reset(struct kbd8042 *kbd);
/* Ports 60h and 64h. */
void kbd8042_map(struct kbd8042 *kbd, struct bus *ports);
void kbd8042_add_state(struct kbd8042 *kbd, struct state_map *map);

/* Bytes that can come in now without loss. */
unsigned kbd8042_room(const struct kbd8042 *kbd);

/* Sink of the input log (input_fn): one set-1 byte. */
void kbd8042_key(void *kbd, uint32_t byte);

#endif
