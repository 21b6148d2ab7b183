/* watch: a program run under observation: its traps from their stories, and its library's calls. */
#include "debugger/watch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/attach.h"
#include "debugger/cmd_run.h"
#include "debugger/drive.h"
#include "emu/base/bug.h"

#define STUBS  256u
#define LOWEST 4096u /* no array of a kernel's is there: a pointer that is still null */
#define INPUT  (UINT64_C(64) << 20) /* bytes of standard input that all runs are given */

struct stub {
    uint32_t address;
    const char *name;
};

struct watcher {
    struct watched_run *run;
    struct options options;
    struct launch launch;
    struct attachment attachment;
    struct session session;
    struct stories stories;
    struct cpu_observer inner; /* of the stories */
    const char *program;       /* its name in the guest */
    int64_t pid;               /* of the program; -1 = it has made no call yet */
    struct stub stub[STUBS];
    unsigned stubs;
    struct stub worker[STUBS]; /* functions of the path in the program: stage user */
    unsigned workers;
    struct watched_call *open; /* NULL = the program is in none */
    uint32_t back, back_sp;    /* of the open call: where it returns to */
    uint32_t page;             /* physical address of the page of calls; 0 = none yet */
    uint32_t page_bytes, entry_bytes, state_offset;
};

/* --- a page of calls -------------------------------------------------------------------------- */

/* Where the profile says that the entries are, once there are any. */
static void find_page(struct watcher *w)
{
    const struct profile *path = profile_named(w->session.profile, w->run->path);
    struct session *session = &w->session;
    struct scope scope;
    struct member member;
    struct value value;
    if (w->page != 0 || path == NULL || path->entry_state == NULL ||
        !process_eval(session, PROFILE_ENTRIES, process_current_address(session), &value, &scope) ||
        value.type->kind != TYPE_ARRAY || value.address < LOWEST ||
        !type_member(type_target(value.type), path->entry_state, &member) ||
        !session_translate(session, value.address, &w->page))
        return;
    w->entry_bytes = type_target(value.type)->size;
    w->page_bytes = w->entry_bytes * value.type->count;
    w->state_offset = member.offset;
}

/* The change of this entry before the i-th one of all; NULL = none. */
static struct watched_state *state_before(struct watched_run *run, unsigned i, unsigned entry)
{
    while (i-- > 0)
        if (run->state[i].entry == entry && !run->state[i].dropped)
            return &run->state[i];
    return NULL;
}

/* A call that has to wait is tried again and again. What repeats, A B A B, is kept as A B. */
static bool is_again(struct watched_run *run, unsigned entry, unsigned state)
{
    struct watched_state *last[3] = {NULL};
    unsigned i = run->states;
    for (unsigned n = 0; n < 3; n++) {
        last[n] = state_before(run, i, entry);
        if (last[n] == NULL)
            return false;
        i = (unsigned)(last[n] - run->state);
    }
    if (last[1]->state != state || last[2]->state != last[0]->state)
        return false;
    last[1]->again++;
    last[0]->dropped = true;
    run->states -= last[0] == &run->state[run->states - 1];
    return true;
}

static void note_state(struct watcher *w, struct cpu *cpu, const struct cpu_access *access)
{
    struct watched_run *run = w->run;
    uint32_t at = access->physical - w->page;
    if (w->page == 0 || at >= w->page_bytes || at % w->entry_bytes != w->state_offset)
        return;
    unsigned entry = at / w->entry_bytes;
    if (is_again(run, entry, (uint8_t)access->value) || run->states == WATCH_STATES)
        return;
    run->state[run->states++] = (struct watched_state){.tick = cpu->clock->s.now,
                                                       .entry = (uint16_t)entry,
                                                       .state = (uint8_t)access->value,
                                                       .kernel = cpu->ops->privilege(cpu) == 0};
    if (entry >= run->entries)
        run->entries = entry + 1;
}

static void name_states(struct watcher *w)
{
    const struct profile *path = profile_named(w->session.profile, w->run->path);
    struct watched_run *run = w->run;
    for (unsigned i = 0; path != NULL && i < path->state_names; i++) {
        if (run->state_names == sizeof run->state_name / sizeof *run->state_name)
            return;
        run->state_name[run->state_names].number = path->state_name[i].number;
        snprintf(run->state_name[run->state_names++].name, sizeof run->state_name->name, "%s",
                 path->state_name[i].name);
    }
}

/* --- traps ------------------------------------------------------------------------------------ */

static bool is_programs(struct watcher *w, const struct process *process)
{
    const struct session *session = &w->session;
    bool program = session->program != NULL ? process->image == session->program
                                            : strcmp(process->name, w->program) == 0;
    if (w->pid < 0 && program)
        w->pid = process->pid;
    return w->pid == process->pid;
}

static void count_steps(struct watcher *w, const struct tale *tale, struct watched_trap *trap)
{
    for (unsigned i = 0; i < tale->steps; i++) {
        struct arch_step step;
        if (!w->session.arch->step(tale->step[i].step, &step))
            continue;
        trap->checks += (tale->step[i].flags & TRACE_CHECK) != 0;
        trap->registers += (tale->step[i].flags & TRACE_SET) != 0 && step.program == ARCH_DELIVERY;
    }
}

static void say_dispatch(const struct tale *tale, struct watched_trap *trap)
{
    const struct profile *path = tale->path;
    trap->is_switch = path->is_switch;
    if (path->is_switch)
        snprintf(trap->dispatch, sizeof trap->dispatch, "%s", path->dispatch);
    else
        snprintf(trap->dispatch, sizeof trap->dispatch, "%s[%" PRId64 "]", path->dispatch,
                 tale->number - path->low);
}

/* The last trap belongs to the call that is open, or is one by itself: the program's own code made
 * it. After exec() the process runs another program, whose calls are not this one's. */
static void add_to_call(struct watcher *w, const struct story *story, const struct tale *tale)
{
    struct watched_run *run = w->run;
    const struct watched_trap *trap = &run->trap[run->traps - 1];
    if (w->session.program != NULL && tale->process.image != w->session.program)
        return;
    if (w->open != NULL && story->tick >= w->open->begin) {
        w->open->traps++;
        return;
    }
    if (run->calls == WATCH_CALLS)
        return;
    struct watched_call *call = &run->call[run->calls++];
    *call = (struct watched_call){.begin = story->tick,
                                  .end = story->ended,
                                  .open = trap->open,
                                  .first = run->traps - 1,
                                  .traps = 1};
    snprintf(call->name, sizeof call->name, "%.*s", (int)sizeof call->name - 1, trap->name);
}

static void tell(void *context, struct stories *stories, struct story *story, struct tale *tale)
{
    struct watcher *w = context;
    struct watched_run *run = w->run;
    ticks now = stories->session->machine->clock.s.now;
    if (!tale->is_call || !is_programs(w, &tale->process) || run->traps == WATCH_TRAPS)
        return;
    struct watched_trap *trap = &run->trap[run->traps++];
    *trap = (struct watched_trap){.open = story->end != STORY_RETURNED,
                                  .whole = story->ended - story->tick,
                                  .sums = story_sums(story, now),
                                  .interrupts = story->interrupts,
                                  .interrupted = story->interrupted,
                                  .away = story->away};
    snprintf(trap->name, sizeof trap->name, "%s", tale->call == NULL ? "?" : tale->call->name);
    snprintf(trap->instruction, sizeof trap->instruction, "%s %" PRIu32,
             stories->session->arch->software_trap, story->vector);
    stories_call_text(story, trap->text, sizeof trap->text);
    say_dispatch(tale, trap);
    for (unsigned phase = 0; phase < STORY_PHASES; phase++) {
        trap->there[phase] = story->mark[phase].there;
        trap->ticks[phase] = story_ticks(story, phase, now);
        snprintf(trap->symbol[phase], sizeof trap->symbol[phase], "%.*s",
                 (int)strcspn(tale->symbol[phase], "+"), tale->symbol[phase]);
    }
    for (unsigned i = 0; i < story->words; i++) {
        trap->words_cpu += story->word[i].step != 0;
        trap->words_code += story->word[i].step == 0;
    }
    count_steps(w, tale, trap);
    add_to_call(w, story, tale);
    find_page(w);
}

/* --- the library's functions ------------------------------------------------------------------ */

static bool has_twin(const struct image *image, const struct symbol *symbol)
{
    char name[64];
    snprintf(name, sizeof name, "__%s", symbol->name);
    const struct symbol *twin = image_symbol_named(image, name);
    return twin != NULL && twin->hidden && twin->address == symbol->address;
}

static void find_stubs(struct watcher *w)
{
    const struct image *image = w->session.program;
    const struct profile *path = profile_named(w->session.profile, w->run->path);
    for (unsigned i = 0; image != NULL && i < image->symbols && w->stubs < STUBS; i++) {
        const struct symbol *symbol = &image->symbol[i];
        if (path != NULL && w->workers < STUBS && symbol->function &&
            profile_stage_has(path, STAGE_USER, symbol->name)) {
            w->worker[w->workers++] = (struct stub){symbol->address, symbol->name};
            stories_watch(&w->stories, symbol->address);
        }
        if (!symbol->function || symbol->hidden || !has_twin(image, symbol))
            continue;
        w->stub[w->stubs++] = (struct stub){symbol->address, symbol->name};
        stories_watch(&w->stories, symbol->address);
    }
}

/* exit() is _exit() to the library, and kill() is kill_call(). */
static void call_name(const char *symbol, char *to, size_t room)
{
    symbol += symbol[0] == '_';
    size_t length = strlen(symbol);
    if (length > 5 && strcmp(symbol + length - 5, "_call") == 0)
        length -= 5;
    snprintf(to, room, "%.*s", (int)length, symbol);
}

static bool return_address(struct watcher *w, struct cpu *cpu)
{
    const struct arch *arch = w->session.arch;
    uint64_t link;
    w->back_sp = cpu->ops->sp(cpu) + (arch->calls_push ? 4 : 0);
    if (arch->calls_push)
        return session_peek_word(&w->session, cpu->ops->sp(cpu), &w->back);
    if (!session_register(&w->session, "ra", &link))
        return false;
    w->back = (uint32_t)link;
    return true;
}

static bool is_own(struct watcher *w)
{
    struct process process;
    session_changed(&w->session);
    return process_current(&w->session, &process) && is_programs(w, &process);
}

static void begin_call(struct watcher *w, struct cpu *cpu, const struct stub *stub)
{
    struct watched_run *run = w->run;
    if (run->calls == WATCH_CALLS || !is_own(w) || !return_address(w, cpu))
        return;
    w->open = &run->call[run->calls++];
    *w->open = (struct watched_call){.begin = cpu->clock->s.now, .open = true, .first = run->traps};
    call_name(stub->name, w->open->name, sizeof w->open->name);
    stories_watch(&w->stories, w->back);
}

static void in_user_mode(struct watcher *w, struct cpu *cpu, uint32_t pc)
{
    if (w->open != NULL) {
        if (pc == w->back && cpu->ops->sp(cpu) == w->back_sp && is_own(w)) {
            w->open->end = cpu->clock->s.now;
            w->open->open = false;
            w->open = NULL;
        }
        for (unsigned i = 0; w->open != NULL && i < w->workers; i++)
            if (w->worker[i].address == pc && w->open->worker[0] == '\0' && is_own(w))
                snprintf(w->open->worker, sizeof w->open->worker, "%s", w->worker[i].name);
        return;
    }
    for (unsigned i = 0; i < w->stubs; i++)
        if (w->stub[i].address == pc) {
            begin_call(w, cpu, &w->stub[i]);
            return;
        }
}

/* --- hooks ------------------------------------------------------------------------------------ */

static bool on_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct watcher *w = context;
    bool stop = w->inner.insn(w->inner.context, cpu, pc);
    if (cpu->ops->privilege(cpu) != 0)
        in_user_mode(w, cpu, pc);
    return stop;
}

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct watcher *w = context;
    return w->inner.micro(w->inner.context, cpu, event);
}

static bool on_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct watcher *w = context;
    if (access->write)
        note_state(w, cpu, access);
    return w->inner.access(w->inner.context, cpu, access);
}

/* --- running ---------------------------------------------------------------------------------- */

static int follow(struct watcher *w, const char *command, int input)
{
    struct machine *machine = w->launch.machine;
    if (!stories_begin(&w->stories, &w->session, tell, w))
        return EXIT_TROUBLE;
    w->stories.want_steps = true;
    w->inner = stories_observer(&w->stories, true);
    struct cpu_observer observer = {.context = w,
                                    .insn = on_insn,
                                    .filter = w->inner.filter,
                                    .micro = on_micro,
                                    .access = on_access};
    find_stubs(w);
    struct drive *drive = bug_alloc(1, sizeof *drive);
    drive_init(drive, machine);
    drive->output[MACHINE_DEBUG_PORT] = STDERR_FILENO;
    drive->insn_limit = w->options.insn_limit;
    drive->timeout = w->options.timeout;
    drive->output_limit = w->options.output_limit;
    if (input >= 0)
        lseek(input, 0, SEEK_SET);
    drive_input(drive, input, INPUT_COM2, false);
    machine_observe(machine, &observer);
    enum drive_end end = drive_run(drive);
    stories_catch_up(&w->stories);
    stories_finish(&w->stories);
    machine_observe(machine, NULL);
    if (w->open != NULL)
        w->open->end = machine->clock.s.now;
    w->run->cut = end != DRIVE_STOP;
    int status = run_status(drive, end, command);
    free(drive);
    return status;
}

static int run_program(struct watcher *w, const char *command, int input,
                       const struct program *program)
{
    struct session *session = &w->session;
    const char *name = strrchr(program->arguments, '/');
    session_init(session, w->launch.machine, NULL, stdout, stderr);
    attach_kernel(&w->attachment, session, command, &w->options);
    attach_program(&w->attachment, session, command, program);
    w->program = name == NULL ? program->arguments : name + 1;
    w->run->delivery = session->arch->delivery;
    int status = follow(w, command, input);
    name_states(w);
    session_free(session);
    attachment_free(&w->attachment);
    return status;
}

int watch_program(struct watched_run *run, const char *command, const struct options *options,
                  int input, int argc, char **argv)
{
    struct watcher *w = bug_alloc(1, sizeof *w);
    struct program program;
    *run = (struct watched_run){.trap = bug_alloc(WATCH_TRAPS, sizeof *run->trap),
                                .call = bug_alloc(WATCH_CALLS, sizeof *run->call),
                                .state = bug_alloc(WATCH_STATES, sizeof *run->state)};
    snprintf(run->machine, sizeof run->machine, "%s", options->machine);
    if (options->path != NULL)
        snprintf(run->path, sizeof run->path, "%s", options->path);
    w->run = run;
    w->options = *options;
    w->pid = -1;
    int status = launch_program(&program, command, options, argc, argv);
    if (status == 0) {
        status = launch_machine(&w->launch, command, options, &program);
        if (status == 0) {
            run->status = run_program(w, command, input, &program);
            status = launch_end(&w->launch);
        }
        launch_program_free(&program);
    }
    free(w);
    return status;
}

void watched_run_free(struct watched_run *run)
{
    free(run->trap);
    free(run->call);
    free(run->state);
    *run = (struct watched_run){0};
}

/* A terminal is nobody's. */
int watch_keep_input(void)
{
    char buffer[65536];
    uint64_t whole = 0;
    if (isatty(STDIN_FILENO))
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    FILE *file = tmpfile();
    int kept = file == NULL ? -1 : dup(fileno(file));
    ssize_t got;
    while (kept >= 0 && whole < INPUT && (got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        if (write(kept, buffer, (size_t)got) != got)
            break;
        whole += (uint64_t)got;
    }
    if (file != NULL)
        fclose(file);
    return kept;
}

/* --- asking ----------------------------------------------------------------------------------- */

const struct watched_trap *watched_trap(const struct watched_run *run,
                                        const struct watched_call *call, unsigned n)
{
    return n < call->traps ? &run->trap[call->first + n] : NULL;
}

const struct watched_call *watched_nth(const struct watched_run *run, const char *name, unsigned n)
{
    for (unsigned i = 0; i < run->calls; i++)
        if (strcmp(run->call[i].name, name) == 0 && n-- == 0)
            return &run->call[i];
    return NULL;
}

static void add_trap(struct watched_sum *sum, const struct watched_trap *trap)
{
    sum->traps++;
    sum->switches += trap->open ? 1 : 2;
    sum->words_cpu += trap->words_cpu;
    sum->words_code += trap->words_code;
    sum->checks += trap->checks;
    sum->registers += trap->registers;
    sum->interrupts += trap->interrupts;
    sum->interrupted += trap->interrupted;
    sum->away += trap->away;
    sum->sums.hardware += trap->sums.hardware;
    sum->sums.code += trap->sums.code;
    sum->sums.kernel += trap->sums.kernel;
    for (unsigned phase = 0; phase < STORY_PHASES; phase++) {
        sum->there[phase] |= trap->there[phase];
        sum->ticks[phase] += trap->there[phase] ? trap->ticks[phase] : 0;
    }
}

void watched_add(struct watched_sum *sum, const struct watched_run *run,
                 const struct watched_call *call)
{
    const struct watched_trap *trap;
    ticks inside = 0;
    for (unsigned i = 0; (trap = watched_trap(run, call, i)) != NULL; i++) {
        add_trap(sum, trap);
        inside += trap->open ? 0 : trap->whole;
    }
    sum->calls++;
    sum->open += call->open;
    if (call->open)
        return;
    sum->whole += call->end - call->begin;
    sum->library += call->end - call->begin - inside;
}
