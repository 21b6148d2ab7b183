/* film_types: the structures of the kernel film.S, for the debugger; nothing of them is code. */
struct trapframe {
    unsigned edi, esi, ebp, oesp, ebx, edx, ecx, eax;
    unsigned short es, padding1, ds, padding2;
    unsigned trapno, err, eip;
    unsigned short cs, padding3;
    unsigned eflags, esp;
    unsigned short ss, padding4;
};

struct proc {
    int pid;
    char name[12];
    struct trapframe *tf;
};

struct proc only = {7, "film", (struct trapframe *)0};
struct proc *current = &only;
