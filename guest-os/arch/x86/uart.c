/*
 * Three 16550A serial ports, polled for sending, interrupt-driven for receiving.
 * National Semiconductor PC16550D data sheet, section 8.
 *
 * COM1 is the console. COM2 and COM3 are the raw lines 1 and 2. COM1 and COM3 share an
 * interrupt line that reports edges: the handler must not leave before both are quiet.
 */
#include "arch/x86/board.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"

enum {
    DATA = 0, /* divisor low while LCR_DLAB */
    IER = 1,  /* divisor high while LCR_DLAB */
    IIR = 2,
    FCR = 2,
    LCR = 3,
    MCR = 4,
    LSR = 5,
    MSR = 6,

    IER_RECEIVED = 0x01,
    IER_MODEM = 0x08,
    IIR_NOTHING = 0x01,
    FCR_ENABLE_CLEAR = 0x07,
    LCR_DLAB = 0x80,
    LCR_8N1 = 0x03,
    MCR_DTR_RTS_OUT2 = 0x0b, /* OUT2 connects the interrupt line on a PC */
    LSR_RECEIVED = 0x01,
    LSR_SEND_EMPTY = 0x20,
    MSR_CARRIER = 0x80,

    FIFO_SIZE = 16,
    SEND_PATIENCE = 1000000,
};

struct uart {
    uint16_t port;
    uint8_t irq;
    uint8_t ier;
    bool present;
    int room; /* bytes that the send FIFO surely takes */
};

static struct uart uarts[3] = {
    {.port = 0x3f8, .irq = IRQ_COM1},
    {.port = 0x2f8, .irq = IRQ_COM2},
    {.port = 0x3e8, .irq = IRQ_COM1},
};

static void init_one(struct uart *u)
{
    if (inb(u->port + LSR) == 0xff)
        return;
    u->present = true;
    u->ier = IER_RECEIVED | IER_MODEM;
    outb(u->port + IER, 0);
    outb(u->port + LCR, LCR_DLAB);
    outb(u->port + DATA, 1); /* 115200 bits a second */
    outb(u->port + IER, 0);
    outb(u->port + LCR, LCR_8N1);
    outb(u->port + FCR, FCR_ENABLE_CLEAR);
    outb(u->port + MCR, MCR_DTR_RTS_OUT2);
}

void uart_init(void)
{
    for (size_t i = 0; i < NELEM(uarts); i++)
        init_one(&uarts[i]);
}

/* Let received bytes interrupt, once the interrupt controllers are ready. */
void uart_start(void)
{
    for (size_t i = 0; i < NELEM(uarts); i++)
        if (uarts[i].present) {
            outb(uarts[i].port + IER, uarts[i].ier);
            pic_enable(uarts[i].irq);
        }
}

/* Hand a byte to the transmitter; false while it has no room. */
static bool send(struct uart *u, int c)
{
    if (!u->present)
        return true;
    if (u->room == 0) {
        if (!(inb(u->port + LSR) & LSR_SEND_EMPTY))
            return false;
        u->room = FIFO_SIZE;
    }
    u->room--;
    outb(u->port + DATA, (uint8_t)c);
    return true;
}

static int receive(struct uart *u)
{
    if (!u->present || !(inb(u->port + LSR) & LSR_RECEIVED))
        return -1;
    return inb(u->port + DATA);
}

void uart_console_putc(int c)
{
    for (int i = 0; i < SEND_PATIENCE && !send(&uarts[0], c); i++)
        ;
}

/* Returns whether the port had something to report. */
static bool serve(struct uart *u)
{
    if (!u->present || inb(u->port + IIR) & IIR_NOTHING)
        return false;
    inb(u->port + MSR);
    tty_input((int)(u - uarts));
    return true;
}

void uart_interrupt(void)
{
    bool again;

    do {
        again = false;
        for (size_t i = 0; i < NELEM(uarts); i++)
            again |= serve(&uarts[i]);
    } while (again);
}

int serial_get(int line)
{
    return receive(&uarts[line]);
}

bool serial_put(int line, int c)
{
    return send(&uarts[line], c);
}

bool serial_hung_up(int line)
{
    struct uart *u = &uarts[line];

    return !u->present || !(inb(u->port + MSR) & MSR_CARRIER);
}

/* Interrupt for received bytes or not: off leaves them, and the sender, waiting. */
void serial_receive_irq(int line, bool on)
{
    struct uart *u = &uarts[line];

    u->ier = (uint8_t)(on ? u->ier | IER_RECEIVED : u->ier & ~IER_RECEIVED);
    if (u->present)
        outb(u->port + IER, u->ier);
}
