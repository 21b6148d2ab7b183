/* What a process is to this processor: two sets of registers on its kernel stack. */
#include "abi/linux/linux.h"
#include "arch/mips/board.h"
#include "arch/mips/cp0.h"
#include "arch/mips/model.h"
#include "arch/mips/trapframe.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

const uint16_t arch_elf_machine = 8; /* EM_MIPS */

/* By processor: the address behind the kernel stack of what runs there. Read by common_exception.
 */
uint32_t kernel_stack[NCPU];

/* The stack of a new process, from the top down: the trapframe; the context of the first swtch().
 */
void arch_new_process(struct proc *p, void (*start)(void))
{
    char *sp = p->kstack + KSTACKSIZE;

    sp -= TF_ROOM;
    p->tf = (struct trapframe *)sp;
    sp -= ARGUMENT_ROOM + sizeof *p->context;
    p->context = (struct context *)sp;
    *p->context = (struct context){
        .s = {(uint32_t)(uintptr_t)start},
        .ra = (uint32_t)(uintptr_t)model->process_begin,
    };
}

void arch_fork(struct proc *child, const struct proc *parent)
{
    *child->tf = *parent->tf;
    child->tf->tf_v0 = 0;
    child->tf->tf_a3 = 0;
    linux_fork(child, parent);
}

/* The function has nowhere to return to; it may put its argument registers on the stack. */
int arch_thread_enter(struct proc *p, uint32_t function, uint32_t sp, uint32_t argument)
{
    static const uint32_t room[4];

    sp = (sp & ~7u) - sizeof room;
    p->tf->tf_epc = function;
    p->tf->tf_sp = sp;
    p->tf->tf_a0 = argument;
    p->tf->tf_ra = 0xffffffff;
    return copyout(sp, room, sizeof room);
}

void arch_exec(struct proc *p, const struct start *start)
{
    *p->tf = (struct trapframe){
        .tf_status = model->user_status | (cp0_status() & STATUS_IM),
        .tf_epc = start->entry,
        .tf_sp = start->sp,
        .tf_a0 = start->argc,
        .tf_a1 = start->argv,
        .tf_a2 = start->argv + 4 * start->argc, /* OS/161's environment: none */
    };
    if (start->for_linux) /* all is on the stack; v0 would be a function to call at the end */
        p->tf->tf_a0 = p->tf->tf_a1 = p->tf->tf_a2 = 0;
    linux_exec(p, start->path);
}

/* Where main() may put its argument registers. */
void arch_start_words(const struct start *start, uint32_t words[START_WORDS])
{
    (void)start;
    memset(words, 0, START_WORDS * sizeof *words);
}

void arch_switch(struct proc *p)
{
    kernel_stack[mycpu()->number] = (uint32_t)(uintptr_t)p->kstack + KSTACKSIZE;
    mmu_switch(p->vm ? p->vm->pgdir : NULL);
}

/* The kernel does not use registers beyond those that swtch() exchanges. */
void arch_leave_cpu(struct proc *p)
{
    (void)p;
}

/* wait ends with an interrupt also while interrupts are off; so none is lost before it. */
void arch_idle(void)
{
    cpu_wait();
    intr_on();
    intr_off();
}

void arch_leave(struct proc *p)
{
    linux_end(p);
}

bool arch_signal(struct proc *p, int signal)
{
    return linux_signal(p, signal);
}
