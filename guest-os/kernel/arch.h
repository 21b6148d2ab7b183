/*
 * What the portable kernel asks of a processor and its board.
 *
 * machine.h is found in arch/CPU/ and gives: KERNBASE (user space lies below it, and physical
 * address p is visible to the kernel at KERNBASE + p), PAGE_SIZE, pte_t with PTE_PRESENT,
 * PTE_USER, PTE_WRITE, PTE_COW and PTE_FRAME, struct context, and the inline functions intr_on(),
 * intr_off(), intr_enabled(), stack_pointer(), and exchange(), which writes a word and returns what
 * it was before, as one step for all processors.
 */
#ifndef KERNEL_ARCH_H
#define KERNEL_ARCH_H

#include "machine.h"

#include <stdbool.h>
#include <stdint.h>

struct proc;
struct context;
struct buf;
struct vm;

/* Turn interrupts off; returns whether they were on, for intr_restore(). */
static inline bool intr_save(void)
{
    bool were_on = intr_enabled();

    intr_off();
    return were_on;
}

static inline void intr_restore(bool were_on)
{
    if (were_on)
        intr_on();
}

/* --- address translation: a two-level table of 1024 entries each, in pages --- */

/*
 * Fill a new top level so that the kernel is mapped in it; the user half is left empty. Its page
 * may have been another process's: what the processor remembers of that must be gone.
 */
void mmu_init_top(pte_t *top);
/* Have this processor use the address space (0: none), remembering nothing that is outdated. */
void mmu_load(pte_t *top);
/* Have it forget what it remembers of `va`, or of all, in the address space that it uses. */
void mmu_forget(uint32_t va);
void mmu_forget_all(void);
/* What processor `cpu` remembers of this address space, which it does not use now, is outdated. */
void mmu_outdated(pte_t *top, unsigned cpu);

/* --- processes --- */

/* Save the registers that a C function must keep in *old, and go on where `new` was saved. */
void swtch(struct context **old, struct context *new);
/* Prepare a stack so that the first swtch() to p calls start() and then returns to user mode. */
void arch_new_process(struct proc *p, void (*start)(void));
/* Make the child's saved user registers those of the parent; fork() gives 0 in it. */
void arch_fork(struct proc *child, const struct proc *parent);
/* How a fresh program begins. */
struct start {
    uint32_t entry;
    uint32_t sp;
    uint32_t argc;
    uint32_t argv; /* user address of the vector */
    const char *path;
    bool for_linux; /* its file says that it is a program for Linux */
    uint32_t phdr;  /* user address of the program headers, 0 = not in memory */
    uint32_t phnum;
};

/*
 * Have a new thread of the current process begin in a user function with one argument, on a stack
 * that ends at `sp`. Returns 0; -1 with the error set: there is no room on the stack.
 */
int arch_thread_enter(struct proc *p, uint32_t function, uint32_t sp, uint32_t argument);

/* Make the saved user registers those of a fresh program. */
void arch_exec(struct proc *p, const struct start *start);
/* The lowest words of a fresh stack, at start->sp: what main()'s calling convention wants there. */
enum { START_WORDS = 4 };
void arch_start_words(const struct start *start, uint32_t words[START_WORDS]);
/* The whole stack of a program for Linux, start->sp with it. 0; -1 with the error set. */
int arch_linux_stack(struct vm *vm, char *const argv[], char *const envp[], struct start *start);
/* The current thread ends; its memory is still there. */
void arch_leave(struct proc *p);
/* A signal for p, which is noted in p->killed if p shall end or see to it: true then. */
bool arch_signal(struct proc *p, int signal);
/* p is about to run here: traps from user mode shall use its kernel stack. */
void arch_switch(struct proc *p);
/* The current thread is about to leave this processor: its registers must not stay behind. */
void arch_leave_cpu(struct proc *p);
/* ELF's number for this processor. */
extern const uint16_t arch_elf_machine;

/* --- more than one processor --- */

/* Have the other processors come to scheduler(). Sets cpu_count. */
void arch_start_cpus(void);
/* Let no other processor go on: the kernel ends here. */
void arch_stop_cpus(void);
/* Interrupt another processor: it calls cpu_interrupted(). */
void arch_interrupt_cpu(unsigned number);

/* --- waiting and stopping --- */

/* Interrupts are off. Let them in, and wait for one if none is pending. */
void arch_idle(void);
/* End the machine with a status, if there is somebody to take it; else return. */
void arch_exit(uint32_t status);
void arch_power_off(void) __attribute__((noreturn));
void arch_halt(void) __attribute__((noreturn));

/* --- console and raw serial lines --- */

/* Show one character: '\b' moves left, nothing else is special beyond '\n' and '\r'. */
void arch_console_putc(int c);
/* Raw serial line 1 or 2 (0: the console's). Each returns at once. Pre: a lock is held for the
 * line. */
int serial_get(int line);         /* next received byte, or -1 */
bool serial_put(int line, int c); /* false: the transmitter is busy */
bool serial_hung_up(int line);    /* the other end has left */
void serial_receive_irq(int line, bool on);

/* --- block device and boot-time files --- */

/* Blocks of the disk besides the ROM disk; 0: there is none. */
uint32_t arch_disk_blocks(void);
/* Move one locked block; sleeps until it is done. */
void arch_disk_transfer(struct buf *b, bool write);
/* Have the disk write out what it keeps in its own memory; sleeps until it is done. */
void arch_disk_barrier(void);
/* Files that the host gave: the size of the named one, or -1; n bytes of it from `off` on. */
int arch_host_file_size(const char *name);
void arch_host_file_read(const char *name, uint32_t off, void *dst, uint32_t n);

#endif
