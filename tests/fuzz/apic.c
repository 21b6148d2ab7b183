/* Fuzzes the local APICs and the I/O APIC: the bytes are accesses of three processors to their
 * registers, with time between them, while all take interrupts. Nothing that they are told crashes
 * or hangs the host, and every state that is reached can be saved and taken back.
 *
 * Rows of 8 bytes: whose access (0 to 2; 80h: the I/O APIC's, by its register; 40h: a read),
 * register (address bits 11..4), instructions that are executed then, size - 1, value. */
#include <string.h>

#include "devices/ioapic.h"
#include "tests/fuzz/target.h"

#define ROW     8u
#define ROWS    400u
#define CODE    0x7c00u
#define HANDLER 0x7e00u
#define CPUS    3u

static struct machine *start(void)
{
    static const uint8_t code[] = {0xfb, 0xf4, 0xeb, 0xfd}; /* STI; 1: HLT; JMP 1b */
    static const uint8_t handler[] = {0xcf};                /* IRET */
    static const uint8_t vector[] = {HANDLER & 0xff, HANDLER >> 8, 0, 0};
    struct machine *machine = target_pc_of(CPUS);
    struct memory *ram = machine->board->ram(machine);
    memory_put(ram, CODE, code, sizeof code);
    memory_put(ram, 0x8000, code, sizeof code); /* for startup IPIs */
    memory_put(ram, HANDLER, handler, sizeof handler);
    for (unsigned i = 0; i < 256; i++)
        memory_put(ram, 4 * i, vector, sizeof vector);
    machine_memory_changed(machine, 0, 0);
    return machine;
}

static void access(struct machine *machine, const uint8_t *row)
{
    unsigned who = (row[0] & 0x3f) % CPUS, size = row[3] % 8 < 6 ? 4 : row[3] % 8 - 5u;
    uint32_t value, got, address = LAPIC_BASE + row[1] * 16u + row[3] / 64;
    memcpy(&value, row + 4, sizeof value);
    if ((row[0] & 0x80) != 0) {
        bus_write(&machine->bus, who, IOAPIC_BASE, 4, row[1]);
        address = IOAPIC_BASE + 0x10;
    }
    if ((row[0] & 0x40) != 0)
        bus_read(&machine->bus, who, address, size, &got);
    else
        bus_write(&machine->bus, who, address, size, value);
    target_run(machine, row[2] % 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct machine *machine = start();
    for (size_t i = 0; i < size / ROW && i < ROWS; i++)
        access(machine, bytes + ROW * i);
    target_save_and_restore(machine, target_pc_of(CPUS));
    machine_free(machine);
    return 0;
}
