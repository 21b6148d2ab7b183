/* cmd_trace: `trapscope trace`: every system call of a program, phase by phase, as text, as JSON or
 * for Perfetto's viewer. */
#include "debugger/cmd_trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/attach.h"
#include "debugger/cmd_run.h"
#include "debugger/drive.h"
#include "debugger/launch.h"
#include "debugger/options.h"
#include "debugger/perfetto.h"
#include "debugger/story_say.h"
#include "debugger/verdict.h"
#include "emu/base/bug.h"
#include "emu/host/terminal.h"

struct tracer {
    struct options options;
    const char *format;
    const char *path; /* of the trace; NULL = standard output */
    bool json, steps;
    bool to_perfetto;
    struct perfetto perfetto;
    FILE *file;
    struct output out;
    struct launch launch;
    struct attachment attachment;
    struct session session;
    struct stories stories;
    const char *program; /* its name in the guest */
    int64_t first;       /* the program's pid; -1 = it has made no call yet */
};

/* --- calls ------------------------------------------------------------------------------------ */

/* The program's own, and those of the processes it has made. */
static bool is_traced(struct tracer *tracer, const struct tale *tale)
{
    const struct session *session = &tracer->session;
    bool program = session->program != NULL ? tale->process.image == session->program
                                            : strcmp(tale->process.name, tracer->program) == 0;
    if (tracer->first < 0 && program)
        tracer->first = tale->process.pid;
    return tracer->first >= 0 && tale->process.pid >= tracer->first;
}

/* Calls, and what else took the program into the kernel. */
static void add_slices(struct tracer *tracer, const struct story *story, const struct tale *tale)
{
    struct session *session = &tracer->session;
    const char *symbol[STORY_PHASES], *title = profile_vector(session->profile, story->vector);
    char heading[512], number[24];
    for (unsigned phase = 0; phase < STORY_PHASES; phase++)
        symbol[phase] = tale->symbol[phase];
    if (title == NULL)
        title = session->arch->vector_title(story->vector);
    snprintf(number, sizeof number, "vector %u", story->vector);
    snprintf(heading, sizeof heading, "%s", title == NULL ? number : title);
    if (tale->is_call)
        stories_call_text(story, heading, sizeof heading);
    perfetto_add(&tracer->perfetto,
                 &(struct perfetto_trap){.pid = tale->process.pid,
                                         .program = tale->process.name,
                                         .name = !tale->is_call       ? heading
                                                 : tale->call != NULL ? tale->call->name
                                                                      : "unknown call",
                                         .heading = heading,
                                         .symbol = symbol,
                                         .story = story,
                                         .now = session->machine->clock.s.now});
}

static void tell(void *context, struct stories *stories, struct story *story, struct tale *tale)
{
    struct tracer *tracer = context;
    bool traced = is_traced(tracer, tale);
    if (traced && tracer->to_perfetto)
        add_slices(tracer, story, tale);
    if (!tale->is_call || !traced || tracer->to_perfetto)
        return;
    out_begin(&tracer->out, tracer->json);
    if (tracer->json)
        story_say_json(stories->session, &tracer->out, story, tracer->steps);
    else
        story_say_lines(stories->session, &tracer->out, story);
    out_end(&tracer->out);
}

/* --- running ---------------------------------------------------------------------------------- */

/* The trace is what standard output is for; the program's own output goes there only when the trace
 * goes elsewhere. */
static struct drive *connect(struct tracer *tracer)
{
    struct drive *drive = bug_alloc(1, sizeof *drive);
    drive_init(drive, tracer->launch.machine);
    drive->output[MACHINE_COM1] = STDERR_FILENO;
    drive->output[MACHINE_COM2] = tracer->path == NULL ? STDERR_FILENO : STDOUT_FILENO;
    drive->output[MACHINE_COM3] = STDERR_FILENO;
    drive->output[MACHINE_DEBUG_PORT] = STDERR_FILENO;
    drive->insn_limit = tracer->options.insn_limit;
    drive->timeout = tracer->options.timeout;
    drive->output_limit = tracer->options.output_limit;
    if (tracer->launch.replaying)
        drive->end = tracer->launch.session.end;
    else
        drive_input(drive, STDIN_FILENO, INPUT_COM2, false);
    return drive;
}

static int follow(struct tracer *tracer)
{
    struct machine *machine = tracer->launch.machine;
    if (!stories_begin(&tracer->stories, &tracer->session, tell, tracer))
        return EXIT_TROUBLE;
    tracer->stories.want_steps = tracer->steps;
    struct cpu_observer observer = stories_observer(&tracer->stories, false);
    struct drive *drive = connect(tracer);
    machine_observe(machine, &observer);
    enum drive_end end = drive_run(drive);
    stories_catch_up(&tracer->stories);
    stories_finish(&tracer->stories);
    machine_observe(machine, NULL);
    int status = run_status(drive, end, "trace");
    free(drive);
    return status;
}

static int close_trace(struct tracer *tracer)
{
    bool failed = fflush(tracer->file) != 0 || ferror(tracer->file);
    if (tracer->path != NULL)
        failed |= fclose(tracer->file) != 0;
    if (failed)
        return options_trouble("trace", "%s: the trace could not be written: %s",
                               tracer->path == NULL ? "standard output" : tracer->path,
                               strerror(errno));
    return 0;
}

static int trace_program(struct tracer *tracer, const struct program *program)
{
    struct session *session = &tracer->session;
    session_init(session, tracer->launch.machine, NULL, tracer->file, stderr);
    out_init(&tracer->out, tracer->file, stderr);
    attach_kernel(&tracer->attachment, session, "trace", &tracer->options);
    attach_program(&tracer->attachment, session, "trace", program);
    const char *name = strrchr(program->arguments, '/');
    tracer->program = name == NULL ? program->arguments : name + 1;
    if (tracer->to_perfetto)
        perfetto_begin(&tracer->perfetto, tracer->file);
    int status = follow(tracer);
    if (tracer->to_perfetto)
        perfetto_end(&tracer->perfetto);
    int trouble = close_trace(tracer);
    out_free(&tracer->out);
    session_free(session);
    attachment_free(&tracer->attachment);
    return status == 0 ? trouble : status;
}

static int trace(struct tracer *tracer, int argc, char **argv)
{
    struct program program;
    int status = launch_program(&program, "trace", &tracer->options, argc, argv);
    if (status != 0)
        return status;
    tracer->file = tracer->path == NULL ? stdout : fopen(tracer->path, "we");
    if (tracer->file == NULL)
        status = options_trouble("trace", "%s: %s", tracer->path, strerror(errno));
    else
        status = launch_machine(&tracer->launch, "trace", &tracer->options, &program);
    if (status == 0) {
        status = trace_program(tracer, &program);
        int trouble = launch_end(&tracer->launch);
        status = status == 0 ? trouble : status;
    }
    launch_program_free(&program);
    return status;
}

static bool judge_format(struct tracer *tracer)
{
    tracer->json = strcmp(tracer->format, "json") == 0;
    tracer->to_perfetto = strcmp(tracer->format, "perfetto") == 0;
    if (tracer->json || tracer->to_perfetto || strcmp(tracer->format, "text") == 0)
        return true;
    options_trouble("trace", "--format %s: there are text, json and perfetto", tracer->format);
    return false;
}

int cmd_trace(int argc, char **argv)
{
    struct tracer *tracer = bug_alloc(1, sizeof *tracer);
    tracer->format = "text";
    tracer->first = -1;
    struct option_set set = {
        .command = "trace",
        .usage = "[OPTION...] PROGRAM [ARG...]",
        .about =
            "Runs a guest program and shows every system call that it and its children make,\n"
            "phase by phase with ticks: user stub, gate, save, trap, dispatch, handler, restore,\n"
            "return. The trace goes to standard output and the program's output to standard\n"
            "error; with -o the program keeps its own. The exit status is as for `trapscope run`.",
    };
    int rest, status = EXIT_TROUBLE;
    options_share(&tracer->options, &set,
                  OPTIONS_MACHINE | OPTIONS_LIMITS | OPTIONS_PROFILE | OPTIONS_PATH);
    option_add(&set,
               (struct option_row){"--format", OPTION_TEXT, &tracer->format, "text|json|perfetto",
                                   "for people, a JSON object a line, or Perfetto's viewer"});
    option_add(&set, (struct option_row){"--steps", OPTION_FLAG, &tracer->steps, NULL,
                                         "with every micro-step, in JSON"});
    option_add(&set, (struct option_row){"-o", OPTION_TEXT, &tracer->path, "FILE",
                                         "write the trace to FILE"});
    enum options_answer answer = options_parse(&set, argc, argv, &rest);
    if (answer == OPTIONS_DONE)
        status = 0;
    else if (answer == OPTIONS_GO_ON && rest == argc)
        options_trouble("trace", "which program? Give a file or a name: trapscope trace hello.c");
    else if (answer == OPTIONS_GO_ON && judge_format(tracer)) {
        terminal_watch_signals();
        status = trace(tracer, argc - rest, argv + rest);
    }
    free(tracer);
    return status;
}
