/* stepping: when a step over source lines, calls and system calls is over.
 *
 * A step ends before an instruction that begins a line, in a frame where it may end: the same one,
 * one that called it, or (STEP_INTO) any. Frames are told apart by privilege and by the address
 * that the stack pointer had before the call (CFA), within the same process. */
#include "debugger/stepping.h"

#include <string.h>

#include "cpu/x86/x86.h"

static struct cpu *cpu_of(const struct stepping *s)
{
    return s->session->cpu;
}

static bool same_thread(struct stepping *s)
{
    if (s->process == 0)
        return cpu_of(s)->ops->space(cpu_of(s)) == s->space;
    return process_current_address(s->session) == s->process;
}

/* --- traps that the program did not ask for ---------------------------------------------------- */

static void note_trap(void *context, struct session *session, const struct trace_event *trap)
{
    struct stepping *s = context;
    const struct cpu *cpu = session->cpu;
    if (s->away || trap->a <= X86_CAUSE_INTO || s->way == STEP_OUT || !same_thread(s))
        return;
    s->away = true;
    s->away_pc = trap->addr;
    s->away_sp = trap->b;
    s->away_space = cpu->ops->space(cpu);
    s->away_privilege = trap->old;
}

/* Back from such a trap? A process that never comes back ends the step too. */
static bool still_away(struct stepping *s, uint32_t pc)
{
    const struct cpu *cpu = cpu_of(s);
    unsigned privilege = cpu->ops->privilege(cpu);
    bool arrived = pc == s->away_pc && cpu->ops->sp(cpu) == s->away_sp &&
                   privilege == s->away_privilege && cpu->ops->space(cpu) == s->away_space;
    if (arrived)
        s->away = false;
    return !arrived;
}

/* Asked at each return to user mode: is the process that was stepped gone? */
static bool process_is_gone(struct stepping *s)
{
    const struct cpu *cpu = cpu_of(s);
    unsigned privilege = cpu->ops->privilege(cpu);
    bool arrived_in_user = privilege != 0 && s->last_privilege == 0;
    s->last_privilege = privilege;
    if (!arrived_in_user || s->process == 0 ||
        process_current_address(s->session) == s->process ||
        !process_ended(s->session, s->process, s->pid))
        return false;
    s->ended = true;
    return true;
}

/* --- where a step may end ---------------------------------------------------------------------- */

static const struct line_row *line_at(struct stepping *s, uint32_t pc, struct image **image)
{
    s->session->spaces = 0;
    *image = session_image(s->session, pc);
    const struct line_row *row = *image == NULL ? NULL : image_line(*image, pc);
    return row != NULL && row->address == pc && row->statement ? row : NULL;
}

static bool same_line(const struct line_row *a, const struct line_row *b)
{
    return a != NULL && b != NULL && a->line == b->line && strcmp(a->file, b->file) == 0;
}

enum level { INNER, SAME, OUTER };

/* The present frame against the one where the step began. */
static enum level level_of(struct stepping *s, uint32_t *cfa)
{
    const struct cpu *cpu = cpu_of(s);
    unsigned privilege = cpu->ops->privilege(cpu);
    struct frame frame;
    *cfa = 0;
    if (privilege != s->privilege)
        return privilege > s->privilege ? OUTER : INNER;
    if (!frames_innermost(s->session, &frame)) {
        /* Entry code: no call, but a place on the stack all the same. */
        return s->cfa == 0 ? SAME : INNER;
    }
    *cfa = frame.cfa;
    if (s->cfa == 0 || frame.cfa == s->cfa)
        return SAME;
    return frame.cfa > s->cfa ? OUTER : INNER;
}

/* Just called: its prologue is not over. */
static bool in_prologue(const struct image *image, uint32_t pc)
{
    const struct function *function = image_function(image, pc);
    return function != NULL && pc < function->body;
}

static bool ends_here(struct stepping *s, uint32_t pc)
{
    struct image *image;
    uint32_t cfa;
    const struct line_row *row = line_at(s, pc, &image);
    if (s->instructions) {
        if (s->row == NULL && row == NULL && image == NULL)
            return true;
    } else if (row == NULL) {
        return false;
    }
    if (!same_thread(s))
        return false;
    enum level level = level_of(s, &cfa);
    if (s->way == STEP_OVER && level == INNER)
        return false;
    if (s->instructions)
        return true;
    if (level == INNER && image != NULL && in_prologue(image, pc))
        return false;
    if (level == SAME && image == s->image && same_line(row, s->row))
        return false;
    return !(s->forward_only && level == SAME && pc < s->pc);
}

bool stepping_returned(struct stepping *s, uint32_t pc)
{
    const struct cpu *cpu = cpu_of(s);
    if (pc != s->return_pc || cpu->ops->privilege(cpu) != s->return_privilege)
        return false;
    return cpu->ops->sp(cpu) >= s->return_sp && same_thread(s);
}

static bool when(void *context, struct session *session, uint32_t pc)
{
    struct stepping *s = context;
    (void)session;
    if (process_is_gone(s))
        return true;
    if (s->way == STEP_OUT)
        return stepping_returned(s, pc);
    if (s->away && still_away(s, pc))
        return false;
    return ends_here(s, pc);
}

bool stepping_begin(struct stepping *s, struct session *session, enum stepping_way way)
{
    struct cpu *cpu = session->cpu;
    struct frame innermost;
    struct process process;
    *s = (struct stepping){.session = session, .way = way};
    frames_unwind(session);
    s->pc = cpu->ops->pc(cpu);
    s->image = session_image(session, s->pc);
    s->row = s->image == NULL ? NULL : image_line(s->image, s->pc);
    s->cfa = frames_innermost(session, &innermost) ? innermost.cfa : 0;
    s->space = cpu->ops->space(cpu);
    s->privilege = s->last_privilege = cpu->ops->privilege(cpu);
    if (process_current(session, &process)) {
        s->process = process.address;
        s->pid = process.pid;
    }
    if (way != STEP_OUT)
        return true;
    if (session->current + 1 >= session->frames)
        return out_error(&session->out, "\"finish\" not meaningful in the outermost frame.");
    const struct frame *frame = &session->frame[session->current];
    const struct frame *caller = frame + 1;
    s->return_pc = caller->pc;
    s->return_sp = caller->trapped ? caller->reg[session->arch->sp] : frame->cfa;
    bool to_user = caller->image != NULL && caller->image->kind == IMAGE_PROGRAM;
    s->return_privilege = to_user ? 3 : 0;
    if (caller->image == NULL && caller->trapped)
        s->return_privilege = 3;
    return true;
}

void stepping_run(struct stepping *s)
{
    struct stops *stops = &s->session->stops;
    stops->trap_hook = note_trap;
    stops->trap_context = s;
    stops_run(s->session, true, when, s, MACHINE_NO_LIMIT);
    stops->trap_hook = NULL;
}

/* --- backwards --------------------------------------------------------------------------------- */

/* A place where a step forwards ends: a line begins, entered from another line or from above. */
static bool when_back(void *context, struct session *session, uint32_t pc)
{
    struct stepping *s = context;
    const struct line_row *before = s->before;
    uint32_t before_pc = s->before_pc, cfa;
    struct image *image;
    (void)session;
    if (s->away && still_away(s, pc))
        return false;
    const struct line_row *row = line_at(s, pc, &image);
    s->before = image == NULL ? NULL : image_line(image, pc);
    s->before_pc = pc;
    if (row == NULL || (same_line(before, row) && before_pc < pc))
        return false;
    if (same_line(before, row) && image_function(image, before_pc) == image_function(image, pc))
        return false; /* a loop within one line */
    if (!same_thread(s))
        return false;
    enum level level = level_of(s, &cfa);
    if (s->way == STEP_OUT)
        return level == OUTER;
    if (level == INNER && (s->way == STEP_OVER || in_prologue(image, pc)))
        return false;
    return true;
}

void stepping_run_back(struct stepping *s)
{
    struct stops *stops = &s->session->stops;
    stops->trap_hook = note_trap;
    stops->trap_context = s;
    stops_run_back(s->session, true, when_back, s);
    stops->trap_hook = NULL;
}
