/* savefile: a whole machine in a file: its state blocks and every page that was ever written.
 *
 * A header line of text, then one zstd frame of
 *
 *     memories (4 bytes), then for each its size (8)
 *     the size of the state blocks (8)
 *     the state blocks as state_save writes them
 *     for each memory: pages (8), then for each its number doubled, plus 1 when it is a disk's and
 *     was loaded (8), and its bytes, in ascending order
 *
 * Numbers are little-endian. A file fits a machine of the same board, version and memories.
 * Disk images, ROMs and fw_cfg files are configuration: what restores must be started with the
 * same. Every byte read is hostile until judged. */
#ifndef EMU_MACHINE_SAVEFILE_H
#define EMU_MACHINE_SAVEFILE_H

#include <stdbool.h>

#include "emu/machine/machine.h"

/* On false *why is a sentence for the user. */
bool savefile_write(const struct machine *machine, int fd, const char **why);

/* All or nothing. */
bool savefile_read(struct machine *machine, int fd, const char **why);

#endif
