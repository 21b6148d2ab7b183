/* Port input and output, and the port numbers that more than one file uses. */
#ifndef FIRMWARE_PORTS_H
#define FIRMWARE_PORTS_H

#include "guest-os/firmware/layout.h"

#define PIC1_COMMAND     0x20
#define PIC1_DATA        0x21
#define PIT_CHANNEL0     0x40
#define PIT_CONTROL      0x43
#define KBC_DATA         0x60
#define KBC_COMMAND      0x64
#define CMOS_INDEX       0x70
#define CMOS_DATA        0x71
#define SYSTEM_CONTROL_A 0x92
#define PIC2_COMMAND     0xA0
#define PIC2_DATA        0xA1
#define PIC_EOI          0x20 /* OCW2: non-specific end of interrupt */
#define FWCFG_SELECTOR   0x510
#define FWCFG_DATA       0x511

static inline u8 inb(u16 port)
{
    u8 value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void outb(u16 port, u8 value)
{
    __asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port));
}

static inline void outw(u16 port, u16 value)
{
    __asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port));
}

#endif
