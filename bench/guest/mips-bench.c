/* mips-bench: the work that both emulators do on a MIPS: computation, and what kernels cost.
 *
 * One program for both models and both machines, told apart when it runs: QEMU's Malta, whose
 * command line is argv[1], or a LAMEbus, where $a0 is the line itself. The line is "WORK N". Each
 * work prints its checksum, so that a wrong answer cannot pass for a fast one, and ends the
 * machine. */
#include "compute.h"

extern u32 patched[];
extern char refill_r3000[], refill_r3000_end[], refill_mips32[], refill_mips32_end[];
extern char general_r3000[], general_r3000_end[], general_mips32[], general_mips32_end[];
void enter_user(u32 address, u32 argument, u32 status);
void leave_user(void);
void switch_to(u32 *from, u32 *to, u32 entryhi);
void user_calls(void);
void user_touch(void);

#define GET(number)                                                                                \
    ({                                                                                             \
        u32 got;                                                                                   \
        __asm__ volatile("mfc0 %0, $" #number "\n nop" : "=r"(got));                               \
        got;                                                                                       \
    })
#define PUT(number, value) __asm__ volatile("mtc0 %0, $" #number "\n nop" ::"r"(value))

enum { R3000_PRID = 0xa1 };

static int is_r3000;

/* --- the machines -------------------------------------------------------------------------------
 */

#define REGISTER(address) (*(volatile u32 *)(address))
#define BYTE(address)     (*(volatile u8 *)(address))

enum { LAMEBUS_SERIAL = 4, SLOTS = 31 };

static u32 serial; /* of the LAMEbus; 0 = a Malta */

static void find_serial(void)
{
    for (u32 slot = 0; slot < SLOTS && serial == 0; slot++)
        if (REGISTER(0xbfff0000 + slot * 0x400) == 1 &&
            REGISTER(0xbfff0004 + slot * 0x400) == LAMEBUS_SERIAL)
            serial = 0xbfe00000 + slot * 0x10000;
}

static void put_character(char c)
{
    if (serial == 0) {
        BYTE(0xb80003f8) = (u8)c;
        return;
    }
    REGISTER(serial + 4) = 0;
    REGISTER(serial) = (u8)c;
    while ((REGISTER(serial + 4) & 2) == 0)
        ;
}

/* The Malta's reset ends QEMU with -no-reboot. */
static void power_off(void)
{
    if (serial == 0)
        REGISTER(0xbf000500) = 0x42;
    else
        REGISTER(0xbfff7e08) = 0;
    for (;;)
        ;
}

/* --- memory -------------------------------------------------------------------------------------
 */

enum {
    TABLE = 0x80800000u, /* the page table, where Context can point */
    CODE = 0x00400000,   /* of user mode */
    TOUCHED = 0x00800000,
    OTHER = 0x00c00000, /* pages of the two contexts and of refills() */
    PAGES = 256,
    FRAMES = 0x00900000, /* physical */
    WRITABLE = 1,
};

static u32 asid;

static u32 make_pte(u32 physical, int writable)
{
    return is_r3000 ? physical | 0x200 | (writable ? 0x400 : 0)
                    : physical >> 6 | 3 << 3 | 2 | (writable ? 4 : 0);
}

static volatile u32 *pte_of(u32 address)
{
    return is_r3000 ? (u32 *)(TABLE + (address >> 12) * 4)
                    : (u32 *)(TABLE + (address >> 13) * 16 + (address >> 12 & 1) * 4);
}

static u32 entryhi_of(u32 number)
{
    return is_r3000 ? (number & 63) << 6 : number & 255;
}

static u32 page_bits(u32 address)
{
    return is_r3000 ? address & 0xfffff000 : address & 0xffffe000;
}

/* The entry that maps the address, if there is one, becomes what the page table says. */
static void update_tlb(u32 address)
{
    PUT(10, page_bits(address) | entryhi_of(asid));
    __asm__ volatile("tlbp\n nop");
    if (is_r3000) {
        PUT(2, *pte_of(address));
    } else {
        PUT(2, *pte_of(address & ~0x1000u));
        PUT(3, *pte_of(address | 0x1000));
    }
    if ((GET(0) & 0x80000000) == 0)
        __asm__ volatile("tlbwi\n nop");
}

static void empty_tlb(void)
{
    u32 entries = is_r3000 ? 64 : 16, step = is_r3000 ? 0x1000 : 0x2000;
    PUT(2, 0);
    if (!is_r3000)
        PUT(3, 0);
    for (u32 n = 0; n < entries; n++) {
        PUT(10, 0x81000000 + n * step);
        PUT(0, is_r3000 ? n << 8 : n);
        __asm__ volatile("tlbwi\n nop");
    }
    PUT(10, entryhi_of(asid));
}

/* What was mapped for the old number is not for the new one. */
static void next_asid(void)
{
    asid++;
    PUT(10, entryhi_of(asid));
    if (entryhi_of(asid) == 0)
        empty_tlb();
}

static void copy_code(u32 to, const char *from, const char *end)
{
    for (u8 *at = (u8 *)to; from < end; at++, from++)
        *at = (u8)*from;
}

static void start_memory(void)
{
    PUT(12, 0);
    if (is_r3000) {
        copy_code(0x80000000, refill_r3000, refill_r3000_end);
        copy_code(0x80000080, general_r3000, general_r3000_end);
    } else {
        copy_code(0x80000000, refill_mips32, refill_mips32_end);
        copy_code(0x80000180, general_mips32, general_mips32_end);
        PUT(5, 0); /* PageMask */
        PUT(6, 0); /* Wired */
    }
    for (u32 n = 0; n < 0x8000; n += 4)
        REGISTER(TABLE + n) = 0;
    PUT(4, TABLE);
    empty_tlb();
    *pte_of(CODE) = make_pte((u32)user_calls & 0x1ffff000, 0);
    for (u32 n = 0; n < PAGES; n++)
        *pte_of(OTHER + n * 4096) = make_pte(FRAMES + n * 4096, WRITABLE);
}

/* --- kernel work --------------------------------------------------------------------------------
 */

struct trapframe {
    u32 gpr[32], lo, hi, status, cause, epc, badvaddr;
};

static u32 syscalls_made, faults_taken;

static void on_syscall(struct trapframe *tf)
{
    tf->epc += 4;
    switch (tf->gpr[2]) {
    case 0: leave_user(); break;
    case 2:
        for (u32 n = 0; n < PAGES; n++)
            *pte_of(TOUCHED + n * 4096) = 0;
        next_asid();
        break;
    default: tf->gpr[2] = ++syscalls_made;
    }
}

/* The page is there from the first access on, and writable from the first store. */
static void on_fault(u32 address, int writable)
{
    u32 page = (address - TOUCHED) >> 12 & (PAGES - 1);
    faults_taken++;
    *pte_of(address) = make_pte(FRAMES + page * 4096, writable);
    update_tlb(address);
}

void on_trap(struct trapframe *tf);
void on_trap(struct trapframe *tf)
{
    u32 code = tf->cause >> 2 & 31;
    if (code == 8)
        on_syscall(tf);
    else if (code >= 1 && code <= 3 && tf->badvaddr - TOUCHED < PAGES * 4096)
        on_fault(tf->badvaddr, code == 1);
    else
        power_off();
}

static void run_user(void (*function)(void), u32 n)
{
    enter_user(CODE + ((u32)function & 0xfff), n, is_r3000 ? 8 : 0x12);
}

static u32 syscalls(u32 n)
{
    run_user(user_calls, n);
    return syscalls_made;
}

static u32 faults(u32 n)
{
    run_user(user_touch, n);
    return faults_taken;
}

static u32 refills(u32 n)
{
    u32 sum = 0;
    while (n-- > 0) {
        next_asid();
        for (u32 i = 0; i < 192; i++)
            sum += *(volatile u8 *)(OTHER + i * 4096 + i) + 1;
    }
    return sum;
}

static u32 context[2], turns;

static void other_thread(void)
{
    for (;;) {
        turns++;
        *(volatile u32 *)(OTHER + 2 * 4096) += 1;
        switch_to(&context[1], &context[0], entryhi_of(1));
    }
}

static u32 switches(u32 n)
{
    static u32 stack[1024];
    context[1] = (u32)&stack[1024 - 12];
    stack[1024 - 12 + 9] = (u32)other_thread;
    while (n-- > 0) {
        *(volatile u32 *)(OTHER + 4 * 4096) += 1;
        switch_to(&context[0], &context[1], entryhi_of(2));
    }
    return turns;
}

static u32 patches(u32 n)
{
    u32 sum = 0;
    while (n-- > 0) {
        ((volatile u32 *)patched)[1] = 0x24020000 | (n & 0x7fff);
        sum += ((u32(*)(void))patched)();
    }
    return sum;
}

static u32 nothing(u32 n)
{
    return n;
}

/* --- which ---------------------------------------------------------------------------------------
 */

static const struct work works[] = {
    {"nothing", nothing}, {"crc", crc},         {"sieve", sieve},         {"matmul", matmul},
    {"sort", sort},       {"calls", calls},     {"interpret", interpret}, {"syscalls", syscalls},
    {"faults", faults},   {"refills", refills}, {"switches", switches},   {"patches", patches},
};

static void print(const char *text)
{
    while (*text)
        put_character(*text++);
}

static void print_hex(u32 value)
{
    for (int i = 28; i >= 0; i -= 4)
        put_character("0123456789abcdef"[value >> i & 15]);
}

static int begins_with(const char *line, const char *word)
{
    while (*word)
        if (*line++ != *word++)
            return 0;
    return *line == ' ';
}

void bench_main(u32 a0, const char *const *argv);
void bench_main(u32 a0, const char *const *argv)
{
    u32 n = 0;
    const char *line = (const char *)a0;
    is_r3000 = GET(15) == R3000_PRID;
    if (a0 < 0x80000000)
        line = argv[1];
    else
        find_serial();
    start_memory();
    for (unsigned i = 0; i < sizeof works / sizeof works[0]; i++) {
        if (!begins_with(line, works[i].name))
            continue;
        while (*line != ' ')
            line++;
        for (line++; *line >= '0' && *line <= '9'; line++)
            n = n * 10 + (u32)(*line - '0');
        print(works[i].name);
        print(" ");
        print_hex(works[i].run(n));
        print("\n");
        power_off();
    }
    print("bench: no such work\n");
    power_off();
}
