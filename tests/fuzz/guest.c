/* Fuzzes guests: the bytes are a program in a PC with all its devices. No guest crashes or hangs
 * its host; every state that it reaches can be saved and taken back; the debugger's eye changes
 * nothing.
 *
 * Byte 0: 1 = protected mode, 2 = paging, 4 = its bytes from 512 on are GDT and IDT, 8 = a disk.
 * Byte 1: how many of the last bytes are input. */
#include <string.h>

#include "tests/fuzz/target.h"

#define CODE         0x7c00u
#define MOST_CODE    0x4000u
#define INSTRUCTIONS 4000u
#define PAGES        0x1000u /* the page directory; a page table behind it */

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

/* 4 MiB as they are; the 4 MiB above through a page table that the guest's first bytes fill. */
static void set_up_paging(struct machine *machine, const struct guest *guest)
{
    static const uint8_t directory[] = {0x87, 0, 0, 0, 0x07, 0x20, 0, 0};
    struct x86 *cpu = pc_cpu(machine);
    memory_put(machine->board->ram(machine), PAGES, directory, sizeof directory);
    memory_put(machine->board->ram(machine), PAGES + MEMORY_PAGE, guest->code,
               guest->code_size < MEMORY_PAGE ? guest->code_size : MEMORY_PAGE);
    cpu->s.cr3 = PAGES;
    cpu->s.cr4 |= X86_CR4_PSE;
    cpu->s.cr0 |= X86_CR0_PG;
    x86_mode_changed(cpu);
}

static bool load(void *context, uint64_t offset, void *page, size_t size)
{
    (void)context;
    memset(page, (int)(offset >> 12), size);
    return offset < 0x4000;
}

static const struct parts_disk disk = {.sectors = 77, .load = load};

static struct machine *start(const struct guest *guest)
{
    struct machine *machine = target_pc((guest->mode & 8) != 0 ? &disk : NULL);
    struct x86 *cpu = pc_cpu(machine);
    memory_put(machine->board->ram(machine), CODE, guest->code, guest->code_size);
    input_post(&machine->input, INPUT_DATE, 1234567890);
    if ((guest->mode & 1) != 0)
        pc_enter_multiboot(machine, CODE, 0);
    if ((guest->mode & 3) == 3)
        set_up_paging(machine, guest);
    if ((guest->mode & 4) != 0) {
        cpu->s.gdtr = (struct x86_table){CODE + 512, 255};
        cpu->s.idtr = (struct x86_table){CODE + 768, 2047};
    }
    machine->cpu->ops->memory_changed(machine->cpu, 0, 0);
    return machine;
}

static void run(struct machine *machine, const struct guest *guest)
{
    static const enum input_channel channel[] = {INPUT_COM1, INPUT_KEY, INPUT_COM2,
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
    observed->cpu->ops->observe(observed->cpu, &observer);
    run(observed, &guest);
    bug_unless(machine_hash(machine) == machine_hash(observed));
    machine_free(observed);
    target_save_and_restore(machine, target_pc((guest.mode & 8) != 0 ? &disk : NULL));
    machine_free(machine);
    return 0;
}
