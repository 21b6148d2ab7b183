/* Thread-local storage on MIPS: its address is what RDHWR gives for hardware register 29. */
#include "abi/linux/linux.h"
#include "abi/linux/mips/linux_mips.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/proc.h"

void linux_switch(const struct proc *p)
{
    (void)p;
}

void linux_forget_tls(struct proc *p)
{
    linux_of(p)->tls.address = 0;
}

int linux_set_tls(struct proc *thread, uint32_t tls)
{
    linux_of(thread)->tls.address = tls;
    return 0;
}

int sys_set_thread_area(void)
{
    linux_of(myproc())->tls.address = linux_argument(0);
    return 0;
}

/*
 * A reserved instruction of a program: processors before MIPS32 release 2 have no RDHWR, and the
 * kernel does it for them. MIPS32 Architecture vol. II, RDHWR: SPECIAL3, rt in bits 20-16, 29 in
 * bits 15-11. Returns whether it was that; not in a delay slot, where compilers do not put it.
 */
bool linux_emulate(struct trapframe *tf)
{
    enum { RDHWR_29 = 0x7c00e83b, RT = 0x1f << 16 };
    uint32_t instruction;
    uint32_t *const registers = &tf->tf_at; /* of register 1; those to 25 follow */

    if (copyin(&instruction, tf->tf_epc, sizeof instruction) < 0 ||
        (instruction & ~(uint32_t)RT) != RDHWR_29)
        return false;
    instruction = instruction >> 16 & 0x1f;
    if (instruction < 1 || instruction > 25)
        return false;
    registers[instruction - 1] = linux_of(myproc())->tls.address;
    tf->tf_epc += 4;
    return true;
}
