/* arch: the description of MIPS. */
#include "debugger/arch.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"

/* MIPS ABI, supplement to System V: general registers have their own numbers. The PC has the one
 * that gdb gives it; no call frame information names it. */
static const char *const names[38] = {
    "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2",        "t3",
    "t4",   "t5", "t6", "t7", "s0", "s1", "s2", "s3", "s4", "s5", "s6",        "s7",
    "t8",   "t9", "k0", "k1", "gp", "sp", "s8", "ra", NULL, NULL, [37] = "pc",
};

static const char *const cpus[] = {"r3000", "mips32", NULL};

static bool in_delay_slot(const struct cpu *cpu)
{
    return mips_of(cpu)->s.in_slot;
}

/* --- traps ------------------------------------------------------------------------------------ */

/* A miss below 80000000 goes to the refill handler's own vector. */
static bool is_refill(const struct trace_event *trap)
{
    return (trap->step == MIPS_STEP_FETCH_MATCH || trap->step == MIPS_STEP_DATA_MATCH) &&
           trap->value < 0x80000000u;
}

static enum arch_trap trap_of(const struct trace_event *trap)
{
    switch (trap->a) {
    case MIPS_CAUSE_INSTRUCTION: return ARCH_SOFTWARE;
    case MIPS_CAUSE_INTERRUPT: return ARCH_INTERRUPT;
    default: return is_refill(trap) ? ARCH_REFILL : ARCH_FAULT;
    }
}

static const char *trap_kind(const struct trace_event *trap)
{
    switch (trap_of(trap)) {
    case ARCH_SOFTWARE: return "software";
    case ARCH_INTERRUPT: return "interrupt";
    case ARCH_REFILL: return "TLB refill";
    default: return "fault";
    }
}

static bool may_be_call(const struct trace_event *trap)
{
    return trap->vector == MIPS_SYS;
}

static bool is_firmware_call(const struct cpu *cpu, const struct trace_event *trap)
{
    (void)cpu;
    (void)trap;
    return false;
}

static bool is_exception(const struct trace_event *trap)
{
    return trap->a == MIPS_CAUSE_FAULT || trap->vector == MIPS_BP;
}

static bool vector_has_error(uint32_t vector)
{
    (void)vector;
    return false;
}

/* BadVAddr; while the delivery is going on, what it is about to become. */
static bool fault_address(const struct cpu *cpu, uint32_t vector, uint32_t *address)
{
    const struct mips_state *s = &mips_of(cpu)->s;
    *address = s->micro.program == MIPS_PROGRAM_EXCEPTION ? s->micro.address : s->badvaddr;
    return vector >= MIPS_MOD && vector <= MIPS_ADES;
}

/* --- micro-steps ------------------------------------------------------------------------------ */

static bool step_of(unsigned row, struct arch_step *out)
{
    if (row >= MIPS_STEPS)
        return false;
    const struct mips_step_info *info = &mips_steps[row];
    *out = (struct arch_step){info->id,
                              info->name,
                              info->text,
                              info->manual,
                              info->format,
                              info->remedy,
                              info->program == MIPS_PROGRAM_RETURN ? ARCH_RETURN : ARCH_DELIVERY};
    return true;
}

static bool step_marks(unsigned row)
{
    (void)row;
    return false;
}

/* --- chains ----------------------------------------------------------------------------------- */

/* An exception is delivered without another one's help: there are no chains, and no shutdown. */
static void explain_chain(const struct explain *explain, unsigned i, char *to, size_t room)
{
    (void)explain;
    snprintf(to, room, ", while delivering %u", i);
}

static void shutdown_text(const struct cpu *cpu, char *to, size_t room)
{
    (void)cpu;
    (void)room;
    to[0] = '\0';
}

const struct arch arch_mips = {
    .name = "mips",
    .cpus = cpus,
    .elf_machine = EM_MIPS,
    .big_endian = true,
    .refills = true,
    .pc = 37,
    .sp = MIPS_SP,
    .fp = 30,
    .link = MIPS_RA,
    .calls_push = false,
    .registers = sizeof names / sizeof *names,
    .general = 32,
    .register_names = names,
    .preserved = 0xffu << 16 | 1u << 28 | 1u << 30 | 1u, /* s0 to s7, gp, s8; zero */
    .result = "v0",
    .result_high = "v0",
    .result_low = "v1",
    .user = "user",
    .kernel = "kernel",
    .delivery = "exception",
    .software_trap = "exception",
    .page_command = "walk",
    .decode = mips_decode_insn,
    .may_trap = mips_may_trap,
    .operands = mips_operands,
    .in_delay_slot = in_delay_slot,
    .delay_slots = true,
    .trap = trap_of,
    .trap_kind = trap_kind,
    .may_be_call = may_be_call,
    .is_firmware_call = is_firmware_call,
    .is_exception = is_exception,
    .vector_name = mips_exception_name,
    .vector_title = mips_exception_title,
    .vector_has_error = vector_has_error,
    .fault_address = fault_address,
    .step = step_of,
    .step_fill = mips_step_fill,
    .step_marks = step_marks,
    .register_meaning = mips_register_meaning,
    .follow_switch = mips_follow_switch,
    .interrupted = mips_interrupted_frame,
    .trapframe_register = mips_trapframe_register,
    .field_meaning = mips_field_meaning,
    .copied_code = mips_copied_code,
    .page_table = mips_page_table,
    .explain = mips_explain,
    .explain_chain = explain_chain,
    .pointer_problem = mips_pointer_problem,
    .say_walk = mips_say_walk,
    .say_delivery = mips_say_delivery,
    .say_trap_registers = mips_say_trap_registers,
    .shutdown_text = shutdown_text,
};
