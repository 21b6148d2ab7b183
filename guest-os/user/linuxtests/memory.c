/* Checks of mappings and of thread-local storage. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

enum { READ = 1, WRITE = 2, PRIVATE = 2, FIXED = 0x10, ANONYMOUS = 0x20, PAGE = 4096 };

static char *volatile page;

static char *map(unsigned long length)
{
    return mmap2(0, length, READ | WRITE, PRIVATE | ANONYMOUS, -1, 0);
}

static void store(void)
{
    *page = 1;
}

static void load(void)
{
    (void)*(volatile char *)page;
}

/* A hole in the middle is one for loads and stores; a file's bytes are there. */
bool check_mmap(void)
{
    char *memory = map(5 * PAGE);
    int fd = open("/etc/motd", 0, 0);
    char *file = mmap2(0, PAGE, READ, PRIVATE, fd, 0);
    char text[8];

    if (memory == (char *)-1 || file == (char *)-1 || read(fd, text, 8) != 8)
        return false;
    memset(memory, 'm', 5 * PAGE);
    if (munmap(memory + 2 * PAGE, PAGE) != 0 || memory[2 * PAGE - 1] != 'm' ||
        memory[3 * PAGE] != 'm')
        return false;
    page = memory + 2 * PAGE;
    if (in_child(store) != SIGSEGV || in_child(load) != SIGSEGV)
        return false;
    if (mmap2(page, PAGE, READ | WRITE, PRIVATE | ANONYMOUS | FIXED, -1, 0) != page || *page != 0)
        return false;
    return in_child(store) == 0 && *page == 0 && memcmp(file, text, 8) == 0 &&
           file[PAGE - 1] == 0 && mmap2(0, 0, READ, PRIVATE | ANONYMOUS, -1, 0) == (void *)-1 &&
           errno == EINVAL &&
           mmap2(0, 0x70000000, READ, PRIVATE | ANONYMOUS, -1, 0) == (void *)-1 && errno == ENOMEM;
}

/* Bits are taken and given back while a child shares the pages. */
bool check_mprotect(void)
{
    char *memory = map(3 * PAGE);
    char byte = 0;

    memset(memory, 'p', 3 * PAGE);
    page = memory + PAGE;
    if (mprotect(page, PAGE, READ) != 0 || in_child(store) != SIGSEGV || in_child(load) != 0)
        return false;
    if (read(open("/etc/motd", 0, 0), page, 1) != -1 || errno != EFAULT)
        return false;
    if (mprotect(page, PAGE, 0) != 0 || in_child(load) != SIGSEGV)
        return false;
    if (write(1, page, 1) != -1 || errno != EFAULT)
        return false;
    if (mprotect(page, PAGE, READ | WRITE) != 0 || in_child(store) != 0 || *page != 'p')
        return false;
    *page = 'q';
    byte = *page;
    return byte == 'q' && memory[0] == 'p' && mprotect((void *)0x10000000, PAGE, READ) == -1 &&
           errno == ENOMEM;
}

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

    if (entry < 0)
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

void load_stale_segment(void)
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
