/* profile: reads profile files, line by line, and answers questions about them. */
#include "debugger/profile.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define FILE_LIMIT (1u << 20)
#define NAMES      1024u

static const char *const stage_names[STAGES] = {
    [STAGE_USER] = "user",         [STAGE_SAVE] = "save",       [STAGE_TRAP] = "trap",
    [STAGE_DISPATCH] = "dispatch", [STAGE_HANDLER] = "handler", [STAGE_RESTORE] = "restore",
};

struct parser {
    struct profile *profile;
    const char *path;
    unsigned line;
    char *why;
    size_t room;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *p, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    snprintf(p->why, p->room, "%s:%u: %s", p->path, p->line, message);
    return false;
}

static char *copy(const char *text)
{
    char *to = strdup(text);
    bug_unless(to != NULL);
    return to;
}

/* Cuts the next word out of *text; a quoted one may have blanks. NULL = no more, or a quote that
 * does not end. */
static char *next_word(char **text)
{
    char *at = *text + strspn(*text, " \t");
    if (*at == '\0')
        return NULL;
    char *end;
    if (*at == '"') {
        at++;
        end = strchr(at, '"');
        if (end == NULL)
            return NULL;
    } else {
        end = at + strcspn(at, " \t");
    }
    *text = *end == '\0' ? end : end + 1;
    *end = '\0';
    return at;
}

static bool whole_number(const char *word, unsigned limit, unsigned *out)
{
    char *end;
    if (word == NULL || !isdigit((unsigned char)word[0]))
        return false;
    unsigned long n = strtoul(word, &end, 0);
    *out = (unsigned)n;
    return *end == '\0' && n < limit;
}

static bool set_once(struct parser *p, char **field, const char *what, const char *text)
{
    text += strspn(text, " \t");
    if (*text == '\0')
        return fail(p, "\"%s\" needs something behind it", what);
    if (*field != NULL)
        return fail(p, "\"%s\" was given before", what);
    *field = copy(text);
    return true;
}

/* --- the kinds of lines ---------------------------------------------------------------------- */

static bool read_stage(struct parser *p, char *rest)
{
    char *name = next_word(&rest), *symbol;
    unsigned stage = 0;
    while (stage < STAGES && (name == NULL || strcmp(stage_names[stage], name) != 0))
        stage++;
    if (stage == STAGES)
        return fail(p, "unknown stage \"%s\": user, save, trap, dispatch, handler or restore",
                    name == NULL ? "" : name);
    while ((symbol = next_word(&rest)) != NULL) {
        unsigned *used = &p->profile->stage_symbols[stage];
        if (*used == PROFILE_SYMBOLS)
            return fail(p, "a stage has at most %u symbols", PROFILE_SYMBOLS);
        p->profile->stage[stage][(*used)++] = copy(symbol);
    }
    return true;
}

static bool read_dispatch(struct parser *p, char *rest)
{
    char *kind = next_word(&rest), *symbol = next_word(&rest);
    if (kind == NULL || symbol == NULL ||
        (strcmp(kind, "table") != 0 && strcmp(kind, "switch") != 0))
        return fail(p, "expected: dispatch table SYMBOL, or: dispatch switch FUNCTION");
    p->profile->is_switch = kind[0] == 's';
    return set_once(p, &p->profile->dispatch, "dispatch", symbol);
}

static bool read_process(struct parser *p, char *rest)
{
    static const struct {
        const char *word;
        enum profile_expression expression;
    } words[] = {
        {"current", PROFILE_PROCESS_CURRENT},     {"pid", PROFILE_PROCESS_PID},
        {"name", PROFILE_PROCESS_NAME},           {"parent", PROFILE_PROCESS_PARENT},
        {"state", PROFILE_PROCESS_STATE},         {"space", PROFILE_PROCESS_SPACE},
        {"trapframe", PROFILE_PROCESS_TRAPFRAME}, {"stack", PROFILE_PROCESS_STACK},
        {"list", PROFILE_PROCESS_LIST},           {"next", PROFILE_PROCESS_NEXT},
        {"used", PROFILE_PROCESS_USED},           {"ended", PROFILE_PROCESS_ENDED},
    };
    char *word = next_word(&rest);
    for (unsigned i = 0; word != NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return set_once(p, &p->profile->expression[words[i].expression], word, rest);
    return fail(p, "unknown fact \"process %s\"", word == NULL ? "" : word);
}

/* Splits the inside of "(...)": KIND(a, b). The text is changed. */
static bool read_parameter(struct parser *p, char *text, struct parameter *parameter,
                           char **length_name)
{
    static const char *const kinds[] = {
        [PARAMETER_INT] = "INT",   [PARAMETER_STRING] = "STR",  [PARAMETER_IN] = "IN",
        [PARAMETER_OUT] = "OUT",   [PARAMETER_POINTER] = "PTR", [PARAMETER_VECTOR] = "ARGV",
        [PARAMETER_WORD] = "WORD",
    };
    char *open = strchr(text, '('), *close = strrchr(text, ')');
    if (open == NULL || close == NULL || close < open)
        return fail(p, "a parameter is KIND(name), not \"%s\"", text);
    *open = *close = '\0';
    char *first = open + 1, *second = strchr(first, ',');
    if (second != NULL) {
        *second++ = '\0';
        second += strspn(second, " \t");
    }
    unsigned kind = 0;
    while (kind < sizeof kinds / sizeof *kinds && strcmp(kinds[kind], text) != 0)
        kind++;
    if (kind == sizeof kinds / sizeof *kinds)
        return fail(p, "unknown parameter kind \"%s\": INT STR IN OUT PTR ARGV WORD", text);
    bool two = kind == PARAMETER_IN || kind == PARAMETER_OUT || kind == PARAMETER_POINTER;
    if (two != (second != NULL) || *first == '\0')
        return fail(p, "%s takes %s", text, two ? "two words" : "one word");
    parameter->kind = kind;
    parameter->length = -1;
    parameter->name = copy(kind == PARAMETER_POINTER ? second : first);
    if (kind == PARAMETER_POINTER)
        parameter->type = copy(first);
    else
        *length_name = second;
    return true;
}

/* "INT(fd), IN(buf, n), INT(n)": commas outside parentheses separate. */
static bool read_parameters(struct parser *p, char *text, struct profile_syscall *call)
{
    char *length_name[PROFILE_PARAMETERS] = {NULL};
    for (char *at = text + strspn(text, " \t,"); *at != '\0';) {
        char *end = strchr(at, ')');
        if (call->parameters == PROFILE_PARAMETERS)
            return fail(p, "a call has at most %u parameters", PROFILE_PARAMETERS);
        char *next = end == NULL || end[1] == '\0' ? NULL : end + 2;
        if (next != NULL)
            end[1] = '\0';
        unsigned n = call->parameters++;
        if (!read_parameter(p, at, &call->parameter[n], &length_name[n]))
            return false;
        at = next == NULL ? "" : next + strspn(next, " \t,");
    }
    for (unsigned i = 0; i < call->parameters; i++)
        for (unsigned j = 0; length_name[i] != NULL && j < call->parameters; j++)
            if (call->parameter[j].name != NULL &&
                strcmp(call->parameter[j].name, length_name[i]) == 0)
                call->parameter[i].length = (int)j;
    return true;
}

static bool read_numbers(struct parser *p, char *rest)
{
    struct profile *profile = p->profile;
    char *low = next_word(&rest), *high = next_word(&rest);
    if (!whole_number(low, 1u << 31, &profile->low) ||
        !whole_number(high, 1u << 31, &profile->high) || profile->low > profile->high)
        return fail(p, "expected: numbers LOW HIGH");
    return profile->syscalls == 0 || fail(p, "\"numbers\" comes in front of the calls");
}

static bool read_syscall(struct parser *p, char *rest)
{
    struct profile *profile = p->profile;
    char *number_word = next_word(&rest), *name = next_word(&rest);
    char *result = next_word(&rest), *parameters = next_word(&rest);
    unsigned number;
    if (!whole_number(number_word, UINT_MAX, &number) || number < profile->low ||
        number - profile->low >= PROFILE_SYSCALLS)
        return fail(p, "a system call's number is %u to %u", profile->low,
                    profile->low + PROFILE_SYSCALLS - 1);
    if (name == NULL || result == NULL)
        return fail(p, "expected: syscall N NAME \"RESULT\" \"PARAMETERS\"");
    struct profile_syscall *call = &profile->syscall[number - profile->low];
    if (call->name != NULL)
        return fail(p, "system call %u was given before, as %s", number, call->name);
    call->number = number;
    call->name = copy(name);
    call->result = copy(result);
    if (number - profile->low >= profile->syscalls)
        profile->syscalls = number - profile->low + 1;
    return parameters == NULL || read_parameters(p, parameters, call);
}

static bool read_name(struct parser *p, char *rest, struct profile_name **list, unsigned *used,
                      bool has_text)
{
    char *number_word = next_word(&rest), *name = next_word(&rest);
    char *text = has_text ? next_word(&rest) : NULL;
    unsigned number;
    if (!whole_number(number_word, 1u << 31, &number) || name == NULL)
        return fail(p, "expected a number and a name");
    if (*used == NAMES)
        return fail(p, "at most %u names", NAMES);
    if (*list == NULL)
        *list = bug_alloc(NAMES, sizeof **list);
    (*list)[(*used)++] =
        (struct profile_name){number, copy(name), copy(text == NULL ? name : text)};
    return true;
}

static bool read_simple(struct parser *p, const char *word, char *rest, bool *known)
{
    struct profile *f = p->profile;
    const struct {
        const char *word;
        char **field;
    } words[] = {
        {"profile", &f->name},
        {"path", &f->path},
        {"architecture", &f->architecture},
        {"number", &f->expression[PROFILE_NUMBER]},
        {"argument", &f->expression[PROFILE_ARGUMENT]},
        {"result", &f->expression[PROFILE_RESULT]},
        {"error", &f->expression[PROFILE_ERROR]},
        {"errno", &f->expression[PROFILE_ERRNO]},
        {"trapframe", &f->trapframe_type},
        {"trapframe-pointer", &f->expression[PROFILE_TRAPFRAME_POINTER]},
        {"trapframe-entry", &f->expression[PROFILE_TRAPFRAME_ENTRY]},
        {"page-table", &f->expression[PROFILE_PAGE_TABLE]},
        {"entries", &f->expression[PROFILE_ENTRIES]},
        {"entry-state", &f->entry_state},
        {"trapframe-number", &f->trapframe_number},
        {"trapframe-result", &f->trapframe_result},
        {"handler", &f->handler_prefix},
        {"refusal", &f->refusal},
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) {
            *known = true;
            return set_once(p, words[i].field, word, rest);
        }
    *known = false;
    return true;
}

static bool read_line(struct parser *p, char *line)
{
    struct profile *f = p->profile;
    bool known;
    char *word = next_word(&line);
    if (word == NULL || word[0] == '#')
        return true;
    bool fine = read_simple(p, word, line, &known);
    if (known)
        return fine;
    if (strcmp(word, "vector") == 0) {
        char *number = next_word(&line);
        return whole_number(number, 256, &f->vector) || fail(p, "a vector is 0 to 255");
    }
    if (strcmp(word, "numbers") == 0)
        return read_numbers(p, line);
    if (strcmp(word, "stack-bytes") == 0) {
        char *number = next_word(&line);
        return whole_number(number, 1u << 20, &f->stack_bytes) ||
               fail(p, "stack-bytes is less than 1 MiB");
    }
    if (strcmp(word, "stage") == 0)
        return read_stage(p, line);
    if (strcmp(word, "dispatch") == 0)
        return read_dispatch(p, line);
    if (strcmp(word, "process") == 0)
        return read_process(p, line);
    if (strcmp(word, "syscall") == 0)
        return read_syscall(p, line);
    if (strcmp(word, "errno-name") == 0)
        return read_name(p, line, &f->errno_name, &f->errno_names, true);
    if (strcmp(word, "vector-name") == 0)
        return read_name(p, line, &f->vector_name, &f->vector_names, false);
    if (strcmp(word, "state-name") == 0)
        return read_name(p, line, &f->state_name, &f->state_names, false);
    return fail(p, "unknown fact \"%.40s\"", word);
}

static bool is_complete(struct parser *p)
{
    const struct profile *f = p->profile;
    const struct {
        const char *word;
        const char *value;
    } needed[] = {{"profile", f->name},
                  {"architecture", f->architecture},
                  {"number", f->expression[PROFILE_NUMBER]},
                  {"result", f->expression[PROFILE_RESULT]},
                  {"dispatch", f->dispatch}};
    for (unsigned i = 0; i < sizeof needed / sizeof *needed; i++)
        if (needed[i].value == NULL)
            return fail(p, "%s%s ends without a line \"%s\"",
                        f->path == NULL ? "the file" : "path ", f->path == NULL ? "" : f->path,
                        needed[i].word);
    return true;
}

/* A line "path NAME" begins a section. */
static bool begins_path(const char *line)
{
    line += strspn(line, " \t");
    return strncmp(line, "path", 4) == 0 && (line[4] == ' ' || line[4] == '\t');
}

/* The path of one section: of the facts in front of all sections, and of its own. `sections`
 * becomes how many there are. NULL = p->why. */
static struct profile *parse_section(struct parser *p, const char *text, size_t length,
                                     unsigned section, unsigned *sections)
{
    struct profile *profile = p->profile = bug_alloc(1, sizeof *profile);
    profile->file = copy(p->path);
    profile->stack_bytes = 4096;
    profile->high = INT_MAX;
    profile->syscall = bug_alloc(PROFILE_SYSCALLS, sizeof *profile->syscall);
    char *all = bug_alloc(length + 1, 1);
    memcpy(all, text, length);
    bool fine = true;
    *sections = 0;
    p->line = 0;
    for (char *line = all; fine && line < all + length;) {
        size_t n = strcspn(line, "\n");
        line[n] = '\0';
        if (n > 0 && line[n - 1] == '\r')
            line[n - 1] = '\0';
        p->line++;
        *sections += begins_path(line);
        if (*sections == 0 || *sections == section)
            fine = read_line(p, line);
        line += n + 1;
    }
    free(all);
    if (profile->path != NULL)
        snprintf(profile->by, sizeof profile->by, " by %s", profile->path);
    if (fine && is_complete(p))
        return profile;
    profile_free(profile);
    return NULL;
}

struct profile *profile_parse(const char *path, const char *text, size_t length, char *why,
                              size_t room)
{
    struct parser p = {.path = path, .why = why, .room = room};
    struct profile *first = NULL, **last = &first;
    unsigned sections, section = 1;
    bool fine;
    do {
        struct profile *found = parse_section(&p, text, length, section, &sections);
        fine = found != NULL;
        if (fine && sections > PROFILE_PATHS)
            fine = fail(&p, "a kernel has at most %u paths", PROFILE_PATHS);
        else if (fine && sections > 0 && profile_named(first, found->path) != NULL)
            fine = fail(&p, "path %s was given before", found->path);
        *last = found;
        last = fine ? &found->next : last;
    } while (fine && section++ < sections);
    if (fine)
        return first;
    profile_free(first);
    return NULL;
}

struct profile *profile_load(const char *path, char *why, size_t room)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(why, room, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = bug_alloc(FILE_LIMIT + 1ul, 1);
    size_t length = fread(text, 1, FILE_LIMIT + 1ul, file);
    bool broken = ferror(file) != 0;
    fclose(file);
    struct profile *profile = NULL;
    if (broken || length > FILE_LIMIT)
        snprintf(why, room, "%s: %s", path,
                 broken ? "cannot be read" : "too large for a profile (1 MiB)");
    else
        profile = profile_parse(path, text, length, why, room);
    free(text);
    return profile;
}

static void free_names(struct profile_name *list, unsigned used)
{
    for (unsigned i = 0; i < used; i++) {
        free(list[i].name);
        free(list[i].text);
    }
    free(list);
}

static void free_path(struct profile *f)
{
    for (unsigned i = 0; i < PROFILE_SYSCALLS; i++) {
        for (unsigned j = 0; j < f->syscall[i].parameters; j++) {
            free(f->syscall[i].parameter[j].name);
            free(f->syscall[i].parameter[j].type);
        }
        free(f->syscall[i].name);
        free(f->syscall[i].result);
    }
    for (unsigned i = 0; i < PROFILE_EXPRESSIONS; i++)
        free(f->expression[i]);
    for (unsigned i = 0; i < STAGES; i++)
        for (unsigned j = 0; j < f->stage_symbols[i]; j++)
            free(f->stage[i][j]);
    free_names(f->errno_name, f->errno_names);
    free_names(f->vector_name, f->vector_names);
    free_names(f->state_name, f->state_names);
    free(f->entry_state);
    free(f->syscall);
    free(f->file);
    free(f->name);
    free(f->path);
    free(f->architecture);
    free(f->dispatch);
    free(f->trapframe_type);
    free(f->trapframe_number);
    free(f->trapframe_result);
    free(f->handler_prefix);
    free(f->refusal);
    free(f);
}

void profile_free(struct profile *profile)
{
    while (profile != NULL) {
        struct profile *next = profile->next;
        free_path(profile);
        profile = next;
    }
}

static bool readable(const char *path)
{
    FILE *file = fopen(path, "re");
    bool fine = file != NULL && (fgetc(file) != EOF || feof(file)); /* no folder */
    if (file != NULL)
        fclose(file);
    return fine;
}

/* Length of the folder's part of a path, the slash included. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

bool profile_find(const char *choice, const char *kernel, const char *architecture, char *path,
                  size_t path_room, char *why, size_t room)
{
    size_t folder = folder_length(kernel);
    if (choice != NULL && (strchr(choice, '/') != NULL || readable(choice))) {
        snprintf(path, path_room, "%s", choice);
    } else if (choice != NULL) {
        snprintf(path, path_room, "%.*s%s.profile", (int)folder, kernel, choice);
    } else {
        const char *name = kernel + folder, *dot = strrchr(name, '.');
        int length = dot == NULL ? (int)strlen(name) : (int)(dot - name);
        snprintf(path, path_room, "%.*s%.*s-%s.profile", (int)folder, kernel, length, name,
                 architecture);
    }
    if (readable(path))
        return true;
    snprintf(why, room, "no profile %s; name one with --profile FILE", path);
    return false;
}

bool profile_stage_has(const struct profile *profile, enum profile_stage stage, const char *symbol)
{
    for (unsigned i = 0; i < profile->stage_symbols[stage]; i++) {
        const char *pattern = profile->stage[stage][i];
        size_t length = strlen(pattern);
        bool open = length > 0 && pattern[length - 1] == '*';
        if (open ? strncmp(symbol, pattern, length - 1) == 0 : strcmp(symbol, pattern) == 0)
            return true;
    }
    return false;
}

const struct profile *profile_of_vector(const struct profile *profile, unsigned vector)
{
    while (profile != NULL && profile->vector != vector)
        profile = profile->next;
    return profile;
}

const struct profile *profile_of_number(const struct profile *profile, unsigned vector,
                                        int64_t number)
{
    while (profile != NULL &&
           (profile->vector != vector || number < profile->low || number > profile->high))
        profile = profile->next;
    return profile;
}

const struct profile *profile_of_stage(const struct profile *profile, enum profile_stage stage,
                                       const char *symbol)
{
    while (profile != NULL && !profile_stage_has(profile, stage, symbol))
        profile = profile->next;
    return profile;
}

const struct profile *profile_named(const struct profile *profile, const char *path)
{
    while (profile != NULL && (profile->path == NULL || strcmp(profile->path, path) != 0))
        profile = profile->next;
    return profile;
}

const struct profile_syscall *profile_syscall(const struct profile *profile, int64_t number)
{
    int64_t index = number - profile->low;
    if (index < 0 || index >= PROFILE_SYSCALLS || profile->syscall[index].name == NULL)
        return NULL;
    return &profile->syscall[index];
}

const struct profile_syscall *profile_syscall_named(const struct profile *profile, const char *name)
{
    for (unsigned i = 0; i < profile->syscalls; i++)
        if (profile->syscall[i].name != NULL && strcmp(profile->syscall[i].name, name) == 0)
            return &profile->syscall[i];
    return NULL;
}

const struct profile_name *profile_errno(const struct profile *profile, int64_t number)
{
    for (unsigned i = 0; i < profile->errno_names; i++)
        if (profile->errno_name[i].number == number)
            return &profile->errno_name[i];
    return NULL;
}

const char *profile_vector(const struct profile *profile, unsigned vector)
{
    for (; profile != NULL; profile = profile->next)
        for (unsigned i = 0; i < profile->vector_names; i++)
            if (profile->vector_name[i].number == vector)
                return profile->vector_name[i].name;
    return NULL;
}
