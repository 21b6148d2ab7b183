/*
 * Serial cards, polled for sending, interrupt-driven for receiving. The first is the console, the
 * second and third are the raw lines 1 and 2.
 *
 * A card shows one received character at a time and marks it READY; the next comes when this one
 * was read, a character's time later at the earliest. CARRIER and HANGUP are not System/161's but
 * of Trapscope's machine: the console's card has neither.
 */
#include "arch/mips/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/lock.h"

enum {
    CHARACTER = 0x00,
    SENT = 0x04,
    RECEIVED = 0x08,
    CARRIER = 0x0c,

    ENABLE = 1,
    READY = 2,
    HANGUP = 8, /* of RECEIVED: interrupt when the other end has left */

    LINES = 3,
    SEND_PATIENCE = 1000000,
};

struct line {
    int slot;         /* -1: there is no such card */
    bool sending;     /* a character is on its way, as far as is known */
    uint32_t receive; /* the bits of RECEIVED that shall be set */
};

static struct spinlock lser_lock = {.name = "lser"}; /* for RECEIVED and `receive` */
static struct line lines[LINES];

/* The other end leaves only once: to be told about it again and again would be of no use. */
static void note_hangup(struct line *l)
{
    acquire(&lser_lock);
    if (l->receive & HANGUP && !(lamebus_read(l->slot, CARRIER))) {
        l->receive &= ~(uint32_t)HANGUP;
        lamebus_write(l->slot, RECEIVED, l->receive);
    }
    release(&lser_lock);
}

static void interrupt(int slot)
{
    for (int i = 0; i < LINES; i++)
        if (lines[i].slot == slot) {
            tty_input(i);
            note_hangup(&lines[i]);
        }
}

void lser_init(void)
{
    for (int i = 0; i < LINES; i++) {
        struct line *l = &lines[i];

        l->slot = lamebus_find(VENDOR_SYSTEM161, DEVICE_SERIAL, i);
        l->receive = i == 0 ? ENABLE : ENABLE | HANGUP;
        if (l->slot < 0)
            continue;
        lamebus_write(l->slot, SENT, 0);
        lamebus_write(l->slot, RECEIVED, l->receive | (lamebus_read(l->slot, RECEIVED) & READY));
        lamebus_on_interrupt(l->slot, interrupt);
    }
}

int serial_get(int line)
{
    struct line *l = &lines[line];
    int c = -1;

    if (l->slot < 0)
        return -1;
    acquire(&lser_lock);
    if (lamebus_read(l->slot, RECEIVED) & READY) {
        c = (int)lamebus_read(l->slot, CHARACTER);
        lamebus_write(l->slot, RECEIVED, l->receive);
    }
    release(&lser_lock);
    return c;
}

bool serial_put(int line, int c)
{
    struct line *l = &lines[line];

    if (l->slot < 0)
        return true;
    if (l->sending && !(lamebus_read(l->slot, SENT) & READY))
        return false;
    lamebus_write(l->slot, SENT, 0);
    l->sending = true;
    lamebus_write(l->slot, CHARACTER, (uint8_t)c);
    return true;
}

bool serial_hung_up(int line)
{
    struct line *l = &lines[line];

    return l->slot < 0 || !lamebus_read(l->slot, CARRIER);
}

/* Off leaves what is received, and the sender, waiting. */
void serial_receive_irq(int line, bool on)
{
    if (lines[line].slot >= 0)
        lamebus_mask(lines[line].slot, on);
}

void arch_console_putc(int c)
{
    if (c == '\n')
        arch_console_putc('\r');
    for (int i = 0; i < SEND_PATIENCE && !serial_put(0, c); i++)
        ;
}
