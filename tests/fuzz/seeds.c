/* seeds: what the fuzzers begin with where no file of the build will do: a recorded session, the
 * content of saved machines, small guests, a disk.
 * usage: fuzz_seeds FOLDER */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "emu/host/files.h"
#include "emu/machine/savefile.h"
#include "tests/fuzz/target.h"

#define HEADER_BYTES 80u /* of a saved machine */

/* Real mode: the timer's and the keyboard's interrupts, a disk read, bytes to COM1, INT 64. */
static const uint8_t chips[] = {
    0x08, 0x04,                                                 /* disk; 4 bytes of input */
    0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0, 0xbc, 0x00, 0x70,       /* segments, stack */
    0xc7, 0x06, 0x00, 0x01, 0x50, 0x7c, 0x8c, 0x0e, 0x02, 0x01, /* vector 64 */
    0xc7, 0x06, 0x20, 0x00, 0x50, 0x7c, 0x8c, 0x0e, 0x22, 0x00, /* vector 8 */
    0xb0, 0x11, 0xe6, 0x20, 0xb0, 0x08, 0xe6, 0x21, 0xb0, 0x04, 0xe6, 0x21, 0xb0, 0x01, 0xe6,
    0x21, 0xb0, 0x34, 0xe6, 0x43, 0xb0, 0x20, 0xe6, 0x40, 0x30, 0xc0, 0xe6, 0x40, /* counter 0 */
    0xfb, 0xcd, 0x40, 0xba, 0xf7, 0x01, 0xb0, 0x20, 0xee,                         /* READ SECTORS */
    0xba, 0xf8, 0x03, 0xb0, 0x41, 0xee, 0xe4, 0x60, 0xf4, 0xeb, 0xf4, /* COM1, 8042, HLT */
    0x50, 0xb0, 0x20, 0xe6, 0x20, 0x58, 0xcf,                         /* EOI, IRET */
    'a',  0x1e, 'b',  0x00};

/* Protected mode with paging: string moves, arithmetic, a page fault without an IDT. */
static const uint8_t flat[] = {
    0x03, 0x00, 0xbe, 0x00, 0x7c, 0x00, 0x00, 0xbf, 0x00, 0x00, 0x09, 0x00, 0xb9, 0x20, 0x00, 0x00,
    0x00, 0xf3, 0xa5, 0x0f, 0xa2, 0x0f, 0x31, 0xf7, 0xe1, 0x0f, 0xc1, 0xd8, 0x0f, 0x20, 0xd8, 0x0f,
    0x22, 0xd8, 0x0f, 0x01, 0x38, 0x9c, 0x9d, 0x60, 0x61, 0xa1, 0x00, 0x00, 0x40, 0x00, 0xc3};

/* Protected mode with tables: selectors 8 and 10h flat, 18h a TSS, 20h a task gate; gate 40h. */
static const uint8_t descriptors[] = {
    0,    0,    0,    0,    0,    0, 0,    0,    0xff, 0xff, 0,    0,    0,    0x9b,
    0xcf, 0,    0xff, 0xff, 0,    0, 0,    0x93, 0xcf, 0,    0x67, 0,    0x00, 0x80,
    0,    0x89, 0,    0,    0,    0, 0x18, 0,    0,    0x85, 0,    0,    0xff, 0xff,
    0,    0,    0,    0xfb, 0xcf, 0, 0xff, 0xff, 0,    0,    0,    0xf3, 0xcf, 0};
static const uint8_t switching[] = {
    0x66, 0xb8, 0x10, 0x00, 0x8e, 0xd8, 0x8e, 0xd0, 0xbc, 0x00, 0x70, 0x00, 0x00, /* DS, SS, ESP */
    0x66, 0xb8, 0x18, 0x00, 0x0f, 0x00, 0xd8,                                     /* LTR */
    0x6a, 0x33, 0x68, 0x00, 0x60, 0x00, 0x00, 0x68, 0x02, 0x32, 0x00, 0x00,       /* to level 3 */
    0x6a, 0x2b, 0x68, 0x30, 0x7c, 0x00, 0x00, 0xcf, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
    0x90, 0x90, 0xcd, 0x40, 0xcd, 0x03, 0x9a, 0,    0,    0,    0,    0x20, 0};

static uint8_t guest_bytes[2 + 512 + 256 + 2048];

static void make_switching_guest(void)
{
    uint8_t *code = guest_bytes + 2;
    guest_bytes[0] = 5;
    memcpy(code, switching, sizeof switching);
    memcpy(code + 512, descriptors, sizeof descriptors);
    for (unsigned vector = 0; vector < 256; vector++) { /* 7C2Ch at level 0, callable from 3 */
        static const uint8_t gate[] = {0x2c, 0x7c, 0x08, 0, 0, 0xee, 0, 0};
        memcpy(code + 768 + vector * 8, gate, sizeof gate);
    }
}

static void keep(const char *folder, const char *name, const void *bytes, size_t size)
{
    char *path = file_join(folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || !file_write_all(fd, bytes, size)) {
        perror(path);
        exit(1);
    }
    close(fd);
    free(path);
}

static void keep_saved(const char *folder, const char *name, struct machine *machine)
{
    static uint8_t packed[1 << 20], content[1 << 22];
    const char *why;
    int fd = target_file("", 0);
    bug_unless(savefile_write(machine, fd, &why) && lseek(fd, HEADER_BYTES, SEEK_SET) > 0);
    ssize_t size = read(fd, packed, sizeof packed);
    bug_unless(size > 0);
    close(fd);
    size_t unpacked = ZSTD_decompress(content, sizeof content, packed, (size_t)size);
    bug_unless(!ZSTD_isError(unpacked));
    keep(folder, name, content, unpacked);
}

static void keep_log(const char *folder, struct machine *machine)
{
    static uint8_t bytes[1 << 16];
    struct input_session session = {machine_hash(machine), machine->clock.s.now, 0,
                                    machine->turn.quantum};
    const char *why;
    int fd = target_file("", 0);
    bug_unless(input_write(&machine->input, &session, fd, &why) && lseek(fd, 0, SEEK_SET) == 0);
    ssize_t size = read(fd, bytes, sizeof bytes);
    bug_unless(size > 0);
    close(fd);
    keep(folder, "session.inputlog", bytes, (size_t)size);
}

/* Every register of every card of the MIPS machine read and written, by two processors. */
static void keep_cards(const char *folder)
{
    enum { LW = 35, SW = 43, LUI = 15, ORI = 13, S0 = 16, T0 = 8, T1 = 9, AT = 1 };
    static const uint8_t slot[] = {0, 1, 2, 3, 4, 27, 28, 29, 30};
    static uint8_t bytes[2 + 0x200 + 4096];
    uint8_t *to = bytes + 2 + 0x200;
    bytes[0] = 1 | 4 | 16;
    bytes[1] = 9;
    for (unsigned i = 0; i < sizeof slot; i++)
        for (unsigned offset = 0; offset < 0x20; offset += 4) {
            uint32_t insn[] = {(uint32_t)LUI << 26 | AT << 16 | (0xbfe0u + slot[i]),
                               (uint32_t)LW << 26 | AT << 21 | T0 << 16 | offset,
                               (uint32_t)ORI << 26 | T1 << 16 | (i * 8 + offset),
                               (uint32_t)SW << 26 | AT << 21 | T1 << 16 | offset};
            for (unsigned n = 0; n < 4; n++)
                for (unsigned b = 4; b-- > 0;)
                    *to++ = (uint8_t)(insn[n] >> 8 * b);
        }
    keep(folder, "cards.mips", bytes, (size_t)(to - bytes));
}

/* Rows of apic.c: all APICs on, the others started, every kind of message, timer and pin. */
static void keep_messages(const char *folder)
{
    static const uint8_t rows[][8] = {
        {0, 0x0f, 1, 0, 0xff, 1},
        {1, 0x0f, 1, 0, 0xff, 1},
        {2, 0x0f, 1, 0, 0xff, 1},
        {1, 0x0d, 1, 0, 0, 0, 0, 2},
        {0, 0x30, 9, 0, 0, 0x45, 12},
        {0, 0x30, 9, 0, 8, 0x46, 12},
        {0, 0x31, 1, 0, 0, 0, 0, 1},
        {0, 0x30, 9, 0, 0x40},
        {1, 0x0b, 1, 0},
        {0, 0x30, 9, 0, 0x41, 8},
        {0, 0x30, 9, 0, 0x42, 9},
        {2, 0x30, 9, 0, 0x43, 0, 4},
        {1, 0x30, 9, 0, 0x44, 0, 8},
        {1, 0x30, 9, 0, 0, 4, 12},
        {2, 0x3e, 1, 0, 0x0b},
        {2, 0x32, 1, 0, 0x50, 0, 2},
        {2, 0x38, 60, 0, 0x40},
        {0x42, 0x39, 1, 0},
        {0, 0x35, 1, 0, 0x00, 0x87},
        {1, 0x36, 1, 0, 0, 4},
        {0x80, 0x14, 1, 0, 0x22},
        {0x80, 0x15, 1, 0, 0, 0, 0, 1},
        {0x80, 0x16, 1, 0, 0x23, 0xa0},
        {0xc0, 0x16, 1, 0},
        {0x80, 0x10, 60, 0, 0, 7},
        {0, 0x08, 1, 0, 0x50},
        {0, 0x37, 1, 0, 0xfe},
        {0, 0x30, 1, 0, 1},
        {0, 0x28, 1, 0},
        {0x40, 0x28, 1, 0},
        {0, 0x0f, 9, 0, 0xff},
        {1, 0x02, 1, 0, 0, 0, 0, 9},
        {1, 0x0e, 1, 0, 0, 0, 0, 0},
    };
    keep(folder, "messages.apic", rows, sizeof rows);
}

int main(int argc, char **argv)
{
    static uint8_t disk[4 * 512];
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
        return 2;
    }
    struct machine *machine = target_pc(NULL);
    memory_put(machine->board->ram(machine), 0x7c00, chips + 2, sizeof chips - 2);
    keep_saved(argv[1], "begun.saved", machine);
    for (uint32_t channel = INPUT_CHANNELS; channel-- > 0;) {
        input_post(&machine->input, channel, channel == INPUT_DATE ? 1234567890 : 'a');
        target_run(machine, 50);
    }
    keep_saved(argv[1], "busy.saved", machine);
    keep_log(argv[1], machine);
    machine_free(machine);
    make_switching_guest();
    keep(argv[1], "chips.guest", chips, sizeof chips);
    keep(argv[1], "flat.guest", flat, sizeof flat);
    keep(argv[1], "switching.guest", guest_bytes, sizeof guest_bytes);
    for (unsigned row = 0; row < 64; row++) { /* every command once: READ 20h ... */
        static const uint8_t commands[] = {0x20, 0x30, 0x40, 0x70, 0x90, 0x91, 0xc6, 0xc4,
                                           0xc5, 0xe7, 0xec, 0xef, 0x10, 0xe5, 0x21, 0xff};
        uint8_t command = commands[row % 16];
        uint8_t words = command == 0x30 || command == 0xc5 ? 0x90 : 0x10;
        uint8_t bytes[] = {0, 1, (uint8_t)(row / 2), 0, 0, 0xe0, command, words};
        memcpy(disk + row * 8, bytes, sizeof bytes);
    }
    keep(argv[1], "commands.disk", disk, sizeof disk);
    keep_cards(argv[1]);
    keep_messages(argv[1]);
    return 0;
}
