/* reason_step: the check or access of a micro-step that failed, and the memory and registers that
 * it judged. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/x86/parts.h"

/* The read whose value a check judges. */
static const struct {
    uint8_t check, read;
    uint8_t word; /* of the value that was read: where what is judged lies, in bytes, */
    uint8_t size; /* and how long it is */
    const char *label;
} judged[] = {
    {X86_STEP_GATE_TYPE, X86_STEP_GATE_HIGH, 1, 1, "the gate"},
    {X86_STEP_GATE_DPL, X86_STEP_GATE_HIGH, 1, 1, "the gate"},
    {X86_STEP_GATE_PRESENT, X86_STEP_GATE_HIGH, 1, 1, "the gate"},
    {X86_STEP_CODE_V86, X86_STEP_GATE_HIGH, 1, 1, "the gate"},
    {X86_STEP_CODE_NULL, X86_STEP_GATE_LOW, 2, 2, "the gate's selector"},
    {X86_STEP_CODE_TABLE, X86_STEP_GATE_LOW, 2, 2, "the gate's selector"},
    {X86_STEP_SAME_LIMIT, X86_STEP_GATE_LOW, 0, 2, "the gate's offset"},
    {X86_STEP_STACK_LIMIT, X86_STEP_GATE_LOW, 0, 2, "the gate's offset"},
    {X86_STEP_CODE_TYPE, X86_STEP_CODE_HIGH, 1, 1, "the code descriptor"},
    {X86_STEP_CODE_PRIVILEGE, X86_STEP_CODE_HIGH, 1, 1, "the code descriptor"},
    {X86_STEP_CODE_PRESENT, X86_STEP_CODE_HIGH, 1, 1, "the code descriptor"},
    {X86_STEP_STACK_NULL, X86_STEP_TSS_SS, 0, 2, "the TSS's SS"},
    {X86_STEP_STACK_TABLE, X86_STEP_TSS_SS, 0, 2, "the TSS's SS"},
    {X86_STEP_STACK_RPL, X86_STEP_TSS_SS, 0, 2, "the TSS's SS"},
    {X86_STEP_STACK_DPL, X86_STEP_STACK_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_STACK_TYPE, X86_STEP_STACK_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_STACK_PRESENT, X86_STEP_STACK_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_STACK_ROOM, X86_STEP_TSS_ESP, 0, 4, "the TSS's ESP"},
    {X86_STEP_RET_NULL, X86_STEP_RET_CS, 0, 2, "the frame's CS"},
    {X86_STEP_RET_TABLE, X86_STEP_RET_CS, 0, 2, "the frame's CS"},
    {X86_STEP_RET_RPL, X86_STEP_RET_CS, 0, 2, "the frame's CS"},
    {X86_STEP_RET_TYPE, X86_STEP_RET_CS, 0, 2, "the frame's CS"},
    {X86_STEP_RET_TYPE, X86_STEP_RET_HIGH, 1, 1, "the code descriptor"},
    {X86_STEP_RET_DPL, X86_STEP_RET_CS, 0, 2, "the frame's CS"},
    {X86_STEP_RET_PRESENT, X86_STEP_RET_HIGH, 1, 1, "the code descriptor"},
    {X86_STEP_SAME_RET_LIMIT, X86_STEP_RET_EIP, 0, 4, "the frame's EIP"},
    {X86_STEP_OUTER_LIMIT, X86_STEP_RET_EIP, 0, 4, "the frame's EIP"},
    {X86_STEP_REAL_RET_LIMIT, X86_STEP_REAL_RET_EIP, 0, 4, "the frame's EIP"},
    {X86_STEP_OUTER_NULL, X86_STEP_OUTER_SS, 0, 2, "the frame's SS"},
    {X86_STEP_OUTER_TABLE, X86_STEP_OUTER_SS, 0, 2, "the frame's SS"},
    {X86_STEP_OUTER_RPL, X86_STEP_OUTER_SS, 0, 2, "the frame's SS"},
    {X86_STEP_OUTER_TYPE, X86_STEP_OUTER_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_OUTER_DPL, X86_STEP_OUTER_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_OUTER_PRESENT, X86_STEP_OUTER_HIGH, 1, 1, "the stack's descriptor"},
    {X86_STEP_TASK_TABLE, X86_STEP_GATE_LOW, 2, 2, "the task gate's selector"},
    {X86_STEP_TASK_TABLE, X86_STEP_TASK_LINK, 0, 2, "the back link"},
    {X86_STEP_TASK_TYPE, X86_STEP_TASK_HIGH, 1, 1, "the TSS descriptor"},
    {X86_STEP_TASK_BUSY, X86_STEP_TASK_HIGH, 1, 1, "the TSS descriptor"},
    {X86_STEP_TASK_PRESENT, X86_STEP_TASK_HIGH, 1, 1, "the TSS descriptor"},
    {X86_STEP_TASK_LIMIT, X86_STEP_TASK_LOW, 0, 2, "the TSS descriptor"},
    {X86_STEP_LDT_TYPE, X86_STEP_LDT_HIGH, 1, 1, "the LDT's descriptor"},
    {X86_STEP_LDT_PRESENT, X86_STEP_LDT_HIGH, 1, 1, "the LDT's descriptor"},
    {X86_STEP_TASK_CS_TYPE, X86_STEP_TASK_CS_HIGH, 1, 1, "the task's code descriptor"},
    {X86_STEP_TASK_CS_DPL, X86_STEP_TASK_CS_HIGH, 1, 1, "the task's code descriptor"},
    {X86_STEP_TASK_CS_PRESENT, X86_STEP_TASK_CS_HIGH, 1, 1, "the task's code descriptor"},
    {X86_STEP_TASK_SS_TYPE, X86_STEP_TASK_SS_HIGH, 1, 1, "the task's stack descriptor"},
    {X86_STEP_TASK_SS_DPL, X86_STEP_TASK_SS_HIGH, 1, 1, "the task's stack descriptor"},
    {X86_STEP_TASK_SS_PRESENT, X86_STEP_TASK_SS_HIGH, 1, 1, "the task's stack descriptor"},
    {X86_STEP_TASK_DATA_TYPE, X86_STEP_TASK_DATA_HIGH, 1, 1, "the task's data descriptor"},
    {X86_STEP_TASK_DATA_DPL, X86_STEP_TASK_DATA_HIGH, 1, 1, "the task's data descriptor"},
    {X86_STEP_TASK_DATA_PRESENT, X86_STEP_TASK_DATA_HIGH, 1, 1, "the task's data descriptor"},
};

/* The registers behind a check or an access of a table. */
static const struct {
    uint8_t step;
    const char *reg, *label;
} behind[] = {
    {X86_STEP_GATE_TYPE, "idtr.base", "the IDTR"},
    {X86_STEP_GATE_LIMIT, "idtr.limit", "the IDTR"},
    {X86_STEP_REAL_LIMIT, "idtr.limit", "the IDTR"},
    {X86_STEP_GATE_HIGH, "idtr.base", "the IDTR"},
    {X86_STEP_GATE_LOW, "idtr.base", "the IDTR"},
    {X86_STEP_REAL_READ_IP, "idtr.base", "the IDTR"},
    {X86_STEP_CODE_TABLE, "gdtr.limit", "the GDTR"},
    {X86_STEP_CODE_HIGH, "gdtr.base", "the GDTR"},
    {X86_STEP_STACK_TABLE, "gdtr.limit", "the GDTR"},
    {X86_STEP_STACK_HIGH, "gdtr.base", "the GDTR"},
    {X86_STEP_RET_HIGH, "gdtr.base", "the GDTR"},
    {X86_STEP_TSS_LIMIT, "tr", "TR"},
    {X86_STEP_TSS_ESP, "tr.base", "TR"},
    {X86_STEP_TSS_SS, "tr.base", "TR"},
    {X86_STEP_TASK_OLD_LIMIT, "tr", "TR"},
};

/* The last such read before the step that failed. */
static const struct trace_event *read_before(const struct explain *explain,
                                             const struct explain_fault *fault, uint16_t row)
{
    const struct trace_event *found = NULL;
    for (unsigned i = 0; i < explain->events; i++) {
        const struct trace_event *event = &explain->event[i];
        if (event->tick > fault->step.tick)
            break;
        if (event->kind == TRACE_STEP && event->step == row && event->vector == fault->step.vector)
            found = event;
    }
    return found;
}

static void ask_judged(const struct explain *explain, struct explain_fault *fault)
{
    struct explain_words *words = &fault->words;
    for (unsigned i = 0; i < sizeof judged / sizeof *judged; i++) {
        const struct trace_event *read = judged[i].check == fault->step.step
                                             ? read_before(explain, fault, judged[i].read)
                                             : NULL;
        if (read == NULL)
            continue;
        words_fact(words,
                   "%s%s is in memory at %08" PRIx32 ": the CPU read %0*" PRIx32
                   " at tick %" PRIu64,
                   "T", judged[i].label + 1, read->addr, read->size * 2, read->value, read->tick);
        words_ask_physical(words, read->phys + judged[i].word, judged[i].size, judged[i].label,
                           judged[i].size == 1);
    }
    for (unsigned i = 0; i < sizeof behind / sizeof *behind; i++)
        if (behind[i].step == fault->step.step)
            words_ask_system(words, behind[i].reg, behind[i].label);
}

/* Pushes of a delivery go where the TSS, or the interrupted code, says. */
static void ask_stack(const struct session *session, const struct explain *explain,
                      struct explain_fault *fault)
{
    const struct x86_step_info *info = &x86_steps[fault->step.step];
    const struct trace_event *esp = read_before(explain, fault, X86_STEP_TSS_ESP);
    if (info->program == X86_PROGRAM_ENTER && esp != NULL) {
        words_fact(&fault->words,
                   "The stack pointer came from the TSS at %08" PRIx32 ": ESP0 = %08" PRIx32,
                   esp->addr, esp->value);
        words_ask_physical(&fault->words, esp->phys, 4, "the TSS's ESP0", false);
    } else if (info->program == X86_PROGRAM_SAME || info->program == X86_PROGRAM_REAL) {
        words_fact(&fault->words, "The frame goes onto the stack of the code that was interrupted");
        words_ask_register(session, &fault->words, 4);
    }
}

/* Some formats only list the operands. */
static bool is_condition(const char *format)
{
    return strpbrk(format, "=<>") != NULL || strstr(format, " is ") != NULL ||
           strstr(format, " can ") != NULL;
}

void reason_step(struct session *session, const struct explain *explain,
                 struct explain_fault *fault)
{
    struct explain_words *words = &fault->words;
    const struct x86_step_info *info = &x86_steps[fault->step.step];
    char filled[EXPLAIN_TEXT];
    if ((fault->step.flags & TRACE_CHECK) == 0) {
        words_fact(words, "The access is the CPU's own: %s, %u bytes at %08" PRIx32 " (%s)",
                   info->name, fault->step.size, fault->step.addr, info->manual);
        reason_page(session, fault, words);
        ask_judged(explain, fault);
        ask_stack(session, explain, fault);
        return;
    }
    if (info->format != NULL)
        words_check(words, "%s: %s", info->name,
                    x86_step_fill(&fault->step, info->format, filled, sizeof filled));
    else
        words_check(words, "%s", info->name);
    words->condition = info->format != NULL && is_condition(info->format);
    words_fact(words, "%s (%s)", info->text, info->manual);
    if (info->remedy != NULL)
        words_remedy(words, "%s", x86_step_fill(&fault->step, info->remedy, filled, sizeof filled));
    ask_judged(explain, fault);
}
