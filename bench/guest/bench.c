/* bench: the work that both emulators do: computation of several kinds, and what kernels cost.
 *
 * The command line is "KERNEL-NAME WORK N". Each work prints its checksum on COM1, so that a wrong
 * answer cannot pass for a fast one, and ends through the debug-exit port. */
#include "compute.h"

extern u8 patched[];
extern char trap_stack_top[];
void syscall_entry(void);
void fault_entry(void);
void enter_user(void (*function)(u32), u32 argument);
void leave_user(void);
void user_calls(u32 n);
void user_touch(u32 n);
void switch_to(u32 *from, u32 *to, u32 cr3);

static inline void outb(uint16_t port, u8 value)
{
    __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

static inline void outl(uint16_t port, u32 value)
{
    __asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port));
}

/* --- computation that only this processor has instructions for -------------------------------- */

static u32 copy(u32 n)
{
    u32 sum = 0;
    for (u32 i = 0; i < 1 << 18; i++)
        area[i] = (u8)(i >> 3);
    while (n-- > 0) {
        u8 *from = area, *to = area + (1 << 19);
        u32 count = (1 << 18) / 4;
        __asm__ volatile("rep movsl" : "+S"(from), "+D"(to), "+c"(count)::"memory");
        u8 *at = area;
        u32 left = 1 << 18;
        __asm__ volatile("repne scasb" : "+D"(at), "+c"(left) : "a"(0x100 + (n & 3)) : "memory");
        sum += left + area[(1 << 19) + n];
    }
    return sum;
}

/* --- kernel work ------------------------------------------------------------------------------ */

struct descriptor {
    u32 low, high;
};

static struct descriptor gdt[6] __attribute__((aligned(8))) = {
    {0, 0},
    {0x0000ffff, 0x00cf9a00},
    {0x0000ffff, 0x00cf9200},
    {0x0000ffff, 0x00cffa00},
    {0x0000ffff, 0x00cff200},
};
static struct descriptor idt[256] __attribute__((aligned(8)));
static u32 tss[26];
static u32 directory[2][1024] __attribute__((aligned(4096)));
static u32 touch_table[1024] __attribute__((aligned(4096)));
static u8 frames[256][4096] __attribute__((aligned(4096)));
static u32 syscalls_made, faults_taken;

static void set_gate(unsigned vector, void (*handler)(void))
{
    u32 offset = (u32)handler;
    idt[vector].low = 0x00080000 | (offset & 0xffff);
    idt[vector].high = (offset & 0xffff0000) | 0xef00;
}

static void load_tables(void)
{
    struct {
        uint16_t limit;
        u32 base;
    } __attribute__((packed)) pointer;
    u32 base = (u32)tss;
    tss[1] = (u32)trap_stack_top;
    tss[2] = 0x10;
    tss[25] = 104 << 16;
    gdt[5].low = (base & 0xffff) << 16 | 103;
    gdt[5].high = (base & 0xff000000) | 0x8900 | (base >> 16 & 0xff);
    pointer.limit = sizeof gdt - 1;
    pointer.base = (u32)gdt;
    __asm__ volatile("lgdt %0\n ljmp $8, $1f\n 1: mov %1, %%ds\n mov %1, %%es\n mov %1, %%ss\n"
                     "mov %1, %%fs\n mov %1, %%gs\n"
                     "ltr %w2" ::"m"(pointer),
                     "r"(0x10), "r"(0x28));
    set_gate(64, syscall_entry);
    set_gate(14, fault_entry);
    pointer.limit = sizeof idt - 1;
    pointer.base = (u32)idt;
    __asm__ volatile("lidt %0" ::"m"(pointer));
}

/* The first 16 MiB mapped one to one in 4 KiB pages for everybody, in two address spaces. */
static void start_paging(void)
{
    static u32 table[4][1024] __attribute__((aligned(4096)));
    for (u32 i = 0; i < 4096; i++)
        table[i / 1024][i % 1024] = i << 12 | 7;
    for (u32 s = 0; s < 2; s++) {
        for (u32 i = 0; i < 4; i++)
            directory[s][i] = (u32)table[i] | 7;
        directory[s][0x40000000 >> 22] = (u32)touch_table | 7;
    }
    __asm__ volatile(
        "mov %0, %%cr3\n mov %%cr0, %%eax\n or $0x80010000, %%eax\n mov %%eax, %%cr0" ::"r"(
            directory[0])
        : "eax", "memory");
}

struct trapframe {
    u32 edi, esi, ebp, oesp, ebx, edx, ecx, eax;
    u32 gs, fs, es, ds, trapno, err, eip, cs, eflags, esp, ss;
};

void on_syscall(struct trapframe *tf);
void on_syscall(struct trapframe *tf)
{
    switch (tf->eax) {
    case 0: leave_user(); break;
    case 2:
        for (u32 i = 0; i < 256; i++)
            touch_table[i] = 0;
        __asm__ volatile("mov %%cr3, %%eax\n mov %%eax, %%cr3" ::: "eax", "memory");
        break;
    default: tf->eax = ++syscalls_made;
    }
}

void on_page_fault(u32 address);
void on_page_fault(u32 address)
{
    u32 page = (address - 0x40000000) >> 12;
    faults_taken++;
    touch_table[page & 1023] = (u32)frames[page & 255] | 7;
}

static u32 syscalls(u32 n)
{
    start_paging();
    enter_user(user_calls, n);
    return syscalls_made;
}

static u32 faults(u32 n)
{
    start_paging();
    enter_user(user_touch, n);
    return faults_taken;
}

static u32 refills(u32 n)
{
    u32 sum = 0;
    start_paging();
    while (n-- > 0) {
        __asm__ volatile("mov %%cr3, %%eax\n mov %%eax, %%cr3" ::: "eax", "memory");
        for (u32 i = 0; i < 192; i++)
            sum += *(volatile u8 *)&frames[i][i];
    }
    return sum;
}

static u32 context[2], turns;

static void other_thread(void)
{
    for (;;) {
        turns++;
        *(volatile u32 *)frames[2] += 1;
        switch_to(&context[1], &context[0], (u32)directory[0]);
    }
}

static u32 switches(u32 n)
{
    static u32 stack[1024];
    start_paging();
    context[1] = (u32)&stack[1019];
    stack[1023] = (u32)other_thread;
    while (n-- > 0) {
        *(volatile u32 *)frames[1] += 1;
        switch_to(&context[0], &context[1], (u32)directory[1]);
    }
    return turns;
}

static u32 patches(u32 n)
{
    u32 sum = 0;
    while (n-- > 0) {
        *(volatile u32 *)(patched + 1) = n;
        sum += ((u32(*)(void))patched)();
    }
    return sum;
}

static u32 nothing(u32 n)
{
    return n;
}

static const struct work works[] = {
    {"nothing", nothing},   {"crc", crc},       {"sieve", sieve},         {"matmul", matmul},
    {"sort", sort},         {"calls", calls},   {"interpret", interpret}, {"copy", copy},
    {"syscalls", syscalls}, {"faults", faults}, {"refills", refills},     {"switches", switches},
    {"patches", patches},
};

static void print(const char *text)
{
    while (*text)
        outb(0x3f8, (u8)*text++);
}

static void print_hex(u32 value)
{
    for (int i = 28; i >= 0; i -= 4)
        outb(0x3f8, (u8) "0123456789abcdef"[value >> i & 15]);
}

static const char *skip_word(const char *s)
{
    while (*s && *s != ' ')
        s++;
    while (*s == ' ')
        s++;
    return s;
}

static int word_is(const char *s, const char *word)
{
    while (*word)
        if (*s++ != *word++)
            return 0;
    return *s == ' ' || *s == 0;
}

void bench_main(const u32 *multiboot);
void bench_main(const u32 *multiboot)
{
    const char *line = (const char *)multiboot[4];
    u32 n = 0;
    load_tables();
    for (unsigned i = 0; i < sizeof works / sizeof works[0]; i++) {
        const char *at = line;
        while (*at && !word_is(at, works[i].name))
            at = skip_word(at);
        if (!*at)
            continue;
        for (at = skip_word(at); *at >= '0' && *at <= '9'; at++)
            n = n * 10 + (u32)(*at - '0');
        print(works[i].name);
        print(" ");
        print_hex(works[i].run(n));
        print("\n");
        outl(0xf4, 0);
    }
    print("bench: no such work\n");
    outl(0xf4, 1);
}
