/* commands_break: making, changing and listing breakpoints, watchpoints and catchpoints. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/commands.h"
#include "debugger/show.h"

static struct point *add(struct session *session, enum point_kind kind, const char *what)
{
    struct point *point = stops_add(&session->stops, kind, what);
    if (point == NULL)
        out_error(&session->out, "There are %u breakpoints already; delete some.", POINTS);
    return point;
}

/* Splits "LOCATION if CONDITION"; the condition or NULL. */
static const char *split_condition(const char *text, char *location, size_t room)
{
    const char *at = text;
    size_t length = strlen(text);
    if (strncmp(text, "if ", 3) == 0) {
        location[0] = '\0';
        return text + 3;
    }
    while ((at = strstr(at, " if")) != NULL) {
        if (isspace((unsigned char)at[3]) || at[3] == '(') {
            length = (size_t)(at - text);
            at += 3 + strspn(at + 3, " \t");
            break;
        }
        at++;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    snprintf(location, room, "%.*s", (int)length, text);
    return at;
}

static bool set_condition(struct session *session, struct point *point, const char *text)
{
    free(point->condition);
    point->condition = *text == '\0' ? NULL : strdup(text);
    (void)session;
    return true;
}

static void say_place(struct session *session, const struct point *point)
{
    struct output *out = &session->out;
    const struct image *image = point->location[0].image;
    uint32_t address = point->location[0].address;
    if (image == NULL)
        image = session_image(session, address);
    const struct line_row *row = image == NULL ? NULL : image_line(image, address);
    out_text(out, "%s %u", point->temporary ? "Temporary breakpoint" : "Breakpoint", point->number);
    if (!session->hide_addresses)
        out_text(out, " at 0x%" PRIx32, address);
    if (row != NULL)
        out_text(out, ": file %s, line %u.", say_file(row->file), row->line);
    if (point->locations > 1)
        out_text(out, " (%u locations)", point->locations);
    out_text(out, "\n");
    out_number(out, "number", point->number);
    out_number(out, "address", address);
    if (row != NULL) {
        out_string(out, "file", "%s", row->file);
        out_number(out, "line", row->line);
    }
}

static bool make_break(struct session *session, const char *text, bool temporary)
{
    char location[512];
    uint32_t address[POINT_LOCATIONS];
    struct image *image[POINT_LOCATIONS];
    unsigned found = 1;
    const char *condition = split_condition(text, location, sizeof location);
    if (location[0] == '\0') {
        if (!session_needs_machine(session))
            return false;
        const struct frame *frame = frames_current(session);
        address[0] = frame->pc;
        image[0] = frame->image;
        snprintf(location, sizeof location, "*0x%" PRIx32, frame->pc);
    } else {
        found = session_location(session, location, address, image, POINT_LOCATIONS);
    }
    if (found == 0)
        return false;
    struct point *point = add(session, POINT_BREAK, location);
    if (point == NULL)
        return false;
    point->temporary = temporary;
    for (unsigned i = 0; i < found; i++) {
        point->location[i].address = address[i];
        point->location[i].image = image[i];
    }
    point->locations = found;
    if (condition != NULL)
        set_condition(session, point, condition);
    stops_changed(&session->stops);
    say_place(session, point);
    return true;
}

bool cmd_break(struct session *session, const struct command_args *args)
{
    return make_break(session, args->text, false);
}

bool cmd_tbreak(struct session *session, const struct command_args *args)
{
    return make_break(session, args->text, true);
}

/* --- watchpoints ------------------------------------------------------------------------------ */

static bool make_watch(struct session *session, const char *text, enum point_kind kind,
                       const char *words)
{
    char expression[512];
    struct value value;
    if (!session_needs_machine(session))
        return false;
    if (*text == '\0')
        return out_error(&session->out, "Argument required (expression to compute).");
    const char *condition = split_condition(text, expression, sizeof expression);
    if (!session_eval(session, expression, &value))
        return false;
    if (value.where != VALUE_MEMORY || value.type->size == 0)
        return out_error(&session->out, "\"%s\" is not in memory, so it cannot be watched.",
                         expression);
    if (value.type->size > 8)
        return out_error(&session->out, "\"%s\" has %" PRIu32 " bytes; at most 8 can be watched.",
                         expression, value.type->size);
    struct point *point = add(session, kind, expression);
    if (point == NULL)
        return false;
    struct image *kernel = symbols_kernel(&session->symbols);
    bool user = kernel != NULL && value.address < kernel->low;
    point->address = value.address;
    point->length = value.type->size;
    point->type = value.type;
    point->space = user ? session->cpu->ops->space(session->cpu) : 0;
    point->physical = UINT32_MAX;
    if (condition != NULL)
        set_condition(session, point, condition);
    stops_changed(&session->stops);
    out_text(&session->out, "%s %u: %s\n", words, point->number, expression);
    out_number(&session->out, "number", point->number);
    out_number(&session->out, "address", point->address);
    return true;
}

bool cmd_watch(struct session *session, const struct command_args *args)
{
    return make_watch(session, args->text, POINT_WATCH, "Hardware watchpoint");
}

bool cmd_rwatch(struct session *session, const struct command_args *args)
{
    return make_watch(session, args->text, POINT_READ_WATCH, "Hardware read watchpoint");
}

bool cmd_awatch(struct session *session, const struct command_args *args)
{
    return make_watch(session, args->text, POINT_ACCESS_WATCH, "Hardware access watchpoint");
}

/* --- catchpoints ------------------------------------------------------------------------------ */

static bool make_catch(struct session *session, const char *text, enum point_kind kind,
                       const char *what)
{
    int64_t number = -1;
    struct wanted_call wanted = {NULL, -1};
    char words[128];
    if (!session_needs_machine(session))
        return false;
    if (kind == POINT_CATCH_SYSCALL) {
        if (!session_needs_profile(session) || !show_wanted_call(session, text, &wanted))
            return false;
    } else if (*text != '\0') {
        if (!session_number(session, text, &number))
            return false;
        if (number < 0 || number > 255)
            return out_error(&session->out, "A vector is 0 to 255.");
    }
    snprintf(words, sizeof words, "%s%s%s", what, *text == '\0' ? "" : " ", text);
    struct point *point = add(session, kind, words);
    if (point == NULL)
        return false;
    point->vector = number;
    point->wanted = wanted;
    stops_changed(&session->stops);
    out_text(&session->out, "Catchpoint %u (%s)\n", point->number, words);
    out_number(&session->out, "number", point->number);
    return true;
}

bool cmd_catch_trap(struct session *session, const struct command_args *args)
{
    return make_catch(session, args->text, POINT_CATCH_TRAP, "trap");
}

bool cmd_catch_syscall(struct session *session, const struct command_args *args)
{
    return make_catch(session, args->text, POINT_CATCH_SYSCALL, "syscall");
}

bool cmd_catch_fault(struct session *session, const struct command_args *args)
{
    return make_catch(session, args->text, POINT_CATCH_FAULT, "fault");
}

bool cmd_catch_irq(struct session *session, const struct command_args *args)
{
    return make_catch(session, args->text, POINT_CATCH_IRQ, "irq");
}

/* --- changing --------------------------------------------------------------------------------- */

static struct point *numbered(struct session *session, const char *word)
{
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    struct point *point =
        *word == '\0' || *end != '\0' ? NULL : stops_find(&session->stops, (unsigned)number);
    if (point == NULL)
        out_error(&session->out, "No breakpoint number %s.", word);
    return point;
}

/* Each number in the text, or every point when there is none. */
static bool for_each(struct session *session, const char *text,
                     void (*act)(struct session *session, struct point *point))
{
    char word[32];
    bool any = false;
    while (command_word(&text, word, sizeof word) != NULL) {
        struct point *point = numbered(session, word);
        if (point == NULL)
            return false;
        act(session, point);
        any = true;
    }
    for (unsigned i = 0; !any && i < POINTS; i++)
        if (session->stops.point[i].number != 0)
            act(session, &session->stops.point[i]);
    stops_changed(&session->stops);
    return true;
}

static void remove_one(struct session *session, struct point *point)
{
    if (session->stop.point == point)
        session->stop.point = NULL;
    stops_remove(&session->stops, point);
}

static void disable_one(struct session *session, struct point *point)
{
    (void)session;
    point->enabled = false;
}

static void enable_one(struct session *session, struct point *point)
{
    (void)session;
    point->enabled = true;
}

bool cmd_delete(struct session *session, const struct command_args *args)
{
    const char *text = args->text;
    if (strncmp(text, "breakpoints", 11) == 0)
        text += 11;
    return for_each(session, text, remove_one);
}

bool cmd_disable(struct session *session, const struct command_args *args)
{
    return for_each(session, args->text, disable_one);
}

bool cmd_enable(struct session *session, const struct command_args *args)
{
    return for_each(session, args->text, enable_one);
}

bool cmd_condition(struct session *session, const struct command_args *args)
{
    char word[32];
    const char *text = args->text;
    if (command_word(&text, word, sizeof word) == NULL)
        return out_error(&session->out, "Argument required (breakpoint number).");
    struct point *point = numbered(session, word);
    if (point == NULL)
        return false;
    if (*text == '\0')
        out_text(&session->out, "Breakpoint %u now unconditional.\n", point->number);
    return set_condition(session, point, text);
}

bool cmd_ignore(struct session *session, const struct command_args *args)
{
    char word[32];
    int64_t count;
    const char *text = args->text;
    if (command_word(&text, word, sizeof word) == NULL || *text == '\0')
        return out_error(&session->out, "Arguments required (breakpoint number, count).");
    struct point *point = numbered(session, word);
    if (point == NULL || !session_number(session, text, &count))
        return false;
    point->ignore = count < 0 ? 0 : (uint64_t)count;
    out_text(&session->out, "Will ignore next %" PRIu64 " crossings of breakpoint %u.\n",
             point->ignore, point->number);
    return true;
}

/* --- listing ---------------------------------------------------------------------------------- */

static const char *const kind_names[] = {
    [POINT_BREAK] = "breakpoint",           [POINT_WATCH] = "hw watchpoint",
    [POINT_READ_WATCH] = "read watchpoint", [POINT_ACCESS_WATCH] = "acc watchpoint",
    [POINT_CATCH_TRAP] = "catchpoint",      [POINT_CATCH_SYSCALL] = "catchpoint",
    [POINT_CATCH_FAULT] = "catchpoint",     [POINT_CATCH_IRQ] = "catchpoint",
};

static void row_of(struct session *session, const struct point *point)
{
    struct output *out = &session->out;
    char where[256] = "";
    if (point->locations > 0) {
        const struct image *image = point->location[0].image;
        const struct line_row *row =
            image == NULL ? NULL : image_line(image, point->location[0].address);
        const struct function *function =
            image == NULL ? NULL : image_function(image, point->location[0].address);
        if (function != NULL && row != NULL)
            snprintf(where, sizeof where, "in %s at %s:%u", function->name, say_file(row->file),
                     row->line);
    }
    out_cell_number(out, point->number, "%u", point->number);
    out_cell(out, "%s", kind_names[point->kind]);
    out_cell(out, "%s", point->temporary ? "del" : "keep");
    out_cell(out, "%s", point->enabled ? "y" : "n");
    if (point->locations > 0)
        out_cell_number(out, point->location[0].address, "0x%08" PRIx32,
                        point->location[0].address);
    else
        out_cell_number(out, point->address, "%s", "");
    out_cell(out, "%s", where[0] != '\0' ? where : point->what);
    out_cell_number(out, (int64_t)point->hits, "%" PRIu64, point->hits);
    out_cell(out, "%s%s", point->condition == NULL ? "" : "if ",
             point->condition == NULL ? "" : point->condition);
}

bool cmd_info_breakpoints(struct session *session, const struct command_args *args)
{
    static const struct out_column columns[] = {
        {"Num", "number", true, OUT_PLAIN},         {"Type", "type", false, OUT_PLAIN},
        {"Disp", "disposition", false, OUT_PLAIN},  {"Enb", "enabled", false, OUT_PLAIN},
        {"Address", "address", false, OUT_ADDRESS}, {"What", "what", false, OUT_PLAIN},
        {"Hits", "hits", true, OUT_PLAIN},          {"", "condition", false, OUT_PLAIN},
    };
    struct output *out = &session->out;
    bool any = false;
    (void)args;
    for (unsigned i = 0; i < POINTS; i++)
        any |= session->stops.point[i].number != 0;
    if (!any)
        out_text(out, "No breakpoints or watchpoints.\n");
    if (!any && !out->json)
        return true;
    out_table(out, "breakpoints", 0, columns, sizeof columns / sizeof *columns);
    for (unsigned number = 1; number < session->stops.next_number; number++) {
        const struct point *point = stops_find(&session->stops, number);
        if (point != NULL)
            row_of(session, point);
    }
    out_table_end(out);
    return true;
}
