/* The ways to die by an instruction of the x86. */
static void do_instruction(const char *way)
{
    if (strcmp(way, "illegal") == 0)
        __asm__ volatile("ud2");
    if (strcmp(way, "breakpoint") == 0)
        __asm__ volatile("int3");
    if (strcmp(way, "halt") == 0)
        __asm__ volatile("hlt");
    if (strcmp(way, "gate") == 0)
        __asm__ volatile("int $14");
    if (strcmp(way, "port") == 0)
        for (int port = 0; port < 65536; port++)
            __asm__ volatile("outb %%al, %%dx" : : "a"(0), "d"(port));
    if (strcmp(way, "stack") == 0)
        __asm__ volatile("movl $4, %esp; pushl %eax; pushl %eax; pushl %eax");
}
