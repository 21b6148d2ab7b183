/* pc: the board of a 32-bit PC/AT: i486s with a PC's chips where a PC has them.
 *
 *   memory  00000000-0009FFFF RAM          000B8000-000BFFFF VGA text
 *           000E0000/000F0000-000FFFFF ROM (its last 128 or 64 KiB, read-only)
 *           00100000-         RAM          FE000000-         flash (read-only)
 *           FEC00000 I/O APIC              FEE00000 local APIC, to each processor its own
 *           FFFE0000/FFFF0000-FFFFFFFF the same ROM
 *   ports   20 A0 8259A   40 8254    60 64 8042   61 92 control   70 CMOS   80 diagnosis
 *           E9 debug port F4 debug exit   1F0 3F6 IDE (with a disk)   2F8 3E8 3F8 16550A
 *           3C0-3DF VGA   510 fw_cfg      604 power-off
 *   IRQ     0 8254   1 8042   3 COM2   4 COM1 and COM3   8 CMOS   13 FERR#   14 IDE
 *
 * IRQ n is pin n of the I/O APIC too, IRQ 0 its pin 2; pin 0 and LINT0 of processor 0 are the
 * 8259A's output. Processor 0 comes up in virtual wire mode, as a BIOS leaves it (MultiProcessor
 * Specification 1.4, 3.6.2.2): its local APIC is enabled, LINT0 ExtINT, LINT1 NMI. So a kernel that
 * never touches an APIC finds a PC/AT. The others wait for a startup IPI. FERR# is processor 0's
 * alone: kernels for several set CR0.NE. The local APICs' timers count at 1 GHz, as QEMU's, for
 * which small kernels have their counts.
 *
 * What is not in this list is open bus. A tick is 10 ns: an i486DX4-100; all processors share these
 * ticks (emu/machine/machine.h). */
#ifndef EMU_MACHINE_PC_H
#define EMU_MACHINE_PC_H

#include "cpu/x86/x86.h"
#include "devices/vga_text.h"
#include "emu/machine/parts.h"

#define PC_HZ          100000000u
#define PC_RAM_LEAST   (UINT64_C(1) << 20)
#define PC_RAM_MOST    (UINT64_C(1) << 30)
#define PC_RAM_DEFAULT (UINT64_C(128) << 20)
#define PC_FLASH_BASE  0xfe000000u
#define PC_FLASH_MOST  0x00c00000u /* up to the I/O APIC */

/* Everything that is pointed to is copied, but for the disks' load and context. */
struct pc_config {
    unsigned cpus;    /* 0 = 1 */
    uint32_t quantum; /* as of machine_set_quantum */
    uint64_t ram;     /* a multiple of 1 MiB; 0 = default */
    const uint8_t *bios;
    size_t bios_size; /* 65536 or 131072 */
    const uint8_t *flash;
    size_t flash_size; /* 0 = none */
    struct parts_disk disk[PARTS_DISKS];
    const struct parts_file *file;
    unsigned files;
};

/* A PC that was just switched on. NULL: *why is a sentence for the user. */
struct machine *pc_create(const struct pc_config *config, const char **why);

/* What the board's parts are, for loaders, consoles and debuggers. */
struct x86 *pc_cpu(struct machine *machine); /* number 0 */
const struct vga_text *pc_vga(const struct machine *machine);

/* Starts processor 0 at `entry` as the multiboot specification 0.6.96 says in 3.2, with A20 on. */
void pc_enter_multiboot(struct machine *machine, uint32_t entry, uint32_t info);

#endif
