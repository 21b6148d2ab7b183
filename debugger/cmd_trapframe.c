/* cmd_trapframe: `trapframe`: each word of the frame, what it means, who pushed it, what changed
 * since, and what was different at the last trap of the same process. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/lookup.h"
#include "debugger/show.h"
#include "debugger/story_say.h"
#include "debugger/tale.h"

/* Code between a trap and the kernel's C function, which has stored the whole frame by then. */
#define ENTRY 2000u /* instructions */

/* The trap of the same process before this one. */
struct last_trap {
    struct trace_event trap;
    struct story *story; /* as far as ENTRY; NULL = none, or not known: */
    const char *why;
    bool refilled; /* refills of the TLB came between, and stored no frame */
    uint32_t frame;
};

struct frame_view {
    struct session *session;
    const struct story *story;
    const struct tale *tale;
    uint32_t address; /* of the structure */
    uint32_t top;     /* of the stack, where the CPU's first push went; 0 = unknown */
    const struct type *type;
    struct last_trap last;
};

static const struct story_word *word_at(const struct story *story, uint32_t address)
{
    for (unsigned i = 0; i < story->words; i++)
        if (address - story->word[i].address < 4)
            return &story->word[i];
    return NULL;
}

static uint32_t cut(const struct frame_view *view, uint32_t word, const struct story_word *at,
                    uint32_t address, uint32_t size)
{
    uint32_t offset = address - at->address;
    bool big = view->session->arch->big_endian && offset + size <= 4;
    word >>= 8 * (big ? 4 - size - offset : offset);
    return size >= 4 ? word : word & ((1u << 8 * size) - 1);
}

/* --- meaning ---------------------------------------------------------------------------------- */

static void say_number(struct frame_view *view, uint32_t value, char *to, size_t room)
{
    const struct profile_syscall *call = profile_syscall(view->tale->path, (int32_t)value);
    if (view->tale->is_call && call != NULL)
        snprintf(to, room, "system call %s", call->name);
}

/* What the value was when it was pushed. */
static void say_meaning(struct frame_view *view, const char *name, uint32_t value, char *to,
                        size_t room)
{
    const struct profile *profile = view->tale->path;
    to[0] = '\0';
    if (profile->trapframe_number != NULL && strcmp(name, profile->trapframe_number) == 0)
        say_number(view, value, to, room);
    else if (strcmp(name, "err") == 0 && view->tale->is_call)
        snprintf(to, room, "filled in: this trap has no error code");
    else
        view->session->arch->field_meaning(view->session, name, value, to, room);
}

static void say_author(struct frame_view *view, const struct story_word *word, char *to,
                       size_t room)
{
    char symbol[TALE_TEXT];
    if (word == NULL) {
        snprintf(to, room, "not pushed yet");
    } else if (word->step != 0) {
        struct arch_step step = {.name = ""};
        view->session->arch->step(word->step, &step);
        snprintf(to, room, "CPU: %s", step.name);
    } else {
        session_symbol(view->session, word->pc, symbol, sizeof symbol);
        snprintf(to, room, "%s", symbol);
    }
}

static void say_change(struct frame_view *view, const struct story_word *word, uint32_t address,
                       uint32_t size, char *to, size_t room)
{
    char where[TALE_TEXT];
    to[0] = '\0';
    if (word == NULL || word->changed_pc == 0)
        return;
    session_describe(view->session, word->changed_pc, where, sizeof where);
    uint32_t old = cut(view, word->value, word, address, size),
             now = cut(view, word->now, word, address, size);
    if (old == now)
        snprintf(to, room, "written again by %s", where);
    else
        snprintf(to, room, "was %0*" PRIx32 "; %s", (int)size * 2, old, where);
}

/* --- the last trap ---------------------------------------------------------------------------- */

/* False = none, or not known: last->why; or interrupted, which has been said: it is NULL. */
static bool replay_last(struct frame_view *view, bool refills)
{
    struct session *session = view->session;
    struct last_trap *last = &view->last;
    bool whole;
    if (!stories_trap_before(session, view->story, refills, &last->trap, &whole)) {
        if (stops_interrupted(session))
            return out_error(&session->out, "Interrupted.");
        last->why = whole && last->refilled
                        ? "none that stored a frame: only refills of the TLB came before"
                    : whole ? "none: this is the first trap of its process"
                            : "not known: none in the 4 million instructions before this one";
        return false;
    }
    struct timeline_position from = {last->trap.tick, last->trap.count, 0};
    struct timeline_position until = {view->story->tick, view->story->count, 0};
    if (until.count - from.count > ENTRY)
        until = TIMELINE_AT_COUNT(from.count + ENTRY);
    last->story = stories_replay_until(session, from, until);
    return last->story != NULL;
}

/* A handler may serve a refill of the TLB with the registers that are the kernel's own: then the
 * trap before it is the one to compare with. False = interrupted, and said so. */
static bool find_last(struct frame_view *view)
{
    struct last_trap *last = &view->last;
    if (view->tale->process.pid <= 0) {
        last->why = "not known: no process is known to have trapped here";
        return true;
    }
    if (!replay_last(view, true))
        return last->why != NULL;
    if (tale_has_frame(last->story, view->type->size, &last->frame))
        return true;
    if (view->session->arch->trap(&last->trap) == ARCH_REFILL) {
        story_free(last->story);
        last->story = NULL;
        last->refilled = true;
        if (!replay_last(view, false))
            return last->why != NULL;
    }
    if (!tale_has_frame(last->story, view->type->size, &last->frame))
        last->why = "it stored no frame";
    return true;
}

/* A frame of another path has its words elsewhere. */
static bool find_comparable(struct frame_view *view)
{
    struct last_trap *last = &view->last;
    if (!find_last(view))
        return false;
    const struct tale *tale = last->story == NULL ? NULL : last->story->extra;
    if (tale != NULL && last->why == NULL && tale->path != view->tale->path &&
        (tale->path->trapframe_type == NULL ||
         strcmp(tale->path->trapframe_type, view->tale->path->trapframe_type) != 0))
        last->why = "its frame is another path's";
    return true;
}

/* Both as they were pushed: what the kernel has written into a frame since is another matter. */
static const struct story_word *last_word(const struct frame_view *view,
                                          const struct member *member, uint32_t *value)
{
    const struct last_trap *last = &view->last;
    uint32_t address = last->frame + member->offset;
    const struct story_word *word =
        last->story == NULL || last->why != NULL ? NULL : word_at(last->story, address);
    if (word != NULL)
        *value = cut(view, word->value, word, address, member->type->size);
    return word;
}

static bool differs(const struct frame_view *view, const struct member *member, uint32_t *old)
{
    uint32_t address = view->address + member->offset;
    const struct story_word *word = word_at(view->story, address);
    return word != NULL && last_word(view, member, old) != NULL &&
           *old != cut(view, word->value, word, address, member->type->size);
}

/* Padding and what is no word of the machine's is left out. */
static bool is_word(const struct member *member)
{
    return member->type->size > 0 && member->type->size <= 4 &&
           strncmp(member->name, "padding", 7) != 0;
}

static unsigned count_different(const struct frame_view *view)
{
    unsigned count, different = 0;
    uint32_t old;
    const struct member *member = type_members(view->type, &count);
    for (unsigned i = 0; i < count; i++)
        different += is_word(&member[i]) && differs(view, &member[i], &old);
    return different;
}

static void say_last(struct frame_view *view)
{
    struct output *out = &view->session->out;
    const struct last_trap *last = &view->last;
    char what[TALE_TEXT * 2] = "", tick[32], ago[32];
    out_object(out, "last_trap");
    out_boolean(out, "known", last->story != NULL);
    out_text(out, "last trap of pid %" PRId64 ": ", view->tale->process.pid);
    if (last->story != NULL) {
        const struct tale *tale = last->story->extra;
        if (tale->is_call)
            stories_call_text(last->story, what, sizeof what);
        else
            show_trap(view->session, &last->trap, what, sizeof what);
        out_text(out, "%s at tick %s, %s before this one; ", what,
                 story_say_ticks(last->trap.tick, tick, sizeof tick),
                 story_say_ticks(view->story->tick - last->trap.tick, ago, sizeof ago));
        out_string(out, "what", "%s", what);
        out_number(out, "tick", (int64_t)last->trap.tick);
        out_number(out, "count", (int64_t)last->trap.count);
        out_number(out, "vector", last->trap.vector);
        out_boolean(out, "refills_since", last->refilled);
    }
    if (last->why != NULL) {
        out_text(out, "%s\n", last->why);
        out_string(out, "why", "%s", last->why);
    } else {
        unsigned different = count_different(view);
        out_text(out, "words pushed with another value then: %u%s\n", different,
                 last->refilled ? " (TLB refills since then stored no frame)" : "");
        out_number(out, "different", different);
    }
    out_close(out);
}

/* --- the table -------------------------------------------------------------------------------- */

static void say_field(struct frame_view *view, const struct member *member)
{
    struct output *out = &view->session->out;
    uint32_t size = member->type->size, address = view->address + member->offset;
    if (!is_word(member))
        return;
    const struct story_word *word = word_at(view->story, address);
    char meaning[TALE_TEXT] = "", author[TALE_TEXT], change[TALE_TEXT + 40];
    uint32_t old, now = word == NULL ? 0 : cut(view, word->now, word, address, size);
    if (word != NULL)
        say_meaning(view, member->name, cut(view, word->value, word, address, size), meaning,
                    sizeof meaning);
    say_author(view, word, author, sizeof author);
    say_change(view, word, address, size, change, sizeof change);
    out_cell_number(out, address, "%08" PRIx32, address);
    out_cell(out, "%s", member->name);
    if (word != NULL && word->changed_pc != 0 && now != cut(view, word->value, word, address, size))
        out_cell_style(out, OUT_CHANGED);
    if (word == NULL)
        out_cell(out, "........");
    else
        out_cell_number(out, now, "%0*" PRIx32, (int)size * 2, now);
    if (differs(view, member, &old))
        out_cell_number(out, old, "%0*" PRIx32, (int)size * 2, old);
    else
        out_cell(out, "%s", "");
    out_cell(out, "%s", meaning);
    out_cell(out, "%s", author);
    out_cell(out, "%s", change);
}

static void say_frame_table(struct frame_view *view)
{
    static const struct out_column columns[] = {
        {"address", "address", false, OUT_ADDRESS}, {"field", "field", false, OUT_VARIABLE},
        {"value", "value", true, OUT_PLAIN},        {"last trap", "last", true, OUT_PLAIN},
        {"meaning", "meaning", false, OUT_PLAIN},   {"pushed by", "pushed_by", false, OUT_HEAD},
        {"since", "since", false, OUT_DIM},
    };
    unsigned count;
    const struct member *member = type_members(view->type, &count);
    out_table(&view->session->out, "words", 2, columns, sizeof columns / sizeof *columns);
    for (unsigned i = count; i-- > 0;)
        say_field(view, &member[i]);
    out_table_end(&view->session->out);
}

static void say_heading(struct frame_view *view)
{
    struct output *out = &view->session->out;
    const struct story *story = view->story;
    char tick[32], name[80];
    type_name(view->type, name, sizeof name);
    out_text(out, "%s at %08" PRIx32 " (kernel stack of pid %" PRId64 " %s", name, view->address,
             view->tale->process.pid, view->tale->process.name);
    if (view->top != 0)
        out_text(out, ", %" PRIu32 " bytes below its top %08" PRIx32, view->top - view->address,
                 view->top);
    out_text(out, ")   trap at tick %s%s\n", story_say_ticks(story->tick, tick, sizeof tick),
             story->end == STORY_RETURNED ? ", over: as it was at the return" : "");
    out_string(out, "type", "%s", name);
    out_number(out, "address", view->address);
    out_number(out, "pid", view->tale->process.pid);
    out_string(out, "program", "%s", view->tale->process.name);
    out_number(out, "tick", (int64_t)story->tick);
    out_boolean(out, "returned", story->end == STORY_RETURNED);
}

/* Where the processor pushes, the frame ends at the top of the kernel stack. */
static bool find_frame(struct frame_view *view)
{
    const struct story *story = view->story;
    if (!tale_find_frame(view->session, story, view->type->size, &view->address))
        return false;
    if (story->words > 0 && story->word[0].step != 0)
        view->top = view->address + view->type->size;
    return true;
}

static bool say_trapframe(struct session *session, const struct story *story)
{
    const struct tale *tale = story->extra;
    struct scope scope = session_scope(session);
    const char *name = tale->path->trapframe_type;
    scope.image = symbols_kernel(&session->symbols);
    if (name == NULL)
        return out_error(&session->out, "The profile does not say what the trapframe's type is.");
    struct frame_view view = {
        .session = session, .story = story, .tale = tale, .type = lookup_type(&scope, name)};
    if (view.type == NULL || view.type->size == 0)
        return out_error(&session->out, "The kernel's symbols have no type %s.", name);
    if (story->words == 0 && session->arch->say_trap_registers == NULL)
        return out_error(&session->out, "Nothing has been pushed yet: `cycle` goes on.");
    if (!find_frame(&view))
        return out_error(
            &session->out,
            "The kernel's stack is not in use yet, and nothing is stored: the registers "
            "are still the program's. `cycle` and `stepi` go on.");
    if (!find_comparable(&view))
        return false;
    say_heading(&view);
    say_last(&view);
    if (session->arch->say_trap_registers != NULL)
        session->arch->say_trap_registers(session, story);
    say_frame_table(&view);
    story_free(view.last.story);
    return true;
}

bool cmd_trapframe(struct session *session, const struct command_args *args)
{
    struct timeline_position from;
    if (*args->text != '\0')
        return out_error(&session->out, "trapframe takes no argument");
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    bool found = session_in_kernel(session) || timeline_now(session->timeline).micro > 0
                     ? stories_last_trap(session, &from)
                     : stories_last_call(session, &from);
    if (!found)
        return out_error(&session->out, "No program has trapped yet: `syscall` runs to a call.");
    struct story *story = stories_replay(session, from);
    if (story == NULL)
        return false;
    bool fine = say_trapframe(session, story);
    story_free(story);
    return fine;
}
