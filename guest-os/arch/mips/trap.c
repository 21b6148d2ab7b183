/* Every exception comes here: system calls, faults of programs, interrupts of devices. */
#include "abi/linux/linux.h"
#include "abi/linux/mips/linux_mips.h"
#include "abi/os161/syscall.h"
#include "arch/mips/board.h"
#include "arch/mips/cp0.h"
#include "arch/mips/model.h"
#include "arch/mips/trapframe.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

void mips_trap(struct trapframe *tf);

/* What an exception is called, and the signal its program is said to have died of. */
static const struct {
    const char *name;
    int signal;
} faults[] = {
    [EX_MODIFIED] = {"write to a read-only page", SIGSEGV},
    [EX_TLB_LOAD] = {"page fault on a load", SIGSEGV},
    [EX_TLB_STORE] = {"page fault on a store", SIGSEGV},
    [EX_ADDRESS_LOAD] = {"address error on a load", SIGSEGV},
    [EX_ADDRESS_STORE] = {"address error on a store", SIGSEGV},
    [EX_BUS_FETCH] = {"bus error on a fetch", SIGBUS},
    [EX_BUS_DATA] = {"bus error", SIGBUS},
    [EX_SYSCALL] = {"system call in a delay slot", SIGILL},
    [EX_BREAK] = {"breakpoint", SIGTRAP},
    [EX_RESERVED] = {"reserved instruction", SIGILL},
    [EX_COPROCESSOR] = {"coprocessor unusable", SIGILL},
    [EX_OVERFLOW] = {"overflow", SIGFPE},
};

static volatile bool probing; /* a bus error is an answer */
static volatile bool probe_failed;

/* Have exceptions go to the handlers of exception.S instead of the boot ROM: BEV off. */
void exception_init(void)
{
    cp0_set_status(STATUS_IM2 | (lamebus_cpus() > 1 ? STATUS_IM3 : 0));
}

/* Read a word where perhaps nothing answers. Returns whether something did. */
bool probe_word(uint32_t address, uint32_t *value)
{
    probe_failed = false;
    probing = true;
    *value = *(const volatile uint32_t *)(uintptr_t)address;
    probing = false;
    return !probe_failed;
}

static uint32_t code_of(const struct trapframe *tf)
{
    return tf->tf_cause >> CAUSE_CODE_SHIFT & CAUSE_CODE_MASK;
}

static bool from_user(const struct trapframe *tf)
{
    return tf->tf_status & model->user;
}

static bool is_page_fault(uint32_t code)
{
    return code >= EX_MODIFIED && code <= EX_TLB_STORE;
}

/*
 * The signal for a fault. Compilers say by break 7 that a divisor is 0, and by break 6 that a
 * quotient does not fit; an address error below the kernel is one of alignment.
 */
static int signal_of(const struct trapframe *tf, uint32_t code)
{
    uint32_t at = tf->tf_epc + (tf->tf_cause & CAUSE_DELAY_SLOT ? 4 : 0);
    uint32_t instruction;

    if ((code == EX_ADDRESS_LOAD || code == EX_ADDRESS_STORE) && tf->tf_vaddr < KERNBASE)
        return SIGBUS;
    if (code == EX_BREAK && copyin(&instruction, at, sizeof instruction) == 0 &&
        (instruction >> 16 == 7 || instruction >> 16 == 6))
        return SIGFPE;
    return code < NELEM(faults) && faults[code].name ? faults[code].signal : SIGSEGV;
}

static const char *name_of(uint32_t code, int signal)
{
    if (code == EX_BREAK && signal == SIGFPE)
        return "divide error";
    return code < NELEM(faults) && faults[code].name ? faults[code].name : "exception";
}

/* A program did what it may not do: say so, and have it end. */
static void kill_faulter(struct trapframe *tf, uint32_t code)
{
    struct proc *p = myproc();
    int signal = signal_of(tf, code);

    if (linux_catches(p, signal)) {
        linux_force_signal(p, signal);
        return;
    }
    cprintf("pid %d %s: %s (%u) at epc 0x%x", p->pid, p->name, name_of(code, signal), code,
            tf->tf_epc);
    if (is_page_fault(code) || code == EX_ADDRESS_LOAD || code == EX_ADDRESS_STORE)
        cprintf(", address 0x%x", tf->tf_vaddr);
    cprintf(": killed\n");
    linux_force_signal(p, signal);
}

/*
 * A missing entry may only mean that memory, granted but not given yet, is touched for the first
 * time; a read-only one, that a shared page is written.
 */
static bool page_fault_resolved(struct trapframe *tf, uint32_t code)
{
    return is_page_fault(code) && myproc() && tf->tf_vaddr < KERNBASE &&
           vm_fault(myproc()->vm, tf->tf_vaddr, code != EX_TLB_LOAD);
}

static void fault(struct trapframe *tf, uint32_t code)
{
    if (page_fault_resolved(tf, code))
        return;
    if (!from_user(tf) && probing && code == EX_BUS_DATA) {
        probe_failed = true;
        tf->tf_epc += 4;
        return;
    }
    if (!from_user(tf))
        panic("exception %u in the kernel at epc 0x%x, status 0x%x, address 0x%x", code, tf->tf_epc,
              tf->tf_status, tf->tf_vaddr);
    intr_on();
    if (code == EX_RESERVED && !(tf->tf_cause & CAUSE_DELAY_SLOT) && linux_emulate(tf))
        return;
    kill_faulter(tf, code);
}

/* Devices want attention, or another processor does. */
static void interrupt(uint32_t cause)
{
    if (cause & CAUSE_IP3) {
        lamebus_acknowledge_cpu();
        cpu_interrupted();
    }
    if (cause & CAUSE_IP2)
        lamebus_interrupt();
}

/* Each system of MIPS machines has its thousand of numbers: Linux's o32 calls have the fifth. */
static bool is_linux_call(const struct trapframe *tf)
{
    return tf->tf_v0 - NR_LINUX < 1000;
}

/* Called by common_exception with the frame that it has built; exception_return follows. */
void mips_trap(struct trapframe *tf)
{
    uint32_t code = code_of(tf);

    if (code == EX_SYSCALL && from_user(tf) && !(tf->tf_cause & CAUSE_DELAY_SLOT)) {
        intr_on(); /* the exception has turned interrupts off; a system call may take long */
        if (myproc()->killed && !linux_catches(myproc(), myproc()->killed))
            exit_killed(myproc()->killed);
        myproc()->tf = tf;
        if (is_linux_call(tf)) {
            linux_trap(tf);
            return;
        }
        syscall(tf);
        fd_call_ends();
        if (myproc()->killed)
            linux_deliver(tf, NULL);
        return;
    }
    if (code == EX_INTERRUPT)
        interrupt(tf->tf_cause);
    else
        fault(tf, code);
    preempt();
    if (from_user(tf) && myproc()->killed)
        linux_deliver(tf, NULL);
}
