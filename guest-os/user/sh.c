/*
 * sh: the shell. A line is made into a tree of commands, and the tree is run.
 *
 *   list     = and-or { (";" | "&" | end of line) and-or }
 *   and-or   = pipeline { ("&&" | "||") pipeline }
 *   pipeline = command { "|" command }
 *   command  = { word | redirection } | "(" list ")" { redirection }
 *   redirection = ("<" | ">" | ">>" | "2>") word
 *
 * Words may hold '...', "..." and \x; $? is how the last command ended; # begins a comment.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, MOST_WORDS = 31, MOST_REDIRECTIONS = 6 };
enum { NOT_RUNNABLE = 126, NOT_FOUND = 127 };

/* Stands in a word for $?, which is known only when the command runs. */
#define LAST_STATUS '\001'

enum kind { SIMPLE, GROUP, PIPE, AND, OR, SEQUENCE, BACKGROUND };

struct redirection {
    int fd, flags;
    char *path;
};

struct command {
    enum kind kind;
    struct command *left, *right; /* of GROUP and BACKGROUND only left */
    char *words[MOST_WORDS + 1];
    int word_count;
    struct redirection redirections[MOST_REDIRECTIONS];
    int redirection_count;
};

/* Reading one line: where, and the first mistake found in it. */
struct parser {
    const char *at;
    const char *mistake; /* NULL: none so far */
    char near[8];
};

static int last_status;

static int run(struct command *c);

/* --- from text to a tree --- */

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL) {
        fprintf(stderr, "sh: out of memory\n");
        exit(1);
    }
    return memory;
}

static void free_command(struct command *c)
{
    if (c == NULL)
        return;
    free_command(c->left);
    free_command(c->right);
    for (int i = 0; i < c->word_count; i++)
        free(c->words[i]);
    for (int i = 0; i < c->redirection_count; i++)
        free(c->redirections[i].path);
    free(c);
}

static struct command *new_command(enum kind kind, struct command *left, struct command *right)
{
    struct command *c = allocate(sizeof *c);
    c->kind = kind;
    c->left = left;
    c->right = right;
    return c;
}

static void mistake(struct parser *p, const char *what)
{
    if (p->mistake != NULL)
        return;
    p->mistake = what;
    snprintf(p->near, sizeof p->near, "%.*s", (int)strcspn(p->at, "\n"), p->at);
}

static void skip_blanks(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
    if (*p->at == '#')
        p->at += strcspn(p->at, "\n");
}

/* Take `token` if it comes next. One of & and | does not match the first half of && and ||. */
static bool take(struct parser *p, const char *token)
{
    skip_blanks(p);
    size_t length = strlen(token);
    if (strncmp(p->at, token, length) != 0)
        return false;
    if (length == 1 && strchr("&|", *token) != NULL && p->at[1] == *token)
        return false;
    p->at += length;
    return true;
}

static void append(char *word, size_t *length, char c)
{
    if (*length < LINE_SIZE - 1)
        word[(*length)++] = c;
}

/* Add what stands between quotes. p->at is at the opening one. */
static void read_quoted(struct parser *p, char *word, size_t *length)
{
    char quote = *p->at++;
    for (; *p->at != quote; p->at++) {
        if (*p->at == '\0' || *p->at == '\n') {
            mistake(p, "a quote is not closed");
            return;
        }
        if (quote == '"' && p->at[0] == '\\' && (p->at[1] == '"' || p->at[1] == '\\'))
            p->at++;
        if (quote == '"' && p->at[0] == '$' && p->at[1] == '?') {
            append(word, length, LAST_STATUS);
            p->at++;
        } else {
            append(word, length, *p->at);
        }
    }
    p->at++;
}

/* The next word, or NULL if something else comes. */
static char *read_word(struct parser *p)
{
    char word[LINE_SIZE];
    size_t length = 0;
    skip_blanks(p);
    const char *start = p->at;
    while (*p->at != '\0' && strchr(" \t\n;&|<>()", *p->at) == NULL && p->mistake == NULL) {
        if (*p->at == '\'' || *p->at == '"') {
            read_quoted(p, word, &length);
        } else if (p->at[0] == '$' && p->at[1] == '?') {
            append(word, &length, LAST_STATUS);
            p->at += 2;
        } else {
            if (p->at[0] == '\\' && p->at[1] != '\0' && p->at[1] != '\n')
                p->at++;
            append(word, &length, *p->at++);
        }
    }
    if (p->at == start)
        return NULL;
    word[length] = '\0';
    char *copy = strdup(word);
    return copy != NULL ? copy : allocate(1);
}

static bool read_redirection(struct parser *p, struct command *c)
{
    struct redirection r = {.fd = 1, .flags = O_WRONLY | O_CREAT | O_TRUNC};
    if (take(p, "2>")) {
        r.fd = 2;
    } else if (take(p, ">>")) {
        r.flags = O_WRONLY | O_CREAT | O_APPEND;
    } else if (take(p, "<")) {
        r = (struct redirection){.fd = 0, .flags = O_RDONLY};
    } else if (!take(p, ">")) {
        return false;
    }
    r.path = read_word(p);
    if (r.path == NULL)
        mistake(p, "the name of a file is missing");
    else if (c->redirection_count == MOST_REDIRECTIONS)
        mistake(p, "too many redirections");
    if (p->mistake == NULL)
        c->redirections[c->redirection_count++] = r;
    else
        free(r.path);
    return true;
}

static struct command *read_list(struct parser *p);

static struct command *read_group(struct parser *p)
{
    struct command *c = new_command(GROUP, read_list(p), NULL);
    while (take(p, "\n"))
        continue;
    if (!take(p, ")"))
        mistake(p, "a ) is missing");
    while (p->mistake == NULL && read_redirection(p, c))
        continue;
    return c;
}

static struct command *read_simple(struct parser *p)
{
    if (take(p, "("))
        return read_group(p);
    struct command *c = new_command(SIMPLE, NULL, NULL);
    while (p->mistake == NULL) {
        if (read_redirection(p, c))
            continue;
        char *word = read_word(p);
        if (word == NULL)
            break;
        if (c->word_count == MOST_WORDS) {
            free(word);
            mistake(p, "too many words");
        } else {
            c->words[c->word_count++] = word;
        }
    }
    if (c->word_count == 0 && c->redirection_count == 0)
        mistake(p, "a command is missing");
    return c;
}

static struct command *read_pipeline(struct parser *p)
{
    struct command *c = read_simple(p);
    while (p->mistake == NULL && take(p, "|"))
        c = new_command(PIPE, c, read_simple(p));
    return c;
}

static struct command *read_and_or(struct parser *p)
{
    struct command *c = read_pipeline(p);
    while (p->mistake == NULL) {
        enum kind kind = take(p, "&&") ? AND : take(p, "||") ? OR : SIMPLE;
        if (kind == SIMPLE)
            break;
        c = new_command(kind, c, read_pipeline(p));
    }
    return c;
}

static bool at_end(struct parser *p)
{
    while (take(p, "\n"))
        continue;
    skip_blanks(p);
    return *p->at == '\0' || *p->at == ')';
}

static struct command *read_list(struct parser *p)
{
    struct command *list = NULL;
    while (p->mistake == NULL && !at_end(p)) {
        struct command *c = read_and_or(p);
        if (take(p, "&"))
            c = new_command(BACKGROUND, c, NULL);
        else if (!take(p, ";") && !at_end(p) && p->at[-1] != '\n')
            mistake(p, "this was not expected");
        list = list == NULL ? c : new_command(SEQUENCE, list, c);
    }
    return list;
}

/* --- running a tree --- */

static int decode_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int wait_for(pid_t pid)
{
    int status;
    return waitpid(pid, &status, 0) < 0 ? 1 : decode_status(status);
}

static pid_t start(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        fprintf(stderr, "sh: cannot start a process: %s\n", strerror(errno));
    return pid;
}

static void redirect(const struct command *c)
{
    for (int i = 0; i < c->redirection_count; i++) {
        const struct redirection *r = &c->redirections[i];
        int fd = open(r->path, r->flags);
        if (fd < 0) {
            fprintf(stderr, "sh: %s: %s\n", r->path, strerror(errno));
            exit(1);
        }
        if (fd != r->fd) {
            dup2(fd, r->fd);
            close(fd);
        }
    }
}

static void execute(struct command *c)
{
    redirect(c);
    if (c->kind == GROUP)
        exit(run(c->left));
    if (c->word_count == 0)
        exit(0);
    execvp(c->words[0], c->words);
    int reason = errno;
    if (reason == ENOENT) {
        fprintf(stderr, "sh: %s: not found\n", c->words[0]);
        exit(NOT_FOUND);
    }
    fprintf(stderr, "sh: %s: cannot be run: %s\n", c->words[0], strerror(reason));
    exit(NOT_RUNNABLE);
}

/* Put the status of the last command where a word asks for it. */
static void expand_words(struct command *c)
{
    for (int i = 0; i < c->word_count; i++) {
        char *mark;
        while ((mark = strchr(c->words[i], LAST_STATUS)) != NULL) {
            size_t size = strlen(c->words[i]) + 4;
            char *word = allocate(size);
            snprintf(word, size, "%.*s%d%s", (int)(mark - c->words[i]), c->words[i],
                     last_status & 0xff, mark + 1);
            free(c->words[i]);
            c->words[i] = word;
        }
    }
}

/* Commands that change the shell itself. */
static bool run_inside(const struct command *c, int *status)
{
    const char *name = c->word_count > 0 ? c->words[0] : "";
    if (strcmp(name, "cd") == 0) {
        const char *path = c->word_count > 1 ? c->words[1] : "/";
        *status = chdir(path) < 0;
        if (*status != 0)
            fprintf(stderr, "sh: cd: %s: %s\n", path, strerror(errno));
        return true;
    }
    if (strcmp(name, "exit") == 0)
        exit(c->word_count > 1 ? atoi(c->words[1]) : last_status);
    return false;
}

static int run_alone(struct command *c)
{
    int status;
    expand_words(c);
    if (c->kind == SIMPLE && run_inside(c, &status))
        return status;
    pid_t pid = start();
    if (pid == 0)
        execute(c);
    return pid < 0 ? 1 : wait_for(pid);
}

/* One end of a pipe becomes descriptor `fd` of a new process that runs c. */
static pid_t start_piped(struct command *c, const int ends[2], int fd)
{
    pid_t pid = start();
    if (pid == 0) {
        dup2(ends[fd], fd);
        close(ends[0]);
        close(ends[1]);
        expand_words(c);
        if (c->kind == SIMPLE || c->kind == GROUP)
            execute(c);
        exit(run(c));
    }
    return pid;
}

static int run_pipe(struct command *c)
{
    int ends[2];
    if (pipe(ends) < 0) {
        fprintf(stderr, "sh: cannot make a pipe: %s\n", strerror(errno));
        return 1;
    }
    pid_t left = start_piped(c->left, ends, 1);
    pid_t right = left < 0 ? -1 : start_piped(c->right, ends, 0);
    close(ends[0]);
    close(ends[1]);
    int status = right < 0 ? 1 : wait_for(right);
    if (left > 0)
        wait_for(left);
    return status;
}

/* A process between the shell and the command ends at once, so that init waits for the command. */
static int run_background(struct command *c)
{
    pid_t pid = start();
    if (pid == 0) {
        pid_t command = start();
        if (command == 0)
            exit(run(c->left));
        exit(command < 0);
    }
    return pid < 0 ? 1 : wait_for(pid);
}

static int run(struct command *c)
{
    if (c == NULL)
        return last_status;
    switch (c->kind) {
    case SIMPLE:
    case GROUP: last_status = run_alone(c); break;
    case PIPE: last_status = run_pipe(c); break;
    case BACKGROUND: last_status = run_background(c); break;
    case AND:
        if (run(c->left) == 0)
            run(c->right);
        break;
    case OR:
        if (run(c->left) != 0)
            run(c->right);
        break;
    case SEQUENCE:
        run(c->left);
        run(c->right);
        break;
    }
    return last_status;
}

static void run_text(const char *text)
{
    struct parser p = {.at = text};
    struct command *c = read_list(&p);
    if (p.mistake == NULL && *p.at == ')')
        mistake(&p, "this was not expected");
    if (p.mistake == NULL) {
        run(c);
    } else {
        fprintf(stderr, p.near[0] != '\0' ? "sh: %s: near '%s'\n" : "sh: %s\n", p.mistake, p.near);
        last_status = 2;
    }
    free_command(c);
}

/* --- where the text comes from --- */

/* Read a line byte by byte: what follows may be input of the command. False: nothing is left. */
static bool read_line(int fd, char *line)
{
    size_t length = 0;
    char c;
    while (read(fd, &c, 1) == 1) {
        if (length < LINE_SIZE - 1)
            line[length++] = c;
        if (c == '\n')
            break;
    }
    line[length] = '\0';
    return length > 0;
}

static bool is_console(int fd)
{
    struct stat input, console;
    return fstat(fd, &input) == 0 && stat("/dev/console", &console) == 0 &&
           input.st_ino == console.st_ino;
}

int main(int argc, char **argv)
{
    static char line[LINE_SIZE];
    int fd = STDIN_FILENO;
    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        run_text(argv[2]);
        return last_status;
    }
    if (argc > 1 && (fd = open(argv[1], O_RDONLY)) < 0) {
        fprintf(stderr, "sh: %s: %s\n", argv[1], strerror(errno));
        return NOT_FOUND;
    }
    bool prompt = is_console(fd);
    for (;;) {
        if (prompt)
            write(STDERR_FILENO, "$ ", 2);
        if (!read_line(fd, line))
            return last_status;
        run_text(line);
    }
}
