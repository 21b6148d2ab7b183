/* complete: the words that may stand where the user is typing. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "debugger/command.h"
#include "debugger/session.h"

struct completion {
    struct session *session;
    const char *word;
    void (*each)(void *context, const char *word);
    void *context;
};

static void offer(const struct completion *c, const char *word)
{
    if (strncmp(word, c->word, strlen(c->word)) == 0)
        c->each(c->context, word);
}

/* First words, each once. */
static void offer_commands(const struct completion *c)
{
    char last[64] = "";
    for (unsigned i = 0; i < commands_count; i++) {
        char word[64];
        if (!command_is_here(c->session->arch, &commands[i]))
            continue;
        snprintf(word, sizeof word, "%.*s", (int)strcspn(commands[i].name, " "), commands[i].name);
        if (strcmp(word, last) != 0)
            offer(c, word);
        strcpy(last, word);
    }
}

/* Second words of the commands that begin with this word. */
static bool offer_subcommands(const struct completion *c, const char *first, size_t length)
{
    bool any = false;
    for (unsigned i = 0; i < commands_count; i++) {
        const char *blank = strchr(commands[i].name, ' ');
        if (blank == NULL || (size_t)(blank - commands[i].name) != length ||
            strncmp(commands[i].name, first, length) != 0)
            continue;
        offer(c, blank + 1);
        any = true;
    }
    return any;
}

static void offer_symbols(const struct completion *c)
{
    const struct symbols *symbols = &c->session->symbols;
    for (unsigned i = 0; i < symbols->used; i++) {
        const struct image *image = symbols->image[i];
        for (unsigned j = 0; j < image->symbols; j++)
            offer(c, image->symbol[j].name);
        for (unsigned j = 0; j < image->globals; j++)
            offer(c, image->global[j].name);
    }
}

static void offer_files_of_source(const struct completion *c)
{
    const struct symbols *symbols = &c->session->symbols;
    const char *last = "";
    for (unsigned i = 0; i < symbols->used; i++)
        for (unsigned j = 0; j < symbols->image[i]->rows; j++) {
            const char *path = symbols->image[i]->row[j].file, *slash = strrchr(path, '/');
            if (path != last)
                offer(c, slash == NULL ? path : slash + 1);
            last = path;
        }
}

static void offer_registers(const struct completion *c)
{
    if (c->session->cpu == NULL)
        return;
    for (const struct cpu_register *r = c->session->cpu->ops->registers; r->name != NULL; r++) {
        char word[64];
        snprintf(word, sizeof word, "%s%s", c->word[0] == '$' ? "$" : "", r->name);
        offer(c, word);
    }
}

static void offer_syscalls(const struct completion *c)
{
    for (const struct profile *path = c->session->profile; path != NULL; path = path->next)
        for (unsigned i = 0; i < path->syscalls; i++)
            if (path->syscall[i].name != NULL)
                offer(c, path->syscall[i].name);
}

static void offer_points(const struct completion *c)
{
    for (unsigned i = 0; i < POINTS; i++) {
        char word[16];
        snprintf(word, sizeof word, "%u", c->session->stops.point[i].number);
        if (c->session->stops.point[i].number != 0)
            offer(c, word);
    }
}

static void offer_paths(const struct completion *c)
{
    char folder[512], word[1024];
    const char *slash = strrchr(c->word, '/');
    int length = slash == NULL ? 0 : (int)(slash - c->word) + 1;
    snprintf(folder, sizeof folder, "%.*s", length, length == 0 ? "" : c->word);
    DIR *dir = opendir(length == 0 ? "." : folder);
    if (dir == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(word, sizeof word, "%s%s", folder, entry->d_name);
        offer(c, word);
    }
    closedir(dir);
}

static void offer_arguments(const struct completion *c, enum completer completer)
{
    if (c->word[0] == '$') {
        offer_registers(c);
        return;
    }
    switch (completer) {
    case COMPLETE_LOCATION:
        offer_symbols(c);
        offer_files_of_source(c);
        break;
    case COMPLETE_SYMBOL: offer_symbols(c); break;
    case COMPLETE_REGISTER: offer_registers(c); break;
    case COMPLETE_COMMAND: offer_commands(c); break;
    case COMPLETE_SYSCALL: offer_syscalls(c); break;
    case COMPLETE_FILE: offer_paths(c); break;
    case COMPLETE_BREAKPOINT: offer_points(c); break;
    case COMPLETE_SUBCOMMAND:
    case COMPLETE_NOTHING: break;
    }
}

/* Where the last word of an expression or a path begins. */
static size_t word_start(const char *line)
{
    size_t n = strlen(line);
    while (n > 0 && strchr(" \t(*&!+-=,<>[:", line[n - 1]) == NULL)
        n--;
    return n;
}

size_t command_complete(struct session *session, const char *line,
                        void (*each)(void *context, const char *word), void *context)
{
    char copy[1024], why[256];
    struct command_args args;
    size_t first = strspn(line, " \t"), first_length = strcspn(line + first, " \t/");
    size_t start = word_start(line);
    if (line[first + first_length] == '\0') {
        struct completion c = {session, line + first, each, context};
        offer_commands(&c);
        return first;
    }
    /* The command as far as it is written; its second word may be what is being typed. */
    snprintf(copy, sizeof copy, "%.*s", (int)(first_length < 64 ? first_length : 64), line + first);
    const struct command *command = command_find(session->arch, copy, &args, why, sizeof why);
    struct completion c = {session, line + start, each, context};
    size_t second = first + first_length + strspn(line + first + first_length, " \t");
    if (command == NULL) {
        offer_subcommands(&c, line + first, first_length);
        return start;
    }
    if (start <= second && offer_subcommands(&c, command->name, strcspn(command->name, " ")))
        return start;
    snprintf(copy, sizeof copy, "%s", line + first);
    command = command_find(session->arch, copy, &args, why, sizeof why);
    if (command != NULL)
        offer_arguments(&c, command->completer);
    return start;
}
