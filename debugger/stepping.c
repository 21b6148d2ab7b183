/* stepping: when a step over source lines, calls and system calls is over.
 *
 * A step ends before an instruction that begins a line, in a frame where it may end: the same one,
 * one that called it, or (STEP_INTO) any. Frames are told apart by privilege and by the address
 * that the stack pointer had before the call (CFA), within the same process. */
#include "debugger/stepping.h"

#include <string.h>

static struct cpu *cpu_of(const struct stepping *s)
{
    return s->session->cpu;
}

/* The kernel's own idea of the current process tells; without it, the address space. */
static bool same_thread(struct stepping *s)
{
    if (s->process == 0)
        return cpu_of(s)->ops->space(cpu_of(s)) == s->space;
    return process_current_address(s->session) == s->process;
}

static void mark(uint8_t *filter, uint32_t address)
{
    uint32_t bit = (address ^ address >> 16) & 0xffff;
    filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

/* What is worth a look at present: everything in the kernel, in case it leaves it; else the places
 * where a step may end, and the one that a trap is to come back to. */
static void look(struct stepping *s)
{
    if (s->looking)
        memset(s->live, 0xff, sizeof s->live);
    else
        memcpy(s->live, s->filter, sizeof s->live);
    if (s->away)
        mark(s->live, s->away_pc);
}

/* --- traps that the program did not ask for ----------------------------------------------------
 */

static void note_trap(void *context, struct session *session, const struct trace_event *trap)
{
    struct stepping *s = context;
    const struct cpu *cpu = session->cpu;
    if (trap->old != 0 && !s->looking) { /* whatever comes out of the kernel next is worth a look */
        s->looking = true;
        look(s);
    }
    enum arch_trap kind = session->arch->trap(trap);
    if (s->away || kind == ARCH_SOFTWARE || s->way == STEP_OUT || !same_thread(s))
        return;
    s->away = true;
    s->away_fault = kind != ARCH_INTERRUPT;
    s->away_pc = trap->addr;
    s->away_sp = trap->b;
    s->away_space = cpu->ops->space(cpu);
    s->away_privilege = trap->old;
    mark(s->live, trap->addr);
}

/* Nothing to be asked yet: not back from such a trap, or back at an instruction that was asked
 * about before it faulted. */
static bool still_away(struct stepping *s, uint32_t pc)
{
    const struct cpu *cpu = cpu_of(s);
    unsigned privilege = cpu->ops->privilege(cpu);
    bool arrived = pc == s->away_pc && cpu->ops->sp(cpu) == s->away_sp &&
                   privilege == s->away_privilege && cpu->ops->space(cpu) == s->away_space;
    if (arrived) {
        s->away = false;
        look(s);
    }
    return !arrived || s->away_fault;
}

/* The first instruction outside the kernel after a trap. */
static bool back_in_user(struct stepping *s)
{
    if (!s->looking || cpu_of(s)->ops->privilege(cpu_of(s)) == 0)
        return false;
    s->looking = false;
    look(s);
    return true;
}

/* Asked at each return to user mode: is the process that was stepped gone, or another program? */
static bool process_is_gone(struct stepping *s)
{
    const struct cpu *cpu = cpu_of(s);
    if (!back_in_user(s) || s->process == 0)
        return false;
    if (process_current_address(s->session) != s->process)
        s->ended = process_ended(s->session, s->process, s->pid);
    else
        s->replaced = cpu->ops->space(cpu) != s->space;
    return s->ended || s->replaced;
}

/* --- where a step may end ----------------------------------------------------------------------
 */

/* The program of the process at that time: another one before an exec than behind it. */
static struct image *program_now(struct stepping *s)
{
    const struct cpu *cpu = cpu_of(s);
    if (cpu->ops->space(cpu) == s->space)
        return s->program;
    if (cpu->ops->space(cpu) != s->other_space) {
        s->other_space = cpu->ops->space(cpu);
        s->session->spaces = 0;
        s->other_program = session_program(s->session);
    }
    return s->other_program;
}

/* The row of a line that begins at pc. Only for the thread itself. */
static const struct line_row *line_at(struct stepping *s, uint32_t pc, struct image **image)
{
    struct image *kernel = symbols_kernel(&s->session->symbols);
    bool in_kernel = kernel != NULL && pc >= kernel->low && pc < kernel->high;
    if (in_kernel)
        *image = kernel;
    else if (session_in_kernel(s->session)) /* firmware */
        *image = session_image(s->session, pc);
    else
        *image = program_now(s);
    const struct line_row *row = *image == NULL ? NULL : image_line(*image, pc);
    bool begins = row != NULL && row->address == image_linked(*image, pc) && row->statement;
    return begins ? row : NULL;
}

static bool same_line(const struct line_row *a, const struct line_row *b)
{
    return a != NULL && b != NULL && a->line == b->line && strcmp(a->file, b->file) == 0;
}

enum level { INNER, SAME, OUTER };

/* Where the function, or the routine of assembly, around pc begins. */
static uint32_t function_start(const struct image *image, uint32_t pc)
{
    const struct function *function = image == NULL ? NULL : image_function(image, pc);
    const struct symbol *symbol = image == NULL ? NULL : image_symbol(image, pc);
    return function != NULL ? function->low : symbol != NULL ? symbol->address : 0;
}

/* The present frame against the one where the step began. A function that had no frame then can
 * only have been called since. */
static enum level level_of(struct stepping *s, const struct image *image, uint32_t pc)
{
    const struct cpu *cpu = cpu_of(s);
    unsigned privilege = cpu->ops->privilege(cpu);
    uint32_t start = function_start(image, pc);
    struct frame frame;
    /* The way in and the way out are two routines, but one frame. */
    bool had_frame = frames_entry_code(s->session, image, pc);
    if (privilege != s->privilege)
        return privilege > s->privilege ? OUTER : INNER;
    for (unsigned i = 0; i < s->functions && !had_frame; i++)
        had_frame = s->function[i] == start;
    if (!had_frame && s->cfa != 0)
        return INNER;
    s->session->spaces = 0;
    if (!frames_innermost(s->session, &frame))
        return s->cfa == 0 ? SAME : INNER;
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
    if (s->session->arch->in_delay_slot(cpu_of(s)) || !same_thread(s))
        return false;
    const struct line_row *row = line_at(s, pc, &image);
    if (row == NULL && !s->instructions)
        return false;
    enum level level = level_of(s, image, pc);
    if (s->way == STEP_OVER && level == INNER)
        return false;
    if (s->instructions)
        return true;
    if (level == INNER && in_prologue(image, pc))
        return false;
    if (level == SAME && image == s->image && same_line(row, s->row))
        return false;
    return !(s->forward_only && level == SAME && pc < s->pc);
}

bool stepping_returned(struct stepping *s, uint32_t pc)
{
    const struct cpu *cpu = cpu_of(s);
    if (pc != s->return_pc || (cpu->ops->privilege(cpu) != 0) != s->return_to_user)
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

/* A step over calls that begins in user mode ends, as level_of has it, only in functions that have
 * a frame already, in user mode too: neither a call that computes for long nor the kernel is looked
 * at line by line. */
static bool may_end_in(struct stepping *s, const struct image *image, uint32_t pc)
{
    bool other_program = image->kind == IMAGE_PROGRAM && image != s->program;
    if (s->way != STEP_OVER || s->cfa == 0 || s->privilege == 0 || other_program)
        return true;
    uint32_t start = function_start(image, pc);
    for (unsigned i = 0; i < s->functions; i++)
        if (s->function[i] == start)
            return true;
    return false;
}

static void mark_lines(struct stepping *s, const struct image *image)
{
    for (unsigned i = 0; image != NULL && i < image->rows; i++)
        if (image->row[i].statement && may_end_in(s, image, image->row[i].address)) {
            mark(s->filter, image->row[i].address);
            mark(s->filter, image->row[i].address - image->physical);
        }
}

static void note_thread(struct stepping *s)
{
    struct session *session = s->session;
    struct process process;
    s->space = session->cpu->ops->space(session->cpu);
    s->program = session_program(session);
    if (!process_current(session, &process))
        return;
    s->process = process.address;
    s->pid = process.pid;
    s->space = process.space != 0 ? process.space : s->space;
    s->program = process.image;
}

static bool begin_out(struct stepping *s)
{
    struct session *session = s->session;
    if (session->current + 1 >= session->frames)
        return out_error(&session->out, "\"finish\" not meaningful in the outermost frame.");
    const struct frame *frame = &session->frame[session->current];
    const struct frame *caller = frame + 1;
    bool to_user = caller->image != NULL ? caller->image->kind == IMAGE_PROGRAM : caller->trapped;
    s->return_pc = caller->pc;
    s->return_sp = caller->trapped ? caller->reg[session->arch->sp] : frame->cfa;
    s->return_to_user = to_user;
    mark(s->filter, s->return_pc);
    return true;
}

/* A program without lines is stepped through by instructions: no line of it would ever end a step.
 */
static bool has_lines(const struct image *image)
{
    return image != NULL && image->rows != 0;
}

bool stepping_begin(struct stepping *s, struct session *session, enum stepping_way way)
{
    struct cpu *cpu = session->cpu;
    struct frame innermost;
    *s = (struct stepping){.session = session, .way = way};
    frames_unwind(session);
    s->pc = cpu->ops->pc(cpu);
    s->image = session_image(session, s->pc);
    s->row = s->image == NULL ? NULL : image_line(s->image, s->pc);
    s->cfa = frames_innermost(session, &innermost) ? innermost.cfa : 0;
    s->privilege = cpu->ops->privilege(cpu);
    s->looking = s->privilege == 0;
    s->instructions = way == STEP_OVER && s->privilege != 0 && !has_lines(s->image);
    note_thread(s);
    for (unsigned i = 0; i < session->frames; i++)
        s->function[s->functions++] =
            function_start(session->frame[i].image, frame_lookup_pc(&session->frame[i]));
    if (way == STEP_OUT)
        return begin_out(s);
    for (unsigned i = 0; i < session->symbols.used; i++)
        mark_lines(s, session->symbols.image[i]);
    return true;
}

/* nexti looks at every instruction; the others where something may happen. */
static void watch(struct stepping *s)
{
    struct stops *stops = &s->session->stops;
    for (unsigned i = 0; i < sizeof s->filter; i++)
        s->filter[i] |= stops->filter[i];
    stops->trap_hook = note_trap;
    stops->trap_context = s;
    look(s);
    stops->when_filter = s->instructions ? NULL : s->live;
}

static void unwatch(struct stepping *s)
{
    s->session->stops.trap_hook = NULL;
    s->session->stops.stretch_hook = NULL;
    s->session->stops.when_filter = NULL;
}

void stepping_run(struct stepping *s)
{
    watch(s);
    stops_run(s->session, true, when, s, MACHINE_NO_LIMIT);
    unwatch(s);
}

/* --- backwards ---------------------------------------------------------------------------------
 */

/* A place where a step forwards ends: a line begins, entered from another line or from above. */
static bool when_back(void *context, struct session *session, uint32_t pc)
{
    struct stepping *s = context;
    struct image *image;
    if (s->away && still_away(s, pc))
        return false;
    if (session->arch->in_delay_slot(cpu_of(s)) || !same_thread(s))
        return false;
    const struct line_row *row = line_at(s, pc, &image);
    if (row == NULL)
        return false;
    enum level level = level_of(s, image, pc);
    if (level == INNER && (s->way == STEP_OVER || in_prologue(image, pc)))
        return false;
    /* The same line again, further on or in a loop of its own, is the same step. */
    bool again = same_line(s->before, row) && s->before_level == (int)level;
    s->before = row;
    s->before_level = (int)level;
    return !again;
}

static void begin_stretch(void *context)
{
    struct stepping *s = context;
    s->away = false;
    s->before = NULL;
    look(s);
}

void stepping_run_back(struct stepping *s)
{
    watch(s);
    s->session->stops.stretch_hook = begin_stretch;
    stops_run_back(s->session, true, when_back, s);
    unwatch(s);
}
