/* target: what the fuzz targets share: hostile bytes as a file, and a small PC to let them loose
 * in. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "emu/base/bug.h"
#include "emu/machine/pc.h"

#define TARGET_RAM PC_RAM_LEAST

/* What every target is. libFuzzer calls it, or driver.c. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* An open file of the host that holds these bytes; read from its beginning. */
int target_file(const void *bytes, size_t size);

/* A PC of 1 MiB whose ROM jumps to 0000:7C00. `disk` NULL = none. */
struct machine *target_pc(const struct parts_disk *disk);

/* ... without a disk, with so many processors. */
struct machine *target_pc_of(unsigned cpus);

/* Lets the guest go on for so many instructions or 100 ms of its time, through its resets, until it
 * stops for good. */
void target_run(struct machine *machine, uint64_t instructions);

/* The machine saved, and the same restored in `again`, a new one, which must be equal and stay so
 * for some instructions: no guest reaches a state that we would not take back. */
void target_save_and_restore(struct machine *machine, struct machine *again);

#endif
