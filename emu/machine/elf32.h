/* elf32: an ELF32 executable as a loader needs it, every field judged. */
#ifndef EMU_MACHINE_ELF32_H
#define EMU_MACHINE_ELF32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF32_SEGMENTS 64u

struct elf32_segment {
    uint32_t offset, file_size; /* inside the file */
    uint32_t address, size;     /* virtual; size >= file_size, no wrap */
    uint32_t physical;
};

struct elf32 {
    uint32_t entry;
    struct elf32_segment segment[ELF32_SEGMENTS]; /* PT_LOAD with a size, in the file's order */
    unsigned segments;
};

/* For which machine: i386 is little-endian, MIPS big-endian here. */
enum elf32_machine { ELF32_I386, ELF32_MIPS };

/* NULL = fine; else what is wrong with the file and what to do: "is no ELF file: ...". */
const char *elf32_read(enum elf32_machine machine, const uint8_t *bytes, size_t size,
                       struct elf32 *elf);

/* As elf32_read, and the program fits Turnstile's user space below 0x80000000. */
const char *elf32_read_program(enum elf32_machine machine, const uint8_t *bytes, size_t size,
                               struct elf32 *elf);

bool elf32_has_magic(const uint8_t *bytes, size_t size);

#endif
