/* Instructions that are not for programs: each ends only that program, with the right signal. */
#include "usertests.h"

static char memory[8];

FAULT(divide_overflow, SIGFPE, __asm__ volatile("idivl %0" : : "r"(-1), "a"(0x80000000), "d"(-1)))
FAULT(overflow_trap, SIGFPE, __asm__ volatile("movb $0x7f, %%al; addb $1, %%al; into" : : : "eax"))
FAULT(illegal_instruction, SIGILL, __asm__ volatile("ud2"))
FAULT(breakpoint, SIGTRAP, __asm__ volatile("int3"))
FAULT(single_step, SIGTRAP, __asm__ volatile("pushfl; orl $0x100, (%esp); popfl; nop"))

FAULT(disable_interrupts, SIGSEGV, __asm__ volatile("cli"))
FAULT(enable_interrupts, SIGSEGV, __asm__ volatile("sti"))
FAULT(halt_processor, SIGSEGV, __asm__ volatile("hlt"))
FAULT(port_input, SIGSEGV, __asm__ volatile("inb $0x64, %%al" : : : "eax"))
FAULT(port_output, SIGSEGV, __asm__ volatile("outb %b0, %w1" : : "a"(0xfe), "d"(0x64)))
FAULT(port_string, SIGSEGV, __asm__ volatile("insb" : : "D"(memory), "d"(0x60) : "memory"))
FAULT(load_gdt, SIGSEGV, __asm__ volatile("lgdt (%0)" : : "r"(memory)))
FAULT(load_idt, SIGSEGV, __asm__ volatile("lidt (%0)" : : "r"(memory)))
FAULT(load_task, SIGSEGV, __asm__ volatile("ltr %w0" : : "r"(0x28)))
FAULT(read_control, SIGSEGV, __asm__ volatile("movl %%cr3, %%eax" : : : "eax"))
FAULT(write_control, SIGSEGV, __asm__ volatile("movl %0, %%cr0" : : "r"(0)))
FAULT(write_debug, SIGSEGV, __asm__ volatile("movl %0, %%db7" : : "r"(0)))
FAULT(clear_task_switched, SIGSEGV, __asm__ volatile("clts"))
FAULT(invalidate_page, SIGSEGV, __asm__ volatile("invlpg (%0)" : : "r"(memory)))

FAULT(gate_of_timer, SIGSEGV, __asm__ volatile("int $32"))
FAULT(gate_of_page_fault, SIGSEGV, __asm__ volatile("int $14"))
FAULT(gate_of_double_fault, SIGSEGV, __asm__ volatile("int $8"))
FAULT(gate_of_nothing, SIGSEGV, __asm__ volatile("int $255"))
FAULT(kernel_data_segment, SIGSEGV, __asm__ volatile("movw %w0, %%ds" : : "r"(0x10)))
FAULT(missing_segment, SIGSEGV, __asm__ volatile("movw %w0, %%es" : : "r"(0xfff3)))
FAULT(kernel_far_call, SIGSEGV, __asm__ volatile("lcall $8, $0x80100000"))
FAULT(null_stack_segment, SIGSEGV, __asm__ volatile("movw %w0, %%ss" : : "r"(0)))
FAULT(return_to_kernel, SIGSEGV, __asm__ volatile("pushfl; pushl $8; pushl $0x80100000; iret"))
FAULT(stack_pointer_to_kernel, SIGSEGV, __asm__ volatile("movl $0x80200000, %esp; pushl $0"))

static void exceed_bounds(void)
{
    static const int bounds[2] = {1, 5};
    __asm__ volatile("bound %0, %1" : : "r"(9), "m"(bounds));
}

void bound_exceeded(void)
{
    expect(killed_by(exceed_bounds) == SIGSEGV);
}

/* popf from ring 3 changes neither IF nor IOPL, and does not fault (Intel SDM 2B, POPF). */
void flags_protected(void)
{
    unsigned flags;
    __asm__ volatile("pushl $0x3002; popfl; pushfl; popl %0" : "=r"(flags));
    expect((flags & 0x3000) == 0 && (flags & 0x200) != 0);
}

/* NT and AC, which a program may set, are of no concern to the kernel. */
void strange_flags(void)
{
    int pid = getpid();
    __asm__ volatile("pushfl; orl $0x44000, (%%esp); popfl" : : : "memory", "cc");
    int with_flags = getpid();
    usleep(30000);
    __asm__ volatile("pushfl; andl $~0x44000, (%%esp); popfl" : : : "memory", "cc");
    expect(with_flags == pid);
}

/* A stack pointer that leads nowhere does not keep the kernel from its own stack. */
static void call_without_stack(void)
{
    __asm__ volatile("movl $0, %%esp; movl $11, %%eax; int $64; ud2" : : : "memory");
}

void wild_stack_pointer(void)
{
    expect(killed_by(call_without_stack) == (over_library_os() ? SIGSEGV : SIGILL));
}

/* The x87 tells of an exception at the next instruction that waits. */
static void divide_float_by_zero(void)
{
    static const unsigned short divide_traps = 0x37b;
    __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(divide_traps));
}

void float_error(void)
{
    expect(killed_by(divide_float_by_zero) == SIGFPE);
}

static void float_push(int value)
{
    __asm__ volatile("fildl %0" : : "m"(value));
}

static int float_pop(void)
{
    int value;
    __asm__ volatile("fistpl %0" : "=m"(value));
    return value;
}

/* Keeps numbers in the registers while others run, with numbers of theirs. */
static void keep_floats(int first)
{
    for (int n = 0; n < 8; n++)
        float_push(first + n);
    for (int n = 0; n < 5; n++)
        usleep(10000);
    for (int n = 7; n >= 0; n--)
        if (float_pop() != first + n)
            _exit(1);
    _exit(0);
}

void float_private(void)
{
    int status;
    float_push(77);
    for (int n = 0; n < 4; n++)
        if (fork() == 0) {
            if (float_pop() != 77)
                _exit(2);
            keep_floats(n * 1000);
        }
    for (int n = 0; n < 4; n++)
        expect(wait(&status) > 0 && status == 0);
    expect(float_pop() == 77);
}

static void find_float_fresh(void)
{
    unsigned char image[108];
    __asm__ volatile("fnsave %0" : "=m"(image));
    _exit(image[0] == 0x7f && image[1] == 3 && image[4] == 0 && image[8] == 0xff ? 0 : 1);
}

/* Nobody before it in this process has used the x87, whatever others left in the registers. */
void float_fresh(void)
{
    expect(status_of(find_float_fresh) == 0);
}
