/* Packs a kernel and a root file system image into the flash container that the firmware boots.
 *
 *     mkflash [-c COMMAND_LINE] [-r ROM] -o FLASH KERNEL.elf IMAGE
 *
 * Without -r the output is the container alone, for the start of the flash window. With -r it is a
 * whole flash image of a power-of-two size with the ROM at its end, as `qemu-system-i386 -bios`
 * takes it. Runs on the host; shares only container.h with the firmware.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-os/firmware/container.h"

#define GRAIN     512u /* zeros are looked for in pieces of this size */
#define ROM_MAX   (128u * 1024)
#define FLASH_MIN (1024u * 1024)
#define FILE_MAX  (1024u * 1024 * 1024)

struct bytes {
    uint8_t *data;
    uint32_t size;
};

_Noreturn static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("mkflash: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static struct bytes bytes_new(uint32_t size)
{
    struct bytes b = {calloc(1, size ? size : 1), size};
    if (!b.data)
        fail("out of memory for %u bytes", size);
    return b;
}

static struct bytes file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("%s: %s", path, strerror(errno));
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        fail("%s: not a regular file", path);
    if (size == 0 || size > (long)FILE_MAX)
        fail("%s: %ld bytes, want 1 to %u", path, size, FILE_MAX);
    struct bytes b = bytes_new((uint32_t)size);
    if (fread(b.data, 1, b.size, file) != b.size)
        fail("%s: cannot read", path);
    fclose(file);
    return b;
}

static void file_write(const char *path, struct bytes b)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        fail("%s: %s", path, strerror(errno));
    if (fwrite(b.data, 1, b.size, file) != b.size || fclose(file) != 0)
        fail("%s: cannot write: %s", path, strerror(errno));
}

static uint32_t word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_word(uint8_t *p, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

/* Cuts an ELF32 i386 file behind the last byte that the header, the program headers or a PT_LOAD
 * segment needs: symbols and debug information stay out of the flash. Field offsets: ELF 1.2, book
 * I. */
static struct bytes kernel_cut(struct bytes elf, const char *path)
{
    static const uint8_t ident[] = {0x7F, 'E', 'L', 'F', 1, 1};
    if (elf.size < 52 || memcmp(elf.data, ident, sizeof ident) != 0 || elf.data[16] != 2 ||
        elf.data[18] != 3 || elf.data[42] != 32)
        fail("%s: not an ELF32 i386 executable", path);
    uint64_t table = word(elf.data + 28), count = elf.data[44] | elf.data[45] << 8;
    uint64_t needed = table + count * 32;
    if (needed > elf.size)
        fail("%s: truncated in its program headers", path);
    uint64_t end = needed;
    for (const uint8_t *p = elf.data + table; p < elf.data + needed; p += 32) {
        uint64_t last = (uint64_t)word(p + 4) + word(p + 16);
        if (word(p) == 1 && last > end)
            end = last;
    }
    if (end > elf.size)
        fail("%s: truncated: a segment ends at byte %llu", path, (unsigned long long)end);
    struct bytes cut = {elf.data, (uint32_t)end};
    return cut;
}

static bool is_zero(const uint8_t *p, uint32_t size)
{
    while (size && !*p) {
        p++;
        size--;
    }
    return size == 0;
}

/* The parts of the image that are not zero, GRAIN by GRAIN, neighbours joined; *total = their sum.
 */
static struct container_run *runs_find(struct bytes image, uint32_t *count, uint32_t *total)
{
    struct container_run *runs = calloc(image.size / GRAIN / 2 + 1, sizeof *runs);
    if (!runs)
        fail("out of memory");
    *count = *total = 0;
    bool open = false;
    for (uint32_t at = 0; at < image.size; at += GRAIN) {
        bool zero = is_zero(image.data + at, GRAIN);
        if (!zero && !open)
            runs[(*count)++].image_offset = at;
        if (!zero) {
            runs[*count - 1].size += GRAIN;
            *total += GRAIN;
        }
        open = !zero;
    }
    return runs;
}

/* RFC 1950, section 8.2. */
static uint32_t adler32(const uint8_t *p, uint32_t size)
{
    uint32_t a = 1, b = 0;
    for (; size; size--, p++) {
        a = (a + *p) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static uint32_t round_up(uint32_t value, uint32_t to)
{
    return (value + to - 1) / to * to;
}

struct plan {
    uint32_t run_offset, run_count, kernel_offset, image_size, data_offset;
};

static void header_write(struct bytes out, struct plan p, uint32_t kernel_size,
                         const char *command_line)
{
    const uint32_t header = sizeof(struct container);
    const uint32_t words[] = {
        CONTAINER_VERSION, out.size,    p.run_offset, p.run_count,
        p.kernel_offset,   kernel_size, p.image_size, adler32(out.data + header, out.size - header),
    };
    memcpy(out.data, CONTAINER_MAGIC, 8);
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        put_word(out.data + offsetof(struct container, version) + 4 * i, words[i]);
    memcpy(out.data + offsetof(struct container, command_line), command_line, strlen(command_line));
    uint32_t sum = 0;
    for (uint32_t at = 0; at < header; at += 4)
        sum += word(out.data + at);
    put_word(out.data + offsetof(struct container, header_sum), 0 - sum);
}

static struct bytes container_make(struct bytes kernel, struct bytes image,
                                   const char *command_line)
{
    uint32_t total;
    struct plan p = {.image_size = image.size, .run_offset = sizeof(struct container)};
    struct container_run *runs = runs_find(image, &p.run_count, &total);
    p.kernel_offset = round_up(p.run_offset + p.run_count * (uint32_t)sizeof *runs, 16);
    p.data_offset = round_up(p.kernel_offset + kernel.size, 16);
    uint64_t size = (uint64_t)p.data_offset + total;
    if (size > CONTAINER_MAX)
        fail("kernel and image take %llu bytes, the flash has room for %u",
             (unsigned long long)size, CONTAINER_MAX);

    struct bytes out = bytes_new((uint32_t)size);
    memcpy(out.data + p.kernel_offset, kernel.data, kernel.size);
    uint32_t at = p.data_offset;
    for (uint32_t i = 0; i < p.run_count; i++) {
        uint8_t *entry = out.data + p.run_offset + i * sizeof *runs;
        put_word(entry + offsetof(struct container_run, image_offset), runs[i].image_offset);
        put_word(entry + offsetof(struct container_run, data_offset), at);
        put_word(entry + offsetof(struct container_run, size), runs[i].size);
        memcpy(out.data + at, image.data + runs[i].image_offset, runs[i].size);
        at += runs[i].size;
    }
    free(runs);
    header_write(out, p, kernel.size, command_line);
    return out;
}

/* The container at the start and the ROM at the end of the smallest power of two that holds both.
 */
static struct bytes flash_with_rom(struct bytes container, struct bytes rom)
{
    uint32_t size = FLASH_MIN;
    while (size < container.size + rom.size)
        size *= 2;
    struct bytes flash = bytes_new(size);
    memset(flash.data, 0xFF, size);
    memcpy(flash.data, container.data, container.size);
    memcpy(flash.data + size - rom.size, rom.data, rom.size);
    return flash;
}

int main(int argc, char **argv)
{
    const char *output = NULL, *rom_path = NULL, *command_line = "";
    for (int option; (option = getopt(argc, argv, "o:r:c:")) != -1;) {
        switch (option) {
        case 'o': output = optarg; break;
        case 'r': rom_path = optarg; break;
        case 'c': command_line = optarg; break;
        default: return 1;
        }
    }
    if (!output || argc - optind != 2)
        fail("usage: mkflash [-c COMMAND_LINE] [-r ROM] -o FLASH KERNEL.elf IMAGE");
    if (strlen(command_line) >= sizeof((struct container *)0)->command_line)
        fail("the command line is longer than 255 bytes");
    struct bytes kernel = kernel_cut(file_read(argv[optind]), argv[optind]);
    struct bytes image = file_read(argv[optind + 1]);
    if (image.size % GRAIN)
        fail("%s: %u bytes, not a multiple of %u", argv[optind + 1], image.size, GRAIN);
    struct bytes flash = container_make(kernel, image, command_line);
    free(kernel.data);
    free(image.data);
    if (rom_path) {
        struct bytes container = flash, rom = file_read(rom_path);
        if (rom.size > ROM_MAX)
            fail("%s: %u bytes, a ROM has %u at most", rom_path, rom.size, ROM_MAX);
        flash = flash_with_rom(container, rom);
        free(container.data);
        free(rom.data);
    }
    file_write(output, flash);
    free(flash.data);
    return 0;
}
