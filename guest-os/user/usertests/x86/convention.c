/* System calls by their instruction: any number, any stack, any flags. */
#include "usertests.h"

#include <sys/syscall.h>

const int unused_call = 0;

extern void shim_upcall(void) __attribute__((weak));

bool over_library_os(void)
{
    return shim_upcall != NULL;
}

/* The kernel finds arguments above a return address; here the number stands in its place. */
__asm__(".text\n"
        ".globl raw_call\n"
        ".type raw_call, @function\n"
        "raw_call:\n"
        "    popl %ecx\n"
        "    movl (%esp), %eax\n"
        "    int $64\n"
        "    cmpl $-1, %eax\n"
        "    jne 1f\n"
        "    movl %edx, errno\n"
        "1:  jmp *%ecx\n"
        ".size raw_call, . - raw_call\n");

/* The argument words themselves lie outside of the program's memory. */
static int call_with_stack(int number, void *stack)
{
    int result;
    __asm__ volatile("movl %%esp, %%esi\n\t"
                     "movl %2, %%esp\n\t"
                     "int $64\n\t"
                     "movl %%esi, %%esp"
                     : "=a"(result)
                     : "a"(number), "r"(stack)
                     : "ecx", "edx", "esi", "memory");
    return result;
}

/* Without a stack, a trap cannot be sent back. */
static void call_on_bad_stack(void)
{
    call_with_stack(SYS_getpid, (void *)16);
}

void stack_bad_pointer(void)
{
    if (over_library_os()) {
        expect(killed_by(call_on_bad_stack) == SIGSEGV);
        return;
    }
    for_each_bad_address(p)
    {
        char *below = (char *)p - 4; /* where a return address would be */
        expect(call_with_stack(SYS_sleep, below) == -1);
        expect(call_with_stack(SYS_open, below) == -1);
        expect(call_with_stack(SYS_write, below) == -1);
    }
    char *end = (char *)sbrk(PAGE) + PAGE;
    expect(call_with_stack(SYS_sleep, end - 4) == -1);
    expect(call_with_stack(SYS_write, end - 8) == -1);
}

/* Registers that C relies on, and segments, come back from a call as they were. */
void registers_kept(void)
{
    unsigned ebx = 1, esi = 2, edi = 3, fs;
    __asm__ volatile("movw %%ds, %%ax\n\t"
                     "movw %%ax, %%fs\n\t"
                     "movl $11, %%eax\n\t"
                     "int $64\n\t"
                     "movl %%fs, %%eax"
                     : "+b"(ebx), "+S"(esi), "+D"(edi), "=a"(fs)
                     :
                     : "ecx", "edx", "memory");
    expect(ebx == 1 && esi == 2 && edi == 3);
    unsigned ds;
    __asm__("movl %%ds, %0" : "=r"(ds));
    expect((fs & 0xffff) == (ds & 0xffff));
}

/* A direction flag that points down must not make the kernel copy backwards. */
void direction_flag(void)
{
    static char text[] = "forwards", back[sizeof text];
    int fd = open("file", O_CREAT | O_RDWR), result;
    __asm__ volatile("pushl %4\n\t"
                     "pushl %3\n\t"
                     "pushl %2\n\t"
                     "pushl $0\n\t"
                     "std\n\t"
                     "int $64\n\t"
                     "cld\n\t"
                     "addl $16, %%esp"
                     : "=a"(result)
                     : "a"(SYS_write), "r"(fd), "r"(text), "r"(sizeof text)
                     : "ecx", "edx", "memory", "cc");
    expect(result == sizeof text);
    lseek(fd, 0, SEEK_SET);
    expect(read(fd, back, sizeof back) == sizeof back);
    expect(strcmp(text, back) == 0);
}
