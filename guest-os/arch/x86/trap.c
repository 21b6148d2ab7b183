/* Every trap comes here: system calls, faults of programs, interrupts of devices. */
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "arch/x86/traps.h"
#include "arch/x86/x86.h"
#include "abi/flexsc/flexsc_kernel.h"
#include "abi/libos/libos.h"
#include "abi/linux/linux.h"
#include "abi/xv6/syscall.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

/* Intel SDM vol. 3, figure 6-2. */
struct gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t zero;
    uint8_t type; /* P, DPL and type */
    uint16_t offset_high;
};

enum { PRESENT = 0x80, TASK_GATE = 0x05, INTERRUPT_GATE = 0x0e, TRAP_GATE = 0x0f };

extern const uint32_t vectors[256];
extern void system_call(void); /* abi/linux/entry.S */

static struct gate idt[256];

/* What a fault is called, and the signal its program is said to have died of. */
static const struct {
    const char *name;
    int signal;
} faults[] = {
    [T_DIVIDE] = {"divide error", SIGFPE},
    [T_DEBUG] = {"debug exception", SIGTRAP},
    [T_BRKPT] = {"breakpoint", SIGTRAP},
    [T_OFLOW] = {"overflow", SIGFPE},
    [T_BOUND] = {"bound range exceeded", SIGSEGV},
    [T_ILLOP] = {"invalid opcode", SIGILL},
    [T_TSS] = {"invalid TSS", SIGSEGV},
    [T_SEGNP] = {"segment not present", SIGSEGV},
    [T_STACK] = {"stack fault", SIGSEGV},
    [T_GPFLT] = {"general protection fault", SIGSEGV},
    [T_PGFLT] = {"page fault", SIGSEGV},
    [T_FPERR] = {"floating-point error", SIGFPE},
    [T_ALIGN] = {"alignment check", SIGBUS},
};

/*
 * SETGATE(entry, istrap, sel, off, d): the handler is at sel:off, and a program may use it with
 * int only if its ring is d or further in. A trap gate leaves interrupts as they are, an
 * interrupt gate turns them off.
 */
#define SETGATE(entry, istrap, sel, off, d)                                                        \
    ((entry) = (struct gate){                                                                      \
         .offset_low = (uint16_t)(off),                                                            \
         .selector = (sel),                                                                        \
         .type = PRESENT | (d) << 5 | ((istrap) ? TRAP_GATE : INTERRUPT_GATE),                     \
         .offset_high = (uint16_t)((off) >> 16),                                                   \
     })

/* Set up the trap table. Programs may use the gates of breakpoints and of the system calls. */
void tvinit(void)
{
    for (int i = 0; i < 256; i++)
        SETGATE(idt[i], 0, SEG_KCODE << 3, vectors[i], 0);
    SETGATE(idt[T_BRKPT], 0, SEG_KCODE << 3, vectors[T_BRKPT], DPL_USER);
    SETGATE(idt[T_OFLOW], 0, SEG_KCODE << 3, vectors[T_OFLOW], DPL_USER);
    SETGATE(idt[T_SYSCALL], 1, SEG_KCODE << 3, vectors[T_SYSCALL], DPL_USER);
    SETGATE(idt[T_FLEXSC], 1, SEG_KCODE << 3, vectors[T_FLEXSC], DPL_USER);
    SETGATE(idt[T_PAL], 1, SEG_KCODE << 3, vectors[T_PAL], DPL_USER);
    SETGATE(idt[T_LINUX], 1, SEG_KCODE << 3, (uint32_t)(uintptr_t)system_call, DPL_USER);
    idt[T_DBLFLT] = (struct gate){.selector = SEG_DFTSS << 3, .type = PRESENT | TASK_GATE};
    trap_init_cpu();
}

/* This processor uses it. */
void trap_init_cpu(void)
{
    struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) idtr = {sizeof idt - 1, (uint32_t)(uintptr_t)idt};

    __asm__ volatile("lidt %0" : : "m"(idtr));
}

static bool from_user(const struct trapframe *tf)
{
    return (tf->cs & 3) == DPL_USER;
}

/* A program did what it may not do: say so, and have it end. */
static void kill_faulter(struct trapframe *tf, uint32_t address)
{
    struct proc *p = myproc();
    bool known = tf->trapno < NELEM(faults) && faults[tf->trapno].name;
    int signal = known ? faults[tf->trapno].signal : SIGSEGV;

    if (linux_catches(p, signal)) {
        linux_force_signal(p, signal);
        return;
    }
    cprintf("pid %d %s: %s (%u) at eip 0x%x", p->pid, p->name,
            known ? faults[tf->trapno].name : "trap", tf->trapno, tf->eip);
    if (tf->trapno == T_PGFLT)
        cprintf(", address 0x%x", address);
    cprintf(": killed\n");
    linux_force_signal(p, signal);
}

/*
 * A page fault may only mean that memory, granted but not given yet, is touched for the first
 * time, or that a shared page is written. The kernel too may touch such pages for a program.
 */
static bool page_fault_resolved(struct trapframe *tf, uint32_t address)
{
    enum { WRITE = 2 }; /* in the error code; Intel SDM vol. 3, figure 4-12 */

    return myproc() && address < KERNBASE && vm_fault(myproc()->vm, address, tf->err & WRITE);
}

static void fault(struct trapframe *tf)
{
    uint32_t address = read_cr2();

    if (tf->trapno == T_PGFLT && page_fault_resolved(tf, address))
        return;
    if (tf->trapno == T_DEVICE && from_user(tf)) {
        fpu_wanted();
        return;
    }
    if (!from_user(tf))
        panic("trap %u in the kernel at eip 0x%x, error 0x%x, address 0x%x", tf->trapno, tf->eip,
              tf->err, address);
    intr_on();
    kill_faulter(tf, address);
}

/* A device wants attention. */
static void interrupt(int irq)
{
    if (!pic_acknowledge(irq))
        return;
    switch (irq) {
    case IRQ_TIMER:
        clock_tick();
        flexsc_tick();
        break;
    case IRQ_KBD: kbd_interrupt(); break;
    case IRQ_COM1:
    case IRQ_COM2: uart_interrupt(); break;
    case IRQ_IDE: ide_interrupt(); break;
    default: break;
    }
}

/* Another processor wants attention. */
static void interrupt_of_cpu(void)
{
    lapic_acknowledge();
    cpu_interrupted();
}

static bool is_call(const struct trapframe *tf)
{
    return tf->trapno == T_SYSCALL || tf->trapno == T_FLEXSC || tf->trapno == T_PAL;
}

/* A system call begins: one of a program that shall end is not made any more. */
static void begin_call(struct trapframe *tf)
{
    struct proc *p = myproc();

    if (p->killed && !linux_catches(p, p->killed))
        exit_killed(p->killed);
    p->tf = tf;
}

static void end_call(struct trapframe *tf)
{
    fd_call_ends();
    if (myproc()->killed)
        linux_deliver(tf, 0);
}

/* Called by alltraps with the frame that it has built; trapret follows. */
void trap(struct trapframe *tf)
{
    if (is_call(tf)) {
        begin_call(tf);
        if (tf->trapno == T_PAL)
            pal_trap(tf);
        else if (libos_reflects(tf, tf->trapno))
            ;
        else if (tf->trapno == T_FLEXSC)
            flexsc_trap(tf);
        else
            syscall();
        end_call(tf);
        return;
    }

    if (tf->trapno >= T_IRQ0 && tf->trapno < T_IRQ0 + 16)
        interrupt((int)tf->trapno - T_IRQ0);
    else if (tf->trapno == T_CPU)
        interrupt_of_cpu();
    else if (tf->trapno != T_SPURIOUS)
        fault(tf);

    preempt();
    if (from_user(tf) && myproc()->killed)
        linux_deliver(tf, 0);
}
