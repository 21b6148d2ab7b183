/* mptable: the tables from which a kernel learns of a PC's processors and APICs, put into its ROM.
 *
 * Intel MultiProcessor Specification 1.4, chapter 4: a floating pointer structure and a
 * configuration table: the processors, a PCI and an ISA bus, the I/O APIC, which IRQ is which of
 * its pins, and LINT0 and LINT1 of each local APIC. The IMCR bit is clear: the machine begins in
 * virtual wire mode.
 *
 * The ROM keeps room for them behind a mark; one without it, somebody else's, brings its own. */
#ifndef EMU_MACHINE_MPTABLE_H
#define EMU_MACHINE_MPTABLE_H

#include <stddef.h>
#include <stdint.h>

#define MPTABLE_MARK "(room for the MP configuration)" /* and a NUL, on a 16-byte boundary */

/* `rom` ends at the end of the first MiB. */
void mptable_put(uint8_t *rom, size_t size, unsigned cpus);

#endif
