/* Pipes: order, ends, blocking, and what happens at their edges. */
#include "usertests.h"

static int fds[2];
static char buffer[8192];

void pipe_carries_bytes(void)
{
    expect(pipe(fds) == 0);
    expect(write(fds[1], "hello", 5) == 5);
    expect(read(fds[0], buffer, 2) == 2 && memcmp(buffer, "he", 2) == 0);
    expect(read(fds[0], buffer, 100) == 3 && memcmp(buffer, "llo", 3) == 0);
}

void pipe_ends(void)
{
    expect(pipe(fds) == 0);
    expect(write(fds[1], "x", 1) == 1);
    expect(close(fds[1]) == 0);
    expect(read(fds[0], buffer, 10) == 1);
    expect(read(fds[0], buffer, 10) == 0 && read(fds[0], buffer, 10) == 0);
}

enum { GOT_EPIPE = 7 };

static void write_to_nobody(void)
{
    expect(pipe(fds) == 0);
    expect(close(fds[0]) == 0);
    expect(write(fds[1], "x", 1) == -1);
    exit(errno == EPIPE ? GOT_EPIPE : 1);
}

/* Turnstile's own paths return EPIPE; Linux's sends SIGPIPE, which this C library cannot catch. */
static bool knows_of_no_reader(int status)
{
    return status == GOT_EPIPE << 8 || status == SIGPIPE;
}

void pipe_without_reader(void)
{
    expect(knows_of_no_reader(status_of(write_to_nobody)));
}

void pipe_wrong_end(void)
{
    expect(pipe(fds) == 0);
    expect_error(write(fds[0], "x", 1), EBADF);
    expect_error(read(fds[1], buffer, 1), EBADF);
}

static void write_sequence(void)
{
    close(fds[0]);
    for (int n = 0, value = 0; n < 5; n++) {
        for (int i = 0; i < 1033; i++)
            buffer[i] = (char)value++;
        expect(write(fds[1], buffer, 1033) == 1033);
    }
}

/* More than a pipe holds, read in pieces of growing size. */
void pipe_blocks_and_goes_on(void)
{
    expect(pipe(fds) == 0);
    start(write_sequence);
    close(fds[1]);
    int total = 0;
    ssize_t n;
    for (size_t piece = 1; (n = read(fds[0], buffer, piece)) > 0; piece *= piece < 4096 ? 2 : 1)
        for (ssize_t i = 0; i < n; i++)
            expect(buffer[i] == (char)total++);
    expect(total == 5 * 1033);
    int status;
    expect(wait(&status) > 0 && status == 0);
}

static void write_for_ever(void)
{
    close(fds[0]);
    while (write(fds[1], buffer, sizeof buffer) == sizeof buffer)
        continue;
    exit(errno == EPIPE ? GOT_EPIPE : 1);
}

/* A writer that waits for room learns that the reader has gone. */
void pipe_reader_leaves(void)
{
    int status;
    expect(pipe(fds) == 0);
    start(write_for_ever);
    expect(read(fds[0], buffer, 1000) > 0);
    close(fds[0]);
    close(fds[1]);
    expect(wait(&status) > 0 && knows_of_no_reader(status));
}

/* Part of the buffer is not the program's: what was good may pass, nobody hangs or is harmed. */
void pipe_partly_bad_buffer(void)
{
    char *end = (char *)sbrk(PAGE) + PAGE;
    expect(pipe(fds) == 0);
    ssize_t n = write(fds[1], end - 100, 200);
    expect(n == -1 || n == 100);
    if (n == 100)
        expect(read(fds[0], buffer, 100) == 100);
    expect(write(fds[1], "0123456789", 10) == 10);
    n = read(fds[0], end - 5, 10);
    expect(n == -1 || n == 5);
    close(fds[1]);
    while ((n = read(fds[0], buffer, 10)) > 0)
        continue;
    expect(n == 0);
}

void pipes_run_out(void)
{
    int count = 0;
    while (pipe(fds) == 0)
        count++;
    expect((errno == EMFILE || errno == ENFILE) && count >= 4);
}

static void hold_pipes(void)
{
    int own[2];
    while (pipe(own) == 0)
        continue;
    usleep(200000);
}

/* The table of open files of all processes: full, then free again. */
void open_files_run_out(void)
{
    for (int i = 0; i < 12; i++)
        start(hold_pipes);
    usleep(60000);
    int fd = open("/README", O_RDONLY);
    expect(fd >= 0 || errno == ENFILE);
    for (int i = 0; i < 12; i++)
        expect(wait(NULL) > 0);
    expect(pipe(fds) == 0 && write(fds[1], "x", 1) == 1);
}

void pipe_inherited_twice(void)
{
    expect(pipe(fds) == 0);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            write(fds[1], "abc", 3);
            _exit(0);
        }
    close(fds[1]);
    int total = 0;
    ssize_t n;
    while ((n = read(fds[0], buffer, 1)) > 0)
        total++;
    expect(total == 9 && n == 0);
    while (wait(NULL) > 0)
        continue;
}
