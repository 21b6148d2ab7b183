/* The ways to die by an instruction of a MIPS processor. */
static int odd[2];

static void do_instruction(const char *way)
{
    if (strcmp(way, "illegal") == 0)
        __asm__ volatile(".word 0x0000003f");
    if (strcmp(way, "breakpoint") == 0)
        __asm__ volatile("break");
    if (strcmp(way, "halt") == 0)
        __asm__ volatile(".word 0x42000020"); /* wait */
    if (strcmp(way, "status") == 0)
        __asm__ volatile("mtc0 $0, $12");
    if (strcmp(way, "overflow") == 0)
        __asm__ volatile("add $8, %0, %0" : : "r"(0x7fffffff) : "$8");
    if (strcmp(way, "unaligned") == 0)
        __asm__ volatile("lw $8, 1(%0)" : : "r"(odd) : "$8");
    if (strcmp(way, "device") == 0)
        *(volatile int *)0xbfff7e08 = 0;
    if (strcmp(way, "slot") == 0)
        __asm__ volatile(".set push; .set noreorder; b 1f; syscall; 1: nop; .set pop");
    if (strcmp(way, "stack") == 0)
        __asm__ volatile("li $29, 4; sw $0, -8($29)");
}
