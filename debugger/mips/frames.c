/* frames: what a trap interrupted, while the kernel's entry and exit code has no frame of its own.
 */
#include <string.h>

#include "debugger/mips/parts.h"

/* The newest trap of this processor that has not been returned from. NULL = the record has none. */
static const struct trace_event *open_trap(const struct session *session)
{
    const struct trace *trace = &session->machine->trace;
    unsigned returned = 0;
    for (uint64_t n = trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(trace, n);
        if (event == NULL)
            return NULL;
        if (event->cpu != session->cpu->number)
            continue;
        if (event->kind == TRACE_RETURNED)
            returned++;
        else if (event->kind == TRACE_TRAP && returned-- == 0)
            return event;
    }
    return NULL;
}

/* In exit code the frame is whole, until the stack pointer is the interrupted one again. */
static uint32_t whole_frame(struct session *session, const struct frame *frame,
                            const struct profile *path)
{
    const char *text = path == NULL ? NULL : path->expression[PROFILE_TRAPFRAME_ENTRY];
    struct scope scope = {.arch = session->arch,
                          .symbols = &session->symbols,
                          .target = &session->target,
                          .frame = frame};
    int64_t address;
    if (text == NULL || frame->reg[MIPS_SP] < 0x80000000u ||
        !expression_number(&scope, text, &address))
        return 0;
    return (uint32_t)address;
}

bool mips_interrupted_frame(struct session *session, struct frame *frame, struct frame *out)
{
    const struct symbol *symbol = image_symbol(frame->image, frame->pc);
    const struct profile *path = profile_of_stage(session->profile, STAGE_RESTORE, symbol->name);
    uint32_t address = whole_frame(session, frame, path);
    /* Entry code moves the stack pointer, and has one frame all the same: above all others. */
    frame->cfa = UINT32_MAX;
    if (address != 0)
        return frames_from_trapframe(session, path, address, out);
    const struct trace_event *trap = open_trap(session);
    if (trap == NULL)
        return false;
    *out = (struct frame){.trapped = true, .pc = trap->addr, .known = frame->known};
    memcpy(out->reg, frame->reg, sizeof out->reg);
    out->reg[session->arch->pc] = trap->addr;
    out->reg[MIPS_SP] = trap->b;
    out->known |= (uint64_t)1 << session->arch->pc | (uint64_t)1 << MIPS_SP;
    out->image = session_image(session, out->pc);
    return true;
}
