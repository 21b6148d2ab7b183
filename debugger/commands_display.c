/* commands_display: values that are shown at every stop. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

/* A format with a count, a size, or of instructions or strings shows memory, as x does. */
static bool is_memory(const char *format)
{
    return strpbrk(format, "is0123456789bhwg") != NULL;
}

static void show_one(struct session *session, const struct session_display *display)
{
    struct output *out = &session->out;
    struct scope scope = session_scope(session);
    struct value value;
    char text[2048];
    bool memory = is_memory(display->format);
    out_object(out, NULL);
    out_number(out, "number", display->number);
    out_string(out, "expression", "%s", display->text);
    if (!expression_eval(&scope, display->text, &value) ||
        (!memory && !value_format(&scope, &value, display->format[0], text, sizeof text))) {
        out_string(out, "error", "%s", scope.why);
        /* Not in this frame: as gdb, a display waits until its names mean something again. */
    } else if (memory) {
        uint32_t address;
        out_text(out, "%u: x/%s %s\n", display->number, display->format, display->text);
        if (show_address_of(session, display->text, &address))
            show_memory(session, display->format, &address);
    } else {
        out_text(out, "%u: %s%s%s = %s\n", display->number, display->format[0] == '\0' ? "" : "/",
                 display->format, display->text, text);
        out_string(out, "value", "%s", text);
    }
    out_close(out);
}

void show_displays(struct session *session)
{
    bool any = false;
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++)
        any |= session->display[i].number != 0 && session->display[i].enabled;
    if (!any)
        return;
    out_array(&session->out, "displays");
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++)
        if (session->display[i].number != 0 && session->display[i].enabled)
            show_one(session, &session->display[i]);
    out_close(&session->out);
}

bool cmd_display(struct session *session, const struct command_args *args)
{
    if (*args->text == '\0') {
        show_displays(session);
        return true;
    }
    if (strlen(args->format) >= sizeof session->display[0].format ||
        args->format[strspn(args->format, "0123456789bhwgxduotzcasif")] != '\0')
        return out_error(&session->out, "Undefined output format \"%s\".", args->format);
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++) {
        struct session_display *display = &session->display[i];
        if (display->number != 0)
            continue;
        display->number = session->next_display++;
        display->enabled = true;
        strcpy(display->format, args->format);
        display->text = strdup(args->text);
        out_array(&session->out, "displays");
        show_one(session, display);
        out_close(&session->out);
        return true;
    }
    return out_error(&session->out, "There are %u displays already; undisplay some.",
                     SESSION_DISPLAYS);
}

bool cmd_undisplay(struct session *session, const struct command_args *args)
{
    const char *text = args->text;
    char word[32];
    bool any = *text != '\0';
    while (command_word(&text, word, sizeof word) != NULL) {
        unsigned long number = strtoul(word, NULL, 10);
        bool found = false;
        for (unsigned i = 0; i < SESSION_DISPLAYS; i++) {
            struct session_display *display = &session->display[i];
            if (display->number == 0 || display->number != number)
                continue;
            free(display->text);
            *display = (struct session_display){0};
            found = true;
        }
        if (!found)
            return out_error(&session->out, "No display number %s.", word);
    }
    for (unsigned i = 0; !any && i < SESSION_DISPLAYS; i++) {
        free(session->display[i].text);
        session->display[i] = (struct session_display){0};
    }
    return true;
}

bool cmd_info_display(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {{"Num", "number", true, OUT_PLAIN},
                                                {"Format", "format", false, OUT_PLAIN},
                                                {"Expression", "expression", false, OUT_PLAIN}};
    struct output *out = &session->out;
    bool any = false;
    (void)args;
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++)
        any |= session->display[i].number != 0;
    if (!any)
        out_text(out, "There are no auto-display expressions now.\n");
    if (!any && !out->json)
        return true;
    out_table(out, "displays", 0, columns, 3);
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++) {
        const struct session_display *display = &session->display[i];
        if (display->number == 0)
            continue;
        out_cell_number(out, display->number, "%u", display->number);
        out_cell(out, "%s%s", display->format[0] == '\0' ? "" : "/", display->format);
        out_cell(out, "%s", display->text);
    }
    out_table_end(out);
    return true;
}
