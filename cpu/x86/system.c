/* system: control and debug registers, ports, POPF, CPUID: what only an operating system touches,
 * and division, which may fault. */
#include "cpu/x86/execute.h"

#include "emu/base/bug.h"

/* --- division --------------------------------------------------------------------------------- */

static uint64_t dividend(const struct x86 *c, unsigned size)
{
    if (size == 1)
        return c->s.gpr[X86_EAX] & 0xffff;
    return (uint64_t)x86_truncate(c->s.gpr[X86_EDX], size) << 8 * size |
           x86_truncate(c->s.gpr[X86_EAX], size);
}

static void put_quotient(struct x86 *c, uint32_t quotient, uint32_t remainder, unsigned size)
{
    put_register(c, x86_register_offset(X86_EAX, size), size, quotient);
    put_register(c, x86_register_offset(size == 1 ? 4 : X86_EDX, size), size, remainder);
}

bool x86_divide(struct x86 *c, uint32_t divisor, unsigned size)
{
    uint64_t a = dividend(c, size);
    if (divisor == 0 || a / divisor >> 8 * size != 0)
        return x86_fault_plain(c, X86_DE);
    put_quotient(c, (uint32_t)(a / divisor), (uint32_t)(a % divisor), size);
    return true;
}

bool x86_divide_signed(struct x86 *c, uint32_t divisor, unsigned size)
{
    unsigned unused = 64 - 16 * size;
    int64_t a = (int64_t)(dividend(c, size) << unused) >> unused;
    int64_t b = (int32_t)x86_sign_extend(divisor, size);
    if (b == 0 || (a == INT64_MIN && b == -1))
        return x86_fault_plain(c, X86_DE);
    int64_t quotient = a / b;
    if (quotient != (int32_t)x86_sign_extend((uint32_t)quotient, size))
        return x86_fault_plain(c, X86_DE);
    put_quotient(c, (uint32_t)quotient, (uint32_t)(a % b), size);
    return true;
}

/* --- flags ------------------------------------------------------------------------------------ */

void x86_pop_flags(struct x86 *c, uint32_t value, unsigned size)
{
    uint32_t writable = X86_ARITHMETIC | X86_TF | X86_DF | X86_NT;
    bool v86 = x86_v86(c);
    if (!x86_protected(c) || (c->s.cpl == 0 && !v86))
        writable |= X86_IF | X86_IOPL;
    else if (c->s.cpl <= x86_iopl(c))
        writable |= X86_IF;
    if (size == 4)
        writable |= X86_AC | X86_ID;
    c->s.eflags = (c->s.eflags & ~(writable | X86_RF)) | (value & writable);
    x86_flags_load(c);
    x86_attend_debug(c);
}

/* --- ports ------------------------------------------------------------------------------------ */

/* SDM vol. 1, 16.5.2: the two bytes around the port's bit are read from the TSS, both inside its
 * limit; every bit of the access must be clear. */
static bool bitmap_allows(struct x86 *c, uint16_t port, unsigned size)
{
    const struct x86_segment *tr = &c->s.segment[X86_TR];
    uint32_t base, bits;
    bool tss_32 = (tr->attributes & X86_ATTR_P) != 0 && (tr->attributes & 0xd) == 9;
    if (!tss_32 || tr->limit < 103)
        return x86_fault_error(c, X86_GP, 0);
    if (!x86_linear_read(c, tr->base + 102, 2, false, &base))
        return false;
    uint32_t at = base + port / 8;
    if (at + 1 > tr->limit)
        return x86_fault_error(c, X86_GP, 0);
    if (!x86_linear_read(c, tr->base + at, 2, false, &bits))
        return false;
    if ((bits >> port % 8 & ((1u << size) - 1)) != 0)
        return x86_fault_error(c, X86_GP, 0);
    return true;
}

static bool needs_bitmap(const struct x86 *c)
{
    return x86_protected(c) && (c->s.cpl > x86_iopl(c) || x86_v86(c));
}

bool x86_port_allowed(struct x86 *c, uint16_t port, unsigned size)
{
    return !needs_bitmap(c) || bitmap_allows(c, port, size);
}

unsigned x86_port_ticks(const struct x86 *c)
{
    return !x86_protected(c) ? 5 : needs_bitmap(c) ? 20 : 0;
}

uint32_t x86_port_read(struct x86 *c, uint16_t port, unsigned size)
{
    uint32_t value, open = 0xffffffffu >> (32 - 8 * size);
    x86_flags_store(c);
    if (!bus_read(c->cpu.ports, c->cpu.number, port, size, &value))
        return open;
    return value & open;
}

void x86_port_write(struct x86 *c, uint16_t port, unsigned size, uint32_t value)
{
    x86_flags_store(c);
    bus_write(c->cpu.ports, c->cpu.number, port, size, value);
}

/* --- control registers ------------------------------------------------------------------------ */

void x86_write_cr0(struct x86 *c, uint32_t value)
{
    uint32_t old = c->s.cr0;
    uint32_t known = X86_CR0_PE | X86_CR0_MP | X86_CR0_EM | X86_CR0_TS | X86_CR0_NE | X86_CR0_WP |
                     X86_CR0_AM | X86_CR0_NW | X86_CR0_CD | X86_CR0_PG;
    c->s.cr0 = (value & known) | X86_CR0_ET;
    if (((old ^ c->s.cr0) & (X86_CR0_PG | X86_CR0_PE | X86_CR0_WP)) != 0)
        x86_tlb_flush(c, true);
    x86_mode_changed(c);
}

bool x86_read_control(struct x86 *c, unsigned number, uint32_t *value)
{
    const uint32_t *from = number == 0   ? &c->s.cr0
                           : number == 2 ? &c->s.cr2
                           : number == 3 ? &c->s.cr3
                           : number == 4 ? &c->s.cr4
                                         : NULL;
    if (from == NULL)
        return x86_fault_plain(c, X86_UD);
    if (c->s.cpl != 0)
        return x86_fault_error(c, X86_GP, 0);
    *value = *from;
    return true;
}

static bool write_cr4(struct x86 *c, uint32_t value)
{
    uint32_t known = X86_CR4_TSD | X86_CR4_DE | X86_CR4_PSE | X86_CR4_PGE;
    if ((value & ~known) != 0)
        return x86_fault_error(c, X86_GP, 0);
    if (((value ^ c->s.cr4) & (X86_CR4_PSE | X86_CR4_PGE)) != 0)
        x86_tlb_flush(c, true);
    c->s.cr4 = value;
    return true;
}

bool x86_write_control(struct x86 *c, unsigned number, uint32_t value)
{
    if (number == 1 || number > 4)
        return x86_fault_plain(c, X86_UD);
    if (c->s.cpl != 0)
        return x86_fault_error(c, X86_GP, 0);
    switch (number) {
    case 0:
        /* PG without PE, and NW without CD, do not exist (SDM vol. 3, 2.5). */
        if ((value & (X86_CR0_PG | X86_CR0_PE)) == X86_CR0_PG ||
            (value & (X86_CR0_NW | X86_CR0_CD)) == X86_CR0_NW)
            return x86_fault_error(c, X86_GP, 0);
        x86_write_cr0(c, value);
        charge(c, 13);
        return true;
    case 2: c->s.cr2 = value; return true;
    case 3:
        c->s.cr3 = value & 0xfffff018u;
        x86_tlb_flush(c, false);
        return true;
    default: return write_cr4(c, value);
    }
}

/* --- debug registers -------------------------------------------------------------------------- */

#define DR7_GENERAL_DETECT (1u << 13)
#define DR6_GENERAL_DETECT (1u << 13)

static bool debug_register(struct x86 *c, unsigned *number)
{
    if (*number == 4 || *number == 5) {
        if ((c->s.cr4 & X86_CR4_DE) != 0)
            return x86_fault_plain(c, X86_UD);
        *number += 2;
    }
    if (c->s.cpl != 0)
        return x86_fault_error(c, X86_GP, 0);
    if ((c->s.dr[7] & DR7_GENERAL_DETECT) != 0) {
        c->s.dr[7] &= ~DR7_GENERAL_DETECT;
        c->s.dr[6] |= DR6_GENERAL_DETECT;
        return x86_fault_plain(c, X86_DB);
    }
    return true;
}

bool x86_read_debug(struct x86 *c, unsigned number, uint32_t *value)
{
    if (!debug_register(c, &number))
        return false;
    *value = c->s.dr[number];
    return true;
}

/* Fixed bits: SDM vol. 3, figure 17-1. */
bool x86_write_debug(struct x86 *c, unsigned number, uint32_t value)
{
    if (!debug_register(c, &number))
        return false;
    if (number == 6)
        value = (value & 0xe00f) | 0xffff0ff0u;
    else if (number == 7)
        value = (value & 0xffff23ff) | 0x400;
    c->s.dr[number] = value;
    x86_attend_debug(c);
    return true;
}

/* --- CPUID ------------------------------------------------------------------------------------ */

void x86_cpuid(struct x86 *c)
{
    uint32_t *r = c->s.gpr, leaf = r[X86_EAX];
    static const char vendor[13] = "GenuineIntel";
    r[X86_EAX] = r[X86_EBX] = r[X86_ECX] = r[X86_EDX] = 0;
    if (leaf == 1) {
        r[X86_EAX] = X86_SIGNATURE;
        r[X86_EBX] = c->cpu.number << 24; /* initial APIC ID */
        r[X86_EDX] = X86_FEATURES;
    } else if (leaf == 0) {
        r[X86_EAX] = 1;
        memcpy(&r[X86_EBX], vendor, 4);
        memcpy(&r[X86_EDX], vendor + 4, 4);
        memcpy(&r[X86_ECX], vendor + 8, 4);
    }
}
