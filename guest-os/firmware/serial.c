/* INT 14h: the 16550A serial ports. */
#include "guest-os/firmware/bios.h"

#define COM1           0x3F8
#define UART_LCR       3
#define UART_MCR       4
#define UART_LSR       5
#define UART_MSR       6
#define UART_SCRATCH   7
#define LSR_DATA       0x01
#define LSR_ROOM       0x20
#define LCR_8N1        0x03
#define LCR_DIVISOR    0x80
#define STATUS_TIMEOUT 0x80
#define TRIES          0x80000u

/* Divisor 1 = 115200 baud. PC16550D data sheet, 8.3 and table III. */
static void uart_set(u16 port, u16 divisor, u8 format)
{
    outb(port + UART_LCR, format | LCR_DIVISOR);
    outb(port, (u8)divisor);
    outb(port + 1, divisor >> 8);
    outb(port + UART_LCR, format);
}

/* Enters into 40:00 the ports whose scratch register holds a value. */
void serial_init(void)
{
    static ROM u16 bases[] = {COM1, 0x2F8, 0x3E8, 0x2E8};
    unsigned found = 0;
    for (unsigned i = 0; i < 4; i++) {
        outb(bases[i] + UART_SCRATCH, 0x5A);
        if (inb(bases[i] + UART_SCRATCH) != 0x5A)
            continue;
        outb(bases[i] + 1, 0); /* no interrupts */
        uart_set(bases[i], 1, LCR_8N1);
        outb(bases[i] + UART_MCR, 0x03); /* DTR and RTS */
        BDA->com_timeout[found] = 1;
        BDA->com_port[found++] = bases[i];
    }
    BDA->equipment |= found << 9;
}

static bool uart_send(u16 port, u8 byte)
{
    for (u32 tries = TRIES; tries; tries--) {
        if (inb(port + UART_LSR) & LSR_ROOM) {
            outb(port, byte);
            return true;
        }
    }
    return false;
}

void serial_write(u8 byte)
{
    if (BDA->com_port[0] == COM1)
        uart_send(COM1, byte);
}

bool serial_read(u8 *byte)
{
    if (BDA->com_port[0] != COM1 || !(inb(COM1 + UART_LSR) & LSR_DATA))
        return false;
    *byte = inb(COM1);
    return true;
}

/* AH=00h, AL: bits 7-5 baud rate, 4-3 parity, 2 stop bits, 1-0 word length. */
static void set_format(u16 port, u8 parameter)
{
    static ROM u16 divisors[] = {1047, 768, 384, 192, 96, 48, 24, 12};
    uart_set(port, divisors[parameter >> 5], parameter & 0x1F);
}

/* DX port number 0-3. AH=00h initialise, 01h send AL, 02h receive AL, 03h status; all -> AH line
 * status, bit 7 = timeout. */
void int14_serial(struct frame *f)
{
    u16 port = f->dx.x < 4 ? BDA->com_port[f->dx.x] : 0;
    if (!port)
        return;
    switch (f->ax.h) {
    case 0x00: set_format(port, f->ax.l); break;
    case 0x01:
        f->ax.h = uart_send(port, f->ax.l) ? inb(port + UART_LSR) & ~STATUS_TIMEOUT
                                           : inb(port + UART_LSR) | STATUS_TIMEOUT;
        return;
    case 0x02:
        for (u32 tries = TRIES; tries; tries--) {
            u8 status = inb(port + UART_LSR);
            if (status & LSR_DATA) {
                f->ax.l = inb(port);
                f->ax.h = status & 0x1E;
                return;
            }
        }
        f->ax.h = STATUS_TIMEOUT;
        return;
    case 0x03: break;
    default: return;
    }
    f->ax.h = inb(port + UART_LSR);
    f->ax.l = inb(port + UART_MSR);
}
