/* view: what the window shows of a session, as plain data: gathered once at every stop. */
#include "debugger/gui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/show.h"
#include "emu/base/bug.h"

void view_init(struct view *view)
{
    *view = (struct view){.memory_before = UINT32_MAX, .shown = 1};
}

static void drop(json_t **answer)
{
    json_decref(*answer);
    *answer = NULL;
}

static void drop_answers(struct view *view)
{
    drop(&view->trapframe);
    drop(&view->processes);
    drop(&view->frames);
    drop(&view->walk);
    drop(&view->steps);
    drop(&view->devices);
}

void view_free(struct view *view)
{
    drop_answers(view);
    free(view->scene);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* The session's output, put aside while an answer is caught. */
struct aside {
    struct output out;
    char *text, *errors;
    size_t text_size, errors_size;
};

static void catch_output(struct session *session, struct aside *aside)
{
    aside->out = session->out;
    FILE *text = open_memstream(&aside->text, &aside->text_size);
    FILE *errors = open_memstream(&aside->errors, &aside->errors_size);
    bug_unless(text != NULL && errors != NULL);
    out_init(&session->out, text, errors);
}

static void put_back(struct session *session, struct aside *aside)
{
    fclose(session->out.text);
    fclose(session->out.errors);
    out_free(&session->out);
    session->out = aside->out;
}

static json_t *end_catching(struct session *session, struct aside *aside)
{
    put_back(session, aside);
    json_t *answer = json_loads(aside->text, JSON_ALLOW_NUL, NULL);
    free(aside->text);
    free(aside->errors);
    return answer;
}

/* Neither RET nor the selected frame knows of it. */
static void ask(struct session *session, const char *line)
{
    struct stop stop = session->stop;
    unsigned current = session->current;
    session->source_depth++;
    session_do(session, line);
    session->source_depth--;
    session->stop = stop;
    frames_unwind(session);
    session->current = current;
}

json_t *view_ask(struct session *session, const char *line)
{
    struct aside aside;
    char asked[256];
    snprintf(asked, sizeof asked, "%s --json", line);
    catch_output(session, &aside);
    ask(session, asked);
    return end_catching(session, &aside);
}

void view_ask_text(struct session *session, const char *line, char *to, size_t room)
{
    struct aside aside;
    catch_output(session, &aside);
    ask(session, line);
    put_back(session, &aside);
    snprintf(to, room, "%s%s", aside.text, aside.errors);
    free(aside.text);
    free(aside.errors);
}

const char *view_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

int64_t view_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool view_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* --- parts ------------------------------------------------------------------------------------ */

static void gather_registers(struct view *view, struct session *session, bool moved)
{
    const struct cpu_register *row = session->cpu->ops->registers;
    bool first = view->registers == 0;
    view->registers = 0;
    for (unsigned i = 0; row[i].name != NULL && view->registers < VIEW_REGISTERS; i++) {
        struct view_register *reg = &view->reg[view->registers];
        uint64_t value = 0;
        if (!session->cpu->ops->reg_get(session->cpu, i, &value))
            continue;
        uint64_t before = first ? value : moved ? reg->value : reg->before;
        *reg = (struct view_register){row[i].name, row[i].group, value,
                                      before,      row[i].bits,  value != before};
        view->registers++;
    }
}

static void gather_who(struct view *view, struct session *session)
{
    struct process process;
    const struct cpu_ops *ops = session->cpu->ops;
    view->architecture = ops->name;
    view->privilege = ops->privilege(session->cpu);
    view->kernel = view->privilege == 0;
    view->pc = ops->pc(session->cpu);
    view->sp = ops->sp(session->cpu);
    const char *mode = view->kernel ? "kernel" : "user";
    const char *name = view->kernel ? session->arch->kernel : session->arch->user;
    snprintf(view->mode, sizeof view->mode, "%s %s", name, strcmp(name, mode) == 0 ? "mode" : mode);
    if (session->profile == NULL || !process_current(session, &process))
        snprintf(view->process, sizeof view->process, "no process");
    else
        snprintf(view->process, sizeof view->process, "pid %" PRId64 " %s", process.pid,
                 process.name);
}

/* Names of the words that the trapframe and the frames own. */
static void name_word(struct view *view, struct session *session, struct view_word *word)
{
    json_t *field;
    size_t i;
    json_array_foreach(json_object_get(view->trapframe, "words"), i, field)
    {
        uint32_t address = (uint32_t)view_number(field, "address");
        if (address - word->address < 4 && address == word->address)
            snprintf(word->name, sizeof word->name, "tf.%s", view_string(field, "field"));
    }
    if (word->address == view->sp && word->name[0] == '\0')
        snprintf(word->name, sizeof word->name, "%s",
                 arch_register(session->arch, session->arch->sp));
}

static void gather_stack(struct view *view, struct session *session, bool moved)
{
    struct view_word old[VIEW_WORDS];
    unsigned olds = moved ? view->words : 0;
    memcpy(old, view->word, sizeof old);
    uint32_t from = view->sp & ~3u;
    bool same = !moved && view->words > 0 && view->word[0].address == from;
    view->words = 0;
    snprintf(view->stack_title, sizeof view->stack_title, "%s stack",
             view->kernel ? "kernel" : "user");
    for (unsigned i = 0; i < VIEW_WORDS; i++) {
        struct view_word *word = &view->word[i];
        bool was_changed = same && word->changed;
        *word = (struct view_word){.address = from + 4 * i};
        if (word->address < from || !session_peek_word(session, word->address, &word->value))
            break;
        word->changed = was_changed;
        for (unsigned j = 0; j < olds; j++)
            if (old[j].address == word->address)
                word->changed = old[j].value != word->value;
        if (olds > 0 && word->address < old[0].address && old[0].address - from < 4096)
            word->changed = true; /* pushed since */
        name_word(view, session, word);
        struct image *image = session_image(session, word->value);
        if (image != NULL && image_symbol(image, word->value) != NULL)
            session_symbol(session, word->value, word->means, sizeof word->means);
        view->words++;
    }
}

static void gather_memory(struct view *view, struct session *session, bool moved)
{
    if (moved) {
        memcpy(view->byte_before, view->byte, sizeof view->byte);
        view->memory_before = view->memory;
    }
    if (!view->memory_given)
        view->memory = view->sp & ~15u;
    for (unsigned i = 0; i < VIEW_MEMORY; i++)
        view->there[i] = session_peek(session, view->memory + i, &view->byte[i], 1);
}

/* --- micro-steps ------------------------------------------------------------------------------ */

#define STEPS_MOST 400u

struct steps {
    struct session *session;
    uint64_t count;      /* of the delivery or return */
    unsigned said, done; /* of `said`, so many were done at the present moment */
    uint64_t seen;
};

static void say_step(struct steps *steps, uint64_t number)
{
    const struct trace_event *event = trace_at(&steps->session->machine->trace, number);
    if (event == NULL || event->kind != TRACE_STEP || event->count != steps->count ||
        steps->said == STEPS_MOST)
        return;
    show_micro_step(steps->session, event);
    steps->said++;
}

static bool step_ahead(void *context, struct cpu *cpu, const struct trace_event *ignored)
{
    struct steps *steps = context;
    (void)ignored;
    for (; steps->seen < cpu->trace->written; steps->seen++)
        say_step(steps, steps->seen);
    return false;
}

/* What follows, where it has already happened. */
static void say_steps_ahead(struct steps *steps)
{
    struct session *session = steps->session;
    struct cpu_observer observer = {.context = steps, .micro = step_ahead};
    struct timeline_position now = timeline_now(session->timeline), end = {0, steps->count + 1, 0},
                             frontier = timeline_frontier(session->timeline);
    if (timeline_compare(frontier, end) < 0)
        end = frontier;
    if (timeline_compare(now, end) >= 0)
        return;
    unsigned current = session->current;
    steps->seen = session->machine->trace.written;
    stops_scan(session, now, end, &observer);
    frames_unwind(session);
    session->current = current;
}

/* Number of the event behind the newest micro-step; 0 = none is known. */
static uint64_t behind_last_step(const struct trace *trace)
{
    const struct trace_event *event;
    uint64_t end = trace->written;
    while (end > 0 && (event = trace_at(trace, end - 1)) != NULL && event->kind != TRACE_STEP)
        end--;
    return end == 0 || trace_at(trace, end - 1) == NULL ? 0 : end;
}

/* Those of the delivery or return in progress, or of the last one. */
static void gather_steps(struct view *view, struct session *session)
{
    const struct trace *trace = &session->machine->trace;
    const struct trace_event *event;
    struct aside aside;
    uint64_t end = behind_last_step(trace), from = end;
    if (end == 0)
        return;
    struct steps steps = {.session = session, .count = trace_at(trace, end - 1)->count};
    while (from > 0 && (event = trace_at(trace, from - 1)) != NULL && event->count == steps.count &&
           end - from < STEPS_MOST)
        from--;
    catch_output(session, &aside);
    out_begin(&session->out, true);
    out_array(&session->out, "steps");
    for (; from < end; from++)
        say_step(&steps, from);
    steps.done = steps.said;
    if (view->now.micro > 0 && !view->quiz)
        say_steps_ahead(&steps);
    out_close(&session->out);
    out_number(&session->out, "count", (int64_t)steps.count);
    out_number(&session->out, "done", steps.done);
    out_end(&session->out);
    view->steps = end_catching(session, &aside);
}

void view_step_lines(const struct view *view, size_t done, char *to, size_t room)
{
    const json_t *first = json_array_get(json_object_get(view->steps, "steps"), 0);
    int used = snprintf(to, room, "goto %" PRIu64, (ticks)view_number(first, "tick"));
    if (done > 0 && (size_t)used < room)
        snprintf(to + used, room - (size_t)used, "\ncycle %zu", done);
}

static void gather_walk(struct view *view, struct session *session)
{
    char line[32];
    uint32_t address = view->walk_given ? view->walk_address : view->sp;
    snprintf(view->walk_of, sizeof view->walk_of, "%s",
             view->walk_given ? "" : arch_register(session->arch, session->arch->sp));
    snprintf(line, sizeof line, "%s 0x%" PRIx32, session->arch->page_command, address);
    view->walk = view_ask(session, line);
    view->walk_text[0] = '\0';
    if (json_object_get(view->walk, "cr3") != NULL)
        return;
    view_ask_text(session, line, view->walk_text, sizeof view->walk_text - 2);
    size_t used = strlen(view->walk_text);
    strcpy(view->walk_text + used++, "\n");
    view_ask_text(session, "tlb", view->walk_text + used, sizeof view->walk_text - used);
}

static void gather_scene(struct view *view, struct session *session)
{
    struct aside aside;
    if (view->scene == NULL)
        view->scene = bug_alloc(1, sizeof *view->scene);
    struct stop stop = session->stop;
    catch_output(session, &aside);
    out_begin(&session->out, true);
    bool found = scene_gather(session, view->scene);
    out_end(&session->out);
    json_decref(end_catching(session, &aside));
    session->stop = stop;
    if (found) {
        view->beat = scene_beat_at(view->scene, view->now);
        return;
    }
    free(view->scene);
    view->scene = NULL;
}

void view_gather(struct view *view, struct session *session, unsigned parts)
{
    struct timeline_position now = timeline_now(session->timeline);
    bool moved = timeline_compare(now, view->now) != 0 && view->stop > 0;
    view->stop++;
    view->now = now;
    view->frontier = timeline_frontier(session->timeline);
    view->origin = timeline_origin(session->timeline);
    drop_answers(view);
    gather_who(view, session);
    gather_registers(view, session, moved);
    if (parts & (VIEW_TRAPFRAME | VIEW_STACK) && session->profile != NULL)
        view->trapframe = view_ask(session, "trapframe");
    gather_steps(view, session);
    if (parts & VIEW_SCENE && session->profile != NULL)
        gather_scene(view, session);
    view_gather_reason(view, session);
    if (parts & VIEW_CODE)
        view_gather_code(view, session);
    if (parts & VIEW_STACK)
        gather_stack(view, session, moved);
    if (parts & VIEW_BYTES)
        gather_memory(view, session, moved);
    if (parts & VIEW_PROCESSES && session->profile != NULL)
        view->processes = view_ask(session, "ps");
    if (parts & VIEW_FRAMES)
        view->frames = view_ask(session, "backtrace");
    if (parts & VIEW_DEVICES)
        view->devices = view_ask(session, "info devices");
    if (parts & VIEW_WALK)
        gather_walk(view, session);
}
