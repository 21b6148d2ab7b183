/* Fuzzes guests of the MIPS machine: the bytes are a program with all its cards and up to four
 * processors. No guest crashes or hangs its host; every state that it reaches can be saved and
 * taken back; the debugger's eye changes nothing.
 *
 * Byte 0: 3 = processors but one, 4 = all of them begin, 8 = Turnstile's cards, 16 = disks, 32 = a
 * MIPS32. Byte 1: how many of the last bytes are input. The program begins at 80000000, vectors
 * first, and its processors 100h apart from 80000200 on. */
#include <string.h>

#include "emu/machine/lamebus.h"
#include "tests/fuzz/target.h"

#define MOST_CODE    0x8000u
#define INSTRUCTIONS 4000u
#define BEGIN        0x80000200u

enum { S0 = 16, S1, S2, S3 };

struct guest {
    uint8_t mode;
    const uint8_t *code, *input;
    size_t code_size, input_size;
};

static struct guest guest_of(const uint8_t *bytes, size_t size)
{
    struct guest guest = {.mode = bytes[0], .code = bytes + 2, .code_size = size - 2};
    guest.input_size = bytes[1] < guest.code_size ? bytes[1] : 0;
    guest.code_size -= guest.input_size;
    guest.input = guest.code + guest.code_size;
    if (guest.code_size > MOST_CODE)
        guest.code_size = MOST_CODE;
    return guest;
}

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    (void)context;
    memset(page, (int)(offset >> 12), size);
    if (offset == 0)
        strcpy(page, "System/161 Disk Image");
    return offset < 0x14000;
}

static struct machine *create(const struct guest *guest)
{
    static const uint8_t flash[] = "a file system";
    static const struct parts_file file = {"opt/name", "content", 7};
    const char *why;
    struct lamebus_config config = {.ram = TARGET_RAM, .cpus = 1u + (guest->mode & 3)};
    if ((guest->mode & 8) != 0) {
        config.turnstile = true;
        config.flash = flash;
        config.flash_size = sizeof flash;
        config.file = &file;
        config.files = 1;
    }
    if ((guest->mode & 16) != 0)
        config.disk[0] = config.disk[1] = (struct parts_disk){.sectors = 177, .load = load};
    if ((guest->mode & 32) != 0)
        config.model = mips_model_named("mips32");
    struct machine *machine = lamebus_create(&config, &why);
    bug_unless(machine != NULL);
    return machine;
}

static struct machine *start(const struct guest *guest)
{
    struct machine *machine = create(guest);
    memory_put(machine->board->ram(machine), 0, guest->code, guest->code_size);
    input_post(&machine->input, INPUT_DATE, 1234567890);
    for (unsigned i = 0; i < machine->processors; i++) {
        struct mips *cpu = lamebus_cpu(machine, i);
        cpu->s.gpr[S0] = 0xbfe00000;
        cpu->s.gpr[S1] = 0xbfff7c00;
        cpu->s.gpr[S2] = 0xbfff8000 + 0x400 * i;
        cpu->s.gpr[S3] = 0x80010000;
        if (i == 0 || (guest->mode & 4) != 0)
            mips_start(cpu, BEGIN + 0x100 * i, i, 0x800f0000);
    }
    machine_memory_changed(machine, 0, 0);
    return machine;
}

static void run(struct machine *machine, const struct guest *guest)
{
    static const enum input_channel channel[] = {INPUT_COM1, INPUT_COM2, INPUT_COM2_CARRIER,
                                                 INPUT_COM1_CARRIER, INPUT_COM3};
    size_t parts = guest->input_size + 1;
    for (size_t i = 0; i < parts; i++) {
        target_run(machine, INSTRUCTIONS / parts + 1);
        if (i < guest->input_size)
            input_post(&machine->input, channel[i % 5], guest->input[i]);
    }
}

static bool see(void *context, struct cpu *cpu, uint32_t pc)
{
    (void)context, (void)cpu, (void)pc;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct cpu_observer observer = {.insn = see};
    if (size < 3)
        return 0;
    struct guest guest = guest_of(bytes, size);
    struct machine *machine = start(&guest), *observed = start(&guest);
    run(machine, &guest);
    machine_observe(observed, &observer);
    run(observed, &guest);
    bug_unless(machine_hash(machine) == machine_hash(observed));
    machine_free(observed);
    target_save_and_restore(machine, create(&guest));
    machine_free(machine);
    return 0;
}
