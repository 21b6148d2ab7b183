/* film_mips_types: the structures of the kernel film_mips.S, for the debugger; nothing of it is
 * code. */
struct trapframe {
    unsigned at, v0, a0, a1, a2, a3, sp, ra, status, cause, epc, vaddr;
};

struct proc {
    int pid;
    char name[12];
    struct trapframe *tf;
};

struct proc only = {7, "film", (struct trapframe *)0};
struct proc *current = &only;
