/* Checks of thread-local storage on the i386, and of what a program can do to its segments. */
#include "linuxtests.h"

#include <asm/unistd.h>
#include <errno.h>
#include <string.h>

/* As set_thread_area() takes it. */
struct user_desc {
    uint32_t entry_number, base, limit, flags;
};

/* clang-format off */
static inline _syscall1(int, set_thread_area, struct user_desc *, d)
    /* clang-format on */

    static uint32_t word_of_gs(void)
{
    uint32_t value;

    __asm__ volatile("movl %%gs:0, %0" : "=r"(value));
    return value;
}

static int set_gs(uint32_t *where, uint32_t entry)
{
    struct user_desc d = {entry, (uint32_t)where, 0xfffff, 0x51};

    if (set_thread_area(&d) != 0)
        return -1;
    __asm__ volatile("movw %w0, %%gs" : : "r"(d.entry_number << 3 | 3));
    return (int)d.entry_number;
}

/* Each process sees its own word, however often they take turns. */
bool check_tls(void)
{
    uint32_t word = 1;
    int entry = set_gs(&word, UINT32_MAX), status = 0;
    int pid = fork();

    if (entry < 0 || set_thread_area((void *)0x80100000) != -1 || errno != EFAULT)
        return false;
    if (pid == 0) {
        uint32_t other = 2;

        if (word_of_gs() != 1 || set_gs(&other, (uint32_t)entry) != entry)
            exit_group(1);
        for (int i = 0; i < 100; i++, sched_yield())
            if (word_of_gs() != 2)
                exit_group(1);
        exit_group(0);
    }
    for (int i = 0; i < 100; i++, sched_yield())
        if (word_of_gs() != 1)
            return false;
    return waitpid(pid, &status, 0) == pid && status == 0 && word_of_gs() == 1;
}

static void take_segment_away(void)
{
    uint32_t word = 1;
    int entry = set_gs(&word, UINT32_MAX);
    struct user_desc none = {(uint32_t)entry, 0, 0, 0x28};

    __asm__ volatile("movw %w0, %%fs; movw %w0, %%es" : : "r"(entry << 3 | 3));
    set_thread_area(&none);
    pause_ticks(2);
    word_of_gs();
}

/* The same with the stack's segment, which becomes read-only: the kernel gives the flat one back.
 */
static void take_stack_segment_away(void)
{
    struct user_desc d = {UINT32_MAX, 0, 0xfffff, 0x51};

    set_thread_area(&d);
    __asm__ volatile("movw %w0, %%ss" : : "r"(d.entry_number << 3 | 3));
    d.flags |= 0x08;
    set_thread_area(&d);
    pause_ticks(2);
    word_of_gs();
}

/* A new program finds no segment of the old one, not even before it has been preempted. */
static void load_after_exec(void)
{
    static char *const words[] = {"linuxtests", "-gs", 0};
    uint32_t word = 1;

    set_gs(&word, UINT32_MAX);
    execve("/bin/linuxtests", words, words + 2);
}

static void load_stale_segment(void)
{
    __asm__ volatile("movw %w0, %%gs" : : "r"(7 << 3 | 3));
    pause_ticks(2);
}

/* A program whose segment goes while it is loaded harms nobody else. */
bool check_tls_gone(void)
{
    return in_child(take_segment_away) == SIGSEGV && in_child(take_stack_segment_away) == SIGSEGV &&
           in_child(load_after_exec) == SIGSEGV;
}

bool begun_with(const char *word)
{
    if (strcmp(word, "-gs") != 0)
        return false;
    load_stale_segment();
    return true;
}
