/* Instructions that are not for programs: each ends only that program, with the right signal. */
#include "usertests.h"

static volatile unsigned words[2];
static volatile uintptr_t at;

FAULT(unaligned_read, SIGBUS, at = (uintptr_t)words + 1; (void)*(volatile unsigned *)at)
FAULT(unaligned_write, SIGBUS, at = (uintptr_t)words + 2; *(volatile unsigned *)at = 1)
FAULT(unaligned_half, SIGBUS, at = (uintptr_t)words + 3; (void)*(volatile short *)at)
FAULT(unaligned_call, SIGBUS, at = (uintptr_t)do_unaligned_half + 2; ((void (*)(void))at)())
FAULT(uncached_read, SIGSEGV, at = 0xbfe00000; (void)*(volatile unsigned *)at)
FAULT(bus_write, SIGSEGV, at = 0xbfff7e08; *(volatile unsigned *)at = 0)
FAULT(mapped_kernel_read, SIGSEGV, at = 0xc0000000; (void)*(volatile unsigned *)at)
FAULT(add_overflow, SIGFPE, __asm__ volatile("add $t0, %0, %0" : : "r"(0x7fffffff) : "t0"))
FAULT(illegal_instruction, SIGILL, __asm__ volatile(".word 0x0000003f"))
FAULT(breakpoint, SIGTRAP, __asm__ volatile("break"))
FAULT(read_status, SIGILL, __asm__ volatile("mfc0 $t0, $12" : : : "t0"))
FAULT(write_status, SIGILL, __asm__ volatile("mtc0 $zero, $12"))
FAULT(write_tlb, SIGILL, __asm__ volatile("tlbwr"))
FAULT(probe_tlb, SIGILL, __asm__ volatile("tlbp"))
FAULT(return_from_exception, SIGILL, __asm__ volatile("rfe"))
FAULT(wait_instruction, SIGILL, __asm__ volatile(".word 0x42000020"))
FAULT(float_instruction, SIGILL, __asm__ volatile(".word 0x46200000")) /* add.d */
FAULT(other_coprocessor, SIGILL, __asm__ volatile(".word 0x48000000")) /* mfc2 */
FAULT(stack_pointer_to_kernel, SIGSEGV, __asm__ volatile("lui $sp, 0x8020; sw $zero, 0($sp)"))
FAULT(call_in_delay_slot, SIGILL,
      __asm__ volatile(".set push; .set noreorder; b 1f; syscall; 1: .set pop"))
