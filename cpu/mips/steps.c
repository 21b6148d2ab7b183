/* steps: the rows of steps.def as data, and their operands in words, for who explains a trap. */
#include <stdio.h>
#include <string.h>

#include "cpu/mips/trap.h"

#define CHECK TRACE_CHECK
#define SET   TRACE_SET

const struct mips_step_info mips_steps[MIPS_STEPS] = {
#define STEP_ROW(id, program, cost, kind, name, text, manual, format, remedy)                      \
    [MIPS_STEP_##                                                                                  \
        id] = {#id, MIPS_PROGRAM_##program, cost, kind, name, text, manual, format, remedy},
#include "cpu/mips/steps.def"
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

static const struct placeholder *placeholder_at(const char *format)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++)
        if (strncmp(format, placeholders[i].text, strlen(placeholders[i].text)) == 0)
            return &placeholders[i];
    return NULL;
}

char *mips_step_fill(const struct trace_event *event, const char *format, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    while (*format != '\0' && used + 1 < size) {
        const struct placeholder *found = placeholder_at(format);
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

const char *mips_cause_name(enum mips_cause cause)
{
    static const char *const names[MIPS_CAUSES] = {
        [MIPS_CAUSE_INSTRUCTION] = "instruction",
        [MIPS_CAUSE_FAULT] = "fault",
        [MIPS_CAUSE_INTERRUPT] = "interrupt",
        [MIPS_CAUSE_RETURN] = "return",
    };
    return cause < MIPS_CAUSES ? names[cause] : "";
}

const char *mips_exception_name(unsigned exception)
{
    static const char *const names[MIPS_EXCEPTIONS] = {
        [MIPS_INT] = "Int",   [MIPS_MOD] = "Mod",   [MIPS_TLBL] = "TLBL",     [MIPS_TLBS] = "TLBS",
        [MIPS_ADEL] = "AdEL", [MIPS_ADES] = "AdES", [MIPS_IBE] = "IBE",       [MIPS_DBE] = "DBE",
        [MIPS_SYS] = "Sys",   [MIPS_BP] = "Bp",     [MIPS_RI] = "RI",         [MIPS_CPU] = "CpU",
        [MIPS_OV] = "Ov",     [MIPS_TR] = "Tr",     [MIPS_MCHECK] = "MCheck",
    };
    return exception < MIPS_EXCEPTIONS && names[exception] != NULL ? names[exception] : "";
}
