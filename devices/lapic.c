/* lapic: the local APIC of each processor, and the APIC bus on which they and the I/O APIC talk. */
#include "devices/lapic_parts.h"

#include <stdio.h>

#include "emu/base/bug.h"

#define WINDOW 0x1000u

enum registers {
    ID = 0x020,
    VER = 0x030,
    TPR = 0x080,
    APR = 0x090,
    PPR = 0x0a0,
    EOI = 0x0b0,
    RRD = 0x0c0,
    LDR = 0x0d0,
    DFR = 0x0e0,
    ISR = 0x100,
    TMR = 0x180,
    IRR = 0x200,
    ESR = 0x280,
    ICR_LOW = 0x300,
    ICR_HIGH = 0x310,
    LVT_TIMER = 0x320,
    LVT_PERFORMANCE = 0x340,
    LVT_ERROR = 0x370,
    INITIAL_COUNT = 0x380,
    CURRENT_COUNT = 0x390,
    DIVIDE = 0x3e0,
};

enum { ICR_WRITABLE = 0xccfff };

/* --- priorities ------------------------------------------------------------------------------- */

/* The highest vector of a set, or -1. */
static int highest(const uint32_t set[8])
{
    for (int word = 7; word >= 0; word--)
        if (set[word] != 0)
            return 32 * word + 31 - __builtin_clz(set[word]);
    return -1;
}

static void put(uint32_t set[8], uint8_t vector, bool on)
{
    uint32_t bit = UINT32_C(1) << vector % 32;
    set[vector / 32] = on ? set[vector / 32] | bit : set[vector / 32] & ~bit;
}

static bool has(const uint32_t set[8], uint8_t vector)
{
    return (set[vector / 32] >> vector % 32 & 1) != 0;
}

static uint32_t class_of(int vector)
{
    return vector < 0 ? 0 : (uint32_t)vector & 0xf0;
}

/* SDM vol. 3, 10.8.3.1. */
uint32_t lapic_priority(const struct lapic *lapic)
{
    uint32_t served = class_of(highest(lapic->s.isr));
    return (lapic->s.tpr & 0xf0) >= served ? lapic->s.tpr : served;
}

/* SDM vol. 3, 10.6.2.4. */
static uint32_t arbitration_priority(const struct lapic *lapic)
{
    uint32_t task = lapic->s.tpr & 0xf0;
    uint32_t requested = class_of(highest(lapic->s.irr)), served = class_of(highest(lapic->s.isr));
    if (task >= requested && task > served)
        return lapic->s.tpr;
    uint32_t most = task > requested ? task : requested;
    return most > served ? most : served;
}

int lapic_pending(const struct lapic *lapic)
{
    int vector = highest(lapic->s.irr);
    return lapic_enabled(lapic) && class_of(vector) > (lapic_priority(lapic) & 0xf0) ? vector : -1;
}

static unsigned lvt_mode(const struct lapic *lapic, enum lapic_lvt entry)
{
    return lapic->s.lvt[entry] >> LVT_MODE & 7;
}

/* Is the pin active, as its polarity bit says? */
static bool active(const struct lapic *lapic, unsigned pin)
{
    bool level = (lapic->s.pins >> pin & 1) != 0;
    return level != ((lapic->s.lvt[LAPIC_LVT_LINT0 + pin] & LVT_LOW) != 0);
}

static bool extint_waits(const struct lapic *lapic)
{
    if (lapic->s.extint)
        return true;
    for (unsigned pin = 0; pin < LAPIC_LINT_PINS; pin++)
        if (lvt_mode(lapic, LAPIC_LVT_LINT0 + pin) == APIC_EXTINT &&
            !lapic_masked(lapic, LAPIC_LVT_LINT0 + pin) && active(lapic, pin))
            return true;
    return false;
}

static void update(struct lapic *lapic)
{
    bool level = extint_waits(lapic) || lapic_pending(lapic) >= 0;
    if (lapic->s.out == level)
        return;
    lapic->s.out = level;
    irq_set(&lapic->wires.intr, level);
}

/* --- what arrives ----------------------------------------------------------------------------- */

void lapic_error(struct lapic *lapic, uint32_t bits)
{
    lapic->s.errors |= bits;
    uint8_t vector = (uint8_t)lapic->s.lvt[LAPIC_LVT_ERROR];
    if (!lapic_masked(lapic, LAPIC_LVT_ERROR) && vector >= LAPIC_FIRST_VECTOR)
        lapic_accept(lapic, vector, false, APIC_FROM_ERROR);
}

static void tell(const struct lapic *lapic, const struct apic_message *message)
{
    if (lapic->bus->told != NULL)
        lapic->bus->told(lapic->bus->told_context, lapic->number, message);
}

static void accept(struct lapic *lapic, const struct apic_message *message)
{
    if (message->vector < LAPIC_FIRST_VECTOR) {
        lapic_error(lapic, RECEIVE_ILLEGAL);
        return;
    }
    tell(lapic, message);
    put(lapic->s.irr, message->vector, true);
    put(lapic->s.tmr, message->vector, message->level);
    update(lapic);
}

void lapic_accept(struct lapic *lapic, uint8_t vector, bool level, enum apic_source from)
{
    struct apic_message message = {
        .from = (uint16_t)from, .level = level, .mode = APIC_FIXED, .vector = vector};
    accept(lapic, &message);
}

static void pulse(const struct irq_line *line)
{
    irq_set(line, true);
    irq_set(line, false);
}

/* SDM vol. 3, 10.4.7: all but the ID. */
static void clear(struct lapic *lapic)
{
    struct lapic_state *s = &lapic->s;
    clock_disarm(lapic->clock, lapic->slot);
    *s = (struct lapic_state){
        .id = s->id, .dfr = 0xffffffff, .svr = 0xff, .pins = s->pins, .out = s->out};
    for (unsigned i = 0; i < LAPIC_LVTS; i++)
        s->lvt[i] = LVT_MASKED;
    update(lapic);
}

void lapic_receive(struct lapic *lapic, const struct apic_message *message)
{
    if (message->mode != APIC_FIXED && message->mode != APIC_LOWEST)
        tell(lapic, message);
    switch (message->mode) {
    case APIC_FIXED:
    case APIC_LOWEST: accept(lapic, message); break;
    case APIC_NMI: pulse(&lapic->wires.nmi); break;
    case APIC_INIT:
        clear(lapic);
        pulse(&lapic->wires.init);
        break;
    case APIC_STARTUP: lapic->wires.startup(lapic->wires.cpu, message->vector); break;
    case APIC_EXTINT:
        lapic->s.extint = 1;
        update(lapic);
        break;
    default: break;
    }
}

/* --- the local vector table ------------------------------------------------------------------- */

static void pin_changed(struct lapic *lapic, unsigned pin, bool was_active)
{
    uint32_t *entry = &lapic->s.lvt[LAPIC_LVT_LINT0 + pin];
    bool now = active(lapic, pin), edge = now && !was_active;
    if ((*entry & LVT_MASKED) != 0)
        return;
    switch (*entry >> LVT_MODE & 7) {
    case APIC_FIXED:
        if ((*entry & LVT_LEVEL) == 0) {
            if (edge)
                lapic_accept(lapic, (uint8_t)*entry, false, APIC_FROM_LINT0 + pin);
        } else if (now && (*entry & LVT_REMOTE_IRR) == 0) {
            *entry |= LVT_REMOTE_IRR;
            lapic_accept(lapic, (uint8_t)*entry, true, APIC_FROM_LINT0 + pin);
        }
        break;
    case APIC_NMI:
    case APIC_INIT:
        if (edge)
            lapic_receive(lapic, &(struct apic_message){.from = (uint16_t)(APIC_FROM_LINT0 + pin),
                                                        .mode = *entry >> LVT_MODE & 7});
        break;
    default: break; /* ExtINT: update() looks at the pin itself */
    }
}

void lapic_pin(void *chip, unsigned pin, bool level)
{
    struct lapic *lapic = chip;
    pin %= LAPIC_LINT_PINS;
    bool was_active = active(lapic, pin);
    lapic->s.pins = (uint8_t)((lapic->s.pins & ~(1u << pin)) | (unsigned)level << pin);
    pin_changed(lapic, pin, was_active);
    update(lapic);
}

static void write_lvt(struct lapic *lapic, enum lapic_lvt entry, uint32_t value)
{
    static const uint32_t writable[LAPIC_LVTS] = {
        [LAPIC_LVT_TIMER] = LVT_PERIODIC | LVT_MASKED | 0xff,
        [LAPIC_LVT_PERFORMANCE] = LVT_MASKED | 0x7ff,
        [LAPIC_LVT_LINT0] = LVT_MASKED | LVT_LEVEL | LVT_LOW | 0x7ff,
        [LAPIC_LVT_LINT1] = LVT_MASKED | LVT_LEVEL | LVT_LOW | 0x7ff,
        [LAPIC_LVT_ERROR] = LVT_MASKED | 0xff,
    };
    uint32_t *at = &lapic->s.lvt[entry];
    if (entry == LAPIC_LVT_TIMER)
        lapic_timer_hold(lapic);
    *at = (*at & LVT_REMOTE_IRR) | (value & writable[entry]);
    if (!lapic_enabled(lapic))
        *at |= LVT_MASKED;
    if ((*at & LVT_LEVEL) == 0)
        *at &= ~(uint32_t)LVT_REMOTE_IRR;
    if (entry == LAPIC_LVT_TIMER)
        lapic_timer_go(lapic);
    if (entry == LAPIC_LVT_LINT0 || entry == LAPIC_LVT_LINT1)
        pin_changed(lapic, entry - LAPIC_LVT_LINT0, true); /* a level counts now, an edge is gone */
}

/* --- acknowledge and end ---------------------------------------------------------------------- */

uint8_t lapic_acknowledge(void *chip)
{
    struct lapic *lapic = chip;
    int vector = lapic_pending(lapic);
    if (vector < 0 && extint_waits(lapic)) {
        lapic->s.extint = 0;
        uint8_t answer = lapic->wires.extint(lapic->wires.pic);
        update(lapic);
        return answer;
    }
    if (vector < 0)
        return (uint8_t)lapic->s.svr;
    put(lapic->s.irr, (uint8_t)vector, false);
    put(lapic->s.isr, (uint8_t)vector, true);
    update(lapic);
    return (uint8_t)vector;
}

static void end_of_interrupt(struct lapic *lapic)
{
    int vector = highest(lapic->s.isr);
    if (vector < 0)
        return;
    put(lapic->s.isr, (uint8_t)vector, false);
    if (has(lapic->s.tmr, (uint8_t)vector)) {
        for (unsigned pin = 0; pin < LAPIC_LINT_PINS; pin++) {
            uint32_t *entry = &lapic->s.lvt[LAPIC_LVT_LINT0 + pin];
            if ((*entry & LVT_REMOTE_IRR) != 0 && (uint8_t)*entry == vector) {
                *entry &= ~(uint32_t)LVT_REMOTE_IRR;
                pin_changed(lapic, pin, true);
            }
        }
        if (lapic->bus->eoi != NULL)
            lapic->bus->eoi(lapic->bus->ioapic, (uint8_t)vector);
    }
    update(lapic);
}

/* --- registers -------------------------------------------------------------------------------- */

/* The LVT entry at this offset, or LAPIC_LVTS. */
static unsigned lvt_at(uint32_t offset)
{
    if (offset == LVT_TIMER)
        return LAPIC_LVT_TIMER;
    return offset >= LVT_PERFORMANCE && offset <= LVT_ERROR
               ? LAPIC_LVT_PERFORMANCE + (offset - LVT_PERFORMANCE) / 16
               : LAPIC_LVTS;
}

/* False: there is no such register. */
static bool look(const struct lapic *lapic, uint32_t offset, uint32_t *value)
{
    const struct lapic_state *s = &lapic->s;
    unsigned entry = lvt_at(offset);
    if (entry < LAPIC_LVTS) {
        *value = s->lvt[entry];
        return true;
    }
    if (offset >= ISR && offset < ESR) {
        const uint32_t *set = offset >= IRR ? s->irr : offset >= TMR ? s->tmr : s->isr;
        *value = set[offset / 16 % 8];
        return true;
    }
    switch (offset) {
    case ID: *value = s->id; return true;
    case VER: *value = LAPIC_VERSION; return true;
    case TPR: *value = s->tpr; return true;
    case APR: *value = arbitration_priority(lapic); return true;
    case PPR: *value = lapic_priority(lapic); return true;
    case EOI: /* write only */
    case RRD: *value = 0; return true;
    case LDR: *value = s->ldr; return true;
    case DFR: *value = s->dfr; return true;
    case LAPIC_SVR: *value = s->svr; return true;
    case ESR: *value = s->esr; return true;
    case ICR_LOW: *value = s->icr_low; return true;
    case ICR_HIGH: *value = s->icr_high; return true;
    case INITIAL_COUNT: *value = s->initial; return true;
    case CURRENT_COUNT: *value = lapic_timer_count(lapic); return true;
    case DIVIDE: *value = s->divide; return true;
    default: *value = 0; return false;
    }
}

static void write_svr(struct lapic *lapic, uint32_t value)
{
    lapic->s.svr = value & SVR_WRITABLE;
    if (lapic_enabled(lapic))
        return;
    lapic_timer_hold(lapic);
    for (unsigned i = 0; i < LAPIC_LVTS; i++)
        lapic->s.lvt[i] |= LVT_MASKED;
    lapic_timer_go(lapic);
}

void lapic_write(struct lapic *lapic, uint32_t offset, uint32_t value)
{
    struct lapic_state *s = &lapic->s;
    unsigned entry = lvt_at(offset);
    uint32_t unused;
    if (entry < LAPIC_LVTS)
        write_lvt(lapic, entry, value);
    switch (offset) {
    case ID: s->id = value & 0xff000000; break;
    case TPR: s->tpr = value & 0xff; break;
    case EOI: end_of_interrupt(lapic); break;
    case LDR: s->ldr = value & 0xff000000; break;
    case DFR: s->dfr = value | 0x0fffffff; break;
    case LAPIC_SVR: write_svr(lapic, value); break;
    case ESR:
        s->esr = s->errors;
        s->errors = 0;
        break;
    case ICR_LOW:
        s->icr_low = value & ICR_WRITABLE;
        lapic_send(lapic);
        break;
    case ICR_HIGH: s->icr_high = value & 0xff000000; break;
    case INITIAL_COUNT: lapic_timer_start(lapic, value); break;
    case DIVIDE:
        lapic_timer_hold(lapic);
        s->divide = value & 0xb;
        lapic_timer_go(lapic);
        break;
    default:
        if (!look(lapic, offset, &unused))
            lapic_error(lapic, ILLEGAL_REGISTER);
        break;
    }
    update(lapic);
}

/* --- the window ------------------------------------------------------------------------------- */

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    struct apic_bus *bus = device;
    uint32_t word;
    if (who >= bus->used)
        return false;
    if (!look(bus->lapic[who], offset & ~15u, &word))
        lapic_error(bus->lapic[who], ILLEGAL_REGISTER);
    unsigned lane = offset & 15;
    *value = lane >= 4 ? 0 : word >> 8 * lane;
    if (size < 4)
        *value &= (UINT32_C(1) << 8 * size) - 1;
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct apic_bus *bus = device;
    if (who >= bus->used)
        return false;
    if (size == 4 && offset % 16 == 0)
        lapic_write(bus->lapic[who], offset, value);
    return true;
}

/* The ID: kernels read it to know on which processor they are, at every turn. Nothing but a write
 * changes it, and it lies in the host's memory as it does in the window. */
static const uint8_t *bus_still_bytes(const void *device, unsigned who, uint32_t offset,
                                      unsigned size)
{
    const struct apic_bus *bus = device;
    return offset == ID && size == 4 && who < bus->used ? (const uint8_t *)&bus->lapic[who]->s.id
                                                        : NULL;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .still = bus_still_bytes};

/* --- wiring ----------------------------------------------------------------------------------- */

static bool timer_valid(const struct lapic_state *s)
{
    return (s->divide & ~0xbu) == 0 && s->started < UINT64_C(1) << 62;
}

static bool valid(const void *bytes)
{
    const struct lapic_state *s = bytes;
    uint32_t mode = 7 << LVT_MODE;
    for (unsigned i = 0; i < LAPIC_LVTS; i++) {
        if ((s->lvt[i] & ~(mode | LVT_PERIODIC | LVT_MASKED | LVT_LEVEL | LVT_REMOTE_IRR | LVT_LOW |
                           0xffu)) != 0)
            return false;
        if ((s->svr & SVR_ENABLED) == 0 && (s->lvt[i] & LVT_MASKED) == 0)
            return false;
    }
    uint32_t exceptions = (s->irr[0] | s->isr[0]) & 0xffff;
    return timer_valid(s) && ((s->id | s->ldr | s->icr_high) & 0xffffff) == 0 && s->tpr <= 0xff &&
           s->svr <= SVR_WRITABLE && (s->dfr | 0xf0000000) == 0xffffffff && exceptions == 0 &&
           (s->icr_low & ~(uint32_t)ICR_WRITABLE) == 0 && ((s->esr | s->errors) & ~0xffu) == 0 &&
           s->pins < 1 << LAPIC_LINT_PINS && s->extint <= 1 && s->out <= 1;
}

void lapic_init(struct lapic *lapic, struct apic_bus *bus, struct clock *clock, uint32_t hz,
                uint32_t timer_hz, struct lapic_wires wires)
{
    bug_unless(bus->used < LAPIC_MOST);
    *lapic =
        (struct lapic){.bus = bus, .clock = clock, .hz = hz, .timer_hz = timer_hz, .wires = wires};
    lapic->slot = clock_slot(clock, "lapic", lapic_timer_due, lapic);
    lapic->s.id = bus->used << APIC_DESTINATION;
    if (bus->used == 0)
        snprintf(lapic->name, sizeof lapic->name, "lapic");
    else
        snprintf(lapic->name, sizeof lapic->name, "lapic.%u", (uint8_t)bus->used);
    lapic->number = bus->used;
    bus->lapic[bus->used++] = lapic;
    clear(lapic);
}

void lapic_reset(struct lapic *lapic)
{
    lapic->s.id = lapic->number << APIC_DESTINATION;
    clear(lapic);
}

void lapic_map(struct apic_bus *bus, struct bus *memory)
{
    bus_add_device(memory, "lapic", LAPIC_BASE, WINDOW, &ops, bus);
}

void lapic_add_state(struct lapic *lapic, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = lapic->name,
                       .version = 1,
                       .size = sizeof lapic->s,
                       .bytes = &lapic->s,
                       .valid = valid,
                   });
}
