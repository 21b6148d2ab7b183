/* How a Linux program begins: execve(), and the stack that its first instruction finds. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/elf.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

/* Of the auxiliary vector. System V ABI for the i386, 3-29 and up; Linux's <linux/auxvec.h>. */
enum {
    AT_NULL = 0,
    AT_PHDR = 3,
    AT_PHENT = 4,
    AT_PHNUM = 5,
    AT_PAGESZ = 6,
    AT_BASE = 7,
    AT_FLAGS = 8,
    AT_ENTRY = 9,
    AT_UID = 11,
    AT_EUID = 12,
    AT_GID = 13,
    AT_EGID = 14,
    AT_CLKTCK = 17,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_EXECFN = 31,
};

enum { AUXV_WORDS = 32, STACK_WORDS = 1 + 2 * (MAXARG + 1) + AUXV_WORDS };

/* Put the strings below *sp and their addresses into words[]. Returns how many; -1 with E2BIG. */
static int push_strings(struct vm *vm, char *const strings[], uint32_t *sp, uint32_t *words)
{
    int n;

    for (n = 0; strings[n]; n++) {
        uint32_t length = (uint32_t)strlen(strings[n]) + 1;

        if (n == MAXARG || *sp - STACK_BOTTOM < length + PAGE_SIZE)
            return error(E2BIG);
        *sp -= length;
        exec_put(vm, *sp, strings[n], length);
        words[n] = *sp;
    }
    words[n] = 0;
    return n;
}

static int auxiliary_vector(const struct start *start, uint32_t random, uint32_t name,
                            uint32_t *words)
{
    const uint32_t vector[AUXV_WORDS] = {
        AT_PHDR,   start->phdr,
        AT_PHENT,  sizeof(struct program_header),
        AT_PHNUM,  start->phnum,
        AT_PAGESZ, PAGE_SIZE,
        AT_BASE,   0,
        AT_FLAGS,  0,
        AT_ENTRY,  start->entry,
        AT_UID,    0,
        AT_EUID,   0,
        AT_GID,    0,
        AT_EGID,   0,
        AT_CLKTCK, HZ,
        AT_SECURE, 0,
        AT_RANDOM, random,
        AT_EXECFN, name,
        AT_NULL,   0,
    };

    memcpy(words, vector, sizeof vector);
    return AUXV_WORDS;
}

/*
 * Fill the stack of a fresh Linux program, from the top down: the program's path, 16 random bytes,
 * the strings; then, at its stack pointer, argc, argv[], envp[] and the auxiliary vector. 0 or -1.
 */
int arch_linux_stack(struct vm *vm, char *const argv[], char *const envp[], struct start *start)
{
    uint32_t words[STACK_WORDS];
    uint32_t random[4] = {linux_random(), linux_random(), linux_random(), linux_random()};
    uint32_t sp = STACK_TOP, name, random_at;
    char *const path[] = {(char *)start->path, NULL};
    int n = 1, count;

    if (push_strings(vm, path, &sp, words) < 0)
        return -1;
    name = words[0];
    random_at = sp = (sp - (uint32_t)sizeof random) & ~15u;
    exec_put(vm, random_at, random, sizeof random);
    count = push_strings(vm, argv, &sp, words + n);
    if (count < 0)
        return -1;
    words[0] = (uint32_t)count;
    n += count + 1;
    count = push_strings(vm, envp, &sp, words + n);
    if (count < 0)
        return -1;
    n += count + 1;
    n += auxiliary_vector(start, random_at, name, words + n);
    start->sp = (sp - 4 * (uint32_t)n) & ~15u;
    exec_put(vm, start->sp, words, 4 * (uint32_t)n);
    return 0;
}

/* The program's path, absolute: /proc/self/exe is the program that runs. */
static int program_path(char path[MAXPATH])
{
    char given[MAXPATH];
    int length, cwd;

    length = argpath(0, given);
    if (length < 0)
        return -1;
    if (strcmp(given, "/proc/self/exe") == 0)
        strlcpy(given, linux_of(myproc())->exe, sizeof given);
    if (given[0] == '/' || given[0] == '\0') {
        strlcpy(path, given, MAXPATH);
        return given[0] ? 0 : error(ENOENT);
    }
    cwd = fs_getcwd(path);
    if (cwd < 0)
        return -1;
    if (cwd + 1 + length >= MAXPATH)
        return error(ENAMETOOLONG);
    path[cwd] = '/';
    memcpy(path + cwd + 1, given, (size_t)length + 1);
    return 0;
}

int sys_execve(void)
{
    char path[MAXPATH];
    char *argv[MAXARG + 1], *envp[MAXARG + 1] = {NULL};
    char *arguments, *environment;
    int result = -1;

    if (program_path(path) < 0)
        return -1;
    arguments = page_alloc();
    environment = page_alloc();
    if (!arguments || !environment)
        error(ENOMEM);
    else if (argv_fetch(linux_argument(1), arguments, argv) == 0 &&
             (!linux_argument(2) || argv_fetch(linux_argument(2), environment, envp) == 0))
        result = exec(path, argv, envp);
    if (arguments)
        page_free(arguments);
    if (environment)
        page_free(environment);
    return result;
}
