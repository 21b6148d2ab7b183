/* pc: the board of a 32-bit PC/AT: i486s with a PC's chips where a PC has them. */
#include "emu/machine/pc.h"

#include <stdlib.h>

#include "devices/acpi_power.h"
#include "devices/cmos.h"
#include "devices/debugexit.h"
#include "devices/debugport.h"
#include "devices/fwcfg.h"
#include "devices/ide.h"
#include "devices/ioapic.h"
#include "devices/kbd8042.h"
#include "devices/lapic.h"
#include "devices/pic8259.h"
#include "devices/pit8254.h"
#include "devices/port61.h"
#include "devices/port80.h"
#include "devices/port92.h"
#include "devices/uart16550.h"
#include "devices/wired_or.h"
#include "emu/base/bug.h"
#include "emu/machine/mptable.h"

#define SERIAL_PORTS  3u
#define PORT92_A20    2u
#define APIC_TIMER_HZ 1000000000u
#define IRQ_TIMER     0u
#define PIN_TIMER     2u /* of the I/O APIC */
#define PIN_8259A     0u

/* The specification leaves them open. Kernels rest on what QEMU gives: xv6 loads a GDT with code at
 * 8 and goes on with the CS that it has. */
enum { MULTIBOOT_CS = 0x08, MULTIBOOT_DS = 0x10 };

/* What a BIOS leaves: the APIC enabled with spurious vector FF; ExtINT by level, NMI. */
enum { VIRTUAL_WIRE_SVR = 0x1ff, VIRTUAL_WIRE_LINT0 = 0x8700, VIRTUAL_WIRE_LINT1 = 0x400 };

enum a20_source { A20_FROM_8042, A20_FROM_PORT92 };

struct pc {
    struct machine machine; /* first: a struct machine * is a struct pc * */
    struct x86 *cpu[MACHINE_PROCESSORS];
    struct apic_bus apics;
    struct lapic lapic[MACHINE_PROCESSORS];
    struct ioapic ioapic;
    struct memory ram, rom, flash, disk[PARTS_DISKS];
    struct pic8259_pair pic;
    struct pit8254 pit;
    struct kbd8042 kbd;
    struct cmos cmos;
    struct uart16550 com[SERIAL_PORTS];
    struct parts_tap tap[SERIAL_PORTS + 1];
    struct ide ide;
    struct parts_link link[PARTS_DISKS];
    struct vga_text vga;
    struct wired_or a20, irq4;
    struct port61 port61;
    struct port80 port80;
    struct port92 port92;
    struct debugport debugport;
    struct debugexit debugexit;
    struct acpi_power power;
    struct fwcfg fwcfg;
    void *file[FWCFG_ITEMS]; /* copies that fw_cfg shows */
    unsigned files;
};

static struct pc *pc_of(struct machine *machine)
{
    return (struct pc *)(void *)machine;
}

static void debug_exit(void *machine, uint32_t value)
{
    machine_request_stop(machine, MACHINE_DEBUG_EXIT, value);
}

static void power_off(void *machine)
{
    machine_request_stop(machine, MACHINE_POWER_OFF, 0);
}

static void ask_reset(void *machine)
{
    machine_request_stop(machine, MACHINE_RESET, 0);
}

/* --- interrupts --------------------------------------------------------------------------------
 */

/* One of the ISA bus's lines. */
static void isa_irq(void *board, unsigned irq, bool level)
{
    struct pc *pc = board;
    pic8259_pair_pin(&pc->pic, irq, level);
    ioapic_pin(&pc->ioapic, irq == IRQ_TIMER ? PIN_TIMER : irq, level);
}

static struct irq_line isa_line(struct pc *pc, unsigned irq)
{
    return (struct irq_line){isa_irq, pc, irq};
}

static void pic_output(void *board, unsigned pin, bool level)
{
    struct pc *pc = board;
    (void)pin;
    lapic_pin(&pc->lapic[0], 0, level);
    ioapic_pin(&pc->ioapic, PIN_8259A, level);
}

/* What a delivery causes by its own pushes goes untold: its steps lie side by side in the trace. */
static void told(void *context, unsigned processor, const struct apic_message *message)
{
    struct machine *machine = context;
    const struct x86 *running = pc_of(machine)->cpu[machine->cpu->number];
    if ((running->s.attention & X86_ATTEND_MICRO) != 0)
        return;
    struct trace_event *event = trace_next(&machine->trace);
    event->tick = machine->clock.s.now;
    event->count = machine_count(machine);
    event->kind = TRACE_SIGNAL;
    event->cpu = (uint8_t)processor;
    event->vector = message->vector;
    event->value = message->mode;
    event->a = message->from;
}

static void a20_output(void *machine, unsigned pin, bool level)
{
    struct pc *pc = pc_of(machine);
    for (unsigned i = 0; i < pc->machine.processors; i++)
        x86_a20_pin(pc->cpu[i], pin, level);
}

static void reset_processors(struct pc *pc)
{
    ioapic_reset(&pc->ioapic);
    for (unsigned i = 0; i < pc->machine.processors; i++) {
        lapic_reset(&pc->lapic[i]);
        pc->cpu[i]->cpu.ops->reset(&pc->cpu[i]->cpu);
    }
    lapic_write(&pc->lapic[0], LAPIC_SVR, VIRTUAL_WIRE_SVR);
    lapic_write(&pc->lapic[0], LAPIC_REGISTER_LINT0, VIRTUAL_WIRE_LINT0);
    lapic_write(&pc->lapic[0], LAPIC_REGISTER_LINT1, VIRTUAL_WIRE_LINT1);
}

/* --- the board ---------------------------------------------------------------------------------
 */

static void reset(struct machine *machine)
{
    struct pc *pc = pc_of(machine);
    pic8259_pair_reset(&pc->pic);
    pit8254_reset(&pc->pit);
    kbd8042_reset(&pc->kbd);
    cmos_reset(&pc->cmos);
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        uart16550_reset(&pc->com[i]);
    ide_reset(&pc->ide);
    vga_text_reset(&pc->vga);
    port61_reset(&pc->port61);
    port80_reset(&pc->port80);
    port92_reset(&pc->port92);
    acpi_power_reset(&pc->power);
    fwcfg_reset(&pc->fwcfg);
    reset_processors(pc);
}

static void destroy(struct machine *machine)
{
    struct pc *pc = pc_of(machine);
    for (unsigned i = 0; i < pc->files; i++)
        free(pc->file[i]);
    free(pc);
}

static const char *judge(const struct pc_config *config, uint64_t ram)
{
    if (ram < PC_RAM_LEAST || ram > PC_RAM_MOST || ram % PC_RAM_LEAST != 0)
        return "a PC has 1 to 1024 MiB of memory, in whole MiB: give --mem 128M, for example";
    if (config->bios_size != 0x10000 && config->bios_size != 0x20000)
        return "a BIOS ROM has 65536 or 131072 bytes: give --bios a whole ROM image";
    if (config->flash_size > PC_FLASH_MOST)
        return "the flash image is larger than its 12 MiB window";
    if (config->cpus > MACHINE_PROCESSORS)
        return "a PC has 1 to 32 processors: give --cpus 4, for example";
    return NULL;
}

static bool add_memories(struct pc *pc, const struct pc_config *config, uint64_t ram)
{
    struct bus *bus = &pc->machine.bus;
    uint32_t rom = (uint32_t)config->bios_size;
    if (!parts_add_memory(&pc->machine, &pc->ram, "ram", ram) ||
        !parts_add_memory(&pc->machine, &pc->rom, "rom", rom))
        return false;
    bus_add_memory(bus, "ram", 0, 0xa0000, &pc->ram, 0, false);
    if (ram > PC_RAM_LEAST)
        bus_add_memory(bus, "ram", 0x100000, (uint32_t)(ram - 0x100000), &pc->ram, 0x100000, false);
    memory_put(&pc->rom, 0, config->bios, rom);
    mptable_put(pc->rom.bytes, rom, config->cpus == 0 ? 1 : config->cpus);
    bus_add_memory(bus, "rom", 0x100000 - rom, rom, &pc->rom, 0, true);
    bus_add_memory(bus, "rom", 0u - rom, rom, &pc->rom, 0, true);
    if (config->flash_size != 0) {
        uint32_t size = (uint32_t)parts_whole_pages(config->flash_size);
        if (!parts_add_memory(&pc->machine, &pc->flash, "flash", size))
            return false;
        memory_put(&pc->flash, 0, config->flash, config->flash_size);
        bus_add_memory(bus, "flash", PC_FLASH_BASE, size, &pc->flash, 0, true);
    }
    return true;
}

static bool add_disks(struct pc *pc, const struct pc_config *config)
{
    struct medium disk[PARTS_DISKS];
    for (unsigned i = 0; i < PARTS_DISKS; i++)
        if (!parts_add_disk(&pc->machine, i, &config->disk[i], &pc->link[i], &pc->disk[i],
                            &disk[i]))
            return false;
    struct machine *machine = &pc->machine;
    ide_init(&pc->ide, &machine->clock, machine->hz, isa_line(pc, 14), disk);
    if (disk[0].memory != NULL || disk[1].memory != NULL)
        ide_map(&pc->ide, &machine->ports, 0x1f0, 0x3f6);
    ide_add_state(&pc->ide, &machine->state, "ide0");
    return true;
}

static void add_processors(struct pc *pc, unsigned cpus)
{
    struct machine *machine = &pc->machine;
    for (unsigned i = 0; i < cpus; i++) {
        struct x86 *cpu =
            x86_create(i, &machine->clock, &machine->bus, &machine->ports, &machine->trace);
        struct lapic *lapic = &pc->lapic[i];
        if (i != 0)
            x86_share(cpu, pc->cpu[0]);
        pc->cpu[i] = cpu;
        machine_add_processor(machine, &cpu->cpu);
        cpu->acknowledge = lapic_acknowledge;
        cpu->acknowledge_context = lapic;
        lapic_init(lapic, &pc->apics, &machine->clock, machine->hz, APIC_TIMER_HZ,
                   (struct lapic_wires){.intr = {x86_intr_pin, cpu, 0},
                                        .nmi = {x86_nmi_pin, cpu, 0},
                                        .init = {x86_init_pin, cpu, 0},
                                        .startup = x86_startup,
                                        .cpu = cpu,
                                        .extint = pic8259_pair_acknowledge,
                                        .pic = &pc->pic});
        lapic_add_state(lapic, &machine->state);
    }
    pc->apics.told = told;
    pc->apics.told_context = machine;
    lapic_map(&pc->apics, &machine->bus);
}

static void add_interrupts(struct pc *pc)
{
    struct machine *machine = &pc->machine;
    ioapic_init(&pc->ioapic, &pc->apics);
    ioapic_map(&pc->ioapic, &machine->bus);
    ioapic_add_state(&pc->ioapic, &machine->state);
    pic8259_pair_init(&pc->pic, (struct irq_line){pic_output, pc, 0});
    pic8259_pair_map(&pc->pic, &machine->ports);
    pic8259_pair_add_state(&pc->pic, &machine->state);
    pc->cpu[0]->ferr = isa_line(pc, 13);
    wired_or_init(&pc->a20, (struct irq_line){a20_output, machine, 0});
    wired_or_add_state(&pc->a20, &machine->state, "a20");
    wired_or_init(&pc->irq4, isa_line(pc, 4));
    wired_or_add_state(&pc->irq4, &machine->state, "irq4");
}

static void add_timers(struct pc *pc)
{
    struct machine *machine = &pc->machine;
    struct bus *ports = &machine->ports;
    struct clock *clock = &machine->clock;
    pit8254_init(&pc->pit, clock, machine->hz, isa_line(pc, IRQ_TIMER));
    pit8254_map(&pc->pit, ports, 0x40);
    pit8254_add_state(&pc->pit, &machine->state);
    port61_init(&pc->port61, clock, machine->hz, &pc->pit);
    port61_map(&pc->port61, ports, 0x61);
    port61_add_state(&pc->port61, &machine->state);
    cmos_init(&pc->cmos, clock, machine->hz, isa_line(pc, 8));
    cmos_store_memory_size(&pc->cmos, pc->ram.size);
    cmos_map(&pc->cmos, ports, 0x70);
    cmos_add_state(&pc->cmos, &machine->state);
    input_connect(&machine->input, INPUT_DATE, cmos_set_date, &pc->cmos);
}

static void add_serial(struct pc *pc, unsigned number, uint32_t base, struct irq_line irq,
                       const char *name)
{
    struct machine *machine = &pc->machine;
    struct uart16550 *com = &pc->com[number];
    pc->tap[number] = (struct parts_tap){machine, MACHINE_COM1 + number};
    uart16550_init(com, &machine->clock, machine->hz, irq, parts_say, &pc->tap[number]);
    uart16550_map(com, &machine->ports, base);
    uart16550_add_state(com, &machine->state, name);
    input_connect(&machine->input, INPUT_COM1 + number, uart16550_receive, com);
    input_connect(&machine->input, INPUT_COM1_CARRIER + number, uart16550_carrier, com);
}

static bool add_console(struct pc *pc)
{
    struct machine *machine = &pc->machine;
    add_serial(pc, 0, 0x3f8, (struct irq_line){wired_or_pin, &pc->irq4, 0}, "com1");
    add_serial(pc, 1, 0x2f8, isa_line(pc, 3), "com2");
    add_serial(pc, 2, 0x3e8, (struct irq_line){wired_or_pin, &pc->irq4, 1}, "com3");
    kbd8042_init(&pc->kbd, isa_line(pc, 1),
                 (struct irq_line){wired_or_pin, &pc->a20, A20_FROM_8042}, ask_reset, machine);
    kbd8042_map(&pc->kbd, &machine->ports);
    kbd8042_add_state(&pc->kbd, &machine->state);
    input_connect(&machine->input, INPUT_KEY, kbd8042_key, &pc->kbd);
    if (!vga_text_init(&pc->vga, &machine->clock, machine->hz))
        return false;
    vga_text_map(&pc->vga, &machine->bus, &machine->ports);
    vga_text_add_state(&pc->vga, &machine->state);
    machine_add_memory(machine, &pc->vga.memory);
    return true;
}

static void add_control(struct pc *pc)
{
    struct machine *machine = &pc->machine;
    struct bus *ports = &machine->ports;
    port80_init(&pc->port80);
    port80_map(&pc->port80, ports, 0x80);
    port80_add_state(&pc->port80, &machine->state);
    port92_init(&pc->port92, (struct irq_line){wired_or_pin, &pc->a20, A20_FROM_PORT92}, ask_reset,
                machine);
    port92_map(&pc->port92, ports, 0x92);
    port92_add_state(&pc->port92, &machine->state);
    pc->tap[SERIAL_PORTS] = (struct parts_tap){machine, MACHINE_DEBUG_PORT};
    debugport_init(&pc->debugport, parts_say, &pc->tap[SERIAL_PORTS]);
    debugport_map(&pc->debugport, ports, 0xe9);
    debugexit_init(&pc->debugexit, debug_exit, machine);
    debugexit_map(&pc->debugexit, ports, 0xf4);
    acpi_power_init(&pc->power, power_off, machine);
    acpi_power_map(&pc->power, ports, 0x604);
    acpi_power_add_state(&pc->power, &machine->state);
}

static void add_files(struct pc *pc, const struct pc_config *config)
{
    bug_unless(config->files <= FWCFG_ITEMS);
    fwcfg_init(&pc->fwcfg);
    for (unsigned i = 0; i < config->files; i++) {
        const struct parts_file *file = &config->file[i];
        void *copy = parts_copy(file);
        pc->file[pc->files++] = copy;
        fwcfg_add_file(&pc->fwcfg, file->name, copy, file->size);
    }
    fwcfg_map(&pc->fwcfg, &pc->machine.ports, 0x510);
    fwcfg_add_state(&pc->fwcfg, &pc->machine.state);
}

static unsigned input_room(struct machine *machine, enum input_channel channel)
{
    struct pc *pc = pc_of(machine);
    switch (channel) {
    case INPUT_COM1:
    case INPUT_COM2:
    case INPUT_COM3: return uart16550_room(&pc->com[channel - INPUT_COM1]);
    case INPUT_KEY: return kbd8042_room(&pc->kbd);
    default: return 1;
    }
}

static struct memory *ram_of(struct machine *machine)
{
    return &pc_of(machine)->ram;
}

static struct memory *disk_of(struct machine *machine, unsigned number)
{
    bug_unless(number < PARTS_DISKS);
    return &pc_of(machine)->disk[number];
}

static const struct machine_board board = {
    .name = "x86",
    .reset = reset,
    .destroy = destroy,
    .input_room = input_room,
    .ram = ram_of,
    .disk = disk_of,
};

struct machine *pc_create(const struct pc_config *config, const char **why)
{
    uint64_t ram = config->ram == 0 ? PC_RAM_DEFAULT : config->ram;
    *why = judge(config, ram);
    if (*why != NULL)
        return NULL;
    struct pc *pc = bug_alloc(1, sizeof *pc);
    struct machine *machine = &pc->machine;
    machine_init(machine, &board, PC_HZ);
    machine_set_quantum(machine, config->quantum);
    bool complete = add_memories(pc, config, ram);
    if (complete) {
        add_processors(pc, config->cpus == 0 ? 1 : config->cpus);
        add_interrupts(pc);
        add_timers(pc);
        complete = add_console(pc) && add_disks(pc, config);
    }
    if (!complete) {
        *why = "the host has not enough memory for this machine: give a smaller --mem";
        machine_free(machine);
        return NULL;
    }
    add_control(pc);
    add_files(pc, config);
    reset(machine);
    return machine;
}

struct x86 *pc_cpu(struct machine *machine)
{
    return pc_of(machine)->cpu[0];
}

const struct vga_text *pc_vga(const struct machine *machine)
{
    return &((const struct pc *)(const void *)machine)->vga;
}

static void flat_segment(struct x86_segment *segment, uint16_t selector, uint16_t attributes)
{
    *segment = (struct x86_segment){selector, attributes, 0, 0xffffffff};
}

void pc_enter_multiboot(struct machine *machine, uint32_t entry, uint32_t info)
{
    struct x86 *cpu = pc_cpu(machine);
    bus_write(&machine->ports, 0, 0x92, 1, PORT92_A20);
    uint16_t common = X86_ATTR_S | X86_ATTR_P | X86_ATTR_BIG | X86_ATTR_G | X86_ATTR_ACCESSED;
    for (unsigned i = X86_ES; i <= X86_GS; i++)
        flat_segment(&cpu->s.segment[i], MULTIBOOT_DS, common | X86_ATTR_WRITABLE);
    flat_segment(&cpu->s.segment[X86_CS], MULTIBOOT_CS, common | X86_ATTR_CODE | X86_ATTR_READABLE);
    cpu->s.cr0 |= X86_CR0_PE;
    cpu->s.gpr[X86_EAX] = 0x2badb002;
    cpu->s.gpr[X86_EBX] = info;
    cpu->s.eip = entry;
    x86_mode_changed(cpu);
    machine_memory_changed(machine, 0, 0);
}
