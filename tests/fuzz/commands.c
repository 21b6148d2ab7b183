/* Fuzzes the debugger's command lines, first without a machine, then with one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/session.h"
#include "emu/machine/timeline.h"
#include "tests/fuzz/target.h"

#define MOST_LINES 40u

static void ignore(void *context, const char *word)
{
    (void)context, (void)word;
}

/* `source` names files of the host: whoever writes commands may read them, a fuzzer need not. */
static bool is_harmless(const char *line)
{
    return strstr(line, "so") == NULL && strstr(line, "gu") == NULL;
}

static void perform(struct session *session, const uint8_t *bytes, size_t size)
{
    char line[300];
    size_t used = 0, lines = 0;
    for (size_t i = 0; i <= size && lines < MOST_LINES; i++) {
        if (i < size && bytes[i] != '\n' && bytes[i] != '\0' && used < sizeof line - 1) {
            line[used++] = (char)bytes[i];
            continue;
        }
        line[used] = '\0';
        used = 0;
        lines++;
        if (!is_harmless(line))
            continue;
        command_complete(session, line, ignore, NULL);
        if (session_do(session, line) == SESSION_QUIT)
            break;
    }
}

static void begin(struct session *session, struct machine *machine, struct timeline *timeline,
                  FILE *sink)
{
    char text[300];
    const char *why;
    session_init(session, machine, timeline, sink, sink);
    bug_unless(symbols_add(&session->symbols, FIXTURE, IMAGE_KERNEL, &why) != NULL);
    session->profile = profile_load(PROFILE, text, sizeof text);
    bug_unless(session->profile != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static FILE *sink;
    if (sink == NULL)
        sink = fopen("/dev/null", "w");
    struct session *session = bug_alloc(1, sizeof *session);
    begin(session, NULL, NULL, sink);
    perform(session, bytes, size);
    session_free(session);
    memset(session, 0, sizeof *session);

    static const uint8_t code[] = {0xb8, 1, 0, 0x50, 0x58, 0xcd, 0x40, 0xeb, 0xf7};
    struct machine *machine = target_pc(NULL);
    memory_put(machine->board->ram(machine), 0x7c00, code, sizeof code);
    struct timeline *timeline =
        timeline_create(machine, (struct timeline_config){.budget = 8 << 20});
    begin(session, machine, timeline, sink);
    console_init(&session->console, machine, sink);
    session->insn_limit = 2000;
    perform(session, bytes, size);
    timeline_free(timeline);
    session_free(session);
    free(session);
    machine_free(machine);
    return 0;
}
