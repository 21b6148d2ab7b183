/* x86: a processor is made, reset, wired, saved and let go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/x86/blocks.h"
#include "cpu/x86/engine.h"
#include "cpu/x86/execute.h"
#include "cpu/x86/registers.h"
#include "cpu/x86/run.h"
#include "emu/base/bug.h"

/* --- pins ------------------------------------------------------------------------------------- */

static void attend(struct x86 *c, uint32_t bit, bool on)
{
    if (on)
        c->s.attention |= bit;
    else
        c->s.attention &= ~bit;
}

void x86_intr_pin(void *x86, unsigned pin, bool level)
{
    (void)pin;
    struct x86 *c = x86;
    c->s.intr_pin = level;
    attend(c, X86_ATTEND_INTR, level);
}

/* NMI is taken on the rising edge. */
void x86_nmi_pin(void *x86, unsigned pin, bool level)
{
    (void)pin;
    struct x86 *c = x86;
    if (level && !c->s.nmi_pin)
        attend(c, X86_ATTEND_NMI, true);
    c->s.nmi_pin = level;
}

void x86_a20_pin(void *x86, unsigned pin, bool level)
{
    (void)pin;
    struct x86 *c = x86;
    if (c->s.a20 == level)
        return;
    c->s.a20 = level;
    x86_tlb_flush(c, true);
    x86_mode_changed(c);
}

void x86_init_pin(void *x86, unsigned pin, bool level)
{
    (void)pin;
    struct x86 *c = x86;
    if (!level)
        return;
    c->s.attention |= X86_ATTEND_INIT;
    c->s.attention &= ~(uint32_t)X86_ATTEND_STARTUP;
}

static bool is_first(const struct x86 *c)
{
    return c->cpu.number == 0;
}

void x86_startup(void *x86, uint8_t vector)
{
    struct x86 *c = x86;
    bool waits = (c->s.attention & (X86_ATTEND_ASLEEP | X86_ATTEND_INIT)) != 0 && !is_first(c);
    if (!waits || (c->s.attention & X86_ATTEND_STARTUP) != 0)
        return;
    c->s.startup = vector;
    c->s.attention |= X86_ATTEND_STARTUP;
}

/* --- reset ------------------------------------------------------------------------------------ */

static void drop_derived(struct x86 *c)
{
    x86_tlb_flush(c, true);
    x86_mode_changed(c);
    c->repeating = false;
}

/* i486 PRM, ch. 10 (SDM vol. 3, table 9-1): what RESET and INIT have in common. The pins keep the
 * levels that they are driven to. */
static void begin_anew(struct x86 *c)
{
    uint8_t intr = c->s.intr_pin, nmi = c->s.nmi_pin, a20 = c->s.a20;
    uint64_t count = c->s.count;
    c->s = (struct x86_state){.intr_pin = intr, .nmi_pin = nmi, .a20 = a20, .count = count};
    for (unsigned n = 0; n < X86_SEGMENTS; n++)
        c->s.segment[n] =
            (struct x86_segment){.attributes = X86_ATTR_P | X86_ATTR_S | 3, .limit = 0xffff};
    c->s.segment[X86_CS] = (struct x86_segment){.selector = 0xf000,
                                                .base = 0xffff0000,
                                                .limit = 0xffff,
                                                .attributes = X86_ATTR_P | X86_ATTR_S | 3};
    c->s.segment[X86_LDTR].attributes = X86_ATTR_P | 2;
    c->s.segment[X86_TR].attributes = X86_ATTR_P | 0xb;
    c->s.eip = 0xfff0;
    c->s.eflags = X86_FIXED;
    c->s.gpr[X86_EDX] = X86_SIGNATURE;
    c->s.gdtr.limit = c->s.idtr.limit = 0xffff;
    c->s.cr0 = X86_CR0_CD | X86_CR0_NW | X86_CR0_ET;
    c->s.dr[6] = 0xffff0ff0;
    c->s.dr[7] = 0x400;
    attend(c, X86_ATTEND_INTR, intr);
    attend(c, X86_ATTEND_ASLEEP, !is_first(c));
    drop_derived(c);
}

static void reset(struct cpu *cpu)
{
    struct x86 *c = (struct x86 *)cpu;
    begin_anew(c);
    x86_fpu_init(&c->s.fpu);
    /* The time stamp counter starts at 0 with every reset. */
    c->s.tsc_offset = 0 - c->cpu.clock->s.now;
}

void x86_initialize(struct x86 *c)
{
    struct x86_fpu fpu = c->s.fpu;
    uint32_t caches = c->s.cr0 & (X86_CR0_CD | X86_CR0_NW);
    uint64_t tsc_offset = c->s.tsc_offset;
    uint32_t startup = c->s.attention & X86_ATTEND_STARTUP;
    uint8_t vector = c->s.startup;
    begin_anew(c);
    c->s.fpu = fpu;
    c->s.cr0 = X86_CR0_ET | caches;
    c->s.tsc_offset = tsc_offset;
    c->s.startup = vector;
    c->s.attention |= startup;
}

void x86_start(struct x86 *c)
{
    struct x86_segment *cs = &c->s.segment[X86_CS];
    c->s.attention &= ~(uint32_t)(X86_ATTEND_STARTUP | X86_ATTEND_ASLEEP);
    cs->selector = (uint16_t)(c->s.startup << 8);
    cs->base = (uint32_t)c->s.startup << 12;
    c->s.eip = 0;
    x86_mode_changed(c);
}

/* --- state ------------------------------------------------------------------------------------ */

static bool segment_valid(const struct x86_segment *segment)
{
    enum { KNOWN = X86_ATTR_TYPE | X86_ATTR_S | X86_ATTR_DPL | X86_ATTR_P | 0xf000 };
    return (segment->attributes & ~KNOWN) == 0;
}

static bool registers_valid(const struct x86_state *s)
{
    uint32_t flags = X86_ARITHMETIC | X86_TF | X86_IF | X86_DF | X86_IOPL | X86_NT | X86_RF |
                     X86_VM | X86_AC | X86_VIF | X86_VIP | X86_ID;
    uint32_t cr4 = X86_CR4_TSD | X86_CR4_DE | X86_CR4_PSE | X86_CR4_PGE;
    if ((s->eflags & ~(flags | X86_FIXED)) != 0 || (s->eflags & X86_FIXED) == 0)
        return false;
    if ((s->cr0 & (X86_CR0_PG | X86_CR0_PE)) == X86_CR0_PG || (s->cr0 & X86_CR0_ET) == 0)
        return false;
    if ((s->cr4 & ~cr4) != 0 || (s->cr3 & ~0xfffff018u) != 0)
        return false;
    if (s->gdtr.limit > 0xffff || s->idtr.limit > 0xffff || s->dr[4] != 0 || s->dr[5] != 0)
        return false;
    /* CPL is 0 in real mode and 3 in V86 mode. */
    if (s->cpl > 3 || ((s->cr0 & X86_CR0_PE) == 0 && s->cpl != 0) ||
        ((s->eflags & X86_VM) != 0 && s->cpl != 3))
        return false;
    for (unsigned n = 0; n < X86_SEGMENTS; n++)
        if (!segment_valid(&s->segment[n]))
            return false;
    return true;
}

static bool faults_valid(const struct x86_fault *fault)
{
    for (unsigned n = 0; n < 3; n++)
        if (fault[n].vector > 31 || *(const uint8_t *)&fault[n].has_error > 1)
            return false;
    return true;
}

static bool state_valid(const void *bytes)
{
    struct x86_state s;
    memcpy(&s, bytes, sizeof s);
    uint32_t attention = X86_ATTEND_INTR | X86_ATTEND_NMI | X86_ATTEND_SHADOW | X86_ATTEND_DEBUG |
                         X86_ATTEND_HALT | X86_ATTEND_MICRO | X86_ATTEND_SHUTDOWN | X86_ATTEND_STI |
                         X86_ATTEND_INIT | X86_ATTEND_STARTUP | X86_ATTEND_ASLEEP;
    if (s.intr_pin > 1 || s.nmi_pin > 1 || s.nmi_masked > 1 || s.a20 > 1 || s.shutdown > 1 ||
        s.reserved != 0 || (s.attention & ~attention) != 0)
        return false;
    if (((s.attention & X86_ATTEND_INTR) != 0) != (s.intr_pin != 0) ||
        ((s.attention & X86_ATTEND_MICRO) != 0) != (s.micro.program != 0))
        return false;
    return registers_valid(&s) && faults_valid(s.last_fault) && x86_micro_valid(&s.micro) &&
           x86_fpu_valid(&s.fpu);
}

static void restored(void *x86)
{
    drop_derived(x86);
}

static void add_state(struct cpu *cpu, struct state_map *map)
{
    struct x86 *c = (struct x86 *)cpu;
    state_add(map, (struct state_block){.name = c->state_name,
                                        .version = 3,
                                        .size = sizeof c->s,
                                        .bytes = &c->s,
                                        .valid = state_valid,
                                        .restored = restored,
                                        .context = c});
}

/* --- what a debugger asks --------------------------------------------------------------------- */

static uint64_t count(const struct cpu *cpu)
{
    return ((const struct x86 *)cpu)->s.count;
}

static uint32_t micro(const struct cpu *cpu)
{
    const struct x86 *c = (const struct x86 *)cpu;
    return (c->s.attention & (X86_ATTEND_MICRO | X86_ATTEND_SHUTDOWN)) != 0 ? c->s.micro.done : 0;
}

static enum cpu_rest rest(const struct cpu *cpu)
{
    const struct x86_state *s = &((const struct x86 *)cpu)->s;
    uint32_t attention = s->attention & ~(uint32_t)X86_ATTEND_HALT;
    if ((attention & X86_ATTEND_ASLEEP) != 0)
        return (attention & (X86_ATTEND_INIT | X86_ATTEND_STARTUP)) != 0 ? CPU_AWAKE : CPU_DEAF;
    bool enabled = (s->eflags & X86_IF) != 0;
    if (!enabled)
        attention &= ~(uint32_t)X86_ATTEND_INTR;
    if ((s->attention & X86_ATTEND_HALT) == 0 || attention != 0)
        return CPU_AWAKE;
    return enabled ? CPU_WAITS : CPU_DEAF;
}

static void observe(struct cpu *cpu, const struct cpu_observer *observer)
{
    ((struct x86 *)cpu)->observer = observer;
}

static uint32_t pc(const struct cpu *cpu)
{
    const struct x86 *c = (const struct x86 *)cpu;
    return c->s.segment[X86_CS].base + c->s.eip;
}

static uint32_t sp(const struct cpu *cpu)
{
    const struct x86 *c = (const struct x86 *)cpu;
    return c->s.segment[X86_SS].base + (c->s.gpr[X86_ESP] & stack_mask(c));
}

static uint32_t space(const struct cpu *cpu)
{
    return ((const struct x86 *)cpu)->s.cr3;
}

static unsigned privilege(const struct cpu *cpu)
{
    return ((const struct x86 *)cpu)->s.cpl;
}

static unsigned code_bits(const struct cpu *cpu)
{
    const struct x86 *c = (const struct x86 *)cpu;
    return (c->s.segment[X86_CS].attributes & X86_ATTR_BIG) != 0 ? 32 : 16;
}

static bool translate(const struct cpu *cpu, uint32_t linear, uint32_t *physical)
{
    struct x86_walk walk;
    x86_walk((const struct x86 *)cpu, linear, &walk);
    *physical = walk.physical;
    return walk.present;
}

static void memory_changed(struct cpu *cpu, uint32_t physical, uint32_t length)
{
    struct x86 *c = (struct x86 *)cpu;
    x86_tlb_memory_changed(c, physical, length);
    x86_code_written(c, physical, length);
}

/* --- life ------------------------------------------------------------------------------------- */

static void destroy(struct cpu *cpu)
{
    struct x86 *c = (struct x86 *)cpu;
    struct x86 *before = c;
    while (before->peer != c)
        before = before->peer;
    before->peer = c->peer;
    if (before == c)
        x86_blocks_free(c->blocks);
    free(c);
}

static const struct cpu_ops ops = {
    .name = "x86",
    .reset = reset,
    .run = x86_run,
    .count = count,
    .micro = micro,
    .rest = rest,
    .observe = observe,
    .registers = x86_registers,
    .reg_get = x86_register_get,
    .reg_set = x86_register_set,
    .pc = pc,
    .sp = sp,
    .space = space,
    .privilege = privilege,
    .code_bits = code_bits,
    .translate = translate,
    .memory_changed = memory_changed,
    .add_state = add_state,
    .free = destroy,
};

struct x86 *x86_create(unsigned number, struct clock *clock, struct bus *memory, struct bus *ports,
                       struct trace *trace)
{
    struct x86 *c = bug_alloc(1, sizeof *c);
    c->cpu = (struct cpu){.ops = &ops,
                          .number = number,
                          .clock = clock,
                          .memory = memory,
                          .ports = ports,
                          .trace = trace};
    c->blocks = x86_blocks_create(x86_engine_handlers());
    if (number == 0)
        snprintf(c->state_name, sizeof c->state_name, "x86");
    else
        snprintf(c->state_name, sizeof c->state_name, "x86.%u", number);
    c->peer = c;
    c->s.a20 = 1;
    x86_tlb_init(c);
    reset(&c->cpu);
    return c;
}

void x86_share(struct x86 *c, struct x86 *with)
{
    bug_unless(c->cpu.memory == with->cpu.memory && c->peer == c);
    x86_blocks_free(c->blocks);
    c->blocks = with->blocks;
    c->peer = with->peer;
    with->peer = c;
    x86_tlb_flush(c, true);
}
