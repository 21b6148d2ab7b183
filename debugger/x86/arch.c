/* arch: the description of the x86. */
#include "debugger/arch.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/x86/operands.h"
#include "debugger/x86/parts.h"
#include "debugger/x86/tables.h"

/* System V ABI, Intel386 supplement, table 2.14: DWARF register numbers. */
static const char *const names[] = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags",
};

static const char *const cpus[] = {"x86", NULL};

static bool in_delay_slot(const struct cpu *cpu)
{
    (void)cpu;
    return false;
}

/* --- traps ------------------------------------------------------------------------------------ */

static enum arch_trap trap_of(const struct trace_event *trap)
{
    if (trap->a <= X86_CAUSE_INTO)
        return ARCH_SOFTWARE;
    return trap->a == X86_CAUSE_INTR || trap->a == X86_CAUSE_NMI ? ARCH_INTERRUPT : ARCH_FAULT;
}

static const char *trap_kind(const struct trace_event *trap)
{
    if (trap->a == X86_CAUSE_NMI)
        return "NMI";
    switch (trap_of(trap)) {
    case ARCH_SOFTWARE: return "software";
    case ARCH_INTERRUPT: return "interrupt";
    default: return "fault";
    }
}

/* Every INT that is no exception's. */
static bool may_be_call(const struct trace_event *trap)
{
    return trap->a == X86_CAUSE_INT_N && trap->vector >= 32;
}

/* The BIOS is called by software interrupts in real mode. */
static bool is_firmware_call(const struct cpu *cpu, const struct trace_event *trap)
{
    return trap->a == X86_CAUSE_INT_N && !x86_protected((const struct x86 *)cpu);
}

static bool is_exception(const struct trace_event *trap)
{
    switch (trap->a) {
    case X86_CAUSE_FAULT:
    case X86_CAUSE_TRAP:
    case X86_CAUSE_ICEBP:
    case X86_CAUSE_INT3:
    case X86_CAUSE_INTO: return true;
    /* A BIOS is called this way, an exception's gate only by a program. */
    case X86_CAUSE_INT_N: return trap->vector < 32 && trap->old == 3;
    default: return false;
    }
}

static const char *vector_name(uint32_t vector)
{
    return vector < 256 ? x86_vector_name((uint8_t)vector) : "";
}

static const char *vector_title(uint32_t vector)
{
    return x86_vector_title(vector);
}

/* SDM vol. 3, table 6-1. */
static bool vector_has_error(uint32_t vector)
{
    return vector == X86_DF_ABORT || (vector >= X86_TS && vector <= X86_PF_FAULT) ||
           vector == X86_AC_FAULT;
}

static bool fault_address(const struct cpu *cpu, uint32_t vector, uint32_t *address)
{
    *address = ((const struct x86 *)cpu)->s.cr2;
    return vector == X86_PF_FAULT;
}

/* --- micro-steps ------------------------------------------------------------------------------ */

static enum arch_program program_of(const struct x86_step_info *info)
{
    if (info->program >= X86_PROGRAM_IRET_REAL && info->program <= X86_PROGRAM_IRET_V86)
        return ARCH_RETURN;
    return info->program == X86_PROGRAM_WALK ? ARCH_WALK : ARCH_DELIVERY;
}

static bool step_of(unsigned row, struct arch_step *out)
{
    if (row >= X86_STEPS)
        return false;
    const struct x86_step_info *info = &x86_steps[row];
    *out = (struct arch_step){info->id,     info->name,   info->text,      info->manual,
                              info->format, info->remedy, program_of(info)};
    return true;
}

/* Accessed, dirty and busy bits. */
static bool step_marks(unsigned row)
{
    return row < X86_STEPS && (x86_steps[row].program == X86_PROGRAM_WALK ||
                               strstr(x86_steps[row].id, "ACCESSED") != NULL ||
                               row == X86_STEP_TASK_SET_BUSY || row == X86_STEP_TASK_UNBUSY);
}

const struct arch arch_x86 = {
    .name = "x86",
    .cpus = cpus,
    .elf_machine = EM_386,
    .pc = 8,
    .sp = 4,
    .fp = 5,
    .link = 8,
    .calls_push = true,
    .registers = sizeof names / sizeof *names,
    .general = 8,
    .register_names = names,
    .preserved = 1u << 3 | 1u << 5 | 1u << 6 | 1u << 7 | 1u << 9,
    .result = "eax",
    .result_high = "edx",
    .result_low = "eax",
    .user = "ring 3",
    .kernel = "ring 0",
    .delivery = "gate",
    .software_trap = "int",
    .page_command = "walk",
    .decode = x86_decode_insn,
    .may_trap = x86_may_trap,
    .operands = x86_operands,
    .in_delay_slot = in_delay_slot,
    .trap = trap_of,
    .trap_kind = trap_kind,
    .may_be_call = may_be_call,
    .is_firmware_call = is_firmware_call,
    .is_exception = is_exception,
    .vector_name = vector_name,
    .vector_title = vector_title,
    .vector_has_error = vector_has_error,
    .fault_address = fault_address,
    .step = step_of,
    .step_fill = x86_step_fill,
    .step_marks = step_marks,
    .register_meaning = x86_register_meaning,
    .interrupted = x86_interrupted_frame,
    .trapframe_register = x86_trapframe_register,
    .trapframe_complete = x86_trapframe_complete,
    .field_meaning = x86_field_meaning,
    .explain = x86_explain,
    .explain_chain = x86_explain_chain,
    .pointer_problem = x86_pointer_problem,
    .say_walk = x86_say_walk,
    .say_delivery = x86_say_delivery,
    .shutdown_text = x86_shutdown_text,
};
