/* loader: a multiboot-1 kernel and its modules put into a PC's RAM, as a boot loader would. */
#include "emu/machine/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"
#include "emu/machine/elf32.h"
#include "emu/machine/pc.h"

#define HEADER_MAGIC 0x1badb002u
#define SEARCHED     8192u
#define FLAG_PAGES   (1u << 0) /* modules at page boundaries: ours always are */
#define FLAG_MEMORY  (1u << 1) /* memory information: always given */
#define FLAG_VIDEO   (1u << 2)
#define FLAG_ADDRESS (1u << 16)
#define FLAGS_NEEDED 0xffffu /* bits that a loader may not ignore */

#define INFO_MEMORY  (1u << 0)
#define INFO_COMMAND (1u << 2)
#define INFO_MODULES (1u << 3)
#define INFO_MAP     (1u << 6)
#define INFO_NAME    (1u << 9)
#define INFO_BYTES   88u /* up to and with the last field of 0.6.96 that is ours */

#define LOW_AREA 0x1000u  /* where information, map and strings go: free below 640 KiB ... */
#define LOW_END  0x9fc00u /* ... up to the EBDA */
#define HIGH     0x100000u

struct header {
    uint32_t at, flags;
    uint32_t header_address, load_address, load_end, bss_end, entry; /* with FLAG_ADDRESS */
};

struct load {
    struct memory *ram;
    uint32_t entry;
    struct extent {
        uint32_t first, end;
    } used[ELF32_SEGMENTS + 1];
    unsigned extents;
};

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static const char *find_header(const struct loader_file *kernel, struct header *header)
{
    size_t end = kernel->size < SEARCHED ? kernel->size : SEARCHED;
    for (size_t at = 0; at + 12 <= end; at += 4) {
        const uint8_t *p = kernel->bytes + at;
        if (word(p) != HEADER_MAGIC || word(p) + word(p + 4) + word(p + 8) != 0)
            continue;
        *header = (struct header){.at = (uint32_t)at, .flags = word(p + 4)};
        if ((header->flags & FLAG_ADDRESS) != 0) {
            if (at + 32 > end)
                return "ends inside its multiboot header: copy or build it again";
            header->header_address = word(p + 12);
            header->load_address = word(p + 16);
            header->load_end = word(p + 20);
            header->bss_end = word(p + 24);
            header->entry = word(p + 28);
        }
        if ((header->flags & FLAGS_NEEDED & ~(FLAG_PAGES | FLAG_MEMORY | FLAG_VIDEO)) != 0)
            return "asks for a multiboot feature that does not exist: clear bits 3-15 of its flags";
        if ((header->flags & FLAG_VIDEO) != 0)
            return "asks for a graphics mode, and there is text only: clear bit 2 of its flags";
        return NULL;
    }
    return "has no multiboot header in its first 8192 bytes: build the kernel with one, or boot it "
           "from a disk image with --disk";
}

/* Puts one piece of the kernel into RAM, `size` bytes of which `file_size` come from the file. */
static const char *put(struct load *load, uint32_t to, uint32_t size, const uint8_t *from,
                       uint32_t file_size)
{
    uint64_t end = (uint64_t)to + size;
    if (to < HIGH ? end > LOW_END : end > load->ram->size)
        return to < HIGH ? "has a segment in the PC's hole from 640 KiB to 1 MiB: link it at 1 MiB"
                         : "does not fit into memory: give more with --mem, or link it lower";
    for (unsigned i = 0; i < load->extents; i++)
        if (to < load->used[i].end && load->used[i].first < end)
            return "has segments that overlap in physical memory: link it again";
    if (file_size != 0)
        memory_put(load->ram, to, from, file_size);
    load->used[load->extents++] = (struct extent){to, (uint32_t)end};
    return NULL;
}

static const char *load_by_address(struct load *load, const struct loader_file *kernel,
                                   const struct header *header)
{
    uint32_t before = header->header_address - header->load_address;
    if (header->load_address > header->header_address || before > header->at)
        return "has a multiboot header whose load address lies outside of the file: correct it";
    uint32_t start = header->at - before;
    uint64_t length = header->load_end == 0 ? kernel->size - start
                                            : (uint64_t)header->load_end - header->load_address;
    if (header->load_end != 0 && header->load_end < header->load_address)
        return "has a multiboot header whose load end lies before its start: correct it";
    if (length > kernel->size - start)
        return "is shorter than its multiboot header says: copy or build it again";
    uint64_t size = length;
    if (header->bss_end != 0) {
        if (header->bss_end < header->load_address + length)
            return "has a multiboot header whose BSS ends before its data: correct it";
        size = (uint64_t)header->bss_end - header->load_address;
    }
    load->entry = header->entry;
    return put(load, header->load_address, (uint32_t)size, kernel->bytes + start, (uint32_t)length);
}

static const char *load_elf(struct load *load, const struct loader_file *kernel)
{
    struct elf32 elf;
    const char *fault = elf32_read(ELF32_I386, kernel->bytes, kernel->size, &elf);
    load->entry = elf.entry;
    for (unsigned i = 0; fault == NULL && i < elf.segments; i++) {
        const struct elf32_segment *segment = &elf.segment[i];
        fault = put(load, segment->physical, segment->size, kernel->bytes + segment->offset,
                    segment->file_size);
        /* An entry given as a virtual address is meant where its segment lies. */
        if (fault == NULL && elf.entry - segment->address < segment->size &&
            segment->address != segment->physical)
            load->entry = elf.entry - segment->address + segment->physical;
    }
    return fault;
}

/* The first multiple of `align` >= from with `size` free bytes below `end`; 0 = none. */
static uint32_t find_room(const struct load *load, uint64_t from, uint64_t size, uint64_t end)
{
    uint64_t at = from;
    for (bool moved = true; moved;) {
        moved = false;
        at = (at + MEMORY_PAGE - 1) / MEMORY_PAGE * MEMORY_PAGE;
        for (unsigned i = 0; i < load->extents; i++)
            if (at < load->used[i].end && load->used[i].first < at + size) {
                at = load->used[i].end;
                moved = true;
            }
    }
    return at + size <= end ? (uint32_t)at : 0;
}

static void put_word(struct memory *ram, uint32_t at, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 24)};
    memory_put(ram, at, bytes, sizeof bytes);
}

static uint32_t put_string(struct memory *ram, uint32_t *free_at, const char *text)
{
    uint32_t at = *free_at;
    memory_put(ram, at, text, strlen(text) + 1);
    *free_at = (at + (uint32_t)strlen(text) + 4) & ~3u;
    return at;
}

/* What a BIOS leaves of its data area: where a kernel looks for the MP table, before it looks into
 * the ROM (MultiProcessor Specification 1.4, chapter 4). */
static void put_bios_data(struct memory *ram)
{
    static const uint8_t ebda_segment[2] = {LOW_END >> 4 & 0xff, LOW_END >> 12};
    static const uint8_t kib[2] = {LOW_END / 1024 & 0xff, LOW_END / 1024 >> 8}, ebda_kib = 1;
    memory_put(ram, 0x40e, ebda_segment, sizeof ebda_segment);
    memory_put(ram, 0x413, kib, sizeof kib);
    memory_put(ram, LOW_END, &ebda_kib, sizeof ebda_kib);
}

/* The map of RAM (3.3, mmap_*): what is not named is not there. */
static uint32_t put_map(struct memory *ram, uint32_t *free_at)
{
    const struct {
        uint32_t base, size, type;
    } range[] = {
        {0, LOW_END, 1},
        {LOW_END, 0xa0000 - LOW_END, 2},
        {0xe0000, 0x20000, 2},
        {HIGH, (uint32_t)(ram->size - HIGH), 1},
    };
    uint32_t at = *free_at;
    for (unsigned i = 0; i < sizeof range / sizeof range[0]; i++) {
        if (range[i].size == 0)
            continue;
        put_word(ram, *free_at, 20); /* of the entry, without this word */
        put_word(ram, *free_at + 4, range[i].base);
        put_word(ram, *free_at + 12, range[i].size);
        put_word(ram, *free_at + 20, range[i].type);
        *free_at += 24;
    }
    return at;
}

/* "PATH ARGUMENTS", as GRUB and QEMU give it. */
static char *join(const char *path, const char *arguments)
{
    size_t size = strlen(path) + strlen(arguments) + 2;
    char *text = bug_alloc(1, size);
    snprintf(text, size, "%s%s%s", path, arguments[0] == '\0' ? "" : " ", arguments);
    return text;
}

static uint32_t put_info(struct load *load, const struct loader_request *request, uint32_t area,
                         uint32_t module)
{
    struct memory *ram = load->ram;
    uint32_t free_at = area + INFO_BYTES;
    uint32_t flags = INFO_MEMORY | INFO_COMMAND | INFO_MAP | INFO_NAME;
    put_word(ram, area + 4, LOW_END / 1024);
    put_word(ram, area + 8, (uint32_t)((ram->size - HIGH) / 1024));
    char *command = join(request->kernel.path, request->command_line);
    put_word(ram, area + 16, put_string(ram, &free_at, command));
    free(command);
    if (request->module.bytes != NULL) {
        flags |= INFO_MODULES;
        put_word(ram, area + 20, 1);
        put_word(ram, area + 24, free_at);
        uint32_t entry = free_at;
        free_at += 16;
        put_word(ram, entry, module);
        put_word(ram, entry + 4, module + (uint32_t)request->module.size);
        put_word(ram, entry + 8, put_string(ram, &free_at, request->module.path));
    }
    put_word(ram, area + 64, put_string(ram, &free_at, "trapscope"));
    uint32_t map = put_map(ram, &free_at);
    put_word(ram, area + 44, free_at - map);
    put_word(ram, area + 48, map);
    put_word(ram, area, flags);
    return area;
}

static const char *place(struct load *load, const struct loader_request *request, uint32_t *info,
                         const char **path)
{
    struct header header;
    *path = request->kernel.path;
    const char *fault = find_header(&request->kernel, &header);
    if (fault == NULL)
        fault = (header.flags & FLAG_ADDRESS) != 0
                    ? load_by_address(load, &request->kernel, &header)
                    : load_elf(load, &request->kernel);
    if (fault != NULL)
        return fault;
    uint64_t strings = strlen(request->command_line) + strlen(request->kernel.path) +
                       (request->module.bytes == NULL ? 0 : strlen(request->module.path));
    uint32_t area = find_room(load, LOW_AREA, strings + 1024, LOW_END);
    if (area == 0)
        return "leaves no memory below 640 KiB for the multiboot information: link it at 1 MiB, "
               "and keep the command line short";
    uint32_t module = 0;
    if (request->module.bytes != NULL) {
        *path = request->module.path;
        module = find_room(load, HIGH, request->module.size, load->ram->size);
        if (module == 0)
            return "does not fit into memory beside the kernel: give more with --mem";
        memory_put(load->ram, module, request->module.bytes, request->module.size);
    }
    *info = put_info(load, request, area, module);
    return NULL;
}

bool loader_multiboot(struct machine *machine, const struct loader_request *request,
                      const char **path, const char **why)
{
    struct load load = {.ram = machine->board->ram(machine)};
    uint32_t info;
    put_bios_data(load.ram);
    *why = place(&load, request, &info, path);
    if (*why == NULL)
        pc_enter_multiboot(machine, load.entry, info);
    return *why == NULL;
}
