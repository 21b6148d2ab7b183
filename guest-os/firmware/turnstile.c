/* The protected-mode half: a multiboot-1 loader for the Turnstile container, and the block move of
 * INT 15h. */
#include "guest-os/firmware/container.h"
#include "guest-os/firmware/ports.h"
#include "guest-os/firmware/protected.h"

#define WINDOW 0xFE000000u

struct elf_header {
    u8 ident[16];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

#define ELF_MAGIC   0x464C457F
#define ELF_CLASS32 1
#define ELF_LITTLE  1
#define ET_EXEC     2
#define EM_386      3
#define PT_LOAD     1

/* Multiboot specification 0.6.96, section 3.3. */
#define INFO_MEMORY  0x001
#define INFO_CMDLINE 0x004
#define INFO_MODULES 0x008
#define INFO_MAP     0x040
#define INFO_LOADER  0x200

struct multiboot_module {
    u32 start, end, string, reserved;
};

struct multiboot_range {
    u32 size, base, base_high, length, length_high, type;
};

struct multiboot_info {
    u32 flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4];
    u32 mmap_length, mmap_addr, drives_length, drives_addr, config_table, boot_loader_name;
};

#define MAX_RANGES  8
#define MAX_CMDLINE 1024

/* All the kernel is told, in one page of low memory. */
struct handover {
    struct multiboot_info info;
    struct multiboot_module module;
    struct multiboot_range ranges[MAX_RANGES];
    char cmdline[MAX_CMDLINE];
};

_Static_assert(sizeof(struct handover) <= PAGE, "");

_Noreturn void multiboot_enter(u32 entry, const struct multiboot_info *info);

static volatile struct bda *const bda = (volatile struct bda *)BDA_ADDRESS;

/* Copies and clears by words, then the odd bytes. */
static void copy(u32 to, u32 from, u32 size)
{
    u32 words = size / 4, bytes = size % 4;
    __asm__ volatile("rep movsl; movl %3, %2; rep movsb"
                     : "+D"(to), "+S"(from), "+c"(words)
                     : "r"(bytes)
                     : "memory");
}

static void clear(u32 to, u32 size)
{
    u32 words = size / 4, bytes = size % 4;
    __asm__ volatile("rep stosl; movl %2, %1; rep stosb"
                     : "+D"(to), "+c"(words)
                     : "r"(bytes), "a"(0)
                     : "memory");
}

u32 block_move(const struct block *b)
{
    copy(b->to, b->from, b->words * 2);
    return 0;
}

static bool inside(u32 offset, u32 size, u32 total)
{
    return offset <= total && size <= total - offset;
}

static bool has_magic(u32 address)
{
    const u32 *words = (const u32 *)address;
    return words[0] == 0x534E5254 && words[1] == 0x454C4954; /* "TRNS" "TILE" */
}

/* The start of the flash: of the machine's 12 MiB window, or of a shorter image that ends at 4 GiB.
 */
static const struct container *container_find(void)
{
    for (u32 start = WINDOW; start; start = start + (0 - start) / 2) {
        if (has_magic(start))
            return (const struct container *)start;
        if (start == 0xFFF00000u)
            break;
    }
    return NULL;
}

static bool container_good(const struct container *c)
{
    u32 sum = 0;
    for (const u32 *word = (const u32 *)c; word < (const u32 *)(c + 1); word++)
        sum += *word;
    return sum == 0 && c->version == CONTAINER_VERSION && c->total_size <= 0u - (u32)c &&
           c->run_count <= CONTAINER_MAX / sizeof(struct container_run) &&
           inside(c->run_offset, c->run_count * sizeof(struct container_run), c->total_size) &&
           inside(c->kernel_offset, c->kernel_size, c->total_size) &&
           c->command_line[sizeof c->command_line - 1] == 0;
}

static u32 memory_end(void)
{
    return EXTENDED_BASE + bda->own.extended_kib * 1024;
}

static const struct elf_header *kernel_check(const struct container *c)
{
    const struct elf_header *elf = (const struct elf_header *)((u32)c + c->kernel_offset);
    if (c->kernel_size < sizeof *elf || *(const u32 *)elf->ident != ELF_MAGIC ||
        elf->ident[4] != ELF_CLASS32 || elf->ident[5] != ELF_LITTLE || elf->type != ET_EXEC ||
        elf->machine != EM_386 || elf->phentsize != sizeof(struct elf_segment) ||
        !inside(elf->phoff, elf->phnum * sizeof(struct elf_segment), c->kernel_size))
        return NULL;
    return elf;
}

/* Loads the segments; *entry is physical also for a kernel linked high, *end the byte after it. */
static u32 kernel_load(const struct container *c, u32 *entry, u32 *end)
{
    const struct elf_header *elf = kernel_check(c);
    if (!elf)
        return TURNSTILE_BAD_KERNEL;
    const struct elf_segment *segment = (const struct elf_segment *)((u32)elf + elf->phoff);
    *entry = elf->entry;
    *end = EXTENDED_BASE;
    for (u32 left = elf->phnum; left; left--, segment++) {
        if (segment->type != PT_LOAD || segment->memsz == 0)
            continue;
        if (segment->filesz > segment->memsz ||
            !inside(segment->offset, segment->filesz, c->kernel_size))
            return TURNSTILE_BAD_KERNEL;
        if (segment->paddr < EXTENDED_BASE || !inside(segment->paddr, segment->memsz, memory_end()))
            return TURNSTILE_NO_MEMORY;
        copy(segment->paddr, (u32)elf + segment->offset, segment->filesz);
        clear(segment->paddr + segment->filesz, segment->memsz - segment->filesz);
        if (elf->entry - segment->vaddr < segment->memsz)
            *entry = elf->entry - segment->vaddr + segment->paddr;
        if (segment->paddr + segment->memsz > *end)
            *end = segment->paddr + segment->memsz;
    }
    return 0;
}

/* What no run covers is zero: fresh memory is so already. */
static u32 image_expand(const struct container *c, u32 start)
{
    bool fresh = !bda->own.memory_used;
    if (!inside(start, c->image_size, memory_end()))
        return TURNSTILE_NO_MEMORY;
    const struct container_run *run = (const struct container_run *)((u32)c + c->run_offset);
    u32 done = 0;
    for (u32 left = c->run_count; left; left--, run++) {
        if (run->image_offset < done || !inside(run->image_offset, run->size, c->image_size) ||
            !inside(run->data_offset, run->size, c->total_size))
            return TURNSTILE_DAMAGED;
        if (!fresh)
            clear(start + done, run->image_offset - done);
        copy(start + run->image_offset, (u32)c + run->data_offset, run->size);
        done = run->image_offset + run->size;
    }
    if (!fresh)
        clear(start + done, c->image_size - done);
    return 0;
}

/* The fw_cfg file opt/turnstile/cmdline if there is one, else the container's line. */
static void command_line(const struct container *c, char *line)
{
    u32 size = bda->own.cmdline_size;
    if (size == 0) {
        copy((u32)line, (u32)c->command_line, sizeof c->command_line);
        return;
    }
    if (size > MAX_CMDLINE - 1)
        size = MAX_CMDLINE - 1;
    line[size] = 0;
    outw(FWCFG_SELECTOR, bda->own.cmdline_selector);
    __asm__ volatile("rep insb" : "+D"(line), "+c"(size) : "d"(FWCFG_DATA) : "memory");
}

static u32 map_fill(struct multiboot_range *ranges)
{
    struct memory_range range;
    u32 i;
    for (i = 0; i < MAX_RANGES && memory_range(i, bda->own.extended_kib, &range); i++)
        ranges[i] = (struct multiboot_range){
            .size = sizeof ranges[i] - sizeof ranges[i].size,
            .base = range.base,
            .length = range.size,
            .type = range.type,
        };
    return i * sizeof *ranges;
}

u32 turnstile_boot(u32 unused)
{
    (void)unused;
    const struct container *c = container_find();
    if (!c)
        return TURNSTILE_ABSENT;
    if (!container_good(c))
        return TURNSTILE_DAMAGED;
    u32 entry, end;
    u32 failure = kernel_load(c, &entry, &end);
    if (failure)
        return failure;
    u32 image = (end + PAGE - 1) & -PAGE;
    failure = image_expand(c, image);
    if (failure)
        return failure;

    struct handover *h = (struct handover *)MULTIBOOT_AREA;
    command_line(c, h->cmdline);
    h->module = (struct multiboot_module){image, image + c->image_size, (u32) "fs.img", 0};
    h->info = (struct multiboot_info){
        .flags = INFO_MEMORY | INFO_CMDLINE | INFO_MODULES | INFO_MAP | INFO_LOADER,
        .mem_lower = BASE_MEMORY_KIB,
        .mem_upper = bda->own.extended_kib,
        .cmdline = (u32)h->cmdline,
        .mods_count = 1,
        .mods_addr = (u32)&h->module,
        .mmap_length = map_fill(h->ranges),
        .mmap_addr = (u32)h->ranges,
        .boot_loader_name = (u32) "Trapscope firmware",
    };
    multiboot_enter(entry, &h->info);
}
