/* frames: who called whom, from the innermost kernel function through the trap into the program. */
#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/cfi.h"
#include "debugger/session.h"

/* *a := *a op b; false = no such operation. */
static bool combine(unsigned atom, uint32_t *a, uint32_t b)
{
    switch (atom) {
    case DW_OP_plus: *a += b; return true;
    case DW_OP_and: *a &= b; return true;
    case DW_OP_shl: *a <<= b & 31; return true;
    case DW_OP_ge: *a = (int32_t)*a >= (int32_t)b; return true;
    default: return false;
    }
}

/* An expression of call frame information: of DWARF's operations, those that compilers use there.
 */
static bool expression_value(struct session *session, const struct frame *frame,
                             const struct cfi_rule *rule, const uint32_t *cfa, uint32_t *out)
{
    struct cfi_reader r = {rule->expression, rule->expression + rule->length,
                           session->arch->big_endian, false};
    uint32_t stack[16] = {0};
    unsigned depth = 0;
    if (cfa != NULL)
        stack[depth++] = *cfa;
    while (r.at < r.end && !r.bad && depth < 15) {
        unsigned atom = cfi_fixed(&r, 1);
        bool breg = atom >= DW_OP_breg0 && atom <= DW_OP_breg31;
        if (breg || atom == DW_OP_bregx) {
            uint64_t reg = breg ? atom - DW_OP_breg0 : cfi_uleb(&r);
            if (reg >= ARCH_REGISTERS || (frame->known >> reg & 1) == 0)
                return false;
            stack[depth++] = frame->reg[reg] + (uint32_t)cfi_sleb(&r);
        } else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
            stack[depth++] = atom - DW_OP_lit0;
        } else if (atom == DW_OP_const1s) {
            stack[depth++] = (uint32_t)(int32_t)(int8_t)cfi_fixed(&r, 1);
        } else if (atom == DW_OP_const1u) {
            stack[depth++] = cfi_fixed(&r, 1);
        } else if (atom == DW_OP_consts) {
            stack[depth++] = (uint32_t)cfi_sleb(&r);
        } else if (atom == DW_OP_constu) {
            stack[depth++] = (uint32_t)cfi_uleb(&r);
        } else if (depth == 0) {
            return false;
        } else if (atom == DW_OP_plus_uconst) {
            stack[depth - 1] += (uint32_t)cfi_uleb(&r);
        } else if (atom == DW_OP_deref) {
            if (!session_peek_word(session, stack[depth - 1], &stack[depth - 1]))
                return false;
        } else if (depth > 1 && combine(atom, &stack[depth - 2], stack[depth - 1])) {
            depth--;
        } else if (atom != DW_OP_nop) {
            return false;
        }
    }
    if (depth == 0 || r.bad)
        return false;
    *out = stack[depth - 1];
    return true;
}

static bool is_known(const struct frame *frame, unsigned reg)
{
    return reg < ARCH_REGISTERS && (frame->known >> reg & 1) != 0;
}

/* What nobody says: a callee keeps it, or has not touched it yet. */
static bool is_kept(const struct arch *arch, const struct frame *frame, unsigned reg)
{
    bool leaf = reg == arch->link && !arch->calls_push && (frame->innermost || frame->trapped);
    return (reg < 32 && (arch->preserved >> reg & 1) != 0) || leaf;
}

static bool register_of_caller(struct session *session, const struct frame *frame,
                               const struct cfi_rule *rule, unsigned reg, uint32_t *out)
{
    uint32_t address = frame->cfa + (uint32_t)rule->offset;
    switch (rule->kind) {
    case CFI_UNSAID:
    case CFI_SAME:
        *out = frame->reg[reg];
        return is_known(frame, reg) && is_kept(session->arch, frame, reg);
    case CFI_LOST: return false;
    case CFI_AT: return session_peek_word(session, address, out);
    case CFI_IS: *out = address; return true;
    case CFI_REGISTER:
        if (!is_known(frame, (unsigned)rule->offset))
            return false;
        *out = frame->reg[rule->offset];
        return true;
    case CFI_AT_EXPRESSION:
        return expression_value(session, frame, rule, &frame->cfa, &address) &&
               session_peek_word(session, address, out);
    case CFI_IS_EXPRESSION: return expression_value(session, frame, rule, &frame->cfa, out);
    }
    return false;
}

static bool frame_cfa(struct session *session, struct frame *frame, const struct cfi_rules *rules)
{
    if (rules->cfa.kind == CFI_IS_EXPRESSION)
        return expression_value(session, frame, &rules->cfa, NULL, &frame->cfa);
    if (rules->cfa.kind != CFI_REGISTER || !is_known(frame, rules->cfa_register))
        return false;
    frame->cfa = frame->reg[rules->cfa_register] + (uint32_t)rules->cfa.offset;
    return true;
}

/* The caller goes on at its return address, which call frame information has in a column of its
 * own. */
static bool returns_to(const struct arch *arch, struct frame *caller)
{
    caller->reg[arch->pc] = caller->reg[arch->link];
    caller->known |= (caller->known >> arch->link & 1) << arch->pc;
    return (caller->known >> arch->pc & 1) != 0;
}

/* By call frame information. Fills in frame->cfa too. */
static bool by_description(struct session *session, struct frame *frame, struct frame *caller)
{
    const struct arch *arch = session->arch;
    struct cfi_rules rules;
    if (frame->image == NULL || frame->image->kind == IMAGE_FIRMWARE ||
        !cfi_rules_at(frame->image, frame_lookup_pc(frame), &rules) ||
        !frame_cfa(session, frame, &rules))
        return false;
    for (unsigned reg = 0; reg < arch->registers; reg++)
        if (reg != arch->sp && arch->register_names[reg] != NULL &&
            register_of_caller(session, frame, &rules.reg[reg], reg, &caller->reg[reg]))
            caller->known |= (uint64_t)1 << reg;
    caller->reg[arch->sp] = frame->cfa;
    caller->known |= (uint64_t)1 << arch->sp;
    return returns_to(arch, caller);
}

/* Where a function that has just been called returns to. False = not readable. */
static bool return_address(struct session *session, const struct frame *frame, uint32_t *address)
{
    const struct arch *arch = session->arch;
    unsigned reg = arch->calls_push ? arch->sp : arch->link;
    *address = frame->reg[reg];
    return (frame->known >> reg & 1) != 0 && (frame->known >> arch->sp & 1) != 0 &&
           (!arch->calls_push || session_peek_word(session, *address, address));
}

/* Without a description: assembly that has pushed nothing yet, such as a system-call stub. Good
 * for the innermost frame only. */
static bool by_return_address(struct session *session, struct frame *frame, struct frame *caller)
{
    const struct arch *arch = session->arch;
    uint32_t address;
    if ((!frame->innermost && !frame->trapped) || frame->image == NULL ||
        frame->image->kind == IMAGE_FIRMWARE || image_symbol(frame->image, frame->pc) == NULL ||
        !return_address(session, frame, &address))
        return false;
    const struct image *image = session_image(session, address);
    if (image == NULL || image_symbol(image, address) == NULL)
        return false;
    frame->cfa = frame->reg[arch->sp] + (arch->calls_push ? 4 : 0);
    for (unsigned reg = 0; reg < arch->registers; reg++)
        if (((frame->known & arch->preserved) >> reg & 1) != 0) {
            caller->reg[reg] = frame->reg[reg];
            caller->known |= (uint64_t)1 << reg;
        }
    caller->reg[arch->pc] = address;
    caller->reg[arch->sp] = frame->cfa;
    caller->known |= (uint64_t)1 << arch->sp | (uint64_t)1 << arch->pc;
    return true;
}

/* The path of which it is in this stage; NULL = none. */
static const struct profile *in_stage(struct session *session, const struct frame *frame,
                                      enum profile_stage stage)
{
    const struct symbol *symbol = frame->image == NULL || frame->image->kind != IMAGE_KERNEL
                                      ? NULL
                                      : image_symbol(frame->image, frame_lookup_pc(frame));
    return symbol == NULL ? NULL : profile_of_stage(session->profile, stage, symbol->name);
}

bool frames_entry_code(struct session *session, const struct image *image, uint32_t pc)
{
    const struct symbol *symbol =
        image == NULL || image->kind != IMAGE_KERNEL ? NULL : image_symbol(image, pc);
    if (symbol == NULL)
        return false;
    if (session->profile == NULL)
        return image_function(image, pc) == NULL;
    return profile_of_stage(session->profile, STAGE_SAVE, symbol->name) != NULL ||
           profile_of_stage(session->profile, STAGE_RESTORE, symbol->name) != NULL;
}

/* The DWARF number; arch->registers = none has this name. */
static unsigned register_named(const struct arch *arch, const char *name)
{
    unsigned reg = 0;
    while (reg < arch->registers &&
           (arch->register_names[reg] == NULL || strcmp(arch->register_names[reg], name) != 0))
        reg++;
    return reg;
}

bool frames_from_trapframe(struct session *session, const struct profile *path, uint32_t address,
                           struct frame *out)
{
    const struct arch *arch = session->arch;
    struct image *kernel = symbols_kernel(&session->symbols);
    const char *name = path == NULL ? NULL : path->trapframe_type;
    const struct type *type = kernel == NULL || name == NULL ? NULL : type_named(kernel, name);
    if (type == NULL)
        return false;
    struct scope scope = {.arch = arch, .symbols = &session->symbols, .target = &session->target};
    struct value whole = value_at(type, address), field;
    unsigned count;
    const struct member *member = type_members(type, &count);
    *out = (struct frame){.trapped = true};
    for (unsigned i = 0; i < count; i++) {
        unsigned reg = register_named(arch, arch->trapframe_register(member[i].name));
        int64_t number;
        if (reg == arch->registers || !value_member_at(&scope, &whole, &member[i], &field) ||
            !value_number(&scope, &field, &number))
            continue;
        out->reg[reg] = (uint32_t)number;
        out->known |= (uint64_t)1 << reg;
    }
    if (arch->trapframe_complete != NULL)
        arch->trapframe_complete(session, type, address, out);
    out->pc = out->reg[arch->pc];
    out->image = session_image(session, out->pc);
    return (out->known >> arch->pc & 1) != 0;
}

/* In the entry or exit code of the kernel: the frame that the trap interrupted. */
static bool by_trap(struct session *session, struct frame *frame, struct frame *caller)
{
    /* Where the frame lies stands for the CFA that entry code has not. */
    frame->cfa = frame->trap_frame;
    if (frame->trap_frame != 0)
        return frames_from_trapframe(session, frame->trap_path, frame->trap_frame, caller);
    return frames_entry_code(session, frame->image, frame_lookup_pc(frame)) &&
           session->arch->interrupted(session, frame, caller);
}

/* The kernel's trap function of a path was called with the trapframe's address; 0 = not known. */
static uint32_t trapframe_of(struct session *session, struct frame *frame,
                             const struct profile *path)
{
    int64_t address;
    const char *text = path->expression[PROFILE_TRAPFRAME_POINTER];
    struct scope scope = {.arch = session->arch,
                          .symbols = &session->symbols,
                          .target = &session->target,
                          .frame = frame};
    if (text == NULL || !expression_number(&scope, text, &address))
        return 0;
    return (uint32_t)address;
}

/* The trapframe that the trap function had as its argument, and whose it is. */
struct inherited {
    uint32_t address; /* 0 = none */
    const struct profile *path;
};

static void inherit(struct session *session, struct frame *frame, struct inherited *inherited)
{
    const struct profile *path = in_stage(session, frame, STAGE_TRAP);
    uint32_t address = path == NULL ? 0 : trapframe_of(session, frame, path);
    if (address != 0)
        *inherited = (struct inherited){address, path};
}

static void first_frame(struct session *session, struct frame *frame)
{
    const struct arch *arch = session->arch;
    *frame = (struct frame){.innermost = true, .pc = session->cpu->ops->pc(session->cpu)};
    for (unsigned reg = 0; reg < arch->registers; reg++) {
        uint64_t value;
        if (arch->register_names[reg] != NULL &&
            session_register(session, arch->register_names[reg], &value)) {
            frame->reg[reg] = (uint32_t)value;
            frame->known |= (uint64_t)1 << reg;
        }
    }
    frame->reg[arch->sp] = session->cpu->ops->sp(session->cpu);
    frame->reg[arch->pc] = frame->pc;
    frame->image = session_image(session, frame->pc);
}

/* One step outwards. */
static bool outwards(struct session *session, struct frame *frame, struct frame *caller,
                     struct inherited *inherited)
{
    *caller = (struct frame){0};
    bool entry_code = frames_entry_code(session, frame->image, frame_lookup_pc(frame));
    if (entry_code && inherited->address != 0) {
        frame->trap_frame = inherited->address;
        frame->trap_path = inherited->path;
        inherited->address = 0;
    }
    if (entry_code && by_trap(session, frame, caller)) {
        inherited->address = 0;
        return true;
    }
    if (!by_description(session, frame, caller)) {
        *caller = (struct frame){0};
        if (!by_return_address(session, frame, caller))
            return false;
    }
    inherit(session, frame, inherited);
    caller->pc = caller->reg[session->arch->pc];
    caller->image = session_image(session, caller->pc);
    /* A stack grows down, so a caller that does not lie above is a broken chain; but a function
     * that keeps nothing on the stack needs no room there. */
    const struct arch *arch = session->arch;
    bool leaf = !arch->calls_push && (frame->innermost || frame->trapped);
    uint32_t sp = frame->reg[arch->sp];
    return caller->pc != 0 && (frame->cfa > sp || (leaf && frame->cfa == sp));
}

unsigned frames_unwind(struct session *session)
{
    if (session->frames > 0)
        return session->frames;
    struct inherited inherited = {0};
    first_frame(session, &session->frame[0]);
    unsigned n = 1;
    while (n < SESSION_FRAMES &&
           outwards(session, &session->frame[n - 1], &session->frame[n], &inherited)) {
        n++;
        if (session->frame[n - 1].image == NULL)
            break;
    }
    session->frames = n;
    if (session->current >= n)
        session->current = 0;
    return n;
}

struct frame *frames_current(struct session *session)
{
    frames_unwind(session);
    return &session->frame[session->current];
}

bool frames_innermost(struct session *session, struct frame *frame)
{
    struct frame caller = {0};
    struct inherited inherited = {0};
    first_frame(session, frame);
    return outwards(session, frame, &caller, &inherited) && frame->cfa != 0;
}
