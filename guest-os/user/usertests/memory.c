/* Memory: the heap, the stack, copies that are not made before they are needed. */
#include "usertests.h"

void sbrk_is_zeroed(void)
{
    char *p = sbrk(3 * PAGE);
    expect(p != (char *)-1);
    for (int i = 0; i < 3 * PAGE; i++)
        expect(p[i] == 0);
}

void sbrk_by_bytes(void)
{
    char *at = sbrk(0);
    for (int i = 0; i < 5000; i++) {
        char *p = sbrk(1);
        expect(p == at + i);
        *p = 1;
    }
    expect(sbrk(-5000) == at + 5000);
    expect(sbrk(0) == at);
}

/* Memory that was given back and is taken again holds zeros, not what was there. */
void sbrk_down_and_up(void)
{
    char *p = sbrk(2 * PAGE);
    memset(p, 99, 2 * PAGE);
    expect(sbrk(-2 * PAGE) == p + 2 * PAGE);
    expect(sbrk(2 * PAGE) == p);
    for (int i = 0; i < 2 * PAGE; i++)
        expect(p[i] == 0);
}

static void touch_given_back(void)
{
    volatile char *p = sbrk(2 * PAGE);
    p = (char *)(((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
    *p = 1;
    sbrk(-2 * PAGE);
    *p = 2;
}

void sbrk_gives_back(void)
{
    expect(killed_by(touch_given_back) == SIGSEGV);
}

void sbrk_too_low(void)
{
    char *now = sbrk(0);
    expect_error(sbrk(-0x10000000), EINVAL);
    expect_error(sbrk((int)0x80000000), EINVAL);
    expect(sbrk(0) == now);
}

void sbrk_too_high(void)
{
    char *now = sbrk(0);
    expect_error(sbrk(0x7fffffff), ENOMEM);
    expect_error(sbrk(0x7ff00000), ENOMEM);
    expect(sbrk(0) == now);
    expect(sbrk(PAGE) == now);
}

/* Much memory costs nothing until it is touched. */
void sbrk_is_lazy(void)
{
    enum { MUCH = 4 * 1024 * 1024, STEP = 64 * 1024 };
    volatile char *p = sbrk(MUCH);
    expect(p != (char *)-1);
    for (int i = 0; i < MUCH; i += STEP)
        p[i] = (char)(i / STEP);
    for (int i = 0; i < MUCH; i += STEP)
        expect(p[i] == (char)(i / STEP));
    expect(sbrk(-MUCH) == p + MUCH);
}

/* Calls get memory that the program was granted and has not touched. */
void lazy_buffers(void)
{
    char *p = sbrk(8 * PAGE);
    int fds[2];
    make_file("file", "text of the file");
    int fd = open("file", O_RDWR);
    expect(read(fd, p + PAGE, 16) == 16 && memcmp(p + PAGE, "text of", 7) == 0);
    expect(write(fd, p + 2 * PAGE, 100) == 100);
    expect(pipe(fds) == 0);
    expect(write(fds[1], p + 3 * PAGE, 10) == 10);
    expect(read(fds[0], p + 4 * PAGE, 10) == 10 && p[4 * PAGE] == 0);
    expect(pipe((int *)(void *)(p + 5 * PAGE)) == 0 && *(int *)(void *)(p + 5 * PAGE) > 2);
    expect_error(open(p + 6 * PAGE, O_RDONLY), ENOENT);
    expect(fstat(fd, (struct stat *)(void *)(p + 7 * PAGE)) == 0);
}

static char untouched[3 * PAGE];

void bss_is_zero(void)
{
    for (size_t i = 0; i < sizeof untouched; i++)
        expect(untouched[i] == 0);
}

static volatile int shared = 1;
static volatile char pages[16][PAGE];

static void change_shared(void)
{
    expect(shared == 1);
    shared = 2;
    for (int i = 0; i < 16; i++) {
        expect(pages[i][7] == (char)i);
        pages[i][7] = 'c';
    }
    expect(shared == 2 && pages[15][7] == 'c');
}

void fork_child_writes(void)
{
    for (int i = 0; i < 16; i++)
        pages[i][7] = (char)i;
    expect(status_of(change_shared) == 0);
    expect(shared == 1);
    for (int i = 0; i < 16; i++)
        expect(pages[i][7] == (char)i);
}

void fork_parent_writes(void)
{
    int fds[2];
    char byte;
    pipe(fds);
    pages[3][0] = 'a';
    pid_t pid = fork();
    if (pid == 0) {
        read(fds[0], &byte, 1); /* by now the parent has written */
        _exit(pages[3][0] == 'a' ? 0 : 1);
    }
    pages[3][0] = 'b';
    write(fds[1], "x", 1);
    int status;
    expect(waitpid(pid, &status, 0) == pid && status == 0);
    expect(pages[3][0] == 'b');
}

/* A chain of processes, each of which changes the page and sees its own value only. */
static void fork_deep(int depth)
{
    pages[1][1] = (char)depth;
    if (depth > 0) {
        int status;
        pid_t pid = fork();
        expect(pid >= 0);
        if (pid == 0) {
            fork_deep(depth - 1);
            _exit(0);
        }
        expect(waitpid(pid, &status, 0) == pid && status == 0);
    }
    expect(pages[1][1] == (char)depth);
}

void fork_chain(void)
{
    fork_deep(12);
}

static void read_into_shared(void)
{
    int fd = open("file", O_RDONLY);
    expect(read(fd, (void *)pages[2], 4) == 4);
    expect(memcmp((void *)pages[2], "file", 4) == 0);
}

/* The kernel itself writes to a page that two processes share. */
void fork_kernel_writes(void)
{
    make_file("file", "file");
    memcpy((void *)pages[2], "mine", 4);
    expect(status_of(read_into_shared) == 0);
    expect(memcmp((void *)pages[2], "mine", 4) == 0);
}

static void take_all_memory(void)
{
    enum { PIECE = 1024 * 1024 };
    char *p;
    while ((p = sbrk(PIECE)) != (char *)-1)
        for (int i = 0; i < PIECE; i += PAGE)
            p[i] = 1;
    exit(errno == ENOMEM ? 0 : 1);
}

/* Whoever takes all memory gets an error at the end; afterwards it is all there again. */
void memory_runs_out(void)
{
    for (int i = 0; i < 2; i++) {
        int status = status_of(take_all_memory);
        expect(status == 0 || status == SIGKILL);
    }
    char *p = sbrk(16 * PAGE);
    expect(p != (char *)-1);
    memset(p, 1, 16 * PAGE);
}

static void fork_large(void)
{
    enum { PIECE = 1024 * 1024 };
    char *p;
    while ((p = sbrk(PIECE)) != (char *)-1)
        for (int i = 0; i < PIECE; i += PAGE)
            p[i] = 1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    if (pid < 0)
        expect(errno == ENOMEM);
    else
        wait(NULL);
}

/* Copying a process that owns all memory is refused, or works; nobody is harmed. */
void fork_of_large_process(void)
{
    int status = status_of(fork_large);
    expect(status == 0 || status == SIGKILL);
}

void malloc_and_free(void)
{
    static unsigned char *blocks[500];
    unsigned seed = 1;
    for (int round = 0; round < 5000; round++) {
        int i = rand_r(&seed) % 500;
        if (blocks[i] != NULL) {
            expect(blocks[i][0] == (unsigned char)i && blocks[i][1 + i] == (unsigned char)~i);
            free(blocks[i]);
            blocks[i] = NULL;
        } else {
            blocks[i] = malloc((size_t)i + 2);
            expect(blocks[i] != NULL && (uintptr_t)blocks[i] % 16 == 0);
            blocks[i][0] = (unsigned char)i;
            blocks[i][1 + i] = (unsigned char)~i;
        }
    }
    expect(malloc(0x7fffffff) == NULL && errno == ENOMEM);
}

/* The second page below is touched first: the stack takes pages as they are needed. */
static int use_stack(int bytes)
{
    volatile char room[PAGE];
    room[0] = (char)bytes;
    if (bytes > PAGE)
        return use_stack(bytes - PAGE) + room[0];
    return room[0];
}

void stack_grows(void)
{
    use_stack(64 * 1024);
}

static void use_stack_for_ever(void)
{
    use_stack(0x7fffffff);
}

void stack_overflow(void)
{
    expect(killed_by(use_stack_for_ever) == SIGSEGV);
}

/* A call gets a buffer on a page of the stack that was not touched yet. */
void stack_lazy_buffer(void)
{
    char far[32 * 1024];
    make_file("file", "abc");
    int fd = open("file", O_RDONLY);
    expect(read(fd, far, 3) == 3 && far[2] == 'c');
}
