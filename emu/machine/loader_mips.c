/* loader_mips: a kernel put into the RAM of a MIPS machine, as System/161 does it. */
#include <string.h>

#include "cpu/mips/mips.h"
#include "emu/machine/elf32.h"
#include "emu/machine/loader.h"

#define KSEG0  0x80000000u
#define KSEG2  0xc0000000u
#define DIRECT 0x1fffffffu /* of an address in kseg0 or kseg1 */

struct placed {
    uint64_t first, end; /* physical */
};

static const char *place(const struct memory *ram, const struct elf32_segment *segment,
                         uint64_t end, struct placed *placed)
{
    if (segment->address < KSEG0 || (uint64_t)segment->address + segment->size > KSEG2)
        return "has a segment outside of kseg0 and kseg1: link it at 0x80000200, for example";
    placed->first = segment->address & DIRECT;
    placed->end = placed->first + segment->size;
    if (placed->end > end)
        return placed->end > ram->size ? "does not fit into memory: give more with --mem"
                                       : "leaves no memory for its command line: give more with "
                                         "--mem";
    return NULL;
}

static const char *load(struct memory *ram, const struct loader_file *kernel,
                        const struct elf32 *elf, uint64_t end)
{
    struct placed placed[ELF32_SEGMENTS];
    for (unsigned i = 0; i < elf->segments; i++) {
        const struct elf32_segment *segment = &elf->segment[i];
        const char *fault = place(ram, segment, end, &placed[i]);
        if (fault != NULL)
            return fault;
        for (unsigned j = 0; j < i; j++)
            if (placed[i].first < placed[j].end && placed[j].first < placed[i].end)
                return "has segments that overlap in physical memory: link it again";
        if (segment->file_size != 0)
            memory_put(ram, placed[i].first, kernel->bytes + segment->offset, segment->file_size);
    }
    return NULL;
}

static const char *judge_entry(const struct elf32 *elf)
{
    if (elf->entry % 4 != 0 || elf->entry < KSEG0 || elf->entry >= KSEG2)
        return "has an entry point that is no address of an instruction in kseg0 or kseg1: link it "
               "again";
    return NULL;
}

bool loader_mips(struct machine *machine, const struct loader_request *request, const char **path,
                 const char **why)
{
    struct memory *ram = machine->board->ram(machine);
    struct elf32 elf;
    uint64_t length = (strlen(request->command_line) + 4) & ~UINT64_C(3); /* with its NUL */
    *path = request->kernel.path;
    *why = elf32_read(ELF32_MIPS, request->kernel.bytes, request->kernel.size, &elf);
    if (*why == NULL)
        *why = judge_entry(&elf);
    if (*why == NULL && length >= ram->size)
        *why = "leaves no memory for its command line: give a shorter --append";
    if (*why == NULL)
        *why = load(ram, &request->kernel, &elf, ram->size - length);
    if (*why != NULL)
        return false;
    uint32_t at = (uint32_t)(ram->size - length);
    memory_put(ram, at, request->command_line, strlen(request->command_line) + 1);
    mips_start((struct mips *)machine->processor[0], elf.entry, KSEG0 + at, KSEG0 + at - 4);
    machine_memory_changed(machine, 0, 0);
    return true;
}
