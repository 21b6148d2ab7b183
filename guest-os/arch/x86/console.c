/* The console is the first serial port and the screen at once. */
#include "arch/x86/board.h"
#include "kernel/arch.h"

void arch_console_putc(int c)
{
    if (c == '\n')
        uart_console_putc('\r');
    uart_console_putc(c);
    vga_putc(c);
}
