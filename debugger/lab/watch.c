/* watch: a built kernel at work, seen from outside: what the processor did counts, not what the
 * guest prints. */
#define _GNU_SOURCE /* memfd_create */
#include "debugger/lab/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "debugger/drive.h"
#include "debugger/launch.h"
#include "debugger/session.h"
#include "debugger/stories.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/terminal.h"

/* In what the guest does, so that a loaded host decides nothing. A check needs some ten million. */
#define MOST_INSTRUCTIONS UINT64_C(300000000)
#define MOST_OUTPUT       (UINT64_C(1) << 20)
#define MOST_PROGRAM      (UINT64_C(16) << 20)
#define PANIC             0x80000000u

struct watcher {
    struct watch *watch;
    const struct lab *lab;
    const struct profile *path; /* that the lab is about */
    const char *counts;         /* name of the counted call; NULL = none */
    const char *program;
    struct launch launch;
    struct session session;
    struct stories stories;
    struct cpu_observer collector; /* the stories' */
    uint32_t handler;              /* its first instruction; 0 = there is none */
    int64_t pid;                   /* the first process of the program; -1 = not seen yet */
    uint64_t counted;
    int exit_status; /* of the program, as it said itself; -1 = it did not */
};

/* --- calls ------------------------------------------------------------------------------------ */

static void note_call(struct watcher *watcher, const struct story *story, const struct tale *tale)
{
    struct watch *watch = watcher->watch;
    if (watch->calls++ >= WATCH_CALLS)
        return;
    struct watch_call *call = &watch->call[watch->calls - 1];
    const struct story_mark *mark = story->mark;
    *call = (struct watch_call){
        .pid = tale->process.pid,
        .dispatched = mark[PHASE_DISPATCH].there,
        .returned = story->end == STORY_RETURNED && tale->has_result,
        .failed = tale->failed,
        .result = tale->result,
        .reason = tale->has_reason ? tale->reason : 0,
        .counted = watcher->counted,
        .cpu = -1,
    };
    if (mark[PHASE_USER].there || mark[PHASE_GATE].there)
        snprintf(call->stub, sizeof call->stub, "%.*s", (int)strcspn(tale->symbol[PHASE_GATE], "+"),
                 tale->symbol[PHASE_GATE]);
    if (mark[PHASE_HANDLER].there)
        snprintf(call->handler, sizeof call->handler, "%.*s",
                 (int)strcspn(tale->symbol[PHASE_HANDLER], "+"), tale->symbol[PHASE_HANDLER]);
}

static void note_process(struct watch *watch, int64_t pid)
{
    unsigned i = 0;
    while (i < watch->processes && watch->process[i].pid != pid)
        i++;
    if (i == WATCH_PROCESSES)
        return;
    if (i == watch->processes)
        watch->process[watch->processes++].pid = pid;
    watch->process[i].calls++;
}

static uint64_t calls_by(const struct watch *watch, int64_t pid)
{
    for (unsigned i = 0; i < watch->processes; i++)
        if (watch->process[i].pid == pid)
            return watch->process[i].calls;
    return 0;
}

/* Where the process runs now that it has made a call of the lab's. */
static void note_cpu(struct watch *watch, int64_t pid, unsigned cpu)
{
    unsigned kept = watch->calls < WATCH_CALLS ? (unsigned)watch->calls : WATCH_CALLS;
    for (unsigned i = kept; i-- > 0;)
        if (watch->call[i].pid == pid) {
            if (watch->call[i].cpu < 0)
                watch->call[i].cpu = (int)cpu;
            return;
        }
}

/* How the program itself ended, where nobody waits for it. */
static void note_exit(struct watcher *watcher, const struct tale *tale)
{
    const char *name = tale->call == NULL ? "" : tale->call->name;
    bool ends = strcmp(name, "_exit") == 0 || strcmp(name, "exit") == 0;
    if (ends && tale->process.pid == watcher->pid && tale->arguments > 0)
        watcher->exit_status = (int)(tale->argument[0].word & 0xff);
}

/* Told at the end of each trap. A call that counts is told after those that began later only if it
 * slept. */
static void tell(void *context, struct stories *stories, struct story *story, struct tale *tale)
{
    struct watcher *watcher = context;
    struct watch *watch = watcher->watch;
    (void)stories;
    watch->kernel_started = true;
    if (watcher->pid < 0 && strcmp(tale->process.name, watcher->program) == 0)
        watcher->pid = tale->process.pid;
    bool ours = watcher->pid >= 0 && tale->process.pid >= watcher->pid;
    bool counts = tale->is_call && watcher->counts != NULL && tale->call != NULL &&
                  strcmp(tale->call->name, watcher->counts) == 0;
    watcher->counted += counts;
    watch->program_started = watch->program_started || ours;
    if (!ours || !tale->is_call)
        return;
    watch->counted += counts;
    note_process(watch, tale->process.pid);
    note_cpu(watch, tale->process.pid, story->cpu);
    note_exit(watcher, tale);
    if (tale->path == watcher->path && tale->number == watcher->lab->number)
        note_call(watcher, story, tale);
}

/* --- results ---------------------------------------------------------------------------------- */

static void set(struct session *session, const char *name, int64_t number)
{
    struct value value = value_of_number(type_basic(BASIC_LONGLONG), number);
    session_set_variable(session, name, &value);
}

/* How many results are what the lab says. */
static void judge_results(struct watcher *watcher)
{
    struct watch *watch = watcher->watch;
    struct session *session = &watcher->session;
    const char *result = lab_text(watcher->lab->data, "result");
    for (unsigned i = 0; i < watch->calls && i < WATCH_CALLS; i++) {
        const struct watch_call *call = &watch->call[i];
        int64_t right = 0;
        set(session, "result", (int32_t)call->result);
        set(session, "first", (int32_t)watch->call[0].result);
        set(session, "counted", (int64_t)(call->counted - watch->call[0].counted));
        set(session, "index", i);
        set(session, "pid", call->pid);
        set(session, "next", call->cpu);
        set(session, "alive", (int64_t)calls_by(watch, (int32_t)call->result));
        struct scope scope = session_scope(session);
        watch->right += call->returned && !call->failed &&
                        expression_number(&scope, result, &right) && right != 0;
    }
}

/* What the table has for the number, in the guest's memory. */
static void read_slot(struct watcher *watcher)
{
    struct watch *watch = watcher->watch;
    struct session *session = &watcher->session;
    const struct image *kernel = symbols_kernel(&session->symbols);
    const struct profile *path = watcher->path;
    const struct symbol *symbol = NULL;
    if (kernel != NULL && path->dispatch != NULL && !path->is_switch)
        symbol = image_symbol_named(kernel, path->dispatch);
    if (symbol == NULL || watcher->lab->number >= symbol->size / 4)
        return;
    uint32_t address = symbol->address + 4 * watcher->lab->number;
    watch->has_slot = session_peek_word(session, address, &watch->slot);
    const struct symbol *what =
        watch->has_slot && watch->slot != 0 ? image_symbol(kernel, watch->slot) : NULL;
    snprintf(watch->slot_symbol, sizeof watch->slot_symbol, "%s", what == NULL ? "" : what->name);
}

/* --- running ---------------------------------------------------------------------------------- */

static void say_end(struct watcher *watcher, const struct drive *drive, enum drive_end end)
{
    struct watch *watch = watcher->watch;
    uint64_t value = drive->stop.value;
    bool alone = lab_text(watcher->lab->data, "init") != NULL; /* the program is process 1 */
    watch->status = alone ? watcher->exit_status : -1;
    if (watch->status >= 0)
        snprintf(watch->end, sizeof watch->end, "ended with exit status %d", watch->status);
    else if (end == DRIVE_INSN_LIMIT)
        snprintf(watch->end, sizeof watch->end,
                 "did not end within %" PRIu64 " million instructions",
                 MOST_INSTRUCTIONS / 1000000);
    else if (end == DRIVE_OUTPUT_LIMIT)
        snprintf(watch->end, sizeof watch->end, "printed more than %" PRIu64 " KiB",
                 MOST_OUTPUT >> 10);
    else if (end == DRIVE_STUCK)
        snprintf(watch->end, sizeof watch->end, "the machine halted for ever");
    else if (end != DRIVE_STOP)
        snprintf(watch->end, sizeof watch->end, "could not be run to its end");
    else if (drive->stop.reason == MACHINE_SHUTDOWN)
        snprintf(watch->end, sizeof watch->end, "the processor shut down: a triple fault");
    else if (drive->stop.reason != MACHINE_DEBUG_EXIT)
        snprintf(watch->end, sizeof watch->end, "the machine was turned off");
    else if ((value & PANIC) != 0)
        snprintf(watch->end, sizeof watch->end, "the kernel panicked");
    else if ((value & 0x7f) != 0)
        snprintf(watch->end, sizeof watch->end, "the kernel ended the program, signal %u",
                 (unsigned)(value & 0x7f));
    else {
        watch->status = (int)(value >> 8 & 0xff);
        snprintf(watch->end, sizeof watch->end, "ended with exit status %d", watch->status);
    }
}

static int memory_file(void)
{
    return memfd_create("guest", MFD_CLOEXEC);
}

/* Closes it, too. */
static void read_back(int fd, char to[WATCH_SAID])
{
    ssize_t got = fd < 0 ? -1 : pread(fd, to, WATCH_SAID - 1, 0);
    to[got < 0 ? 0 : got] = '\0';
    for (ssize_t i = 0; i < got; i++)
        if (to[i] == '\0')
            to[i] = ' ';
    if (fd >= 0)
        close(fd);
}

static bool on_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct watcher *watcher = context;
    if (pc == watcher->handler && pc != 0 && watcher->pid >= 0 && cpu->ops->privilege(cpu) == 0)
        watcher->watch->entries++;
    return watcher->collector.insn(watcher->collector.context, cpu, pc);
}

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct watcher *watcher = context;
    return watcher->collector.micro(watcher->collector.context, cpu, event);
}

/* The stories', and the places where the handler begins, which are among theirs. */
static struct cpu_observer observe(struct watcher *watcher)
{
    const struct image *kernel = symbols_kernel(&watcher->session.symbols);
    const struct symbol *handler = image_symbol_named(kernel, watcher->lab->handler);
    watcher->handler = handler == NULL ? 0 : handler->address;
    watcher->collector = stories_observer(&watcher->stories, false);
    return (struct cpu_observer){.context = watcher,
                                 .insn = on_insn,
                                 .filter = watcher->collector.filter,
                                 .micro = on_micro};
}

static void follow(struct watcher *watcher)
{
    struct watch *watch = watcher->watch;
    struct drive *drive = bug_alloc(1, sizeof *drive);
    int console = memory_file(), output = memory_file();
    drive_init(drive, watcher->launch.machine);
    drive->output[MACHINE_COM1] = console;
    drive->output[MACHINE_COM2] = output;
    drive->output[MACHINE_COM3] = console;
    drive->insn_limit = MOST_INSTRUCTIONS;
    drive->output_limit = MOST_OUTPUT;
    struct cpu_observer observer = observe(watcher);
    machine_observe(watcher->launch.machine, &observer);
    enum drive_end end = drive_run(drive);
    stories_catch_up(&watcher->stories);
    stories_finish(&watcher->stories);
    machine_observe(watcher->launch.machine, NULL);
    watch->ran = true;
    say_end(watcher, drive, end);
    read_back(console, watch->kernel_said);
    read_back(output, watch->said);
    free(drive);
}

/* What the session knows: the kernel that was built, the profile that comes with Trapscope. */
static bool attach(struct watcher *watcher, const struct build *build,
                   const struct program *program)
{
    struct session *session = &watcher->session;
    struct watch *watch = watcher->watch;
    const char *why = "";
    char profile[80], problem[256];
    snprintf(profile, sizeof profile, "%s.profile", lab_text(build->lab->data, "profile"));
    char *path = launch_asset(build->lab->machine, profile);
    session->profile = path == NULL ? NULL : profile_load(path, problem, sizeof problem);
    free(path);
    watcher->path = profile_named(session->profile, lab_text(build->lab->data, "path"));
    if (watcher->path == NULL ||
        symbols_add(&session->symbols, build->kernel, IMAGE_KERNEL, &why) == NULL) {
        snprintf(watch->end, sizeof watch->end, "the kernel's symbols cannot be read: %.100s",
                 watcher->path == NULL ? "no profile" : why);
        return false;
    }
    if (watcher->path->stage_symbols[STAGE_DISPATCH] > 0)
        snprintf(watch->dispatcher, sizeof watch->dispatcher, "%s",
                 watcher->path->stage[STAGE_DISPATCH][0]);
    session->program_input = true;
    if (program->elf != NULL)
        session->program = symbols_add_bytes(&session->symbols, watcher->program, program->elf,
                                             program->elf_size, IMAGE_PROGRAM, &why);
    else
        session->program = process_program(session, watcher->program);
    return true;
}

static void run(struct watcher *watcher, const struct build *build, const struct program *program)
{
    FILE *nowhere = fopen("/dev/null", "we");
    char *programs = file_join(build->made, "bin");
    struct session *session = &watcher->session;
    if (nowhere != NULL) {
        session_init(session, watcher->launch.machine, NULL, nowhere, nowhere);
        session->program_folder = programs;
        if (attach(watcher, build, program) &&
            stories_begin(&watcher->stories, session, tell, watcher)) {
            follow(watcher);
            read_slot(watcher);
            judge_results(watcher);
        }
        session_free(session);
        fclose(nowhere);
    }
    free(programs);
}

/* A lab's own init makes the program process 1 if it is told to. */
static void give_arguments(struct program *program, const char *name, bool alone)
{
    static const char word[] = "--alone";
    size_t size = strlen(name) + 1;
    program->arguments_size = alone ? size + sizeof word : size;
    program->arguments = bug_alloc(1, program->arguments_size);
    memcpy(program->arguments, name, size);
    if (alone)
        memcpy(program->arguments + size, word, sizeof word);
}

bool watch_run(struct watch *watch, const struct build *build, const char *file, const char *name)
{
    struct watcher *watcher = bug_alloc(1, sizeof *watcher);
    struct options options;
    struct option_set set = {.command = "lab"};
    struct program program = {0};
    const char *why;
    *watch = (struct watch){.status = -1};
    options_share(&options, &set, 0);
    options.machine = build->lab->machine;
    options.turnstile = build->made;
    if (lab_number(build->lab->data, "cpus") != 0)
        options.cpus = lab_number(build->lab->data, "cpus");
    *watcher = (struct watcher){.watch = watch,
                                .lab = build->lab,
                                .counts = lab_text(build->lab->data, "counts"),
                                .program = name,
                                .pid = -1,
                                .exit_status = -1};
    give_arguments(&program, name, lab_text(build->lab->data, "init") != NULL);
    if (file != NULL)
        program.elf = file_read(file, MOST_PROGRAM, &program.elf_size, &why);
    snprintf(watch->end, sizeof watch->end, "the machine could not be switched on");
    if ((file == NULL || program.elf != NULL) &&
        launch_machine(&watcher->launch, "lab", &options, &program) == 0) {
        run(watcher, build, &program);
        launch_end(&watcher->launch);
    }
    launch_program_free(&program);
    free(watcher);
    return terminal_signal() == 0;
}
