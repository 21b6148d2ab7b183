/* loader: a kernel put into a machine's RAM, as a boot loader would.
 *
 * For the PC, one of multiboot-1 and its modules. Multiboot Specification 0.6.96: the header in the
 * first 8 KiB, the ELF program headers or the header's own addresses (flag 16), an information
 * structure with memory sizes, command line, modules, memory map and loader name.
 *
 * For the MIPS machine, an ELF file as System/161 2.0.8 takes it: segments in kseg0 or kseg1, the
 * command line at the top of RAM in $a0, $sp below it. */
#ifndef EMU_MACHINE_LOADER_H
#define EMU_MACHINE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/machine/machine.h"

struct loader_file {
    const char *path;
    const uint8_t *bytes;
    size_t size;
};

struct loader_request {
    struct loader_file kernel;
    const char *command_line;  /* what --append gave; "" */
    struct loader_file module; /* --initrd; bytes NULL = none */
};

/* Loads and points the CPU to the kernel. False: *path is the file at fault, *why says what is
 * wrong with it and what to do; the machine is good for nothing but machine_free. */
bool loader_multiboot(struct machine *machine, const struct loader_request *request,
                      const char **path, const char **why);
bool loader_mips(struct machine *machine, const struct loader_request *request, const char **path,
                 const char **why);

#endif
