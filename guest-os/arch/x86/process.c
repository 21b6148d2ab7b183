/* What a process is to this processor: two sets of registers on its kernel stack. */
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "abi/flexsc/flexsc_kernel.h"
#include "abi/libos/libos.h"
#include "abi/linux/linux.h"
#include "arch/x86/x86.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

enum { EFLAGS_ALWAYS = 0x002, EFLAGS_IF = 0x200 };

const uint16_t arch_elf_machine = 3; /* EM_386 */

extern void trapret(void);

/*
 * The stack of a new process, from the top down: the trap frame; the address of trapret, to
 * which start() will return; the context that the first swtch() takes.
 */
void arch_new_process(struct proc *p, void (*start)(void))
{
    char *sp = p->kstack + KSTACKSIZE;

    sp -= sizeof *p->tf;
    p->tf = (struct trapframe *)sp;
    fpu_forget(p);
    sp -= sizeof(uint32_t);
    *(uint32_t *)sp = (uint32_t)(uintptr_t)trapret;
    sp -= sizeof *p->context;
    p->context = (struct context *)sp;
    *p->context = (struct context){.eip = (uint32_t)(uintptr_t)start};
}

void arch_fork(struct proc *child, const struct proc *parent)
{
    *child->tf = *parent->tf;
    child->tf->eax = 0;
    fpu_fork(child, parent);
    libos_fork(child, parent);
    linux_fork(child, parent);
    __asm__ volatile("movw %%fs, %w0" : "=r"(child->context->fs));
    __asm__ volatile("movw %%gs, %w0" : "=r"(child->context->gs));
}

/* The function is called as by a C function that it must not return to. */
int arch_thread_enter(struct proc *p, uint32_t function, uint32_t sp, uint32_t argument)
{
    const uint32_t words[] = {0xffffffff, argument};

    sp = (sp & ~15u) - sizeof words - 8; /* the argument is 16-aligned: System V ABI, i386, 2.2.2 */
    p->tf->eip = function;
    p->tf->esp = sp;
    return copyout(sp, words, sizeof words);
}

void arch_exec(struct proc *p, const struct start *start)
{
    *p->tf = (struct trapframe){
        .cs = SEG_UCODE << 3 | DPL_USER,
        .ds = SEG_UDATA << 3 | DPL_USER,
        .es = SEG_UDATA << 3 | DPL_USER,
        .ss = SEG_UDATA << 3 | DPL_USER,
        .eflags = EFLAGS_ALWAYS | EFLAGS_IF,
        .eip = start->entry,
        .esp = start->sp,
    };
    __asm__ volatile("movw %w0, %%fs; movw %w0, %%gs" : : "r"(0));
    fpu_forget(p);
    libos_exec(p);
    linux_exec(p, start->path);
}

void arch_leave(struct proc *p)
{
    if (p == p->leader)
        ipc_leave(p);
    linux_end(p);
}

bool arch_signal(struct proc *p, int signal)
{
    return linux_signal(p, signal);
}

/* main(argc, argv) is called as by a C function; it has nowhere to return to. */
void arch_start_words(const struct start *start, uint32_t words[START_WORDS])
{
    words[0] = 0xffffffff;
    words[1] = start->argc;
    words[2] = start->argv;
    words[3] = 0;
}

void arch_switch(struct proc *p)
{
    seg_set_kernel_stack((uint32_t)(uintptr_t)p->kstack + KSTACKSIZE);
    fpu_switch(p);
    linux_switch(p);
    mmu_switch(p->vm ? p->vm->pgdir : NULL);
}

void arch_leave_cpu(struct proc *p)
{
    fpu_leave(p);
}

/* sti lets interrupts in only after the next instruction, so none is lost before hlt. */
void arch_idle(void)
{
    __asm__ volatile("sti; hlt; cli" ::: "memory");
}
