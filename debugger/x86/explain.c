/* explain: an exception of the x86 in words: its error code, and the parts that find its reason. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/x86/parts.h"

/* SDM vol. 3, 6.13 and figure 4-12. */
static void words_code(struct explain_fault *fault)
{
    char *to = fault->words.code;
    size_t room = sizeof fault->words.code;
    uint32_t e = fault->error;
    if (!fault->has_error)
        return;
    if (fault->vector == X86_PF_FAULT)
        snprintf(to, room, "%" PRIx32 " = %s (P %u), %s (W %u), in %s (U %u)%s", e,
                 e & 1 ? "the page is there but its rights forbid it" : "no page is there", e & 1,
                 e & 2 ? "a write" : "a read", e >> 1 & 1,
                 e & 4 ? "ring 3" : "ring 0 to 2, or by the CPU itself", e >> 2 & 1,
                 e & 8 ? ", reserved bits are set (RSVD 1)" : "");
    else if (fault->vector == X86_DF_ABORT || fault->vector == X86_AC_FAULT)
        snprintf(to, room, "%" PRIx32 ", as always for this exception", e);
    else if ((e & ~1u) == 0)
        snprintf(to, room, "%" PRIx32 " = no selector is to blame%s", e,
                 e & 1 ? "; found while something else was delivered (EXT 1)" : "");
    else if (e & 2)
        snprintf(to, room, "%" PRIx32 " = vector %" PRIu32 " in the IDT (IDT 1), %s", e, e >> 3,
                 e & 1 ? "found while something else was delivered (EXT 1)"
                       : "caused by the program itself (EXT 0)");
    else
        snprintf(to, room, "%" PRIx32 " = selector %04" PRIx32 ", %s[%" PRIu32 "]%s", e, e & 0xfffc,
                 e & 4 ? "LDT" : "GDT", e >> 3,
                 e & 1 ? "; found while something else was delivered (EXT 1)" : "");
}

void x86_explain(struct session *session, const struct explain *explain,
                 struct explain_fault *fault)
{
    words_code(fault);
    if (fault->by_step)
        reason_step(session, explain, fault);
    else
        reason_instruction(session, explain, fault);
}

/* What was being delivered when this one was found. */
void x86_explain_chain(const struct explain *explain, unsigned i, char *to, size_t room)
{
    const struct explain_fault *fault = &explain->fault[i];
    const struct explain_fault *before = &explain->fault[i - 1];
    int used;
    if (before->trap.vector == X86_DF_ABORT && before->vector != X86_DF_ABORT)
        used = snprintf(to, room, ", while delivering the double fault");
    else
        used = snprintf(to, room, ", while delivering %u", i);
    if (fault->trap.vector == X86_DF_ABORT && fault->vector != X86_DF_ABORT)
        snprintf(to + used, room - (size_t)used, ": two in one, a double fault (%s and %s)",
                 x86_class_name((uint8_t)before->vector), x86_class_name((uint8_t)fault->vector));
}

const char *x86_pointer_problem(const struct cpu *cpu, uint32_t address, bool writes)
{
    struct x86_walk walk;
    x86_walk((const struct x86 *)cpu, address, &walk);
    if (!walk.present)
        return "no page is mapped there";
    if (!walk.user)
        return "that page is the kernel's alone (U/S = 0)";
    return writes && !walk.writable ? "that page is read only" : NULL;
}

void x86_shutdown_text(const struct cpu *cpu, char *to, size_t room)
{
    const struct x86_state *s = &((const struct x86 *)cpu)->s;
    size_t used = 0;
    to[0] = '\0';
    for (int i = 2; i >= 0 && used < room; i--) {
        const struct x86_fault *fault = &s->last_fault[i];
        char code[32] = "", address[32] = "";
        if (fault->has_error)
            snprintf(code, sizeof code, ", error code %04x", fault->error);
        if (fault->vector == X86_PF_FAULT)
            snprintf(address, sizeof address, ", address %08x", s->last_fault_cr2[i]);
        used += (size_t)snprintf(to + used, room - used, "  %d. exception %u at eip %08x%s%s\n",
                                 3 - i, fault->vector, s->last_fault_eip[i], code, address);
    }
}
