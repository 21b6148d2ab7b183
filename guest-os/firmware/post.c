/* Power-on: brings the chips and the tables of a PC into the state that boot sectors expect. */
#include "guest-os/firmware/bios.h"

extern ROM u16 vector_stubs[0x20 + 8];
extern ROM u16 vector_ignore;

/* Interrupt vectors: 00-1F and 70-77 ours, 60-67 left empty for programs, the rest ignored. */
static void vectors_init(void)
{
    volatile u32 __seg_fs *ivt = 0;
    u32 rom = (u32)0xF000 << 16, di = 0, count = 256;
    __asm__ volatile("rep stosl" : "+D"(di), "+c"(count) : "a"(rom | vector_ignore) : "memory");
    for (u32 v = 0; v < 0x20; v++)
        ivt[v] = rom | vector_stubs[v];
    for (u32 v = 0; v < 8; v++)
        ivt[0x70 + v] = rom | vector_stubs[0x20 + v];
    for (u32 v = 0x60; v < 0x68; v++)
        ivt[v] = 0;
    ivt[0x1D] = ivt[0x1E] = ivt[0x1F] = 0;
}

/* 8259A data sheet: ICW1 edge triggered, cascade, ICW4; ICW2 bases; ICW3 slave on IR2; ICW4 8086.
 */
static void pic_init(void)
{
    outb(PIC1_COMMAND, 0x11);
    outb(PIC1_DATA, 0x08);
    outb(PIC1_DATA, 0x04);
    outb(PIC1_DATA, 0x01);
    outb(PIC2_COMMAND, 0x11);
    outb(PIC2_DATA, 0x70);
    outb(PIC2_DATA, 0x02);
    outb(PIC2_DATA, 0x01);
    outb(PIC1_DATA, 0xF8); /* timer, keyboard and cascade on */
    outb(PIC2_DATA, 0xFF);
}

/* RAM above 1 MiB in KiB, from where the machine leaves it in CMOS. */
static u32 extended_memory(void)
{
    u32 above_16m = cmos_read(0x34) | (u32)cmos_read(0x35) << 8; /* in 64 KiB */
    if (above_16m)
        return 15 * 1024 + above_16m * 64;
    u32 extended = cmos_read(0x30) | (u32)cmos_read(0x31) << 8;
    if (extended)
        return extended;
    return cmos_read(0x17) | (u32)cmos_read(0x18) << 8;
}

/* The RAM of an emulated PC is zero when it is switched on, and a reset leaves it. A word in the
 * EBDA, which is no program's, tells the two apart: fresh memory need not be cleared again. */
static void bda_init(void)
{
    bool memory_used = far_read16(EBDA_SEGMENT, EBDA_POWERED) != 0;
    u32 di = BDA_ADDRESS, count = 256 / 4;
    u16 reset_flag = BDA->reset_flag;
    __asm__ volatile("rep stosl" : "+D"(di), "+c"(count) : "a"(0) : "memory");
    BDA->reset_flag = reset_flag;
    BDA->ebda_segment = EBDA_SEGMENT;
    BDA->base_memory_kib = BASE_MEMORY_KIB;
    BDA->equipment = 0x0020;
    BDA->own.extended_kib = extended_memory();
    far_fill32(EBDA_SEGMENT, 0, 0, 256);
    far_write8(EBDA_SEGMENT, 0, 1); /* its size in KiB */
    far_write16(EBDA_SEGMENT, EBDA_POWERED, 1);
    BDA->own.memory_used = memory_used;
}

_Noreturn void post(void)
{
    vectors_init();
    bda_init();
    pic_init();
    fwcfg_init();
    video_set_mode();
    serial_init();
    keyboard_init();
    time_init();
    disk_init();
    __asm__ volatile("int $0x19");
    boot_halt();
}
