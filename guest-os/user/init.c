/*
 * init: the first program. It runs the command that the host gave, or else shells on the console.
 *
 * The host gives a command as /dev/argv, its words each ended by a NUL, and with it perhaps a
 * program as /dev/program. How the command ended goes to /dev/power, which ends the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 31, NOT_RUNNABLE = 126, NOT_FOUND = 127 };

static void open_standard_files(const char *input, const char *output, const char *errors)
{
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    open(input, O_RDWR);
    open(output, O_RDWR);
    open(errors, O_RDWR);
}

/* Wait until `pid` has ended, and forget the orphans that end meanwhile. */
static int wait_for(pid_t pid)
{
    int status;
    for (;;) {
        pid_t ended = wait(&status);
        if (ended == pid)
            return status;
        if (ended < 0)
            return NOT_RUNNABLE << 8;
    }
}

/* Read all of the host's words into memory. NULL: it gave none. */
static char **read_command(void)
{
    static char text[4097]; /* the last byte stays NUL */
    static char *words[MOST_WORDS + 1];
    int fd = open("/dev/argv", O_RDONLY);
    if (fd < 0)
        return NULL;
    ssize_t length = 0, n;
    while ((n = read(fd, text + length, sizeof text - 1 - (size_t)length)) > 0)
        length += n;
    close(fd);
    int count = 0;
    for (char *word = text; word < text + length && count < MOST_WORDS; word += strlen(word) + 1)
        words[count++] = word;
    return count > 0 ? words : NULL;
}

/* Copy the host's program to `path`. 0: done; 1: there is none; -1: it does not fit. */
static int fetch_program(const char *path)
{
    static char part[4096];
    int from = open("/dev/program", O_RDONLY);
    if (from < 0)
        return 1;
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC);
    ssize_t n = to < 0 ? -1 : 0;
    while (n >= 0 && (n = read(from, part, sizeof part)) > 0)
        if (write(to, part, (size_t)n) != n)
            n = -1;
    close(from);
    close(to);
    return n < 0 ? -1 : 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void run_command(char **words)
{
    char path[32];
    snprintf(path, sizeof path, "/run/%.14s", last_part(words[0]));
    int fetched = fetch_program(path);
    if (fetched < 0) {
        fprintf(stderr, "%s: the program does not fit on the file system\n", words[0]);
        _exit(NOT_RUNNABLE);
    }
    if (fetched == 0)
        execv(path, words);
    else
        execvp(words[0], words);
    int reason = errno;
    if (reason == ENOENT)
        fprintf(stderr, "%s: not found in /bin: give a file of your own with a slash, as ./%s\n",
                words[0], words[0]);
    else
        fprintf(stderr, "%s: cannot be run: %s\n", words[0], strerror(reason));
    _exit(reason == ENOENT ? NOT_FOUND : NOT_RUNNABLE);
}

static void end_machine(int status)
{
    int fd = open("/dev/power", O_WRONLY);
    dprintf(fd, "%d", status);
}

static void run_shells(void)
{
    static char *const words[] = {"sh", NULL};
    for (;;) {
        pid_t pid = fork();
        if (pid == 0) {
            execv("/bin/sh", words);
            perror("init: /bin/sh");
            _exit(NOT_RUNNABLE);
        }
        if (pid < 0) {
            perror("init: fork");
            sleep(1);
            continue;
        }
        wait_for(pid);
    }
}

int main(void)
{
    char **words = read_command();
    if (words == NULL) {
        open_standard_files("/dev/console", "/dev/console", "/dev/console");
        run_shells();
    }
    pid_t pid = fork();
    if (pid == 0) {
        open_standard_files("/dev/ttyS1", "/dev/ttyS1", "/dev/ttyS2");
        run_command(words);
    }
    end_machine(pid < 0 ? NOT_RUNNABLE << 8 : wait_for(pid));
    return 0;
}
