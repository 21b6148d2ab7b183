/* Writes vectors.S: one entry point for each of the 256 vectors, and the table of them. */
#include <stdbool.h>
#include <stdio.h>

/* Does the processor push an error code for this vector? Intel SDM vol. 3, table 6-1. */
static bool has_error_code(int vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
}

int main(void)
{
    printf("# Made by vectors.c. Each stub makes the stack look the same, then goes to alltraps.\n"
           "        .text\n");
    for (int v = 0; v < 256; v++) {
        printf("        .globl vector%d\n"
               "vector%d:\n",
               v, v);
        if (!has_error_code(v))
            printf("        pushl $0\n");
        printf("        pushl $%d\n"
               "        jmp alltraps\n",
               v);
    }
    printf("\n        .section .rodata\n"
           "        .align 4\n"
           "        .globl vectors\n"
           "vectors:\n");
    for (int v = 0; v < 256; v++)
        printf("        .long vector%d\n", v);
    return 0;
}
