/* Memory beyond malloc, sorting, random numbers, and the end of the program. */
#include "heap.h"
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int errno;

char *heap_sbrk(int n)
{
    return __sbrk(n);
}

void *heap_full(void)
{
    errno = ENOMEM;
    return NULL;
}

void heap_damaged(void)
{
    static const char message[] =
        "free: not a block of malloc, freed twice, or its header was overwritten\n";
    __write(STDERR_FILENO, message, sizeof message - 1);
    abort();
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return heap_full();
    void *block = malloc(bytes);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

void *realloc(void *old, size_t size)
{
    if (old == NULL)
        return malloc(size);
    size_t room = heap_room(old);
    if (size <= room && size >= room / 2)
        return old;
    void *block = malloc(size);
    if (block == NULL)
        return NULL;
    memcpy(block, old, size < room ? size : room);
    free(old);
    return block;
}

int abs(int n)
{
    return n < 0 ? -n : n;
}

long labs(long n)
{
    return n < 0 ? -n : n;
}

long long llabs(long long n)
{
    return n < 0 ? -n : n;
}

div_t div(int a, int b)
{
    return (div_t){a / b, a % b};
}

ldiv_t ldiv(long a, long b)
{
    return (ldiv_t){a / b, a % b};
}

lldiv_t lldiv(long long a, long long b)
{
    return (lldiv_t){a / b, a % b};
}

static unsigned random_state = 1;

/* A counter in steps of 2^32 / golden ratio, its bits well mixed: every seed gives all values. */
int rand_r(unsigned *seed)
{
    unsigned x = *seed += 0x9e3779b9u;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return (int)((x ^ x >> 16) & RAND_MAX);
}

int rand(void)
{
    return rand_r(&random_state);
}

void srand(unsigned seed)
{
    random_state = seed;
}

long random(void)
{
    return rand();
}

void srandom(unsigned seed)
{
    srand(seed);
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *))
{
    const char *low = base;
    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            low = middle + size;
            count -= count / 2 + 1;
        } else {
            count /= 2;
        }
    }
    return NULL;
}

static void swap(char *a, char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        char c = *a;
        *a = *b;
        *b = c;
    }
}

/* Let the element at `root` sink until no child is greater. */
static void sift(char *base, size_t root, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count)
            return;
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + root * size, base + child * size) >= 0)
            return;
        swap(base + root * size, base + child * size, size);
        root = child;
    }
}

/* Heapsort: no recursion, so no order of the elements can exhaust the stack. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t root = count / 2; root-- > 0;)
        sift(base, root, count, size, compare);
    for (size_t end = count; end-- > 1;) {
        swap(base, (char *)base + end * size, size);
        sift(base, 0, end, size, compare);
    }
}

enum { EXIT_FUNCTIONS = 32 };
static void (*exit_functions[EXIT_FUNCTIONS])(void);
static int exit_function_count;

int atexit(void (*function)(void))
{
    if (exit_function_count == EXIT_FUNCTIONS)
        return -1;
    exit_functions[exit_function_count++] = function;
    return 0;
}

void exit(int status)
{
    while (exit_function_count > 0)
        exit_functions[--exit_function_count]();
    __stdio_flush_all();
    _exit(status);
}

void _exit(int status)
{
    __exit_raw(status & 0xff);
}

void _Exit(int status)
{
    _exit(status);
}

/* The status that a Unix shell shows for an aborted program: there are no signals to raise. */
void abort(void)
{
    _exit(128 + 6);
}

void __assert_fail(const char *condition, const char *file, int line, const char *function)
{
    fflush(stdout);
    fprintf(stderr, "%s:%d: %s: assertion failed: %s\n", file, line, function, condition);
    abort();
}

char *getenv(const char *name)
{
    (void)name;
    return NULL;
}

int system(const char *command)
{
    if (command == NULL)
        return 1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    int status;
    return pid < 0 || waitpid(pid, &status, 0) < 0 ? -1 : status;
}
