/* System calls by their instruction: any number, any stack, every register. */
#include "usertests.h"

#include <sys/syscall.h>

const int unused_call = 1; /* OS/161's vfork() */

/* The number is the first argument here, so that the call's own move up by one. */
__asm__(".text\n"
        ".set push\n"
        ".set noreorder\n"
        ".globl raw_call\n"
        ".type raw_call, @function\n"
        ".ent raw_call\n"
        "raw_call:\n"
        "    move $v0, $a0\n"
        "    move $a0, $a1\n"
        "    move $a1, $a2\n"
        "    move $a2, $a3\n"
        "    lw $a3, 16($sp)\n"
        "    syscall\n"
        "    beqz $a3, 1f\n"
        "    lui $v1, %hi(errno)\n"
        "    sw $v0, %lo(errno)($v1)\n"
        "    li $v0, -1\n"
        "1:  jr $ra\n"
        "    nop\n"
        ".end raw_call\n"
        ".size raw_call, . - raw_call\n"
        ".set pop\n");

/* No register but v0 and a3 comes back from a call with another value, hi and lo included. */
static int registers_after_call(int number)
{
    unsigned hi, lo, sum;
    __asm__ volatile(
        "li $s0, 1; li $s1, 2; li $s2, 4; li $s3, 8; li $s4, 16; li $s5, 32\n\t"
        "li $t0, 64; li $t1, 128; li $t8, 256; li $t9, 512; li $a0, 0; li $v1, 1024\n\t"
        "li $t2, 0x12345678; mthi $t2; mtlo $s5\n\t"
        "move $v0, %3\n\t"
        "syscall\n\t"
        "addu %2, $s0, $s1; addu %2, %2, $s2; addu %2, %2, $s3; addu %2, %2, $s4\n\t"
        "addu %2, %2, $s5; addu %2, %2, $t0; addu %2, %2, $t1; addu %2, %2, $t8\n\t"
        "addu %2, %2, $t9; addu %2, %2, $a0; addu %2, %2, $v1\n\t"
        "mfhi %0; mflo %1"
        : "=&r"(hi), "=&r"(lo), "=&r"(sum)
        : "r"(number)
        : "s0", "s1", "s2", "s3", "s4", "s5", "t0", "t1", "t2", "t8", "t9", "a0", "a3", "v0", "v1",
          "hi", "lo", "memory");
    return hi == 0x12345678 && lo == 32 && sum == 2047;
}

void registers_kept(void)
{
    expect(registers_after_call(SYS_getpid));
    expect(registers_after_call(SYS_uptime));
    expect(registers_after_call(12345));
}

/* Nor does the kernel lose hi, lo and k-free registers when it takes the processor away. */
void registers_kept_by_switch(void)
{
    unsigned hi, lo;
    pid_t pid = fork();
    for (int i = 0; i < 200000; i++) {
        unsigned wanted = (unsigned)(pid + i);
        __asm__ volatile("mthi %2; mtlo %3; nop; nop; nop; nop; nop; nop; mfhi %0; mflo %1"
                         : "=&r"(hi), "=&r"(lo)
                         : "r"(wanted), "r"(~wanted)
                         : "hi", "lo");
        if (hi != wanted || lo != ~wanted)
            expect(!"hi or lo changed");
    }
    int status = 0;
    if (pid == 0)
        _exit(0);
    expect(waitpid(pid, &status, 0) == pid && status == 0);
}

/* A stack pointer that leads nowhere does not keep the kernel from its own stack. */
static void call_without_stack(void)
{
    __asm__ volatile("move $sp, $zero; li $v0, 5; syscall; .word 0x0000003f" : : : "memory");
}

void wild_stack_pointer(void)
{
    expect(killed_by(call_without_stack) == SIGILL);
}
