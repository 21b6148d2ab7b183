/* registers: the debugger's names for what is in struct mips_state. */
#include "cpu/mips/registers.h"

#include "cpu/mips/trap.h"

/* In the order of enum mips_register. */
const struct cpu_register mips_registers[] = {
#define GENERAL(name) {name, "general", 32},
    GENERAL("zero") GENERAL("at") GENERAL("v0") GENERAL("v1") GENERAL("a0") GENERAL("a1") GENERAL(
        "a2") GENERAL("a3") GENERAL("t0") GENERAL("t1") GENERAL("t2") GENERAL("t3") GENERAL("t4")
        GENERAL("t5") GENERAL("t6") GENERAL("t7") GENERAL("s0") GENERAL("s1") GENERAL("s2")
            GENERAL("s3") GENERAL("s4") GENERAL("s5") GENERAL("s6") GENERAL("s7") GENERAL("t8")
                GENERAL("t9") GENERAL("k0") GENERAL("k1") GENERAL("gp") GENERAL("sp") GENERAL("s8")
                    GENERAL("ra") GENERAL("hi") GENERAL("lo") GENERAL("pc") GENERAL("nextpc")
#undef GENERAL
#define CONTROL(name) {name, "control", 32},
                        CONTROL("index") CONTROL("random") CONTROL("entrylo") CONTROL("context")
                            CONTROL("badvaddr") CONTROL("count") CONTROL("entryhi")
                                CONTROL("compare") CONTROL("status") CONTROL("cause") CONTROL("epc")
                                    CONTROL("prid") CONTROL("config") CONTROL("config1")
#undef CONTROL
                                        {"llbit", "system", 1},
    {"lladdr", "system", 32},
    {NULL, NULL, 0},
};

_Static_assert(sizeof mips_registers / sizeof mips_registers[0] == MIPS_REGISTERS + 1,
               "the same rows");

/* Bits that a debugger may set: what the hardware itself may come to hold there. 0 = read-only, or
 * set in a way of its own. */
static uint32_t settable_bits(const struct mips *c, unsigned number)
{
    switch (number) {
    case MIPS_REG_INDEX: return MIPS_INDEX_P | MIPS_INDEX_SLOT;
    case MIPS_REG_ENTRYLO: return c->model->entrylo_bits;
    case MIPS_REG_CONTEXT: return MIPS_CONTEXT_PTE | MIPS_CONTEXT_VPN;
    case MIPS_REG_ENTRYHI: return c->model->entryhi_bits;
    case MIPS_REG_STATUS: return c->model->status_writable;
    case MIPS_REG_CAUSE: return MIPS_BD | MIPS_CE | MIPS_IP_SOFT | MIPS_EXCCODE;
    case MIPS_REG_GPR:
    case MIPS_REG_RANDOM:
    case MIPS_REG_PRID:
    case MIPS_REG_CONFIG:
    case MIPS_REG_CONFIG1:
    case MIPS_REG_NEXT_PC: return 0;
    case MIPS_REG_LLBIT: return 1;
    default: return 0xffffffffu;
    }
}

/* The register as it is kept, or NULL: it is made of others. */
static uint32_t *place(struct mips_state *s, unsigned number)
{
    switch (number) {
    case MIPS_REG_HI: return &s->hi;
    case MIPS_REG_LO: return &s->lo;
    case MIPS_REG_PC: return &s->pc;
    case MIPS_REG_NEXT_PC: return &s->next_pc;
    case MIPS_REG_INDEX: return &s->index;
    case MIPS_REG_ENTRYLO: return &s->entrylo;
    case MIPS_REG_CONTEXT: return &s->context;
    case MIPS_REG_BADVADDR: return &s->badvaddr;
    case MIPS_REG_COUNT: return &s->count_register;
    case MIPS_REG_ENTRYHI: return &s->entryhi;
    case MIPS_REG_COMPARE: return &s->compare;
    case MIPS_REG_STATUS: return &s->status;
    case MIPS_REG_CAUSE: return &s->cause;
    case MIPS_REG_EPC: return &s->epc;
    case MIPS_REG_LLADDR: return &s->linked_address;
    default: return number < MIPS_REG_HI ? &s->gpr[number] : NULL;
    }
}

bool mips_register_get(const struct cpu *cpu, unsigned number, uint64_t *out)
{
    struct mips *c = (struct mips *)cpu;
    if (number >= MIPS_REGISTERS)
        return false;
    const uint32_t *at = place(&c->s, number);
    switch (number) {
    case MIPS_REG_RANDOM: *out = mips_random(c) << MIPS_SLOT_SHIFT; break;
    case MIPS_REG_PRID: *out = c->model->prid; break;
    case MIPS_REG_CONFIG: *out = c->model->config[0]; break;
    case MIPS_REG_CONFIG1: *out = c->model->config[1]; break;
    case MIPS_REG_LLBIT: *out = c->s.linked; break;
    default: *out = *at; break;
    }
    return true;
}

bool mips_register_set(struct cpu *cpu, unsigned number, uint64_t value)
{
    struct mips *c = (struct mips *)cpu;
    uint64_t old;
    if (c->s.micro.program != MIPS_PROGRAM_NONE || !mips_register_get(cpu, number, &old) ||
        ((old ^ value) & ~(uint64_t)settable_bits(c, number)) != 0)
        return false;
    uint32_t *at = place(&c->s, number);
    if (at != NULL)
        *at = (uint32_t)value;
    if (number == MIPS_REG_LLBIT)
        c->s.linked = (uint8_t)value;
    if (number == MIPS_REG_PC) {
        c->s.next_pc = c->s.pc + 4;
        c->s.branch_pc = 0;
        c->s.in_slot = 0;
    }
    return true;
}
