/* steps: the rows of steps.def as data, and their operands in words, for who explains a trap. */
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"

#define CHECK TRACE_CHECK
#define READ  TRACE_READ
#define WRITE TRACE_WRITE
#define SET   TRACE_SET

const struct x86_step_info x86_steps[X86_STEPS] = {
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy)                      \
    [X86_STEP_##id] = {#id, X86_PROGRAM_##program, kind, name, text, manual, format, remedy},
#include "cpu/x86/steps.def"
#undef STEP_ROW
};

static const struct placeholder {
    const char *text;
    const char *format;
    char operand;
} placeholders[] = {
    {"{a}", "%u", 'a'},   {"{b}", "%u", 'b'},   {"{v}", "%u", 'v'},
    {"{a:x}", "%x", 'a'}, {"{b:x}", "%x", 'b'},
};

static uint32_t operand(const struct trace_event *event, char which)
{
    return which == 'a' ? event->a : which == 'b' ? event->b : event->vector;
}

char *x86_step_fill(const struct trace_event *event, const char *format, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    while (*format != '\0' && used + 1 < size) {
        const struct placeholder *found = NULL;
        for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++)
            if (strncmp(format, placeholders[i].text, strlen(placeholders[i].text)) == 0)
                found = &placeholders[i];
        if (found == NULL) {
            out[used++] = *format++;
            out[used] = '\0';
            continue;
        }
        used += (size_t)snprintf(out + used, size - used, found->format,
                                 operand(event, found->operand));
        format += strlen(found->text);
    }
    return out;
}

const char *x86_class_name(uint8_t vector)
{
    if (vector == X86_DF_ABORT)
        return "double fault";
    if (vector == X86_PF_FAULT)
        return "page fault";
    if (vector == X86_DE || (vector >= 9 && vector <= X86_GP))
        return "contributory";
    return "benign";
}

const char *x86_vector_name(uint8_t vector)
{
    static const char *const names[32] = {
        [X86_DE] = "#DE",       [X86_DB] = "#DB",       [X86_NMI] = "NMI", [X86_BP] = "#BP",
        [X86_OF_TRAP] = "#OF",  [X86_BR] = "#BR",       [X86_UD] = "#UD",  [X86_NM] = "#NM",
        [X86_DF_ABORT] = "#DF", [X86_TS] = "#TS",       [X86_NP] = "#NP",  [X86_SS_FAULT] = "#SS",
        [X86_GP] = "#GP",       [X86_PF_FAULT] = "#PF", [X86_MF] = "#MF",  [X86_AC_FAULT] = "#AC",
    };
    return vector < 32 && names[vector] != NULL ? names[vector] : "";
}
