/* Checks of mappings. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

enum { READ = 1, WRITE = 2, PRIVATE = 2, FIXED = 0x10, PAGE = 4096 };

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
