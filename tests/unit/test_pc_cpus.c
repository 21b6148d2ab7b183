/* Unit tests of a PC with several processors: the MP table (MultiProcessor Specification 1.4,
 * chapter 4), which IRQ is which pin, and what the processors are when the power comes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "devices/ioapic.h"
#include "emu/machine/mptable.h"
#include "emu/machine/pc.h"

#define MARKED 0x18340u /* in the ROM of 128 KiB: F8340 */
#define ROOM   1024u

static uint8_t rom[0x20000];
static struct machine *machine;
static const char *why;

static void power_on(unsigned cpus, bool marked)
{
    memset(rom, 0x5a, sizeof rom);
    if (marked)
        memcpy(rom + MARKED, MPTABLE_MARK, sizeof MPTABLE_MARK);
    struct pc_config config = {.cpus = cpus, .ram = 2 << 20, .bios = rom, .bios_size = sizeof rom};
    machine = pc_create(&config, &why);
    ck_assert(machine != NULL);
}

static uint32_t get(uint32_t address, unsigned size)
{
    uint32_t value = 0;
    ck_assert(bus_peek(&machine->bus, address, size, &value));
    return value;
}

static uint8_t sum(uint32_t address, unsigned bytes)
{
    uint8_t total = 0;
    for (unsigned i = 0; i < bytes; i++)
        total = (uint8_t)(total + get(address + i, 1));
    return total;
}

/* As a kernel searches: 16-byte boundaries of F0000 to FFFFF. */
static uint32_t find_pointer(void)
{
    for (uint32_t at = 0xf0000; at < 0x100000; at += 16)
        if (get(at, 4) == 0x5f504d5f)
            return at;
    return 0;
}

/* IRQ of each pin of the I/O APIC by the table's entry at `at`, which is an interrupt's. */
static void check_interrupt(uint32_t at, unsigned *irqs)
{
    unsigned irq = get(at + 5, 1), pin = get(at + 7, 1);
    ck_assert_uint_eq(get(at + 1, 1), 0); /* INT */
    ck_assert_uint_eq(get(at + 2, 2), 0); /* as the bus has it */
    ck_assert_uint_eq(pin, irq == 0 ? 2 : irq);
    *irqs |= 1u << irq;
}

START_TEST(the_table_lists_all)
{
    static const unsigned counts[] = {1, 2, 4, 32};
    unsigned cpus = counts[_i], irqs = 0, kinds[5] = {0};
    power_on(cpus, true);
    uint32_t pointer = find_pointer();
    ck_assert_uint_eq(pointer, 0xf0000 + (MARKED - 0x10000));
    ck_assert_uint_eq(sum(pointer, 16), 0);
    ck_assert_uint_eq(get(pointer + 8, 1), 1);         /* paragraphs */
    ck_assert_uint_eq(get(pointer + 9, 1), 4);         /* revision 1.4 */
    ck_assert_uint_eq(get(pointer + 12, 1) & 0x80, 0); /* no IMCR */
    uint32_t table = get(pointer + 4, 4), length = get(table + 4, 2);
    ck_assert_uint_eq(get(table, 4), 0x504d4350); /* PCMP */
    ck_assert_uint_eq(sum(table, length), 0);
    ck_assert_uint_eq(get(table + 36, 4), LAPIC_BASE);
    ck_assert_uint_le(table + length, pointer + ROOM);
    uint32_t at = table + 44;
    for (unsigned i = 0; i < get(table + 34, 2); i++) {
        unsigned kind = get(at, 1);
        ck_assert_uint_le(kind, 4);
        if (kind == 0) {
            ck_assert_uint_eq(get(at + 1, 1), kinds[0]);
            ck_assert_uint_eq(get(at + 3, 1), kinds[0] == 0 ? 3 : 1);
        } else if (kind == 2) {
            ck_assert_uint_eq(get(at + 3, 1), 1);
            ck_assert_uint_eq(get(at + 4, 4), IOAPIC_BASE);
        } else if (kind == 3) {
            check_interrupt(at, &irqs);
        } else if (kind == 4) {
            ck_assert_uint_eq(get(at + 1, 1), get(at + 7, 1) == 0 ? 3 : 1); /* ExtINT, NMI */
        }
        kinds[kind]++;
        at += kind == 0 ? 20 : 8;
    }
    ck_assert_uint_eq(at, table + length);
    ck_assert_uint_eq(kinds[0], cpus);
    ck_assert_uint_eq(kinds[1], 2);
    ck_assert_uint_eq(kinds[2], 1);
    ck_assert_uint_eq(irqs, 0xfffb); /* all but the cascade */
    ck_assert_uint_eq(kinds[4], 2);
    machine_free(machine);
}
END_TEST

START_TEST(a_rom_of_somebody_else_is_left_alone)
{
    power_on(4, false);
    ck_assert_uint_eq(find_pointer(), 0);
    for (uint32_t at = 0xe0000; at < 0x100000; at += 4)
        ck_assert_uint_eq(get(at, 4), 0x5a5a5a5a);
    machine_free(machine);
}
END_TEST

static uint32_t lapic_register(unsigned cpu, uint32_t offset)
{
    uint32_t value = 0;
    ck_assert(bus_read(&machine->bus, cpu, LAPIC_BASE + offset, 4, &value));
    return value;
}

static void check_start(void)
{
    ck_assert_uint_eq(lapic_register(0, 0xf0), 0x1ff); /* virtual wire, 3.6.2.2 */
    ck_assert_uint_eq(lapic_register(0, 0x350), 0x8700);
    ck_assert_uint_eq(lapic_register(0, 0x360), 0x400);
    ck_assert_int_eq(machine->processor[0]->ops->rest(machine->processor[0]), CPU_AWAKE);
    for (unsigned i = 1; i < 3; i++) {
        ck_assert_uint_eq(lapic_register(i, 0x20), i << 24);
        ck_assert_uint_eq(lapic_register(i, 0xf0), 0xff);
        ck_assert_uint_eq(lapic_register(i, 0x350), 0x10000);
        ck_assert_int_eq(machine->processor[i]->ops->rest(machine->processor[i]), CPU_DEAF);
    }
}

START_TEST(processors_at_power_on_and_after_a_reset)
{
    power_on(3, true);
    check_start();
    bus_write(&machine->bus, 0, LAPIC_BASE + 0x310, 4, 1 << 24);
    bus_write(&machine->bus, 0, LAPIC_BASE + 0x300, 4, 0x4608); /* a startup IPI for 1 */
    ck_assert_int_eq(machine->processor[1]->ops->rest(machine->processor[1]), CPU_AWAKE);
    ck_assert_int_eq(machine->processor[2]->ops->rest(machine->processor[2]), CPU_DEAF);
    bus_write(&machine->ports, 0, 0x92, 1, 0);
    bus_write(&machine->ports, 0, 0x92, 1, 1);
    ck_assert_int_eq(machine_run(machine, MACHINE_NO_LIMIT).reason, MACHINE_RESET);
    check_start();
    ck_assert_ptr_eq(machine->cpu, machine->processor[0]);
    machine_free(machine);
}
END_TEST

static void route(unsigned pin, uint32_t low, uint32_t destination)
{
    bus_write(&machine->bus, 0, IOAPIC_BASE, 4, 0x11 + 2 * pin);
    bus_write(&machine->bus, 0, IOAPIC_BASE + 0x10, 4, destination << 24);
    bus_write(&machine->bus, 0, IOAPIC_BASE, 4, 0x10 + 2 * pin);
    bus_write(&machine->bus, 0, IOAPIC_BASE + 0x10, 4, low);
}

static void pass(ticks time)
{
    for (ticks end = machine->clock.s.now + time; machine->clock.s.now < end;) {
        machine->clock.s.now += 1000;
        clock_fire(&machine->clock);
    }
}

/* The 8254's output reaches pin 2 and, unmasked, the 8259A, whose output is LINT0 of processor 0.
 */
START_TEST(the_timer_reaches_both_controllers)
{
    power_on(2, true);
    bus_write(&machine->bus, 1, LAPIC_BASE + 0xf0, 4, 0x1ff);
    route(2, 0x42, 1);
    static const uint8_t words[] = {0x11, 0x08, 0x04, 0x01, 0xfe};
    bus_write(&machine->ports, 0, 0x20, 1, words[0]);
    for (unsigned i = 1; i < sizeof words; i++)
        bus_write(&machine->ports, 0, 0x21, 1, words[i]);
    bus_write(&machine->ports, 0, 0x43, 1, 0x34);
    bus_write(&machine->ports, 0, 0x40, 1, 0xe8);
    bus_write(&machine->ports, 0, 0x40, 1, 0x03);
    pass(200000);
    struct x86 *first = pc_cpu(machine), *second = (struct x86 *)machine->processor[1];
    ck_assert_uint_eq(first->s.intr_pin, 1);
    ck_assert_uint_eq(first->acknowledge(first->acknowledge_context), 0x08);
    ck_assert_uint_eq(second->s.intr_pin, 1);
    ck_assert_uint_eq(second->acknowledge(second->acknowledge_context), 0x42);
    machine_free(machine);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pc_cpus");
    TCase *tcase = tcase_create("pc_cpus");
    tcase_add_loop_test(tcase, the_table_lists_all, 0, 4);
    tcase_add_test(tcase, a_rom_of_somebody_else_is_left_alone);
    tcase_add_test(tcase, processors_at_power_on_and_after_a_reset);
    tcase_add_test(tcase, the_timer_reaches_both_controllers);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
