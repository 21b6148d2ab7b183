/* uart16550: the 16550A serial port. */
#include "devices/uart16550.h"

#include <string.h>

enum ier { IER_RECEIVED = 1, IER_THRE = 2, IER_LINE = 4, IER_MODEM = 8 };
enum iir { IIR_NONE = 1, IIR_THRE = 2, IIR_RECEIVED = 4, IIR_LINE = 6, IIR_TIMEOUT = 12 };
enum fcr { FCR_ENABLE = 1, FCR_CLEAR_RX = 2, FCR_TRIGGER = 0xc0 };
enum lcr { LCR_STOP = 4, LCR_PARITY = 8, LCR_DLAB = 128 };
enum mcr { MCR_LOOP = 16 };
enum lsr { LSR_READY = 1, LSR_OVERRUN = 2, LSR_THRE = 32, LSR_TEMT = 64 };
enum msr { MSR_TERI = 4, MSR_CTS = 16, MSR_DSR = 32, MSR_RI = 64, MSR_DCD = 128 };

#define LINE_HZ 115200u /* bits in a second with divisor 1 */

/* One receiver's worth of the line buffer is kept free, for bytes that go back. */
#define LINE_ROOM (UART16550_LINE - UART16550_FIFO)

static bool fifos_on(const struct uart16550 *uart)
{
    return (uart->s.fcr & FCR_ENABLE) != 0;
}

static bool looped(const struct uart16550 *uart)
{
    return (uart->s.mcr & MCR_LOOP) != 0;
}

static unsigned capacity(const struct uart16550 *uart)
{
    return fifos_on(uart) ? UART16550_FIFO : 1;
}

static unsigned trigger(const struct uart16550 *uart)
{
    static const uint8_t level[4] = {1, 4, 8, 14};
    return fifos_on(uart) ? level[uart->s.fcr >> 6] : 1;
}

static ticks character_time(const struct uart16550 *uart)
{
    unsigned lcr = uart->s.lcr;
    unsigned bits = 2 + 5 + (lcr & 3) + (lcr & LCR_PARITY ? 1 : 0) + (lcr & LCR_STOP ? 1 : 0);
    uint64_t divisor = uart->s.divisor != 0 ? uart->s.divisor : 1;
    return bits * divisor * uart->hz / LINE_HZ;
}

static uint8_t interrupt_source(const struct uart16550 *uart)
{
    const struct uart16550_state *s = &uart->s;
    if ((s->ier & IER_LINE) && s->lsr_errors)
        return IIR_LINE;
    if ((s->ier & IER_RECEIVED) && s->rx.used >= trigger(uart))
        return IIR_RECEIVED;
    if ((s->ier & IER_RECEIVED) && s->timeout_pending)
        return IIR_TIMEOUT;
    if ((s->ier & IER_THRE) && s->thre_pending)
        return IIR_THRE;
    if ((s->ier & IER_MODEM) && s->msr_deltas)
        return 0;
    return IIR_NONE;
}

static void update(struct uart16550 *uart)
{
    bool level = interrupt_source(uart) != IIR_NONE;
    if (uart->s.irq == level)
        return;
    uart->s.irq = level;
    irq_set(&uart->irq, level);
}

/* Bits 7..4 of MSR; in loopback MCR's own outputs come back (data sheet, "Modem control register",
 * loopback). */
static uint8_t modem_levels(const struct uart16550 *uart)
{
    unsigned mcr = uart->s.mcr;
    if (looped(uart))
        return (uint8_t)((mcr & 2 ? MSR_CTS : 0) | (mcr & 1 ? MSR_DSR : 0) |
                         (mcr & 4 ? MSR_RI : 0) | (mcr & 8 ? MSR_DCD : 0));
    return (uint8_t)(MSR_CTS | MSR_DSR | (uart->s.carrier ? MSR_DCD : 0));
}

/* RI counts only when it ends (TERI), the others at every change. */
static void note_modem_change(struct uart16550 *uart, uint8_t before)
{
    uint8_t now = modem_levels(uart);
    uint8_t deltas = (uint8_t)((before ^ now) >> 4);
    if (now & MSR_RI)
        deltas &= (uint8_t)~MSR_TERI;
    uart->s.msr_deltas |= deltas;
}

static bool line_waits(const struct uart16550 *uart)
{
    return !looped(uart) && (uart->s.line.used > 0 || uart->s.carrier != uart->s.line_carrier);
}

/* From the line into the receiver, as far as there is room and time. */
static void pull(struct uart16550 *uart)
{
    struct uart16550_state *s = &uart->s;
    if (looped(uart) || uart->clock->s.now < s->receive_at)
        return;
    uint8_t byte;
    while (s->rx.used < capacity(uart) && fifo_get(&s->line, s->line_bytes, UART16550_LINE, &byte))
        fifo_put(&s->rx, s->rx_bytes, UART16550_FIFO, byte);
    if (s->line.used == 0 && s->carrier != s->line_carrier) {
        uint8_t before = modem_levels(uart);
        s->carrier = s->line_carrier;
        note_modem_change(uart, before);
    }
}

/* The slot waits for the line to flow, or else for four idle character times with bytes below
 * the trigger level (data sheet, "FIFO interrupt mode operation"). */
static void wait_for_next(struct uart16550 *uart)
{
    const struct uart16550_state *s = &uart->s;
    ticks now = uart->clock->s.now, due = CLOCK_NEVER;
    if (line_waits(uart) && now < s->receive_at)
        due = s->receive_at;
    else if (s->rx.used > 0 && s->rx.used < trigger(uart) && !s->timeout_pending)
        due = now + 4 * character_time(uart);
    if (uart->clock->s.due[uart->slot] != due)
        clock_arm(uart->clock, uart->slot, due);
}

static void received_or_read(struct uart16550 *uart)
{
    uart->s.timeout_pending = 0;
    pull(uart);
    wait_for_next(uart);
    update(uart);
}

static void on_time(void *device, ticks due)
{
    struct uart16550 *uart = device;
    (void)due;
    if (line_waits(uart)) {
        received_or_read(uart);
        return;
    }
    uart->s.timeout_pending = uart->s.rx.used > 0;
    update(uart);
}

/* Empties the receiver, back to the line where the bytes came from there. */
static void restart_receiver(struct uart16550 *uart)
{
    struct uart16550_state *s = &uart->s;
    uint8_t byte;
    while (!looped(uart) && fifo_unput(&s->rx, s->rx_bytes, UART16550_FIFO, &byte))
        fifo_unget(&s->line, s->line_bytes, UART16550_LINE, byte);
    s->rx = (struct fifo){0};
    s->timeout_pending = 0;
    s->receive_at = uart->clock->s.now + character_time(uart);
    wait_for_next(uart);
}

static void loop_back(struct uart16550 *uart, uint8_t byte)
{
    struct uart16550_state *s = &uart->s;
    if (s->rx.used >= capacity(uart)) {
        s->lsr_errors |= LSR_OVERRUN;
        if (fifos_on(uart))
            return;
        s->rx =
            (struct fifo){0}; /* without FIFOs the newer byte wins ("Line status register", OE) */
    }
    fifo_put(&s->rx, s->rx_bytes, UART16550_FIFO, byte);
    received_or_read(uart);
}

static void transmit(struct uart16550 *uart, uint8_t byte)
{
    uart->s.thre_pending = 0;
    update(uart);
    if (looped(uart))
        loop_back(uart, byte);
    else
        uart->send(uart->send_context, byte);
    uart->s.thre_pending = 1;
}

static void write_ier(struct uart16550 *uart, uint8_t value)
{
    uint8_t rising = value & (uint8_t)~uart->s.ier;
    uart->s.ier = value & 15;
    uart->s.thre_pending = (value & IER_THRE) ? uart->s.thre_pending : 0;
    if (rising & IER_THRE)
        uart->s.thre_pending = 1;
    if (rising & IER_RECEIVED)
        restart_receiver(uart);
}

static void write_fcr(struct uart16550 *uart, uint8_t value)
{
    uint8_t fcr = value & FCR_ENABLE ? value & (FCR_TRIGGER | FCR_ENABLE) : 0;
    if ((fcr ^ uart->s.fcr) & FCR_ENABLE || (fcr && (value & FCR_CLEAR_RX)))
        restart_receiver(uart);
    uart->s.fcr = fcr;
    wait_for_next(uart);
}

static void write_mcr(struct uart16550 *uart, uint8_t value)
{
    uint8_t before = modem_levels(uart);
    if ((value ^ uart->s.mcr) & MCR_LOOP)
        restart_receiver(uart);
    uart->s.mcr = value & 31;
    note_modem_change(uart, before);
    wait_for_next(uart);
}

static void write_setup(struct uart16550 *uart, unsigned offset, uint8_t value)
{
    switch (offset) {
    case 0: uart->s.divisor = (uint16_t)((uart->s.divisor & 0xff00) | value); break;
    case 1: uart->s.divisor = (uint16_t)((uart->s.divisor & 0x00ff) | value << 8); break;
    default: uart->s.lcr = value; break;
    }
    restart_receiver(uart);
}

static void out(void *device, unsigned offset, uint8_t value)
{
    struct uart16550 *uart = device;
    if (offset == 3 || (offset < 2 && (uart->s.lcr & LCR_DLAB))) {
        write_setup(uart, offset, value);
    } else {
        switch (offset) {
        case 0: transmit(uart, value); break;
        case 1: write_ier(uart, value); break;
        case 2: write_fcr(uart, value); break;
        case 4: write_mcr(uart, value); break;
        case 7: uart->s.scr = value; break;
        default: break;
        }
    }
    update(uart);
}

static uint8_t peek(const void *device, unsigned offset)
{
    const struct uart16550 *uart = device;
    const struct uart16550_state *s = &uart->s;
    bool dlab = (s->lcr & LCR_DLAB) != 0;
    switch (offset) {
    case 0:
        if (dlab)
            return (uint8_t)s->divisor;
        return s->rx.used > 0 ? s->rx_bytes[s->rx.first] : s->rbr;
    case 1: return dlab ? (uint8_t)(s->divisor >> 8) : s->ier;
    case 2: return (uint8_t)(interrupt_source(uart) | (fifos_on(uart) ? 0xc0 : 0));
    case 3: return s->lcr;
    case 4: return s->mcr;
    case 5:
        return (uint8_t)((s->rx.used > 0 ? LSR_READY : 0) | s->lsr_errors | LSR_THRE | LSR_TEMT);
    case 6: return (uint8_t)(modem_levels(uart) | s->msr_deltas);
    default: return s->scr;
    }
}

static uint8_t in(void *device, unsigned offset)
{
    struct uart16550 *uart = device;
    struct uart16550_state *s = &uart->s;
    uint8_t value = peek(uart, offset);
    switch (offset) {
    case 0:
        if (!(s->lcr & LCR_DLAB) && fifo_get(&s->rx, s->rx_bytes, UART16550_FIFO, &s->rbr))
            received_or_read(uart);
        break;
    case 2:
        if ((value & 15) == IIR_THRE)
            s->thre_pending = 0;
        break;
    case 5: s->lsr_errors = 0; break;
    case 6: s->msr_deltas = 0; break;
    default: break;
    }
    update(uart);
    return value;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    *value = device_in(device, offset, size, in);
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    (void)who;
    device_out(device, offset, size, value, out);
    return true;
}

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    *value = device_peek(device, offset, size, peek);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid(const void *bytes)
{
    const struct uart16550_state *s = bytes;
    return fifo_valid(&s->rx, UART16550_FIFO) && fifo_valid(&s->line, UART16550_LINE) &&
           s->ier <= 15 && (s->fcr & 0x3e) == 0 && s->mcr <= 31 &&
           (s->lsr_errors & ~LSR_OVERRUN) == 0 && s->msr_deltas <= 15 && s->thre_pending <= 1 &&
           s->timeout_pending <= 1 && s->carrier <= 1 && s->line_carrier <= 1 && s->irq <= 1 &&
           s->reserved == 0;
}

/* The divisor is that of a PC's firmware, 9600 bits a second, as in QEMU. */
static void power_on(struct uart16550 *uart)
{
    uart->s.divisor = 12;
    uart->s.ier = uart->s.fcr = uart->s.lcr = uart->s.mcr = 0;
    uart->s.lsr_errors = uart->s.msr_deltas = 0;
    uart->s.thre_pending = uart->s.timeout_pending = 0;
    uart->s.scr = uart->s.rbr = 0;
}

void uart16550_init(struct uart16550 *uart, struct clock *clock, uint32_t hz, struct irq_line irq,
                    void (*send)(void *context, uint8_t byte), void *send_context)
{
    memset(uart, 0, sizeof *uart);
    uart->clock = clock;
    uart->hz = hz;
    uart->irq = irq;
    uart->send = send;
    uart->send_context = send_context;
    uart->slot = clock_slot(clock, "uart16550", on_time, uart);
    uart->s.carrier = uart->s.line_carrier = 1;
    power_on(uart);
}

void uart16550_reset(struct uart16550 *uart)
{
    restart_receiver(uart);
    power_on(uart);
    wait_for_next(uart);
    update(uart);
}

void uart16550_map(struct uart16550 *uart, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "uart16550", base, 8, &ops, uart);
}

void uart16550_add_state(struct uart16550 *uart, struct state_map *map, const char *name)
{
    state_add(map, (struct state_block){
                       .name = name,
                       .version = 1,
                       .size = sizeof uart->s,
                       .bytes = &uart->s,
                       .valid = valid,
                   });
}

unsigned uart16550_room(const struct uart16550 *uart)
{
    return uart->s.line.used < LINE_ROOM ? LINE_ROOM - uart->s.line.used : 0;
}

void uart16550_receive(void *device, uint32_t byte)
{
    struct uart16550 *uart = device;
    struct uart16550_state *s = &uart->s;
    if (uart16550_room(uart) == 0)
        s->lsr_errors |= LSR_OVERRUN;
    else
        fifo_put(&s->line, s->line_bytes, UART16550_LINE, (uint8_t)byte);
    received_or_read(uart);
}

void uart16550_carrier(void *device, uint32_t level)
{
    struct uart16550 *uart = device;
    uart->s.line_carrier = level != 0;
    pull(uart);
    wait_for_next(uart);
    update(uart);
}
