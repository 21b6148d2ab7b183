/*
 * Power failures. A workload runs once while every sector that reaches the disk is noted. Then,
 * for each moment between two writes, a disk is made as a failure at that moment would leave it,
 * the file system is started on it, and two things must hold: the image is consistent, and it is
 * as it was after the last call that had ended, or after the one in progress.
 *
 * A disk may lose what it was given since the last barrier, and keep any of it: besides the
 * disk that has kept everything, some that have kept a random part are tried as well.
 */
#include "host/fsrig.h"
#include "tools/fscheck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_BLOCKS = 4096, MAX_WRITES = 20000, MAX_STEPS = 200, TRIES = 6 };

/* What happened, written by a child process, read by the next ones. */
struct history {
    int writes;
    int steps;
    struct {
        uint32_t block;
        int barriers; /* before this write */
        int steps;    /* calls that had ended before this write */
        uint8_t data[RIG_BLOCK];
    } write[MAX_WRITES];
    uint64_t tree[MAX_STEPS]; /* after so many calls */
    uint64_t found;           /* by the process that checks */
};

static struct history *history;
static uint8_t image[MAX_BLOCKS * RIG_BLOCK];
static size_t image_size;
static bool recording;
static int barriers;

void rig_disk_read(uint32_t block, uint8_t *data)
{
    if ((block + 1) * (size_t)RIG_BLOCK > image_size)
        rig_panic("a block outside the disk is read");
    memcpy(data, image + block * (size_t)RIG_BLOCK, RIG_BLOCK);
}

void rig_disk_write(uint32_t block, const uint8_t *data)
{
    if ((block + 1) * (size_t)RIG_BLOCK > image_size)
        rig_panic("a block outside the disk is written");
    memcpy(image + block * (size_t)RIG_BLOCK, data, RIG_BLOCK);
    if (!recording)
        return;
    if (history->writes == MAX_WRITES)
        rig_panic("the workload writes too much");
    history->write[history->writes].block = block;
    history->write[history->writes].barriers = barriers;
    history->write[history->writes].steps = history->steps;
    memcpy(history->write[history->writes++].data, data, RIG_BLOCK);
}

void rig_disk_barrier(void)
{
    barriers++;
}

void rig_panic(const char *message)
{
    fprintf(stderr, "the kernel: %s\n", message);
    _exit(2);
}

static void note_tree(void)
{
    recording = false;
    history->tree[history->steps] = rig_tree();
    recording = true;
}

/* Run f in a process of its own, for the kernel can only be started once in a process. */
static bool in_child(void (*f)(void))
{
    int status = 1;

    fflush(NULL);
    switch (fork()) {
    case 0: f(); _exit(0);
    case -1: return false;
    default: wait(&status); return status == 0;
    }
}

static void run_workload(void)
{
    rig_boot();
    note_tree();
    while (history->steps < MAX_STEPS - 1 && rig_step(history->steps)) {
        history->steps++;
        note_tree();
    }
}

static void recover(void)
{
    rig_boot();
    if (fs_check(image, image_size, stdout) > 0)
        _exit(1);
    history->found = rig_tree();
}

/* Make `image` the disk after the first n writes; seed 0: none of them is lost. */
static void replay(const uint8_t *start, int n, unsigned seed)
{
    int safe = n > 0 ? history->write[n - 1].barriers : 0;
    bool keep_all = seed == 0;

    memcpy(image, start, image_size);
    for (int i = 0; i < n; i++) {
        seed = seed * 1103515245u + 12345;
        if (keep_all || history->write[i].barriers < safe || seed < 0x80000000u)
            memcpy(image + history->write[i].block * (size_t)RIG_BLOCK, history->write[i].data,
                   RIG_BLOCK);
    }
}

static bool check_point(const uint8_t *start, int n, unsigned seed)
{
    int done = n < history->writes ? history->write[n].steps : history->steps;

    replay(start, n, seed);
    if (!in_child(recover)) {
        printf("power failure after write %d of %d, try %u: not consistent\n", n, history->writes,
               seed);
        return false;
    }
    if (history->found != history->tree[done] &&
        (done == history->steps || history->found != history->tree[done + 1])) {
        printf("power failure after write %d of %d, try %u: call %d has half happened\n", n,
               history->writes, seed, done);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    uint8_t *start = malloc(sizeof image);
    int failures = 0;

    if (!f || !start)
        return 2;
    image_size = fread(start, 1, sizeof image, f);
    fclose(f);
    memcpy(image, start, image_size);
    history =
        mmap(NULL, sizeof *history, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (history == MAP_FAILED || !in_child(run_workload))
        return 2;
    for (int n = 0; n <= history->writes && failures < 10; n++)
        for (unsigned seed = 0; seed < TRIES; seed++)
            failures += !check_point(start, n, seed);
    printf("%d calls, %d writes, %d power failures: %d bad\n", history->steps, history->writes,
           (history->writes + 1) * TRIES, failures);
    free(start);
    return failures > 0;
}
