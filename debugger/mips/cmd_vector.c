/* cmd_vector: `vector`: where exceptions go, why there, and whose code that is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"
#include "debugger/show.h"

#define VECTOR   128u /* bytes of a handler there */
#define COMPARED 8u   /* bytes of a handler that tell it from others */

/* --- whose code it is ------------------------------------------------------------------------- */

/* The function whose beginning lies at a vector, too. Handlers that are alike lie in the order of
 * their vectors: the last one is the general one's. */
static const struct symbol *copied_from(struct session *session, uint32_t vector, bool last)
{
    const struct symbol *found = NULL;
    static const uint8_t nothing[COMPARED];
    const struct image *kernel = symbols_kernel(&session->symbols);
    uint8_t here[COMPARED], there[COMPARED];
    if (kernel == NULL || !session_peek(session, vector, here, sizeof here) ||
        memcmp(here, nothing, sizeof here) == 0)
        return NULL;
    for (unsigned i = 0; i < kernel->symbols; i++) {
        const struct symbol *symbol = &kernel->symbol[i];
        if (symbol->function && image_bytes(kernel, symbol->address, there, sizeof there) &&
            memcmp(here, there, sizeof here) == 0 && (found == NULL || last))
            found = symbol;
    }
    return found;
}

void mips_copied_code(struct session *session, uint32_t address, char *to, size_t room)
{
    const struct mips *c = mips_of(session->cpu);
    uint32_t base = c->model->vector_base[0];
    uint32_t vector =
        base + (address - base < c->model->general ? c->model->refill : c->model->general);
    if (address - base >= c->model->general + VECTOR)
        return;
    const struct symbol *symbol = copied_from(session, vector, vector != base + c->model->refill);
    if (symbol == NULL)
        return;
    if (address == vector)
        snprintf(to, room, "%s", symbol->name);
    else
        snprintf(to, room, "%s+%" PRIu32, symbol->name, address - vector);
}

/* A handler that only jumps on. */
static void say_jump(struct session *session, uint32_t address)
{
    struct arch_insn insn;
    char symbol[160];
    if (!show_instruction_at(session, address, &insn) || insn.flow != FLOW_JUMP || !insn.has_target)
        return;
    session_describe(session, insn.target, symbol, sizeof symbol);
    out_text(&session->out, "              it jumps to %08" PRIx32 "  %s\n", insn.target, symbol);
    out_number(&session->out, "jumps_to", insn.target);
    out_string(&session->out, "jump_symbol", "%s", symbol);
}

/* --- the vectors ------------------------------------------------------------------------------ */

struct kind {
    const char *key, *what;
    uint32_t offset;
    bool there;
};

static void say_kind(struct session *session, const struct kind *kind, uint32_t base)
{
    struct output *out = &session->out;
    char symbol[160];
    uint32_t address = base + kind->offset;
    if (!kind->there)
        return;
    session_symbol(session, address, symbol, sizeof symbol);
    out_text(out, "  %08" PRIx32 "    %-44s %s%s%s\n", address, kind->what,
             out_style(out, OUT_FUNCTION), symbol, out_style(out, OUT_PLAIN));
    out_object(out, kind->key);
    out_number(out, "address", address);
    out_string(out, "handler", "%s", symbol);
    say_jump(session, address);
    out_close(out);
}

static void say_all(struct session *session)
{
    const struct mips *c = mips_of(session->cpu);
    const struct mips_model *model = c->model;
    bool bev = (c->s.status & MIPS_BEV) != 0;
    struct output *out = &session->out;
    const struct kind kinds[] = {
        {"refill",
         model->exl == 0 ? "a TLB miss below 80000000, in any mode" : "a TLB miss, with EXL = 0",
         model->refill, true},
        {"general", "every other exception", model->general, true},
        {"interrupt", "an interrupt, with Cause.IV = 1", model->interrupt, model->interrupt != 0},
    };
    out_text(out, "base %08" PRIx32 ": Status.BEV = %d (with BEV = %d it would be %08" PRIx32 ")\n",
             model->vector_base[bev], bev, !bev, model->vector_base[!bev]);
    out_number(out, "base", model->vector_base[bev]);
    out_boolean(out, "bev", bev);
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        say_kind(session, &kinds[i], model->vector_base[bev]);
}

/* --- one exception ---------------------------------------------------------------------------- */

static const char *reason_of(const struct mips *c, uint32_t exception)
{
    bool tlb = exception == MIPS_TLBL || exception == MIPS_TLBS;
    if (tlb && c->model->exl == 0)
        return "the refill vector when no entry matches and the address lies below 80000000; else, "
               "with an entry that is invalid, the general one";
    if (tlb)
        return "the refill vector when no entry matches and EXL is 0; else, with an entry that is "
               "invalid, the general one";
    if (exception == MIPS_INT && c->model->interrupt != 0)
        return (c->s.cause & MIPS_IV) != 0 ? "the interrupt vector: Cause.IV = 1"
                                           : "the general vector: Cause.IV = 0";
    return "the general vector: only TLB misses have one of their own. Cause.ExcCode tells the "
           "handler which exception it is";
}

static bool say_one(struct session *session, int64_t exception)
{
    struct output *out = &session->out;
    const char *title = exception < 0 ? NULL : mips_exception_title((uint32_t)exception);
    if (title == NULL)
        return out_error(out,
                         "No exception has ExcCode %" PRId64 ": they go from 0 (Int) to 12 (Ov)",
                         exception);
    const char *reason = reason_of(mips_of(session->cpu), (uint32_t)exception);
    out_text(out, "ExcCode %" PRId64 "  %s\n  goes to %s\n", exception, title, reason);
    out_number(out, "exception", exception);
    out_string(out, "name", "%s", title);
    out_string(out, "reason", "%s", reason);
    say_all(session);
    return true;
}

bool cmd_vector(struct session *session, const struct command_args *args)
{
    int64_t exception;
    if (!session_needs_machine(session))
        return false;
    if (*args->text == '\0') {
        say_all(session);
        return true;
    }
    for (uint32_t i = 0; i < MIPS_EXCEPTIONS; i++)
        if (mips_exception_name(i)[0] != '\0' && strcmp(args->text, mips_exception_name(i)) == 0)
            return say_one(session, i);
    return session_number(session, args->text, &exception) && say_one(session, exception);
}
