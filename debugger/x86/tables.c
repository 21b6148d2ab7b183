/* x86_tables: the bytes of IDT, GDT, LDT and TSS taken apart, and the words for their parts. */
#include "debugger/x86/tables.h"

#include <stdio.h>
#include <string.h>

static uint32_t bits(const uint8_t *bytes, unsigned first, unsigned count)
{
    uint64_t all;
    memcpy(&all, bytes, sizeof all);
    return (uint32_t)(all >> first & ((1ull << count) - 1));
}

static bool all_zero(const uint8_t bytes[8])
{
    static const uint8_t zero[8];
    return memcmp(bytes, zero, sizeof zero) == 0;
}

struct x86_gate x86_gate_decode(const uint8_t bytes[8])
{
    struct x86_gate gate = {
        .present = bits(bytes, 47, 1),
        .dpl = bits(bytes, 45, 2),
        .type = bits(bytes, 40, 4),
        .selector = (uint16_t)bits(bytes, 16, 16),
        .offset = bits(bytes, 0, 16),
        .empty = all_zero(bytes),
    };
    bool system = bits(bytes, 44, 1) == 0;
    gate.bits_16 = gate.type < 8;
    if (!gate.bits_16)
        gate.offset |= bits(bytes, 48, 16) << 16;
    switch (system ? gate.type : 0) {
    case 0x5: gate.kind = X86_GATE_TASK; break;
    case 0x6:
    case 0xe: gate.kind = X86_GATE_INTERRUPT; break;
    case 0x7:
    case 0xf: gate.kind = X86_GATE_TRAP; break;
    default: gate.kind = X86_GATE_NONE; break;
    }
    return gate;
}

struct x86_descriptor x86_descriptor_decode(const uint8_t bytes[8])
{
    unsigned type = bits(bytes, 40, 4);
    bool system = bits(bytes, 44, 1) == 0, code = !system && type & 8;
    struct x86_descriptor d = {
        .empty = all_zero(bytes),
        .present = bits(bytes, 47, 1),
        .system = system,
        .code = code,
        .conforming = code && type & 4,
        .readable = code && type & 2,
        .expand_down = !system && !code && type & 4,
        .writable = !system && !code && type & 2,
        .accessed = !system && type & 1,
        .big = bits(bytes, 54, 1),
        .granular = bits(bytes, 55, 1),
        .dpl = bits(bytes, 45, 2),
        .type = type,
        .base = bits(bytes, 16, 24) | bits(bytes, 56, 8) << 24,
        .limit = bits(bytes, 0, 16) | bits(bytes, 48, 4) << 16,
    };
    if (d.granular)
        d.limit = d.limit << 12 | 0xfff;
    return d;
}

const char *x86_gate_name(const struct x86_gate *gate, char *to, size_t room)
{
    static const char *const names[] = {"no gate", "task gate", "interrupt gate", "trap gate"};
    if (gate->empty)
        snprintf(to, room, "empty");
    else if (gate->kind == X86_GATE_NONE)
        snprintf(to, room, "no gate (type %u)", gate->type);
    else
        snprintf(to, room, "%s%s", gate->bits_16 && gate->kind != X86_GATE_TASK ? "16-bit " : "",
                 names[gate->kind]);
    return to;
}

static const char *system_name(unsigned type)
{
    static const char *const names[16] = {
        "reserved (type 0)",
        "TSS, 16-bit",
        "LDT",
        "TSS (busy), 16-bit",
        "call gate, 16-bit",
        "task gate",
        "interrupt gate, 16-bit",
        "trap gate, 16-bit",
        "reserved (type 8)",
        "TSS, 32-bit",
        "reserved (type 10)",
        "TSS (busy), 32-bit",
        "call gate",
        "reserved (type 13)",
        "interrupt gate",
        "trap gate",
    };
    return names[type & 15];
}

const char *x86_descriptor_name(const struct x86_descriptor *d, char *to, size_t room)
{
    if (d->empty)
        snprintf(to, room, "null");
    else if (d->system)
        snprintf(to, room, "%s, DPL %u", system_name(d->type), d->dpl);
    else if (d->code)
        snprintf(to, room, "%scode, ring %u%s%s", d->big ? "" : "16-bit ", d->dpl,
                 d->readable ? ", readable" : ", execute only",
                 d->conforming ? ", conforming" : "");
    else
        snprintf(to, room, "%sdata, ring %u%s%s", d->big ? "" : "16-bit ", d->dpl,
                 d->writable ? ", writable" : ", read only", d->expand_down ? ", expand-down" : "");
    return to;
}

const char *x86_selector_name(uint16_t selector, char *to, size_t room)
{
    if ((selector & ~3u) == 0)
        snprintf(to, room, "null");
    else
        snprintf(to, room, "%s[%u] ring %u", selector & 4 ? "LDT" : "GDT", selector >> 3,
                 selector & 3);
    return to;
}

const char *x86_eflags_name(uint32_t eflags, char *to, size_t room)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{0, "CF"},  {2, "PF"},   {4, "AF"},   {6, "ZF"},  {7, "SF"},  {8, "TF"},
                 {9, "IF"},  {10, "DF"},  {11, "OF"},  {14, "NT"}, {16, "RF"}, {17, "VM"},
                 {18, "AC"}, {19, "VIF"}, {20, "VIP"}, {21, "ID"}};
    size_t used = 0;
    to[0] = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (eflags >> names[i].bit & 1 && used < room)
            used +=
                (size_t)snprintf(to + used, room - used, "%s%s", used ? " " : "", names[i].name);
    if (eflags >> 12 & 3 && used < room)
        snprintf(to + used, room - used, "%sIOPL=%u", used ? " " : "", eflags >> 12 & 3);
    return to;
}

const char *x86_vector_title(unsigned vector)
{
    static const char *const names[20] = {
        "#DE divide error",
        "#DB debug",
        "NMI",
        "#BP breakpoint",
        "#OF overflow",
        "#BR bound range exceeded",
        "#UD invalid opcode",
        "#NM device not available",
        "#DF double fault",
        "coprocessor segment overrun",
        "#TS invalid TSS",
        "#NP segment not present",
        "#SS stack fault",
        "#GP general protection",
        "#PF page fault",
        NULL,
        "#MF floating-point error",
        "#AC alignment check",
    };
    return vector < 20 ? names[vector] : NULL;
}
