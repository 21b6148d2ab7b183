/* session: the one door in: a line becomes a command, a command becomes a reply. */
#include "debugger/session.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define LINE_ROOM 4096u

/* --- what expressions ask of the machine ------------------------------------------------------ */

static bool read_memory(void *context, uint32_t address, void *to, uint32_t length)
{
    return session_peek(context, address, to, length);
}

/* The selected frame stays selected. */
static void edited(struct session *session)
{
    unsigned current = session->current;
    /* One action ahead is what stopping on a trap's instruction has seen. */
    if (timeline_now(session->timeline).count + 1 < timeline_frontier(session->timeline).count)
        out_text(&session->out, "What was recorded behind this moment is dropped: it will be "
                                "another future.\n");
    timeline_edited(session->timeline);
    session_changed(session);
    session->current = current;
}

static bool write_memory(void *context, uint32_t address, const void *from, uint32_t length)
{
    struct session *session = context;
    if (session->cpu == NULL || !session_poke(session, address, from, length))
        return false;
    edited(session);
    return true;
}

static bool get_register(void *context, const char *name, unsigned *number, unsigned *bits,
                         uint64_t *value)
{
    struct session *session = context;
    int found = session->cpu == NULL ? -1 : cpu_register_number(session->cpu, name);
    if (found < 0)
        return false;
    *number = (unsigned)found;
    *bits = session->cpu->ops->registers[found].bits;
    return session->cpu->ops->reg_get(session->cpu, *number, value);
}

static bool set_register(void *context, unsigned number, uint64_t value)
{
    struct session *session = context;
    if (!session->cpu->ops->reg_set(session->cpu, number, value))
        return false;
    edited(session);
    return true;
}

static bool get_variable(void *context, const char *name, struct value *out)
{
    struct session *session = context;
    unsigned used = session->history_used;
    char *end;
    if (strcmp(name, "") == 0 || strcmp(name, "$") == 0) {
        unsigned back = name[0] == '$' ? 2 : 1;
        if (used < back)
            return false;
        *out = session->history[used - back];
        return true;
    }
    unsigned long number = strtoul(name, &end, 10);
    if (isdigit((unsigned char)name[0]) && *end == '\0') {
        if (number <= session->history_dropped || number - session->history_dropped > used)
            return false;
        *out = session->history[number - session->history_dropped - 1];
        return true;
    }
    if (strcmp(name, "cpu") == 0 && session->cpu != NULL) {
        *out = value_of_number(type_basic(BASIC_UINT), session->cpu->number);
        return true;
    }
    for (unsigned i = 0; i < session->variables; i++)
        if (strcmp(session->variable[i].name, name) == 0) {
            *out = session->variable[i].value;
            return true;
        }
    return false;
}

/* Results and variables keep what the value is now, where that fits. */
static void keep(struct session *session, struct value *value)
{
    struct scope scope = session_scope(session);
    struct value before = *value;
    if (value->where == VALUE_GONE || value->bit_size != 0 || value->type->size == 0 ||
        value->type->size > VALUE_BYTES || value->type->kind == TYPE_FUNCTION ||
        !value_read(&scope, &before, 0, value->bytes, value->type->size))
        return;
    if (value->where == VALUE_MEMORY)
        value->big_endian = session->arch->big_endian;
    value->where = VALUE_PLAIN;
}

static bool set_variable(void *context, const char *name, const struct value *value)
{
    struct session *session = context;
    unsigned i = 0;
    if (isdigit((unsigned char)name[0]) || strlen(name) >= sizeof session->variable[0].name)
        return false;
    while (i < session->variables && strcmp(session->variable[i].name, name) != 0)
        i++;
    if (i == SESSION_VARIABLES)
        return false;
    if (i == session->variables)
        session->variables++;
    strcpy(session->variable[i].name, name);
    session->variable[i].value = *value;
    keep(session, &session->variable[i].value);
    return true;
}

/* The numbers go on when the oldest values are dropped. */
unsigned session_remember(struct session *session, const struct value *value)
{
    if (session->history_used == SESSION_HISTORY) {
        memmove(session->history, session->history + 1,
                (SESSION_HISTORY - 1) * sizeof session->history[0]);
        session->history_used--;
        session->history_dropped++;
    }
    struct value *kept = &session->history[session->history_used++];
    *kept = *value;
    keep(session, kept);
    return session->history_used + session->history_dropped;
}

void session_set_variable(struct session *session, const char *name, const struct value *value)
{
    set_variable(session, name, value);
}

/* The present program first, then the kernel, then all others. */
static struct image *image_by_turn(void *context, unsigned index)
{
    struct session *session = context;
    struct image *first = session->cpu == NULL ? NULL : session_program(session);
    struct image *kernel = symbols_kernel(&session->symbols);
    if (first == NULL)
        first = session->program;
    if (first != NULL && index-- == 0)
        return first;
    if (kernel != NULL && index-- == 0)
        return kernel;
    for (unsigned i = 0; i < session->symbols.used; i++)
        if (session->symbols.image[i] != first && session->symbols.image[i] != kernel &&
            index-- == 0)
            return session->symbols.image[i];
    return NULL;
}

void session_init(struct session *session, struct machine *machine, struct timeline *timeline,
                  FILE *text, FILE *errors)
{
    *session = (struct session){.machine = machine, .timeline = timeline};
    session->cpu = machine == NULL ? NULL : machine->cpu;
    session->arch = session->cpu == NULL ? &arch_x86 : arch_of(session->cpu);
    bug_unless(session->arch != NULL);
    symbols_init(&session->symbols, session->arch->elf_machine);
    stops_init(&session->stops);
    out_init(&session->out, text, errors);
    session->insn_limit = UINT64_MAX;
    session->next_display = 1;
    session->target = (struct target){
        .context = session,
        .read = read_memory,
        .write = write_memory,
        .reg_get = get_register,
        .reg_set = set_register,
        .variable_get = get_variable,
        .variable_set = set_variable,
        .image = image_by_turn,
    };
}

void session_free(struct session *session)
{
    for (unsigned i = 0; i < SESSION_DISPLAYS; i++)
        free(session->display[i].text);
    free(session->last_line);
    stops_free(&session->stops);
    symbols_free(&session->symbols);
    profile_free(session->profile);
    out_free(&session->out);
}

void session_changed(struct session *session)
{
    if (session->machine != NULL)
        session->cpu = session->chosen != NULL ? session->chosen : session->machine->cpu;
    session->frames = 0;
    session->current = 0;
    session->spaces = 0;
}

/* Cuts a "--json" that stands alone out of the line. */
static bool take_json(char *line)
{
    for (char *at = line; (at = strstr(at, "--json")) != NULL; at++) {
        bool alone = (at == line || isspace((unsigned char)at[-1])) &&
                     (at[6] == '\0' || isspace((unsigned char)at[6]));
        if (!alone)
            continue;
        memmove(at, at + 6, strlen(at + 6) + 1);
        return true;
    }
    return false;
}

static void strip_end(char *line)
{
    size_t n = strlen(line);
    while (n > 0 && isspace((unsigned char)line[n - 1]))
        line[--n] = '\0';
}

static void remember(struct session *session, const struct command *command, const char *line)
{
    free(session->last_line);
    session->last_line = command->repeats == REPEATS_NOT ? NULL : strdup(line);
}

static enum session_status perform(struct session *session, const char *line, bool again)
{
    char words[LINE_ROOM], why[256];
    struct command_args args = {.again = again};
    struct output *out = &session->out;
    strcpy(words, line);
    bool json = take_json(words);
    strip_end(words);
    const struct command *command = command_find(session->arch, words, &args, why, sizeof why);
    out_begin(out, json);
    bool fine = command != NULL && !command_elsewhere(session->arch, command, why, sizeof why);
    if (!fine) {
        out_error(out, "%s", why);
    } else {
        out_string(out, "command", "%s", command->name);
        if (again && command->repeats == REPEATS_ON)
            args.text = "";
        else if (session->source_depth == 0)
            remember(session, command, line);
        fine = command->fn(session, &args);
    }
    out_end(out);
    return session->quit ? SESSION_QUIT : fine ? SESSION_OK : SESSION_ERROR;
}

enum session_status session_do(struct session *session, const char *line)
{
    line += strspn(line, " \t");
    if (strlen(line) >= LINE_ROOM) {
        out_error(&session->out, "The line is longer than %u characters", LINE_ROOM - 1);
        return SESSION_ERROR;
    }
    if (*line == '#')
        return SESSION_OK;
    if (*line != '\0')
        return perform(session, line, false);
    if (session->last_line == NULL || session->source_depth > 0)
        return SESSION_OK;
    char *last = strdup(session->last_line);
    bug_unless(last != NULL);
    enum session_status status = perform(session, last, true);
    free(last);
    return status;
}

bool session_needs_machine(struct session *session)
{
    if (session->machine != NULL)
        return true;
    return out_error(&session->out, "There is no machine in this session");
}

bool session_needs_profile(struct session *session)
{
    if (session->profile != NULL)
        return true;
    return out_error(&session->out, "No profile says where this kernel keeps such things; "
                                    "name one with --profile FILE");
}
