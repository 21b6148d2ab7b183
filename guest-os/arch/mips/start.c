/* From the first instructions to kernel_main(): exceptions, memory, devices. */
#include "arch/mips/board.h"
#include "arch/mips/model.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/fs.h"
#include "kernel/param.h"

/* Less than this would not be enough for init, a shell and a command. */
enum { LEAST_FREE = 1024 * 1024 };

extern char kernel_end[], boot_stack[];

void mips_start(const char *boot_argument);

static uintptr_t page_up(uintptr_t address)
{
    return (address + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
}

/*
 * Give the memory behind the kernel to the page allocator, and take the page counters and the
 * kernel stacks from it first. Nothing can be unmapped in kseg0: a stack that overflows is found
 * out by the word at its end.
 */
static void divide_memory(uint32_t top)
{
    uintptr_t free = page_up((uintptr_t)kernel_end);
    uintptr_t end = KERNBASE + (top & ~(PAGE_SIZE - 1));
    uint32_t stacks = NPROC + lamebus_cpus() - 1;

    if (free + top / PAGE_SIZE + (stacks + 1) * KSTACKSIZE + LEAST_FREE > end)
        panic("%u KiB of memory are too few: give the machine more", top / 1024);
    page_init((uint8_t *)free, top);
    free = (free + top / PAGE_SIZE + KSTACKSIZE - 1) & ~(uintptr_t)(KSTACKSIZE - 1);
    proc_init((char *)free, KSTACKSIZE);
    cpus_give_stacks((char *)free + NPROC * KSTACKSIZE);
    page_add_memory(free + stacks * KSTACKSIZE, end);
}

/* Bytes of the file system image that the board shows; 0 if it shows none. */
static uint32_t rom_disk_size(void)
{
    const uint32_t super = ROM_DISK + BSIZE;
    uint32_t magic, blocks, last;

    if (!probe_word(super + offsetof(struct superblock, magic), &magic) || magic != FS_MAGIC)
        return 0;
    if (!probe_word(super + offsetof(struct superblock, size), &blocks) || blocks > MAX_FS_BLOCKS ||
        !probe_word(ROM_DISK + blocks * BSIZE - sizeof last, &last))
        panic("the file system image is cut off");
    return blocks * BSIZE;
}

/* The words that the kernel looks for: from the host's file if there is one, else the board's. */
static void keep_options(const char *boot_argument)
{
    static const char file[] = "opt/turnstile/cmdline";
    char words[256];
    int size = arch_host_file_size(file);

    if (size <= 0) {
        kernel_options(boot_argument);
        return;
    }
    if (size > (int)sizeof words)
        size = sizeof words;
    arch_host_file_read(file, 0, words, (uint32_t)size);
    words[size - 1] = '\0';
    kernel_options(words);
}

/* Called by entry.S on the boot stack. */
void mips_start(const char *boot_argument)
{
    cpu_init(0, boot_stack);
    model_init();
    exception_init();
    lamebus_init();
    hostcard_init();
    lser_init();
    mmu_init();
    ltimer_init();
    keep_options(boot_argument);
    divide_memory(lamebus_memory_size());
    kernel_main(ROM_DISK, rom_disk_size());
}
