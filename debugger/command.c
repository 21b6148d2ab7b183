/* command: finds commands by what was typed, and completes what is being typed. */
#include "debugger/command.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"

const struct command commands[] = {
#define COMMAND(name, prefix, fn, group, syntax, help, more, completer, repeats)                   \
    {name, prefix, fn, group, syntax, help, more, completer, repeats},
#define ALIAS(name, command)
#define ONLY(name, arch, counterpart)
#include "debugger/commands.def"
#undef COMMAND
#undef ALIAS
#undef ONLY
};

const unsigned commands_count = sizeof commands / sizeof *commands;

static const char *const aliases[][2] = {
#define COMMAND(name, prefix, fn, group, syntax, help, more, completer, repeats)
#define ALIAS(name, command) {name, command},
#define ONLY(name, arch, counterpart)
#include "debugger/commands.def"
#undef COMMAND
#undef ALIAS
#undef ONLY
};

static const struct only {
    const char *name, *arch, *counterpart;
} only[] = {
#define COMMAND(name, prefix, fn, group, syntax, help, more, completer, repeats)
#define ALIAS(name, command)
#define ONLY(name, arch, counterpart) {name, arch, counterpart},
#include "debugger/commands.def"
#undef COMMAND
#undef ALIAS
#undef ONLY
};

static const struct only *only_of(const char *name)
{
    for (unsigned i = 0; i < sizeof only / sizeof *only; i++)
        if (strcmp(only[i].name, name) == 0)
            return &only[i];
    return NULL;
}

bool command_is_here(const struct arch *arch, const struct command *command)
{
    const struct only *row = only_of(command->name);
    return row == NULL || strcmp(row->arch, arch->name) == 0;
}

bool command_elsewhere(const struct arch *arch, const struct command *command, char *why,
                       size_t room)
{
    const struct only *row = only_of(command->name);
    if (row == NULL || strcmp(row->arch, arch->name) == 0)
        return false;
    int used =
        snprintf(why, room, "%s is about the %s; this machine is %s %s", command->name, row->arch,
                 strchr("aeioux", arch->name[0]) != NULL ? "an" : "a", arch->name);
    if (row->counterpart[0] != '\0')
        snprintf(why + used, room - (size_t)used, ": see %s", row->counterpart);
    return true;
}

static const char *unaliased(const char *word)
{
    for (unsigned i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(aliases[i][0], word) == 0)
            return aliases[i][1];
    return word;
}

/* The word of a row's name that is asked for; length 0 = it has none. */
static const char *part(const struct command *command, unsigned which, size_t *length)
{
    const char *blank = strchr(command->name, ' ');
    if (which == 0) {
        *length = blank == NULL ? strlen(command->name) : (size_t)(blank - command->name);
        return command->name;
    }
    *length = blank == NULL ? 0 : strlen(blank + 1);
    return blank == NULL ? "" : blank + 1;
}

static bool same_part(const struct command *a, const struct command *b)
{
    size_t m, n;
    const char *x = part(a, 0, &m), *y = part(b, 0, &n);
    return m == n && strncmp(x, y, m) == 0;
}

/* Among the rows that pass `group` (NULL: first words; else rows with that first word, by their
 * second), the one that `word` chooses. */
static const struct command *choose(const struct arch *arch, const char *word,
                                    const struct command *group, char *why, size_t room)
{
    const struct command *found = NULL, *preferred = NULL;
    bool several = false;
    size_t used = 0;
    unsigned which = group == NULL ? 0 : 1;
    for (unsigned i = 0; i < commands_count; i++) {
        const struct command *c = &commands[i];
        size_t length;
        const char *name = part(c, which, &length);
        if (length == 0 || (group != NULL && !same_part(c, group)) ||
            strncmp(name, word, strlen(word)) != 0)
            continue;
        /* `set v = 1` is about a v of the guest. */
        if (which == 1 && word[0] != '\0' && strlen(word) < c->prefix)
            continue;
        if (length == strlen(word))
            return c;
        if (!command_is_here(arch, c))
            continue;
        if (found != NULL && which == 0 && same_part(c, found))
            continue; /* another row with the same first word */
        several |= found != NULL;
        found = c;
        bool whole = which == 1 || strchr(c->name, ' ') == NULL;
        if (whole && strlen(word) >= c->prefix && preferred == NULL)
            preferred = c;
        if (used < room)
            used += (size_t)snprintf(why + used, room - used, "%s%.*s", used > 0 ? ", " : "",
                                     (int)length, name);
    }
    if (several && preferred != NULL)
        return preferred;
    return several ? NULL : found;
}

static size_t word_length(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '-' || text[n] == '_')
        n++;
    return n;
}

/* Takes "/format" out of the arguments of a command that has one. */
static void take_format(const struct command *command, char *text, struct command_args *args)
{
    args->format = "";
    if (*text == '/' && strncmp(command->syntax, "[/", 2) == 0) {
        char *end = text + 1 + strcspn(text + 1, " \t");
        args->format = text + 1;
        text = end + (*end != '\0');
        *end = '\0';
    }
    args->text = text + strspn(text, " \t");
}

static const struct command *first_word(const struct arch *arch, const char *word, char *why,
                                        size_t room)
{
    char list[160] = "";
    const struct command *command = choose(arch, unaliased(word), NULL, list, sizeof list);
    if (command != NULL)
        return command;
    if (list[0] == '\0')
        snprintf(why, room, "Undefined command: \"%s\".  Try \"help\".", word);
    else
        snprintf(why, room, "Ambiguous command \"%s\": %s.", word, list);
    return NULL;
}

const struct command *command_find(const struct arch *arch, char *line, struct command_args *args,
                                   char *why, size_t room)
{
    char word[64], second[64], list[160] = "";
    line += strspn(line, " \t");
    size_t n = word_length(line);
    if (n == 0 || n >= sizeof word) {
        snprintf(why, room, "Undefined command: \"%.40s\".  Try \"help\".", line);
        return NULL;
    }
    memcpy(word, line, n);
    word[n] = '\0';
    const struct command *command = first_word(arch, word, why, room);
    if (command == NULL)
        return NULL;
    line += n;
    char *rest = line + strspn(line, " \t");
    size_t m = word_length(rest);
    if (m > 0 && m < sizeof second) {
        memcpy(second, rest, m);
        second[m] = '\0';
        const struct command *sub = choose(arch, second, command, list, sizeof list);
        if (sub != NULL) {
            take_format(sub, rest + m + strspn(rest + m, " \t"), args);
            return sub;
        }
    }
    take_format(command, rest, args);
    if (strchr(command->name, ' ') == NULL)
        return command;
    choose(arch, "", command, list, sizeof list);
    snprintf(why, room, "\"%s\" is followed by one of: %s.", word, list);
    return NULL;
}

const char *command_word(const char **text, char *word, size_t room)
{
    *text += strspn(*text, " \t");
    size_t n = strcspn(*text, " \t");
    if (n == 0)
        return NULL;
    snprintf(word, room, "%.*s", (int)n, *text);
    *text += n;
    *text += strspn(*text, " \t");
    return word;
}

bool command_count(struct session *session, const char *text, long long *count)
{
    int64_t number;
    *count = 1;
    if (*text == '\0')
        return true;
    if (!session_number(session, text, &number))
        return false;
    if (number < 1)
        return out_error(&session->out, "A count is at least 1");
    *count = number;
    return true;
}
