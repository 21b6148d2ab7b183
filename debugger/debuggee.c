/* debuggee: a machine with its program, its timeline and its session, made of a command line. */
#include "debugger/debuggee.h"

#include <stdlib.h>

#include "emu/base/bug.h"

/* --- to the start ----------------------------------------------------------------------------- */

struct arrival {
    struct image *image;
    uint32_t address;
};

static bool at_start(void *context, struct session *session, uint32_t pc)
{
    const struct arrival *arrival = context;
    if (pc != arrival->address || session_in_kernel(session))
        return false;
    session->spaces = 0;
    return session_program(session) == arrival->image;
}

void debuggee_run_to_start(struct debuggee *debuggee)
{
    struct session *session = debuggee->session;
    struct image *image = session->program;
    const struct function *main_function =
        image == NULL ? NULL : image_function_named(image, "main");
    const struct symbol *symbol = image == NULL ? NULL : image_symbol_named(image, "main");
    struct arrival arrival = {.image = image};
    if (image == NULL || session->profile == NULL)
        return;
    arrival.address = main_function != NULL ? main_function->body
                      : symbol != NULL      ? symbol->address
                                            : image->entry;
    stops_run(session, false, at_start, &arrival, MACHINE_NO_LIMIT);
    if (session->stop.kind == STOP_STEPPED)
        session->stop.kind = STOP_START;
    out_begin(&session->out, false);
    say_stop(session);
    out_end(&session->out);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void feed(void *context)
{
    struct session *session = context;
    console_feed(&session->console, session->machine, session->program_input);
}

static void make_session(struct debuggee *debuggee, const struct program *program, FILE *text,
                         FILE *errors, FILE *console)
{
    struct machine *machine = debuggee->launch.machine;
    struct session *session = debuggee->session = bug_alloc(1, sizeof *session);
    if (program != NULL && !debuggee->launch.replaying)
        input_post(&machine->input, INPUT_COM2_CARRIER, 1);
    session_init(session, machine, NULL, text, errors);
    console_init(&session->console, machine, console);
    session->timeline = debuggee->timeline = timeline_create(machine, (struct timeline_config){0});
    timeline_pulse(session->timeline, stops_pulse, session);
    session->insn_limit = debuggee->options.insn_limit;
    session->slice = feed;
    session->slice_context = session;
    attach_kernel(&debuggee->attachment, session, debuggee->command, &debuggee->options);
    attach_program(&debuggee->attachment, session, debuggee->command, program);
}

int debuggee_begin(struct debuggee *debuggee, int argc, char **argv, FILE *text, FILE *errors,
                   FILE *console)
{
    struct program program = {0}, *given = argc > 0 ? &program : NULL;
    int status = given == NULL
                     ? 0
                     : launch_program(given, debuggee->command, &debuggee->options, argc, argv);
    if (status != 0)
        return status;
    status = launch_machine(&debuggee->launch, debuggee->command, &debuggee->options, given);
    if (status != 0) {
        launch_program_free(&program);
        return status;
    }
    make_session(debuggee, given, text, errors, console);
    bool unknown = given != NULL && program.elf == NULL && debuggee->session->program == NULL &&
                   debuggee->attachment.folder != NULL;
    if (unknown)
        options_trouble(debuggee->command, "%s: neither a file here nor a program of the guest",
                        argv[0]);
    launch_program_free(&program);
    if (!unknown)
        return 0;
    debuggee_end(debuggee);
    return EXIT_NOT_FOUND;
}

int debuggee_end(struct debuggee *debuggee)
{
    timeline_free(debuggee->timeline);
    session_free(debuggee->session);
    struct launch *launch = &debuggee->launch;
    if (launch->machine->clock.s.now != launch->session.end)
        launch->replaying = false; /* left elsewhere: there is nothing to compare */
    int trouble = launch_end(launch);
    free(debuggee->session);
    attachment_free(&debuggee->attachment);
    return trouble;
}
