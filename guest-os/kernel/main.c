/* The kernel begins here, once the processor and the memory map are as arch.h describes them. */
#include "kernel/arch.h"
#include "kernel/defs.h"

static char options[256]; /* the command line, words separated by blanks */

/* Is this word on the kernel's command line? */
bool boot_option(const char *word)
{
    size_t length = strlen(word);

    for (const char *s = options; *s;) {
        size_t n = 0;

        while (s[n] && s[n] != ' ')
            n++;
        if (n == length && strncmp(s, word, n) == 0)
            return true;
        s += n;
        while (*s == ' ')
            s++;
    }
    return false;
}

/* Keep the loader's command line before the memory it lies in is given away. */
void kernel_options(const char *command_line)
{
    strlcpy(options, command_line, sizeof options);
}

/*
 * Pre: paging is on, traps are set up, interrupts are off, page_add_memory(), proc_init() and
 * kernel_options() were called. The ROM disk lies at kernel address rom_disk; its size is 0 if
 * there is none.
 */
void kernel_main(uintptr_t rom_disk, uint32_t rom_disk_size)
{
    if (!boot_option("quiet"))
        cprintf("Turnstile\n");
    bio_init();
    disk_init(rom_disk, rom_disk_size);
    proc_start_init();
    arch_start_cpus();
    scheduler();
}
