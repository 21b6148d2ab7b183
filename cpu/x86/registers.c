/* registers: the debugger's names for what is in struct x86_state. */
#include "cpu/x86/registers.h"

#include <stddef.h>
#include <string.h>

/* ROW(name, group, bits, field of struct x86_state); the first rows follow enum x86_register. */
#define GENERAL(name, number)  ROW(name, "general", 32, gpr[number])
#define SELECTOR(name, number) ROW(name, "segment", 16, segment[number].selector)
#define HIDDEN(name, number)                                                                       \
    ROW(name ".base", "segment", 32, segment[number].base)                                         \
    ROW(name ".limit", "segment", 32, segment[number].limit)                                       \
    ROW(name ".attributes", "segment", 16, segment[number].attributes)
/* clang-format off */
#define ROWS                                                                                       \
    GENERAL("eax", X86_EAX) GENERAL("ecx", X86_ECX) GENERAL("edx", X86_EDX)                        \
    GENERAL("ebx", X86_EBX) GENERAL("esp", X86_ESP) GENERAL("ebp", X86_EBP)                        \
    GENERAL("esi", X86_ESI) GENERAL("edi", X86_EDI)                                                \
    ROW("eip", "general", 32, eip) ROW("eflags", "general", 32, eflags)                            \
    SELECTOR("es", X86_ES) SELECTOR("cs", X86_CS) SELECTOR("ss", X86_SS) SELECTOR("ds", X86_DS)    \
    SELECTOR("fs", X86_FS) SELECTOR("gs", X86_GS)                                                  \
    ROW("ldtr", "system", 16, segment[X86_LDTR].selector)                                          \
    ROW("tr", "system", 16, segment[X86_TR].selector)                                              \
    ROW("cr0", "control", 32, cr0) ROW("cr2", "control", 32, cr2) ROW("cr3", "control", 32, cr3)   \
    ROW("cr4", "control", 32, cr4) ROW("cpl", "control", 8, cpl)                                   \
    ROW("dr6", "debug", 32, dr[6]) ROW("dr7", "debug", 32, dr[7])                                  \
    ROW("dr0", "debug", 32, dr[0]) ROW("dr1", "debug", 32, dr[1])                                  \
    ROW("dr2", "debug", 32, dr[2]) ROW("dr3", "debug", 32, dr[3])                                  \
    ROW("gdtr.base", "system", 32, gdtr.base) ROW("gdtr.limit", "system", 16, gdtr.limit)          \
    ROW("idtr.base", "system", 32, idtr.base) ROW("idtr.limit", "system", 16, idtr.limit)          \
    HIDDEN("es", X86_ES) HIDDEN("cs", X86_CS) HIDDEN("ss", X86_SS) HIDDEN("ds", X86_DS)            \
    HIDDEN("fs", X86_FS) HIDDEN("gs", X86_GS) HIDDEN("ldtr", X86_LDTR) HIDDEN("tr", X86_TR)
/* clang-format on */

const struct cpu_register x86_registers[] = {
#define ROW(name, group, bits, field) {name, group, bits},
    ROWS
#undef ROW
    {NULL, NULL, 0},
};

static const struct place {
    uint16_t offset, size;
} places[] = {
#define ROW(name, group, bits, field)                                                              \
    {offsetof(struct x86_state, field), sizeof((struct x86_state *)0)->field},
    ROWS
#undef ROW
};

enum { REGISTERS = sizeof places / sizeof places[0] };

_Static_assert(sizeof x86_registers / sizeof x86_registers[0] == REGISTERS + 1, "the same rows");

bool x86_register_get(const struct cpu *cpu, unsigned number, uint64_t *out)
{
    const struct x86 *c = (const struct x86 *)cpu;
    if (number >= REGISTERS)
        return false;
    *out = 0; /* little-endian, as decode.c asserts */
    memcpy(out, (const char *)&c->s + places[number].offset, places[number].size);
    return true;
}

/* What the processor itself would never hold, or what other state must agree with. */
static bool settable(const struct x86 *c, unsigned number, uint64_t value)
{
    uint32_t fixed =
        X86_ARITHMETIC | X86_TF | X86_IF | X86_DF | X86_IOPL | X86_NT | X86_RF | X86_AC | X86_ID;
    if (x86_registers[number].bits < 64 && value >> x86_registers[number].bits != 0)
        return false;
    switch (number) {
    case X86_REG_EFLAGS: return ((value ^ c->s.eflags) & ~(uint64_t)fixed) == 0;
    case X86_REG_CPL: return false;
    case X86_REG_CR0:
        return ((value ^ c->s.cr0) & ~(uint64_t)(X86_CR0_MP | X86_CR0_EM | X86_CR0_TS | X86_CR0_NE |
                                                 X86_CR0_WP | X86_CR0_AM)) == 0;
    case X86_REG_CR3: return (value & ~(uint64_t)0xfffff018) == 0;
    case X86_REG_CR4:
        return (value & ~(uint64_t)(X86_CR4_TSD | X86_CR4_DE | X86_CR4_PSE | X86_CR4_PGE)) == 0;
    case X86_REG_LDTR:
    case X86_REG_TR: return false;
    default: return true;
    }
}

/* A selector is set as the load instruction sets it, and refused where that would fault; the hidden
 * parts can be set only in real mode's shape, by their selector. */
static bool set_selector(struct x86 *c, unsigned segment, uint16_t selector)
{
    if (segment == X86_CS)
        return false;
    struct x86_state before = c->s;
    if (x86_load_segment(c, segment, selector))
        return true;
    c->s = before;
    return false;
}

bool x86_register_set(struct cpu *cpu, unsigned number, uint64_t value)
{
    struct x86 *c = (struct x86 *)cpu;
    if (number >= REGISTERS || (c->s.attention & X86_ATTEND_MICRO) != 0 ||
        !settable(c, number, value))
        return false;
    if (number >= X86_REG_ES && number <= X86_REG_GS)
        return set_selector(c, number - X86_REG_ES, (uint16_t)value);
    if (strchr(x86_registers[number].name, '.') != NULL &&
        strcmp(x86_registers[number].group, "segment") == 0)
        return false;
    memcpy((char *)&c->s + places[number].offset, &value, places[number].size);
    if (number == X86_REG_CR0 || number == X86_REG_CR3 || number == X86_REG_CR4)
        x86_tlb_flush(c, true);
    x86_attend_debug(c);
    x86_mode_changed(c);
    return true;
}
