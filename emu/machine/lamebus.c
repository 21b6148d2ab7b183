/* lamebus: the board of the MIPS machine: R3000s on a LAMEbus, as System/161 has them. */
#include "emu/machine/lamebus.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/lamebus_bus.h"
#include "devices/lamebus_disk.h"
#include "devices/lamebus_host.h"
#include "devices/lamebus_random.h"
#include "devices/lamebus_serial.h"
#include "devices/lamebus_timer.h"
#include "devices/lamebus_trace.h"
#include "emu/base/bug.h"

#define SERIAL_PORTS  3u
#define ROM_BASE      0x1fc00000u
#define LEAST_SECTORS 128u

static const char disk_header[] = "System/161 Disk Image";
static const uint8_t break_instruction[4] = {0, 0, 0, 0x0d};

enum pins { PIN_LAMEBUS, PIN_IPI }; /* of a processor */
enum slots { HOST = 27, RANDOM, TIMER, TRACE };

struct board {
    struct machine machine; /* first: a struct machine * is a struct board * */
    struct memory ram, rom, flash, disk[PARTS_DISKS];
    struct lamebus_bus bus;
    struct lamebus_serial com[SERIAL_PORTS];
    struct parts_tap tap[SERIAL_PORTS];
    unsigned ports;
    struct lamebus_disk lhd[PARTS_DISKS];
    struct parts_link link[PARTS_DISKS];
    struct lamebus_timer timer;
    struct lamebus_random random;
    struct lamebus_trace trace;
    struct lamebus_host host;
    void *file[LAMEBUS_HOST_FILES]; /* copies that the host card shows */
    unsigned files;
};

static struct board *board_of(struct machine *machine)
{
    return (struct board *)(void *)machine;
}

struct mips *lamebus_cpu(struct machine *machine, unsigned number)
{
    bug_unless(number < machine->processors);
    return (struct mips *)machine->processor[number];
}

/* --- what the cards do to the machine --------------------------------------------------------- */

static void start(void *machine, unsigned cpu, uint32_t pc, uint32_t a0, uint32_t sp)
{
    mips_start(lamebus_cpu(machine, cpu), pc, a0, sp);
}

static void stop(void *machine, unsigned cpu)
{
    mips_stop(lamebus_cpu(machine, cpu));
}

static void power_off(void *machine)
{
    machine_request_stop(machine, MACHINE_POWER_OFF, 0);
}

static void debug_exit(void *machine, uint32_t value)
{
    machine_request_stop(machine, MACHINE_DEBUG_EXIT, value);
}

static void misused(void *context, unsigned slot, uint32_t offset, uint32_t value)
{
    struct machine *machine = context;
    struct trace_event *event = trace_next(&machine->trace);
    event->tick = machine->clock.s.now;
    event->count = machine_count(machine);
    event->kind = TRACE_ODD;
    event->cpu = (uint8_t)machine->cpu->number;
    event->a = slot;
    event->addr = offset;
    event->value = value;
}

static void say(struct machine *machine, const char *text)
{
    for (; *text != '\0'; text++)
        machine_output(machine, MACHINE_DEBUG_PORT, (uint8_t)*text);
}

static void dump_processor(struct machine *machine, const struct cpu *cpu)
{
    char text[64];
    const struct cpu_register *reg = cpu->ops->registers;
    snprintf(text, sizeof text, "cpu %u:\n", cpu->number);
    say(machine, text);
    for (unsigned i = 0; reg[i].name != NULL; i++) {
        uint64_t value = 0;
        cpu->ops->reg_get(cpu, i, &value);
        bool last = i % 4 == 3 || reg[i + 1].name == NULL;
        snprintf(text, sizeof text, "  %-9s %08" PRIx64 "%s", reg[i].name, value, last ? "\n" : "");
        say(machine, text);
    }
}

static void wish(void *context, enum lamebus_trace_wish wish, uint32_t value)
{
    struct machine *machine = context;
    char text[64];
    if (wish == LAMEBUS_TRACE_STOP) {
        machine_request_stop(machine, MACHINE_BREAK, value);
        return;
    }
    bool dump = wish == LAMEBUS_TRACE_DUMP;
    snprintf(text, sizeof text, "trace: %s %" PRIu32 " (0x%" PRIx32 ")\n",
             dump ? "dump with code" : "code", value, value);
    say(machine, text);
    for (unsigned i = 0; dump && i < machine->processors; i++)
        dump_processor(machine, machine->processor[i]);
}

/* --- the board -------------------------------------------------------------------------------- */

static void destroy(struct machine *machine)
{
    struct board *board = board_of(machine);
    for (unsigned i = 0; i < board->files; i++)
        free(board->file[i]);
    free(board);
}

static unsigned input_room(struct machine *machine, enum input_channel channel)
{
    struct board *board = board_of(machine);
    if (channel > INPUT_COM3)
        return 1;
    return channel < board->ports ? lamebus_serial_room(&board->com[channel]) : 0;
}

static struct memory *ram_of(struct machine *machine)
{
    return &board_of(machine)->ram;
}

static struct memory *disk_of(struct machine *machine, unsigned number)
{
    bug_unless(number < PARTS_DISKS);
    return &board_of(machine)->disk[number];
}

static const struct machine_board lamebus_board = {
    .name = "mips",
    .destroy = destroy,
    .input_room = input_room,
    .ram = ram_of,
    .disk = disk_of,
};

static const char *judge(const struct lamebus_config *config, uint64_t ram)
{
    if (ram < LAMEBUS_RAM_LEAST || ram > LAMEBUS_RAM_MOST || ram % LAMEBUS_RAM_LEAST != 0)
        return "the MIPS machine has 1 to 256 MiB of memory, in whole MiB: give --mem 16M, for "
               "example";
    if (config->cpus > MACHINE_PROCESSORS)
        return "the MIPS machine has 1 to 32 processors: give --cpus 4, for example";
    if (config->flash_size > LAMEBUS_FLASH_MOST)
        return "the file system image is larger than its 64 MiB window";
    return NULL;
}

static bool add_memories(struct board *board, const struct lamebus_config *config, uint64_t ram)
{
    struct machine *machine = &board->machine;
    struct bus *bus = &machine->bus;
    if (!parts_add_memory(machine, &board->ram, "ram", ram) ||
        !parts_add_memory(machine, &board->rom, "rom", MEMORY_PAGE))
        return false;
    bus_add_memory(bus, "ram", 0, (uint32_t)ram, &board->ram, 0, false);
    memory_put(&board->rom, MEMORY_PAGE - sizeof break_instruction, break_instruction,
               sizeof break_instruction);
    bus_add_memory(bus, "rom", ROM_BASE, MEMORY_PAGE, &board->rom, 0, true);
    if (config->flash_size == 0)
        return true;
    uint32_t size = (uint32_t)parts_whole_pages(config->flash_size);
    if (!parts_add_memory(machine, &board->flash, "flash", size))
        return false;
    memory_put(&board->flash, 0, config->flash, config->flash_size);
    bus_add_memory(bus, "flash", LAMEBUS_FLASH_BASE, size, &board->flash, 0, false);
    return true;
}

static void add_processors(struct board *board, const struct lamebus_config *config)
{
    struct machine *machine = &board->machine;
    const struct mips_model *model = config->model == NULL ? &mips_r3000 : config->model;
    unsigned cpus = config->cpus == 0 ? 1 : config->cpus;
    struct lamebus_outside outside = {start, stop, power_off, misused, machine};
    lamebus_bus_init(&board->bus, &machine->clock, machine->hz, &machine->bus,
                     (uint32_t)board->ram.size, cpus, outside);
    lamebus_bus_add_state(&board->bus, &machine->state);
    for (unsigned i = 0; i < cpus; i++) {
        struct mips *cpu = mips_create(model, i, &machine->clock, &machine->bus, &machine->trace);
        if (i != 0)
            mips_share_code(cpu, (struct mips *)machine->processor[0]);
        machine_add_processor(machine, &cpu->cpu);
        lamebus_bus_connect(&board->bus, i, (struct irq_line){mips_pin, cpu, PIN_LAMEBUS},
                            (struct irq_line){mips_pin, cpu, PIN_IPI});
    }
}

static void add_serial(struct board *board, bool carrier)
{
    static const char *const name[SERIAL_PORTS] = {"com1", "com2", "com3"};
    struct machine *machine = &board->machine;
    unsigned number = board->ports++;
    struct lamebus_serial *com = &board->com[number];
    board->tap[number] = (struct parts_tap){machine, MACHINE_COM1 + number};
    lamebus_serial_init(com, &machine->clock, machine->hz, carrier, parts_say, &board->tap[number]);
    lamebus_serial_plug(com, &board->bus, number);
    lamebus_serial_add_state(com, &machine->state, name[number]);
    input_connect(&machine->input, INPUT_COM1 + number, lamebus_serial_receive, com);
    input_connect(&machine->input, INPUT_COM1_CARRIER + number, lamebus_serial_carrier, com);
}

static void add_common_cards(struct board *board)
{
    struct machine *machine = &board->machine;
    lamebus_random_init(&board->random, 0);
    lamebus_random_plug(&board->random, &board->bus, RANDOM);
    lamebus_random_add_state(&board->random, &machine->state);
    lamebus_timer_init(&board->timer, &machine->clock, machine->hz);
    lamebus_timer_plug(&board->timer, &board->bus, TIMER);
    lamebus_timer_add_state(&board->timer, &machine->state);
    input_connect(&machine->input, INPUT_DATE, lamebus_timer_set_date, &board->timer);
}

/* An image of System/161's begins with a sector of its own. NULL = it does, or it need not. */
static const char *judge_image(const struct lamebus_config *config, const struct medium *medium,
                               uint64_t *first)
{
    const uint8_t *bytes = medium_bytes(medium, 0);
    if (bytes == NULL)
        return "the disk image cannot be read";
    bool header = memcmp(bytes, disk_header, sizeof disk_header) == 0;
    *first = header ? LAMEBUS_DISK_SECTOR : 0;
    if (!header && !config->turnstile)
        return "the disk image does not begin as one of System/161 does: make it with "
               "disk161 create";
    if (medium->sectors - header < LEAST_SECTORS)
        return "the disk image is too small: the MIPS machine's disks have at least 128 sectors of "
               "512 bytes";
    return NULL;
}

static const char *add_disks(struct board *board, const struct lamebus_config *config)
{
    static const char *const name[PARTS_DISKS] = {"lhd0", "lhd1"};
    struct machine *machine = &board->machine;
    for (unsigned i = 0; i < PARTS_DISKS; i++) {
        struct medium medium;
        uint64_t first;
        if (!parts_add_disk(machine, i, &config->disk[i], &board->link[i], &board->disk[i],
                            &medium))
            return "the host has not enough memory for a disk of this size";
        if (medium.memory == NULL)
            continue;
        const char *why = judge_image(config, &medium, &first);
        if (why != NULL)
            return why;
        medium.sectors -= (uint32_t)(first / LAMEBUS_DISK_SECTOR);
        lamebus_disk_init(&board->lhd[i], &machine->clock, machine->hz, medium, first);
        lamebus_disk_plug(&board->lhd[i], &board->bus, (config->turnstile ? 3 : 2) + i);
        lamebus_disk_add_state(&board->lhd[i], &machine->state, name[i]);
    }
    return NULL;
}

static void add_host(struct board *board, const struct lamebus_config *config)
{
    bug_unless(config->files <= LAMEBUS_HOST_FILES);
    lamebus_host_init(&board->host, debug_exit, &board->machine);
    for (unsigned i = 0; i < config->files; i++) {
        const struct parts_file *file = &config->file[i];
        void *copy = parts_copy(file);
        board->file[board->files++] = copy;
        lamebus_host_add_file(&board->host,
                              (struct lamebus_host_file){file->name, copy, file->size});
    }
    lamebus_host_plug(&board->host, &board->bus, HOST);
    lamebus_host_add_state(&board->host, &board->machine.state);
}

static void add_trace(struct board *board)
{
    lamebus_trace_init(&board->trace, wish, &board->machine);
    lamebus_trace_plug(&board->trace, &board->bus, TRACE);
    lamebus_trace_add_state(&board->trace, &board->machine.state);
}

struct machine *lamebus_create(const struct lamebus_config *config, const char **why)
{
    uint64_t ram = config->ram == 0 ? LAMEBUS_RAM_DEFAULT : config->ram;
    *why = judge(config, ram);
    if (*why != NULL)
        return NULL;
    struct board *board = bug_alloc(1, sizeof *board);
    struct machine *machine = &board->machine;
    machine_init(machine, &lamebus_board, LAMEBUS_HZ);
    machine_set_quantum(machine, config->quantum);
    if (!add_memories(board, config, ram))
        *why = "the host has not enough memory for this machine: give a smaller --mem";
    if (*why == NULL) {
        add_processors(board, config);
        for (unsigned i = 0; i < (config->turnstile ? SERIAL_PORTS : 1); i++)
            add_serial(board, config->turnstile);
        add_common_cards(board);
        *why = add_disks(board, config);
    }
    if (*why != NULL) {
        machine_free(machine);
        return NULL;
    }
    if (config->turnstile)
        add_host(board, config);
    else
        add_trace(board);
    return machine;
}
