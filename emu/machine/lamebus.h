/* lamebus: the board of the MIPS machine: R3000s on a LAMEbus, as System/161 has them.
 *
 *   memory  00000000-         RAM           1FC00000-1FC00FFF boot ROM
 *           10000000-         flash         1FE00000-1FFFFFFF LAMEbus, 64 KiB a slot
 *
 *   slot    for a kernel of the user's      for Turnstile
 *     0     serial (COM1)                   serial (COM1)
 *     1                                     serial (COM2), with carrier
 *     2     disk 0                          serial (COM3), with carrier
 *     3     disk 1                          disk 0
 *     4                                     disk 1
 *    27                                     host card
 *    28     random                          random
 *    29     timer                           timer
 *    30     trace
 *    31     controller                      controller
 *
 * The first column is a System/161 with the devices in their usual slots; the second has what
 * System/161 has not: carriers, the host card and the flash, which is Turnstile's file system. What
 * is written to the flash is gone with the power, as what a PC's loader puts into RAM is. A slot
 * without a card does not answer. The boot ROM is NOPs that end in a BREAK.
 *
 * A tick is 40 ns: 25 MHz. All processors share these ticks (emu/machine/machine.h): four busy ones
 * have 6.25 million each in a second of the guest's, System/161's have 25 million each. */
#ifndef EMU_MACHINE_LAMEBUS_H
#define EMU_MACHINE_LAMEBUS_H

#include "cpu/mips/mips.h"
#include "emu/machine/parts.h"

#define LAMEBUS_HZ          25000000u
#define LAMEBUS_RAM_LEAST   (UINT64_C(1) << 20)
#define LAMEBUS_RAM_MOST    (UINT64_C(256) << 20) /* System/161 itself: 16 MiB */
#define LAMEBUS_RAM_DEFAULT (UINT64_C(16) << 20)
#define LAMEBUS_FLASH_BASE  0x10000000u
#define LAMEBUS_FLASH_MOST  0x04000000u

/* Everything that is pointed to is copied, but for the model and the disks' load and context. */
struct lamebus_config {
    const struct mips_model *model; /* NULL = R3000 */
    unsigned cpus;                  /* 0 = 1 */
    uint32_t quantum;               /* as of machine_set_quantum */
    uint64_t ram;                   /* a multiple of 1 MiB; 0 = default */
    bool turnstile;                 /* with the cards, the flash and the files of that column */
    const uint8_t *flash;
    size_t flash_size; /* 0 = none */
    struct parts_disk disk[PARTS_DISKS];
    const struct parts_file *file;
    unsigned files;
};

/* A machine that was just switched on, its first processor in the boot ROM. NULL: *why is a
 * sentence for the user. */
struct machine *lamebus_create(const struct lamebus_config *config, const char **why);

struct mips *lamebus_cpu(struct machine *machine, unsigned number);

#endif
