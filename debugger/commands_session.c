/* commands_session: help, apropos, source, quit: about the debugger itself. */
#define _GNU_SOURCE /* strcasestr */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "debugger/commands.h"
#include "emu/base/bug.h"

#define SOURCE_DEPTH 16u
#define LINE_LONGEST 65536

static const char *const groups[] = {"running", "time",         "breakpoints", "stack",  "data",
                                     "source",  "system calls", "machine",     "session"};

static void say_row(struct output *out, const struct command *command)
{
    out_text(out, "  %s%-18s%s %s\n", out_style(out, OUT_FUNCTION), command->name,
             out_style(out, OUT_PLAIN), command->help);
    out_object(out, NULL);
    out_string(out, "name", "%s", command->name);
    out_string(out, "syntax", "%s", command->syntax);
    out_string(out, "group", "%s", command->group);
    out_string(out, "help", "%s", command->help);
    out_close(out);
}

static bool say_group(struct session *session, const char *group)
{
    struct output *out = &session->out;
    bool any = false;
    for (unsigned i = 0; i < commands_count; i++) {
        if (strcmp(commands[i].group, group) != 0 || !command_is_here(session->arch, &commands[i]))
            continue;
        if (!any)
            out_text(out, "%s%s%s\n", out_style(out, OUT_HEAD), group, out_style(out, OUT_PLAIN));
        any = true;
        say_row(out, &commands[i]);
    }
    return any;
}

static void say_command(struct output *out, const struct command *command)
{
    out_text(out, "%s%s%s\n%s.\n", command->name, *command->syntax == '\0' ? "" : " ",
             command->syntax, command->help);
    if (*command->more != '\0')
        out_text(out, "%s\n", command->more);
    if (command->repeats != REPEATS_NOT)
        out_text(out, "RET %s.\n", command->repeats == REPEATS ? "does it again" : "goes on");
    out_string(out, "name", "%s", command->name);
    out_string(out, "syntax", "%s", command->syntax);
    out_string(out, "help", "%s", command->help);
    out_string(out, "more", "%s", command->more);
}

bool cmd_help(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    struct command_args ignored;
    char line[256], why[256];
    if (*args->text == '\0') {
        out_array(out, "commands");
        for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
            say_group(session, groups[i]);
        out_close(out);
        out_text(out, "\nUnambiguous beginnings are enough; RET repeats; --json gives data.\n"
                      "help NAME tells more.\n");
        return true;
    }
    for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(groups[i], args->text) == 0) {
            out_array(out, "commands");
            say_group(session, groups[i]);
            out_close(out);
            return true;
        }
    snprintf(line, sizeof line, "%s", args->text);
    const struct command *command = command_find(session->arch, line, &ignored, why, sizeof why);
    if (command == NULL || command_elsewhere(session->arch, command, why, sizeof why))
        return out_error(out, "%s", why);
    say_command(out, command);
    return true;
}

bool cmd_apropos(struct session *session, const struct command_args *args)
{
    struct output *out = &session->out;
    bool any = false;
    if (*args->text == '\0')
        return out_error(out, "Argument required (a word).");
    out_array(out, "commands");
    for (unsigned i = 0; i < commands_count; i++) {
        const struct command *c = &commands[i];
        if (!command_is_here(session->arch, c))
            continue;
        if (strcasestr(c->name, args->text) == NULL && strcasestr(c->help, args->text) == NULL &&
            strcasestr(c->more, args->text) == NULL)
            continue;
        say_row(out, c);
        any = true;
    }
    out_close(out);
    if (!any)
        out_text(out, "No command is about \"%s\".\n", args->text);
    return true;
}

/* One line of a command file, bounded: a device or a file that is no text has none. */
static bool read_command(FILE *file, char *line)
{
    if (fgets(line, LINE_LONGEST, file) == NULL)
        return false;
    return strchr(line, '\n') != NULL || feof(file);
}

bool cmd_source(struct session *session, const struct command_args *args)
{
    unsigned number = 0;
    enum session_status status = SESSION_OK;
    if (*args->text == '\0')
        return out_error(&session->out, "Argument required (a file of commands).");
    if (session->out.json)
        return out_error(&session->out, "source has no JSON reply; its commands may have one.");
    if (session->source_depth == SOURCE_DEPTH)
        return out_error(&session->out, "source is nested too deeply.");
    FILE *file = fopen(args->text, "re");
    if (file == NULL)
        return out_error(&session->out, "%s: %s.", args->text, strerror(errno));
    char *name = strdup(args->text), *line = bug_alloc(LINE_LONGEST, 1);
    session->source_depth++;
    while (status == SESSION_OK && !stops_interrupted(session) && read_command(file, line)) {
        number++;
        status = session_do(session, line);
    }
    bool interrupted = status == SESSION_OK && stops_interrupted(session) && fgetc(file) != EOF;
    bool text = status != SESSION_OK || interrupted || (feof(file) && !ferror(file));
    session->source_depth--;
    free(line);
    fclose(file);
    if (!text)
        out_error(&session->out, "%s: this is no file of commands.", name);
    else if (status == SESSION_ERROR)
        out_error(&session->out, "%s:%u: Error in sourced command file.", name, number);
    else if (interrupted)
        out_error(&session->out, "%s:%u: Interrupted; the lines behind it were not done.", name,
                  number);
    free(name);
    return text && !interrupted && status != SESSION_ERROR;
}

bool cmd_quit(struct session *session, const struct command_args *args)
{
    (void)args;
    session->quit = true;
    return true;
}
