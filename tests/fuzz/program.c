/* Fuzzes the host's judgement of programs for `run`: whatever it accepts lies inside the file and
 * inside user space. */
#include "emu/machine/elf32.h"
#include "tests/fuzz/target.h"

static void accepted(const struct elf32 *elf, size_t size, uint64_t end)
{
    bug_unless(elf->segments > 0 && elf->segments <= ELF32_SEGMENTS);
    for (unsigned i = 0; i < elf->segments; i++) {
        const struct elf32_segment *a = &elf->segment[i];
        bug_unless(a->size > 0 && a->size >= a->file_size);
        bug_unless((uint64_t)a->offset + a->file_size <= size);
        bug_unless((uint64_t)a->address + a->size <= end);
        for (unsigned j = 0; j < i; j++) {
            const struct elf32_segment *b = &elf->segment[j];
            bug_unless((uint64_t)a->address + a->size <= b->address ||
                       (uint64_t)b->address + b->size <= a->address);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum elf32_machine machine[] = {ELF32_I386, ELF32_MIPS};
    struct elf32 elf;
    for (unsigned i = 0; i < sizeof machine / sizeof machine[0]; i++) {
        if (elf32_read(machine[i], bytes, size, &elf) == NULL)
            accepted(&elf, size, UINT64_C(0x100000000));
        if (elf32_read_program(machine[i], bytes, size, &elf) == NULL)
            accepted(&elf, size, 0x80000000);
    }
    return 0;
}
