/* The Turnstile container: how kernel, root file system and command line lie in the flash.
 *
 * The machine maps the flash at FE000000. All numbers are little-endian 32-bit words; offsets count
 * from the start of the header.
 *
 *     header          struct container
 *     runs            run_count times struct container_run, ascending, not overlapping
 *     kernel          the ELF file, up to the last byte that a PT_LOAD segment needs
 *     run data        the parts of the file system image that are not zero
 *
 * What no run covers is zero. The firmware checks header_sum (cheap) and every bound; data_adler is
 * for host tools, since going over megabytes at each power-on would cost more than booting.
 */
#ifndef FIRMWARE_CONTAINER_H
#define FIRMWARE_CONTAINER_H

#include <stddef.h>
#include <stdint.h>

#define CONTAINER_MAGIC   "TRNSTILE"
#define CONTAINER_VERSION 1
#define CONTAINER_MAX     0xC00000u /* FE000000 up to the I/O APIC */

struct container {
    char magic[8]; /* CONTAINER_MAGIC, without a final zero */
    uint32_t version;
    uint32_t total_size; /* header to last byte of data */
    uint32_t run_offset;
    uint32_t run_count;
    uint32_t kernel_offset;
    uint32_t kernel_size;
    uint32_t image_size; /* the file system image, expanded */
    uint32_t data_adler; /* Adler-32 (RFC 1950) of everything behind the header */
    uint32_t header_sum; /* makes all words of the header add up to 0 */
    uint32_t reserved[5];
    char command_line[256]; /* ends in a zero byte */
};

struct container_run {
    uint32_t image_offset; /* all three are multiples of 4 */
    uint32_t data_offset;
    uint32_t size;
};

_Static_assert(sizeof(struct container) == 320, "the header has no padding");

#endif
