/* frames: what the x86 pushes when a trap is delivered, and what words of a frame and registers
 * mean. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/x86/parts.h"
#include "debugger/x86/tables.h"

/* The saved registers that the CPU itself has pushed at `address`: EIP CS EFLAGS [ESP SS]. */
static bool from_hardware_frame(struct session *session, uint32_t address,
                                const struct frame *inner, struct frame *out)
{
    const struct arch *arch = session->arch;
    uint32_t word[4];
    for (unsigned i = 0; i < 3; i++)
        if (!session_peek_word(session, address + 4 * i, &word[i]))
            return false;
    *out = (struct frame){.trapped = true, .pc = word[0]};
    /* Nothing but the stack has changed since, as far as the entry code has come. */
    for (unsigned reg = 0; reg < arch->registers; reg++)
        if (reg != arch->sp && reg != arch->pc)
            out->reg[reg] = inner->reg[reg];
    out->known = inner->known;
    out->reg[arch->pc] = word[0];
    out->reg[arch->sp] = address + 12;
    if ((word[1] & 3) != 0 && session_peek_word(session, address + 12, &word[3]))
        out->reg[arch->sp] = word[3];
    out->known |= (uint64_t)1 << arch->sp | (uint64_t)1 << arch->pc;
    out->image = session_image(session, out->pc);
    return true;
}

/* The stack pointer of the newest delivery whose frame is at or above `sp`, from the CPU's record;
 * within one kernel stack. 0 = the record does not have it. Without a profile any assembly may be
 * entry code: then it must be near enough for a trapframe to be all that lies between. */
static uint32_t entered_at(struct session *session, uint32_t sp)
{
    uint32_t reach = session->profile != NULL ? 8192 : 96;
    const struct trace *trace = &session->machine->trace;
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            return 0;
        if (event->kind == TRACE_ENTERED && event->b >= sp && event->b - sp < reach)
            return event->b;
    }
    return 0;
}

/* Bytes that the CPU pushes above EIP's place: an error code for some vectors. The newest entry
 * event does not say, so the frame is recognized by its code selector. */
static uint32_t skip_error_code(struct session *session, uint32_t sp)
{
    uint64_t cs;
    uint32_t word;
    if (session_register(session, "cs", &cs) && session_peek_word(session, sp + 4, &word) &&
        (word & ~3u & 0xffffu) != 0 && (word & 0xffff0000u) == 0 && (word & 0xffffu) < 0x100)
        return sp;
    return sp + 4;
}

bool x86_interrupted_frame(struct session *session, struct frame *frame, struct frame *out)
{
    uint32_t entered = entered_at(session, frame->reg[session->arch->sp]);
    if (entered == 0)
        return false;
    frame->cfa = entered;
    return from_hardware_frame(session, skip_error_code(session, entered), frame, out);
}

/* Members are called as the registers are. */
const char *x86_trapframe_register(const char *member)
{
    return member;
}

/* From the same ring the CPU pushed no stack pointer: the stack goes on behind the flags. */
void x86_trapframe_complete(struct session *session, const struct type *type, uint32_t address,
                            struct frame *out)
{
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    struct value whole = value_at(type, address), field;
    struct member cs, last;
    int64_t number;
    if (!type_member(type, "cs", &cs) || !value_member_at(&scope, &whole, &cs, &field) ||
        !value_number(&scope, &field, &number) || (number & 3) != 0 ||
        !type_member(type, "eflags", &last))
        return;
    out->reg[session->arch->sp] = address + last.offset + 4;
    out->known |= (uint64_t)1 << session->arch->sp;
}

static bool is_selector(const char *name)
{
    static const char *const names[] = {"cs", "ss", "ds", "es", "fs", "gs"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void vector_meaning(struct session *session, uint32_t value, char *to, size_t room)
{
    const char *name = profile_vector(session->profile, value);
    if (profile_of_vector(session->profile, value) == session->profile)
        snprintf(to, room, "%" PRIu32 " = system call", value);
    else if (name != NULL || x86_vector_title(value) != NULL)
        snprintf(to, room, "%" PRIu32 " = %s", value, name ? name : x86_vector_title(value));
}

void x86_field_meaning(struct session *session, const char *member, uint32_t value, char *to,
                       size_t room)
{
    to[0] = '\0';
    if (is_selector(member))
        x86_selector_name((uint16_t)value, to, room);
    else if (strcmp(member, "eflags") == 0)
        x86_eflags_name(value, to, room);
    else if (strcmp(member, "trapno") == 0)
        vector_meaning(session, value, to, room);
    else if (strcmp(member, "eip") == 0)
        session_symbol(session, value, to, room);
}

static const char *const flag_names[] = {"CF", NULL, "PF", NULL,  "AF",  NULL, "ZF", "SF",
                                         "TF", "IF", "DF", "OF",  NULL,  NULL, "NT", NULL,
                                         "RF", "VM", "AC", "VIF", "VIP", "ID"};

/* "[ ZF IF ]", with IOPL when it is not 0. */
static void name_flags(uint32_t value, char *to, size_t room)
{
    size_t used = (size_t)snprintf(to, room, "[ ");
    for (unsigned i = 0; i < sizeof flag_names / sizeof *flag_names && used < room; i++)
        if (flag_names[i] != NULL && (value >> i & 1) != 0)
            used += (size_t)snprintf(to + used, room - used, "%s ", flag_names[i]);
    if ((value >> 12 & 3) != 0 && used < room)
        used += (size_t)snprintf(to + used, room - used, "IOPL=%u ", value >> 12 & 3);
    if (used < room)
        snprintf(to + used, room - used, "]");
}

bool x86_register_meaning(const struct cpu *cpu, const char *name, uint32_t value, char *to,
                          size_t room)
{
    (void)cpu;
    if (strcmp(name, "eflags") != 0)
        return false;
    name_flags(value, to, room);
    return true;
}
