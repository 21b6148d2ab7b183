/* Interrupts nobody claimed: stray requests are acknowledged, processor faults are reported. */
#include "guest-os/firmware/bios.h"

#define READ_ISR 0x0B /* OCW3: the next read gives the in-service register */

static void faults_name(u8 vector)
{
    static ROM char divide[] = "divide error", opcode[] = "invalid opcode", fpu[] = "no FPU";
    static ROM char stack[] = "stack fault", general[] = "general protection fault";
    static ROM char other[] = "fault";
    video_print(vector == 0x00   ? divide
                : vector == 0x06 ? opcode
                : vector == 0x07 ? fpu
                : vector == 0x0C ? stack
                : vector == 0x0D ? general
                                 : other);
}

/* A program in real mode met a fault it has no handler for: returning would only repeat it. */
void processor_exception(struct frame *f)
{
    static ROM char start[] = "\r\nBIOS: ", at[] = " at ", stop[] = ". Stopped.\r\n";
    BDA->own.serial_console = 1;
    video_print(start);
    faults_name(f->vector);
    video_print(at);
    video_print_hex(f->cs, 4);
    video_put(':');
    video_print_hex(f->ip, 4);
    video_print(stop);
    boot_halt();
}

/* Vectors 0A-0F are also faults of the processor: the 8259A knows whether it sent one. A request
 * that went away shows no bit in service either, as number 7 (8259A data sheet, "interrupt
 * request"). */
void hardware_interrupt(struct frame *f)
{
    u8 bit = 1 << (f->vector & 7);
    u16 command = f->vector >= 0x70 ? PIC2_COMMAND : PIC1_COMMAND;
    outb(command, READ_ISR);
    bool in_service = inb(command) & bit;
    if (!in_service && (f->vector == 0x0C || f->vector == 0x0D))
        processor_exception(f);
    if (in_service && command == PIC2_COMMAND)
        outb(PIC2_COMMAND, PIC_EOI);
    if (in_service || command == PIC2_COMMAND)
        outb(PIC1_COMMAND, PIC_EOI);
}
