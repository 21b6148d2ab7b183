/* From the loader's jump to kernel_main(): find the memory, map it, start the devices. */
#include "arch/x86/board.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/param.h"

/* What the loader tells, as far as it is used here. Multiboot Specification 0.6.96, 3.3. */
struct boot_info {
    uint32_t flags;
    uint32_t mem_lower;
    uint32_t mem_upper; /* KiB of memory from 1 MiB up */
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t module_count;
    uint32_t modules;
};

struct boot_module {
    uint32_t start;
    uint32_t end;
    uint32_t string;
    uint32_t reserved;
};

/* Kernel stacks are aligned to their size; between two of them is room for a page that faults. */
enum { STACK_DISTANCE = 2 * KSTACKSIZE };

enum { HAS_MEMORY = 1, HAS_COMMAND_LINE = 4, HAS_MODULES = 8, LOADER_MAGIC = 0x2badb002 };

extern const uint32_t boot_magic;
extern const struct boot_info boot_info;
extern char kernel_end[], boot_stack[];

void x86_start(void);

static void *kernel_address(uint32_t physical)
{
    return (void *)(uintptr_t)(physical + KERNBASE);
}

/* Bytes of memory, counted from address 0, that the kernel will use. */
static uint32_t memory_top(void)
{
    uint32_t max_kib = MAX_MEMORY / 1024 - 1024;
    uint32_t kib = boot_info.flags & HAS_MEMORY ? boot_info.mem_upper : 3 * 1024;

    return ((kib < max_kib ? kib : max_kib) * 1024 + 0x100000) & ~(PAGE_SIZE - 1);
}

static uintptr_t page_up(uintptr_t address)
{
    return (address + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
}

/*
 * `count` kernel stacks, each with a page below that faults: the threads', then those of further
 * processors. Returns the address behind them.
 */
static uintptr_t place_stacks(uintptr_t address, uint32_t count)
{
    address = (address + 2 * KSTACKSIZE - 1) & ~(uintptr_t)(KSTACKSIZE - 1);
    for (uintptr_t i = 0; i < count; i++)
        mmu_unmap(address + i * STACK_DISTANCE - PAGE_SIZE);
    proc_init((char *)address, STACK_DISTANCE);
    cpus_give_stacks((char *)address + NPROC * STACK_DISTANCE, STACK_DISTANCE);
    return address + count * STACK_DISTANCE;
}

/*
 * Give the memory that neither the kernel nor the ROM disk fills to the page allocator, and take
 * the kernel stacks and the page counters from it first.
 */
static void divide_memory(uint32_t top, const struct boot_module *rom_disk)
{
    uintptr_t start = page_up((uintptr_t)kernel_end);
    uintptr_t end = (uintptr_t)kernel_address(top);
    uintptr_t module_start = rom_disk ? (uintptr_t)kernel_address(rom_disk->start) : start;
    uintptr_t module_end = rom_disk ? page_up((uintptr_t)kernel_address(rom_disk->end)) : start;
    uint32_t stacks = NPROC + cpus_find();
    uintptr_t free;

    if (module_end <= start)
        module_start = module_end = start;
    free = module_end;
    if (free + top / PAGE_SIZE + (stacks + 1) * STACK_DISTANCE >= end)
        panic("%u KiB of memory are too few", top / 1024);
    page_init((uint8_t *)free, top);
    free = page_up(free + top / PAGE_SIZE);
    free = place_stacks(free, stacks);
    page_add_memory(start, module_start);
    page_add_memory(free, end);
}

/* Called by entry.S on the boot stack, paging on with the first 4 MiB mapped. */
void x86_start(void)
{
    static struct boot_module rom_disk;
    const char *command_line = "";
    uint32_t top = memory_top();
    bool has_disk;

    cpu_init(0, boot_stack);
    mmu_map_memory(top);
    seg_init();
    tvinit();
    fpu_init();
    uart_init();
    vga_init();
    if (boot_magic != LOADER_MAGIC)
        panic("the boot loader does not follow the multiboot specification");

    has_disk = boot_info.flags & HAS_MODULES && boot_info.module_count > 0;
    if (has_disk)
        rom_disk = *(const struct boot_module *)kernel_address(boot_info.modules);
    if (boot_info.flags & HAS_COMMAND_LINE)
        command_line = kernel_address(boot_info.command_line);
    fwcfg_init();
    pic_init();
    pit_init();
    kbd_init();
    uart_start();

    kernel_options(command_line);
    divide_memory(top, has_disk ? &rom_disk : NULL);
    kernel_main(has_disk ? (uintptr_t)kernel_address(rom_disk.start) : 0,
                rom_disk.end - rom_disk.start);
}
