/* elf32: an ELF32 executable as a loader needs it, every field judged. */
#include "emu/machine/elf32.h"

#include <elf.h>
#include <endian.h>
#include <string.h>

#define USER_END 0x80000000u

bool elf32_has_magic(const uint8_t *bytes, size_t size)
{
    return size >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

/* What the two machines differ in. */
static const struct kind {
    uint8_t order;
    uint16_t machine;
    const char *no_elf, *wide, *other;
} kinds[] = {
    [ELF32_I386] = {ELFDATA2LSB, EM_386,
                    "is no ELF file: build it for 32-bit x86, e.g. with trapscope-cc",
                    "is a 64-bit ELF file: build it for 32-bit x86, e.g. with trapscope-cc or "
                    "gcc -m32",
                    "is an ELF file for another machine: build it for 32-bit x86"},
    [ELF32_MIPS] = {ELFDATA2MSB, EM_MIPS,
                    "is no ELF file: build it for big-endian MIPS, e.g. with trapscope-cc "
                    "--machine mips",
                    "is a 64-bit ELF file: build it for 32-bit big-endian MIPS",
                    "is an ELF file for another machine: build it for 32-bit big-endian MIPS"},
};

static uint16_t half(const struct kind *kind, uint16_t value)
{
    return kind->order == ELFDATA2MSB ? be16toh(value) : le16toh(value);
}

static uint32_t word(const struct kind *kind, uint32_t value)
{
    return kind->order == ELFDATA2MSB ? be32toh(value) : le32toh(value);
}

/* The fields that are read here, in the host's order. */
static void take_header(const struct kind *kind, const uint8_t *bytes, Elf32_Ehdr *header)
{
    memcpy(header, bytes, sizeof *header);
    header->e_type = half(kind, header->e_type);
    header->e_machine = half(kind, header->e_machine);
    header->e_entry = word(kind, header->e_entry);
    header->e_phoff = word(kind, header->e_phoff);
    header->e_phentsize = half(kind, header->e_phentsize);
    header->e_phnum = half(kind, header->e_phnum);
}

static void take_segment(const struct kind *kind, const uint8_t *bytes, Elf32_Phdr *segment)
{
    memcpy(segment, bytes, sizeof *segment);
    segment->p_type = word(kind, segment->p_type);
    segment->p_offset = word(kind, segment->p_offset);
    segment->p_vaddr = word(kind, segment->p_vaddr);
    segment->p_paddr = word(kind, segment->p_paddr);
    segment->p_filesz = word(kind, segment->p_filesz);
    segment->p_memsz = word(kind, segment->p_memsz);
}

static const char *judge_header(const struct kind *kind, const uint8_t *bytes, size_t size,
                                Elf32_Ehdr *header)
{
    if (!elf32_has_magic(bytes, size))
        return kind->no_elf;
    if (size < sizeof *header)
        return "ends inside its ELF header: copy or build it again";
    take_header(kind, bytes, header);
    if (header->e_ident[EI_CLASS] == ELFCLASS64)
        return kind->wide;
    if (header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_ident[EI_DATA] != kind->order ||
        header->e_machine != kind->machine)
        return kind->other;
    if (header->e_type == ET_REL)
        return "is an object file: link it first";
    if (header->e_type == ET_DYN)
        return "is a shared object or position-independent: link it with -static -no-pie";
    if (header->e_type != ET_EXEC)
        return "is no ELF executable: link it as one";
    if (header->e_phnum == 0 || header->e_phentsize < sizeof(Elf32_Phdr))
        return "has no program headers, so nothing to load: link it as an executable";
    if (header->e_phoff > size ||
        (uint64_t)header->e_phnum * header->e_phentsize > size - header->e_phoff)
        return "ends inside its program headers: copy or build it again";
    return NULL;
}

static const char *judge_segment(const Elf32_Phdr *from, size_t size)
{
    if (from->p_filesz > from->p_memsz)
        return "has a segment with more bytes in the file than in memory: link it again";
    if (from->p_offset > size || from->p_filesz > size - from->p_offset)
        return "ends inside a segment: it is truncated; copy or build it again";
    if ((uint64_t)from->p_vaddr + from->p_memsz > UINT64_C(0x100000000) ||
        (uint64_t)from->p_paddr + from->p_memsz > UINT64_C(0x100000000))
        return "has a segment that reaches beyond 4 GiB: link it at a lower address";
    return NULL;
}

static bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return (uint64_t)a < (uint64_t)b + b_size && (uint64_t)b < (uint64_t)a + a_size;
}

static const char *add_segment(struct elf32 *elf, const Elf32_Phdr *from)
{
    if (elf->segments == ELF32_SEGMENTS)
        return "has more than 64 segments to load: link it with an ordinary linker script";
    struct elf32_segment new = {from->p_offset, from->p_filesz, from->p_vaddr, from->p_memsz,
                                from->p_paddr};
    for (unsigned i = 0; i < elf->segments; i++) {
        const struct elf32_segment *old = &elf->segment[i];
        if (overlap(old->address, old->size, new.address, new.size))
            return "has segments that overlap: link it again with an ordinary linker script";
    }
    elf->segment[elf->segments++] = new;
    return NULL;
}

const char *elf32_read(enum elf32_machine machine, const uint8_t *bytes, size_t size,
                       struct elf32 *elf)
{
    const struct kind *kind = &kinds[machine];
    *elf = (struct elf32){0};
    Elf32_Ehdr header;
    const char *fault = judge_header(kind, bytes, size, &header);
    if (fault != NULL)
        return fault;
    elf->entry = header.e_entry;
    for (unsigned i = 0; fault == NULL && i < header.e_phnum; i++) {
        Elf32_Phdr segment;
        take_segment(kind, bytes + header.e_phoff + (size_t)i * header.e_phentsize, &segment);
        if (segment.p_type == PT_INTERP)
            return "wants a dynamic linker, which there is not: link it with -static";
        if (segment.p_type != PT_LOAD || segment.p_memsz == 0)
            continue;
        fault = judge_segment(&segment, size);
        if (fault == NULL)
            fault = add_segment(elf, &segment);
    }
    if (fault == NULL && elf->segments == 0)
        fault = "has no segment to load: link it as an executable";
    return fault;
}

const char *elf32_read_program(enum elf32_machine machine, const uint8_t *bytes, size_t size,
                               struct elf32 *elf)
{
    const char *fault = elf32_read(machine, bytes, size, elf);
    bool entry_inside = false;
    for (unsigned i = 0; fault == NULL && i < elf->segments; i++) {
        const struct elf32_segment *segment = &elf->segment[i];
        if ((uint64_t)segment->address + segment->size > USER_END)
            fault = "has a segment outside of user space: link it below 0x80000000";
        entry_inside |= elf->entry - segment->address < segment->size;
    }
    if (fault == NULL && !entry_inside)
        fault = "has its entry point outside of its segments: link it with an entry symbol";
    return fault;
}
