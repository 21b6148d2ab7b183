/* faults: kernels that break one rule each; -DFAULT=n chooses which. Lines marked "the culprit" are
 * what `why` has to find. */ /* clang-format off */
enum { USER_INT = 1, NULL_STACK, NO_IDT, IDT_UNMAPPED, USER_DIVIDE, USER_HLT, USER_SELECTOR,
       USER_POINTER, USER_PORT, BAD_RETURN, EMPTY_GATE, WRITES };

typedef unsigned u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef unsigned long long u64;

/* Multiboot 0.6.96, 3.1. */
__asm__(".section .multiboot, \"ax\"\n"
        ".long 0x1badb002, 0, -0x1badb002\n"
        ".globl _start\n"
        "_start: movl $boot_stack + 4096, %esp\n"
        "call kmain\n"
        "1: jmp 1b\n"
        ".text");

u8 boot_stack[4096];
u8 kernel_stack[4096];
u8 user_stack[4096];

struct gate {
    u16 low, selector;
    u8 zero, type;
    u16 high;
} __attribute__((packed));

struct tss {
    u32 link, esp0, ss0, rest[22], map;
};

struct gate idt[256] __attribute__((aligned(8)));
u64 gdt[6] __attribute__((aligned(8)));
struct tss tss;
u32 directory[1024] __attribute__((aligned(4096)));
u32 table[1024] __attribute__((aligned(4096)));

static void stop(void)
{
    for (;;)
        ;
}

static void set_gate(int vector, u32 handler, int dpl)
{
    idt[vector].low = (u16)handler;
    idt[vector].high = (u16)(handler >> 16);
    idt[vector].selector = 8;
    idt[vector].type = (u8)(0x8f | dpl << 5); /* the culprit: the gate's DPL */
}

static void load_idt(u32 base)
{
    struct {
        u16 limit;
        u32 base;
    } __attribute__((packed)) idtr = {sizeof idt - 1, base};
    __asm__ volatile("lidt %0" : : "m"(idtr)); /* the culprit: lidt */
}

static u64 descriptor(u32 base, u32 limit, u64 type, u64 flags)
{
    return (limit & 0xffff) | (u64)(base & 0xffffff) << 16 | type << 40 |
           (u64)(limit >> 16) << 48 | flags << 52 | (u64)(base >> 24) << 56;
}

static void load_segments(void)
{
    struct {
        u16 limit;
        u32 base;
    } __attribute__((packed)) gdtr = {sizeof gdt - 1, (u32)gdt};
    gdt[1] = descriptor(0, 0xfffff, 0x9a, 0xc);
    gdt[2] = descriptor(0, 0xfffff, 0x92, 0xc); /* the culprit: the kernel's data */
    gdt[3] = descriptor(0, 0xfffff, 0xfa, 0xc);
    gdt[4] = descriptor(0, 0xfffff, 0xf2, 0xc);
    gdt[5] = descriptor((u32)&tss, sizeof tss - 1, 0x89, 0);
    tss.esp0 = (u32)kernel_stack + sizeof kernel_stack;
    tss.ss0 = FAULT == NULL_STACK ? 0 : 16; /* the culprit: SS0 */
    tss.map = sizeof tss << 16; /* the culprit: the map of ports */
    __asm__ volatile("lgdt %0; ljmp $8, $1f; 1: movw $16, %%ax; movw %%ax, %%ds; movw %%ax, %%es;"
                     "movw %%ax, %%ss; movw $40, %%ax; ltr %%ax" : : "m"(gdtr) : "eax");
}

/* Paging with everything below 4 MiB where it is, the kernel's first page for itself only. */
static void load_pages(void)
{
    for (u32 i = 0; i < 1024; i++)
        table[i] = i << 12 | 7;
    table[1] = 0x1000 | 3; /* the culprit: the page's rights */
    directory[0] = (u32)table | 7;
    __asm__ volatile("movl %0, %%cr3; movl %%cr0, %%eax; orl $0x80000000, %%eax; movl %%eax, %%cr0"
                     : : "r"(directory) : "eax");
}

volatile int divisor;
volatile int written;
int *volatile pointer;

static void program(void)
{
    switch (FAULT) {
    case USER_INT: case NULL_STACK: __asm__ volatile("int $64"); break; /* the fault */
    case USER_DIVIDE: divisor = 7 / divisor; break;
    case USER_HLT: __asm__ volatile("hlt"); break;
    case USER_SELECTOR: __asm__ volatile("movw $16, %%ax; movw %%ax, %%ds" : : : "eax"); break;
    case USER_POINTER: *pointer = 1; break;
    case USER_PORT: __asm__ volatile("inb $0x60, %%al" : : : "eax"); break;
    default: break;
    }
    stop();
}

static void to_user(void)
{
    __asm__ volatile("movw $0x23, %%ax; movw %%ax, %%ds; movw %%ax, %%es;"
                     "pushl $0x23; pushl %0; pushl $2; pushl $0x1b; pushl %1; iret"
                     : : "c"(user_stack + sizeof user_stack), "d"(program) : "eax");
}

void kmain(void)
{
    load_segments();
    for (int i = 0; i < 256; i++)
        if (FAULT != EMPTY_GATE || i != 6)
            set_gate(i, (u32)stop, FAULT == NULL_STACK ? 3 : 0);
    if (FAULT != NO_IDT)
        load_idt(FAULT == IDT_UNMAPPED ? 0x7c00000 : (u32)idt);
    load_pages();
    pointer = (int *)0x1004; /* the culprit: the pointer */
    divisor = 0; /* the culprit: the divisor */
    written = 1;
    written = 2; /* the culprit: the last write */
    switch (FAULT) {
    case NO_IDT: case EMPTY_GATE: __asm__ volatile("ud2"); break;
    case IDT_UNMAPPED: *(volatile int *)0x40000000 = 1; break;
    case BAD_RETURN: __asm__ volatile("pushl $2; pushl $16; pushl $0x100000; iret"); break; /* the culprit: the frame */
    case WRITES: stop(); break;
    default: to_user(); break;
    }
    stop();
}
