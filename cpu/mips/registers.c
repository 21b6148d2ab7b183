/* registers: the debugger's names for what is in struct mips_state. */
#include "cpu/mips/registers.h"

#include "cpu/mips/trap.h"

/* In the order of enum mips_register. */
#define GENERAL(name) {name, "general", 32},
#define CONTROL(name) {name, "control", 32},
/* clang-format off */
#define COMMON(entrylo) \
    GENERAL("zero") GENERAL("at") GENERAL("v0") GENERAL("v1") GENERAL("a0") GENERAL("a1") \
    GENERAL("a2") GENERAL("a3") GENERAL("t0") GENERAL("t1") GENERAL("t2") GENERAL("t3") \
    GENERAL("t4") GENERAL("t5") GENERAL("t6") GENERAL("t7") GENERAL("s0") GENERAL("s1") \
    GENERAL("s2") GENERAL("s3") GENERAL("s4") GENERAL("s5") GENERAL("s6") GENERAL("s7") \
    GENERAL("t8") GENERAL("t9") GENERAL("k0") GENERAL("k1") GENERAL("gp") GENERAL("sp") \
    GENERAL("s8") GENERAL("ra") GENERAL("hi") GENERAL("lo") GENERAL("pc") GENERAL("nextpc") \
    CONTROL("index") CONTROL("random") CONTROL(entrylo) CONTROL("context") CONTROL("badvaddr") \
    CONTROL("count") CONTROL("entryhi") CONTROL("compare") CONTROL("status") CONTROL("cause") \
    CONTROL("epc") CONTROL("prid") CONTROL("config") CONTROL("config1") \
    {"llbit", "system", 1}, {"lladdr", "system", 32},

const struct cpu_register mips_r3000_registers[] = {COMMON("entrylo") {NULL, NULL, 0}};

const struct cpu_register mips_mips32_registers[] = {
    COMMON("entrylo0")
    CONTROL("entrylo1") CONTROL("pagemask") CONTROL("wired") CONTROL("errorepc")
    {NULL, NULL, 0},
};
/* clang-format on */

_Static_assert(sizeof mips_mips32_registers / sizeof mips_mips32_registers[0] == MIPS_REGISTERS + 1,
               "the same rows");

/* Bits that a debugger may set: what the hardware itself may come to hold there. 0 = read-only, or
 * set in a way of its own. */
static uint32_t settable_bits(const struct mips *c, unsigned number)
{
    const struct mips_cp0 *cp0 = c->model->cp0;
    switch (number) {
    case MIPS_REG_INDEX: return cp0[0].writable;
    case MIPS_REG_ENTRYLO: return cp0[2].writable;
    case MIPS_REG_ENTRYLO1: return cp0[3].writable;
    case MIPS_REG_CONTEXT: return c->model->context_pte | c->model->context_vpn;
    case MIPS_REG_PAGEMASK: return cp0[5].writable;
    case MIPS_REG_ENTRYHI: return cp0[10].writable;
    case MIPS_REG_STATUS: return cp0[12].writable;
    case MIPS_REG_CAUSE: return MIPS_BD | MIPS_CE | MIPS_EXCCODE | cp0[13].writable;
    case MIPS_REG_CONFIG: return cp0[16].writable;
    case MIPS_REG_GPR:
    case MIPS_REG_RANDOM:
    case MIPS_REG_PRID:
    case MIPS_REG_CONFIG1:
    case MIPS_REG_WIRED:
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
    case MIPS_REG_CONFIG: return &s->config;
    case MIPS_REG_ENTRYLO1: return &s->entrylo1;
    case MIPS_REG_PAGEMASK: return &s->pagemask;
    case MIPS_REG_WIRED: return &s->wired;
    case MIPS_REG_ERROREPC: return &s->errorepc;
    default: return number < MIPS_REG_HI ? &s->gpr[number] : NULL;
    }
}

bool mips_register_get(const struct cpu *cpu, unsigned number, uint64_t *out)
{
    struct mips *c = (struct mips *)cpu;
    if (number >= (c->model->pairs ? MIPS_REGISTERS : (unsigned)MIPS_REG_ENTRYLO1))
        return false;
    const uint32_t *at = place(&c->s, number);
    switch (number) {
    case MIPS_REG_RANDOM: *out = mips_random(c) << c->model->index_shift; break;
    case MIPS_REG_PRID: *out = c->model->cp0[15].writable; break;
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
    uint32_t *at = place(&c->s, number), status = c->s.status;
    if (at != NULL)
        *at = (uint32_t)value;
    mips_status_changed(c, status);
    if (number == MIPS_REG_LLBIT)
        c->s.linked = (uint8_t)value;
    if (number == MIPS_REG_PC) {
        c->s.next_pc = c->s.pc + 4;
        c->s.branch_pc = 0;
        c->s.in_slot = 0;
    }
    return true;
}
