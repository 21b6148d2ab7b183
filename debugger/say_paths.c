/* say_paths: the calls of one program by several paths, side by side: as text and as JSON. */
#include "debugger/say_paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/output.h"
#include "debugger/story_say.h"

#define LABEL       20 /* columns of the first column */
#define WIDTH       106
#define WIDEST      36
#define NAMES       64u
#define PAGE_CYCLES 24u /* of a page's entries, as text */

/* --- asking ----------------------------------------------------------------------------------- */

bool paths_find(const struct paths *paths, const char *name, unsigned n,
                const struct watched_call *call[LAUNCH_PATHS])
{
    bool found = false;
    for (unsigned i = 0; i < paths->runs; i++) {
        call[i] = watched_nth(&paths->run[i], name, n);
        found |= call[i] != NULL;
    }
    return found;
}

const char *paths_call_text(const struct paths *paths,
                            const struct watched_call *const call[LAUNCH_PATHS])
{
    const char *name = "";
    for (unsigned i = 0; i < paths->runs; i++) {
        const struct watched_trap *trap =
            call[i] == NULL ? NULL : watched_trap(&paths->run[i], call[i], 0);
        if (trap != NULL && strcmp(trap->name, call[i]->name) == 0)
            return trap->text;
        if (call[i] != NULL)
            name = call[i]->name;
    }
    return name;
}

const char *paths_trap_text(const struct watched_run *run, const struct watched_call *call,
                            char *to, size_t room)
{
    const struct watched_trap *trap = call == NULL ? NULL : watched_trap(run, call, 0);
    if (call == NULL)
        snprintf(to, room, "-");
    else if (trap == NULL)
        snprintf(to, room, "no trap");
    else if (call->traps == 1)
        snprintf(to, room, "%s", trap->instruction);
    else
        snprintf(to, room, "%s, %u times", trap->instruction, call->traps);
    return to;
}

const char *paths_state_name(const struct watched_run *run, unsigned state)
{
    for (unsigned i = 0; i < run->state_names; i++)
        if (run->state_name[i].number == state)
            return run->state_name[i].name;
    return "?";
}

/* --- uses of a page's entries ----------------------------------------------------------------- */

/* From one change of an entry's state to the next; NULL = there is none. */
static const struct watched_state *next_state(const struct watched_run *run,
                                              const struct watched_state *state)
{
    for (const struct watched_state *s = state + 1; s < run->state + run->states; s++)
        if (s->entry == state->entry && !s->dropped)
            return s;
    return NULL;
}

/* Is it the beginning of a use: the first change of its entry, or its first state again? */
static bool begins_use(const struct watched_run *run, const struct watched_state *state)
{
    for (const struct watched_state *s = run->state; s < state; s++)
        if (s->entry == state->entry)
            return s->state == state->state;
    return true;
}

static unsigned count_uses(const struct watched_run *run)
{
    unsigned uses = 0;
    for (unsigned i = 0; i < run->states; i++)
        uses += !run->state[i].dropped && begins_use(run, &run->state[i]);
    return uses;
}

/* --- names of calls, in the order in which they come first ------------------------------------ */

struct names {
    const char *name[NAMES];
    unsigned used;
};

static void add_name(struct names *names, const char *name)
{
    for (unsigned i = 0; i < names->used; i++)
        if (strcmp(names->name[i], name) == 0)
            return;
    if (names->used < NAMES)
        names->name[names->used++] = name;
}

static struct names all_names(const struct paths *paths, const char *only)
{
    struct names names = {.used = 0};
    for (unsigned i = 0; i < paths->runs; i++)
        for (unsigned j = 0; j < paths->run[i].calls; j++)
            if (only == NULL || strcmp(paths->run[i].call[j].name, only) == 0)
                add_name(&names, paths->run[i].call[j].name);
    return names;
}

/* --- a table as text -------------------------------------------------------------------------- */

struct table {
    struct output *out;
    const struct paths *paths;
    const struct watched_call *const *call;
    struct watched_sum sum[LAUNCH_PATHS];
    int width; /* of a path's column */
};

static int column_width(const struct paths *paths)
{
    int width = paths->runs == 0 ? WIDEST : (WIDTH - LABEL) / (int)paths->runs;
    return width > WIDEST ? WIDEST : width;
}

/* One row; `cell` gives each path's words. */
typedef void cell_fn(const struct table *table, unsigned path, unsigned row, char *to, size_t room);

static void say_row(const struct table *table, const char *label, unsigned row, cell_fn *cell)
{
    struct output *out = table->out;
    out_text(out, "  %-*.*s ", LABEL - 3, LABEL - 3, label);
    for (unsigned i = 0; i < table->paths->runs; i++) {
        char text[128] = "-";
        bool last = i + 1 == table->paths->runs;
        if (table->sum[i].calls > 0)
            cell(table, i, row, text, sizeof text);
        if (last)
            out_text(out, "%.*s", table->width - 1, text);
        else
            out_text(out, "%-*.*s", table->width, table->width - 1, text);
    }
    out_text(out, "\n");
}

static void name_cell(const struct table *table, unsigned path, unsigned row, char *to, size_t room)
{
    (void)row;
    snprintf(to, room, "%s", table->paths->run[path].path);
}

static void trap_cell(const struct table *table, unsigned path, unsigned row, char *to, size_t room)
{
    (void)row;
    paths_trap_text(&table->paths->run[path], table->call[path], to, room);
}

static void switches_cell(const struct table *table, unsigned path, unsigned row, char *to,
                          size_t room)
{
    (void)row;
    snprintf(to, room, "%u", table->sum[path].switches);
}

static void words_cell(const struct table *table, unsigned path, unsigned row, char *to,
                       size_t room)
{
    const struct watched_sum *sum = &table->sum[path];
    (void)row;
    if (sum->traps > 0)
        snprintf(to, room, "%u CPU, %u code", sum->words_cpu, sum->words_code);
}

static void dispatch_cell(const struct table *table, unsigned path, unsigned row, char *to,
                          size_t room)
{
    const struct watched_trap *trap = watched_trap(&table->paths->run[path], table->call[path], 0);
    (void)row;
    if (trap != NULL)
        snprintf(to, room, "%s", trap->dispatch);
}

static void chooser_cell(const struct table *table, unsigned path, unsigned row, char *to,
                         size_t room)
{
    const struct watched_trap *trap = watched_trap(&table->paths->run[path], table->call[path], 0);
    (void)row;
    if (trap != NULL)
        snprintf(to, room, "%s", trap->is_switch ? "switch" : "table");
}

static void worker_cell(const struct table *table, unsigned path, unsigned row, char *to,
                        size_t room)
{
    (void)row;
    if (table->call[path]->worker[0] != '\0')
        snprintf(to, room, "%s", table->call[path]->worker);
}

static void handler_cell(const struct table *table, unsigned path, unsigned row, char *to,
                         size_t room)
{
    const struct watched_trap *trap = watched_trap(&table->paths->run[path], table->call[path], 0);
    (void)row;
    if (trap != NULL)
        snprintf(to, room, "%s", trap->symbol[PHASE_HANDLER]);
}

static void phase_cell(const struct table *table, unsigned path, unsigned row, char *to,
                       size_t room)
{
    const struct watched_sum *sum = &table->sum[path];
    if (sum->there[row])
        story_say_ticks(sum->ticks[row], to, room);
}

static void hardware_cell(const struct table *table, unsigned path, unsigned row, char *to,
                          size_t room)
{
    (void)row;
    story_say_ticks(table->sum[path].sums.hardware, to, room);
}

static void code_cell(const struct table *table, unsigned path, unsigned row, char *to, size_t room)
{
    (void)row;
    story_say_ticks(table->sum[path].sums.code, to, room);
}

static void kernel_cell(const struct table *table, unsigned path, unsigned row, char *to,
                        size_t room)
{
    (void)row;
    story_say_ticks(table->sum[path].sums.kernel, to, room);
}

static void library_cell(const struct table *table, unsigned path, unsigned row, char *to,
                         size_t room)
{
    (void)row;
    if (table->sum[path].calls > table->sum[path].open)
        story_say_ticks(table->sum[path].library, to, room);
}

static void whole_cell(const struct table *table, unsigned path, unsigned row, char *to,
                       size_t room)
{
    (void)row;
    if (table->sum[path].calls > table->sum[path].open)
        story_say_ticks(table->sum[path].whole, to, room);
    else
        snprintf(to, room, "does not return");
}

static void say_phases(const struct table *table)
{
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++) {
        bool there = false;
        for (unsigned i = 0; i < table->paths->runs; i++)
            there |= table->sum[i].there[phase];
        if (there)
            say_row(table,
                    phase == PHASE_GATE ? table->paths->run[0].delivery : story_phase_name(phase),
                    phase, phase_cell);
    }
}

static void say_ticks(const struct table *table)
{
    say_phases(table);
    say_row(table, "hardware", 0, hardware_cell);
    say_row(table, "entry, exit code", 0, code_cell);
    say_row(table, "kernel work", 0, kernel_cell);
    say_row(table, "outside of traps", 0, library_cell);
    say_row(table, "all of it", 0, whole_cell);
}

static void begin_table(struct table *table, struct output *out, const struct paths *paths,
                        const struct watched_call *const *call)
{
    *table = (struct table){.out = out, .paths = paths, .call = call, .width = column_width(paths)};
}

static void say_disturbed(const struct table *table)
{
    for (unsigned i = 0; i < table->paths->runs; i++) {
        char inside[32], away[32];
        const struct watched_sum *sum = &table->sum[i];
        if (sum->interrupts > 0 || sum->away > 0)
            out_text(table->out,
                     "  by %s: traps inside it %u, %s ticks; others ran %s ticks meanwhile\n",
                     table->paths->run[i].path, sum->interrupts,
                     story_say_ticks(sum->interrupted, inside, sizeof inside),
                     story_say_ticks(sum->away, away, sizeof away));
    }
}

static void say_call(struct output *out, const struct paths *paths,
                     const struct watched_call *const call[LAUNCH_PATHS])
{
    struct table table;
    begin_table(&table, out, paths, call);
    for (unsigned i = 0; i < paths->runs; i++)
        if (call[i] != NULL)
            watched_add(&table.sum[i], &paths->run[i], call[i]);
    out_text(out, "%s%.*s%s\n", out_style(out, OUT_HEAD), WIDTH, paths_call_text(paths, call),
             out_style(out, OUT_PLAIN));
    say_row(&table, "path", 0, name_cell);
    for (unsigned i = 0; i < paths->runs; i++)
        if (call[i] != NULL && call[i]->worker[0] != '\0') {
            say_row(&table, "in the library", 0, worker_cell);
            break;
        }
    say_row(&table, "trap", 0, trap_cell);
    say_row(&table, "mode switches", 0, switches_cell);
    say_row(&table, "words saved", 0, words_cell);
    say_row(&table, "chosen by a", 0, chooser_cell);
    say_row(&table, "which is", 0, dispatch_cell);
    say_row(&table, "handler", 0, handler_cell);
    say_ticks(&table);
    say_disturbed(&table);
    out_text(out, "\n");
}

/* --- all calls -------------------------------------------------------------------------------- */

static void count_cell(const struct table *table, unsigned path, unsigned row, char *to,
                       size_t room)
{
    const struct watched_sum *sum = &table->sum[path];
    char number[32];
    (void)row;
    snprintf(to, room, "%u x, %u trap%s%s%s", sum->calls, sum->traps, sum->traps == 1 ? "" : "s",
             sum->calls > sum->open ? ", " : "",
             sum->calls > sum->open ? story_say_ticks(sum->whole, number, sizeof number) : "");
}

static void traps_cell(const struct table *table, unsigned path, unsigned row, char *to,
                       size_t room)
{
    (void)row;
    snprintf(to, room, "%u", table->sum[path].traps);
}

static void untrapped_cell(const struct table *table, unsigned path, unsigned row, char *to,
                           size_t room)
{
    const struct watched_run *run = &table->paths->run[path];
    unsigned without = 0;
    (void)row;
    for (unsigned i = 0; i < run->calls; i++)
        without += run->call[i].traps == 0;
    snprintf(to, room, "%u of %u", without, run->calls);
}

static void page_cell(const struct table *table, unsigned path, unsigned row, char *to, size_t room)
{
    unsigned uses = count_uses(&table->paths->run[path]);
    (void)row;
    if (uses > 0)
        snprintf(to, room, "%u", uses);
}

static void add_named(struct table *table, const char *name)
{
    const struct paths *paths = table->paths;
    for (unsigned i = 0; i < paths->runs; i++)
        for (unsigned j = 0; j < paths->run[i].calls; j++)
            if (name == NULL || strcmp(paths->run[i].call[j].name, name) == 0)
                watched_add(&table->sum[i], &paths->run[i], &paths->run[i].call[j]);
}

static void say_all(struct output *out, const struct paths *paths, const struct names *names)
{
    struct table table;
    begin_table(&table, out, paths, NULL);
    add_named(&table, NULL);
    out_text(out, "%sAll calls%s: how many, traps, ticks\n", out_style(out, OUT_HEAD),
             out_style(out, OUT_PLAIN));
    say_row(&table, "path", 0, name_cell);
    for (unsigned i = 0; i < names->used; i++) {
        struct table one;
        begin_table(&one, out, paths, NULL);
        add_named(&one, names->name[i]);
        say_row(&one, names->name[i], 0, count_cell);
    }
    say_row(&table, "traps", 0, traps_cell);
    say_row(&table, "without a trap", 0, untrapped_cell);
    for (unsigned i = 0; i < paths->runs; i++)
        if (paths->run[i].states > 0) {
            say_row(&table, "left on a page", 0, page_cell);
            break;
        }
    say_row(&table, "mode switches", 0, switches_cell);
    say_row(&table, "words saved", 0, words_cell);
    say_ticks(&table);
    out_text(out, "\n");
}

/* --- a page of calls -------------------------------------------------------------------------- */

/* One use of an entry: its states up to the first one again, and how long it had each. */
static void say_use(struct output *out, const struct watched_run *run,
                    const struct watched_state *state)
{
    char number[32];
    uint8_t first = state->state;
    out_text(out, "  entry %-3u %13s  %s", state->entry,
             story_say_ticks(state->tick, number, sizeof number),
             paths_state_name(run, state->state));
    for (const struct watched_state *next; (next = next_state(run, state)) != NULL; state = next) {
        out_text(out, " %s", story_say_ticks(next->tick - state->tick, number, sizeof number));
        if (state->again > 0)
            out_text(out, " (tried %u times more)", state->again);
        out_text(out, " %s", paths_state_name(run, next->state));
        if (next->state == first || next_state(run, next) == NULL ||
            next_state(run, next)->state == first)
            break;
    }
    out_text(out, "\n");
}

static void say_page(struct output *out, const struct watched_run *run)
{
    unsigned uses = 0;
    if (run->states == 0)
        return;
    out_text(out,
             "%sThe page of %s%s: each use of an entry, from which tick on, and the ticks in each "
             "state\n",
             out_style(out, OUT_HEAD), run->path, out_style(out, OUT_PLAIN));
    for (unsigned i = 0; i < run->states; i++)
        if (!run->state[i].dropped && begins_use(run, &run->state[i]) && uses++ < PAGE_CYCLES)
            say_use(out, run, &run->state[i]);
    if (uses > PAGE_CYCLES)
        out_text(out, "  and %u more: --format json has them all\n", uses - PAGE_CYCLES);
    out_text(out, "\n");
}

/* --- as JSON ---------------------------------------------------------------------------------- */

static void json_sum(struct output *out, const struct watched_run *run,
                     const struct watched_sum *sum)
{
    out_number(out, "traps", sum->traps);
    out_number(out, "mode_switches", sum->switches);
    out_number(out, "words_by_cpu", sum->words_cpu);
    out_number(out, "words_by_code", sum->words_code);
    out_number(out, "checks", sum->checks);
    out_number(out, "registers_set", sum->registers);
    out_object(out, "phases");
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++)
        if (sum->there[phase])
            out_number(out, phase == PHASE_GATE ? run->delivery : story_phase_name(phase),
                       (int64_t)sum->ticks[phase]);
    out_close(out);
    out_number(out, "hardware_ticks", (int64_t)sum->sums.hardware);
    out_number(out, "code_ticks", (int64_t)sum->sums.code);
    out_number(out, "kernel_ticks", (int64_t)sum->sums.kernel);
    if (sum->calls > sum->open) {
        out_number(out, "outside_ticks", (int64_t)sum->library);
        out_number(out, "ticks", (int64_t)sum->whole);
    }
    out_number(out, "traps_inside", sum->interrupts);
    out_number(out, "traps_inside_ticks", (int64_t)sum->interrupted);
    out_number(out, "away_ticks", (int64_t)sum->away);
}

static void json_path(struct output *out, const struct watched_run *run,
                      const struct watched_call *call)
{
    struct watched_sum sum = {0};
    const struct watched_trap *trap;
    if (call == NULL) {
        out_null(out, run->path);
        return;
    }
    watched_add(&sum, run, call);
    out_object(out, run->path);
    out_boolean(out, "returned", !call->open);
    if (call->worker[0] != '\0')
        out_string(out, "in_library", "%s", call->worker);
    json_sum(out, run, &sum);
    out_array(out, "calls");
    for (unsigned i = 0; (trap = watched_trap(run, call, i)) != NULL; i++) {
        out_object(out, NULL);
        out_string(out, "call", "%s", trap->text);
        out_string(out, "trap", "%s", trap->instruction);
        out_string(out, "dispatch", "%s", trap->dispatch);
        out_boolean(out, "is_switch", trap->is_switch);
        out_string(out, "handler", "%s", trap->symbol[PHASE_HANDLER]);
        out_close(out);
    }
    out_close(out);
    out_close(out);
}

static void json_call(struct output *out, const struct paths *paths, const char *name, unsigned nth,
                      const struct watched_call *const call[LAUNCH_PATHS])
{
    out_string(out, "name", "%s", name);
    out_number(out, "nth", nth + 1);
    out_object(out, "paths");
    for (unsigned i = 0; i < paths->runs; i++)
        json_path(out, &paths->run[i], call[i]);
    out_close(out);
}

static void json_states(struct output *out, const struct watched_run *run)
{
    out_array(out, "entries");
    for (unsigned i = 0; i < run->states; i++) {
        const struct watched_state *state = &run->state[i];
        if (state->dropped)
            continue;
        out_object(out, NULL);
        out_number(out, "tick", (int64_t)state->tick);
        out_number(out, "entry", state->entry);
        out_string(out, "state", "%s", paths_state_name(run, state->state));
        out_string(out, "by", "%s", state->kernel ? "kernel" : "program");
        if (state->again > 0)
            out_number(out, "again", state->again);
        out_close(out);
    }
    out_close(out);
}

static void json_totals(struct output *out, const struct paths *paths)
{
    struct table table;
    begin_table(&table, out, paths, NULL);
    add_named(&table, NULL);
    out_object(out, "totals");
    for (unsigned i = 0; i < paths->runs; i++) {
        const struct watched_run *run = &paths->run[i];
        out_object(out, run->path);
        out_number(out, "status", run->status);
        out_number(out, "calls", table.sum[i].calls);
        json_sum(out, run, &table.sum[i]);
        if (run->states > 0) {
            out_number(out, "left_on_a_page", count_uses(run));
            json_states(out, run);
        }
        out_close(out);
    }
    out_close(out);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void say_one(struct output *out, const struct paths *paths, const char *name, unsigned nth,
                    const struct watched_call *const call[LAUNCH_PATHS], bool json)
{
    out_begin(out, json);
    if (json)
        json_call(out, paths, name, nth, call);
    else
        say_call(out, paths, call);
    out_end(out);
}

bool paths_say(const struct paths *paths, const char *syscall, bool json, FILE *to)
{
    struct output out;
    struct names names = all_names(paths, syscall);
    const struct watched_call *call[LAUNCH_PATHS];
    bool every = json || syscall != NULL;
    if (names.used == 0 && syscall != NULL)
        return false;
    out_init(&out, to, stderr);
    for (unsigned i = 0; i < names.used; i++)
        for (unsigned n = 0; (n == 0 || every) && paths_find(paths, names.name[i], n, call); n++)
            say_one(&out, paths, names.name[i], n, call, json);
    out_begin(&out, json);
    if (json && syscall == NULL)
        json_totals(&out, paths);
    if (syscall == NULL && !json)
        say_all(&out, paths, &names);
    for (unsigned i = 0; !json && i < paths->runs; i++)
        say_page(&out, &paths->run[i]);
    out_end(&out);
    out_free(&out);
    return true;
}
