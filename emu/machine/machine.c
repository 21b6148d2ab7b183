/* machine: a whole computer: processors, memory, devices, clock, its input door and its output
 * taps.
 */
#include "emu/machine/machine.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "emu/base/bug.h"

/* How late an event may be seen: one instruction or one trap delivery. A saved clock with events
 * further in the past would fire them in a storm. */
#define MOST_LATE 65536u
#define LAST_TICK (UINT64_C(1) << 62)
#define MOST_DUE  (UINT64_C(1) << 63) /* no device waits that long */

static bool clock_valid(const void *bytes)
{
    struct clock_state s;
    memcpy(&s, bytes, sizeof s);
    if (s.now > LAST_TICK)
        return false;
    for (unsigned i = 0; i < CLOCK_SLOTS; i++)
        if (s.due[i] != CLOCK_NEVER && (s.due[i] > MOST_DUE || s.due[i] + MOST_LATE < s.now))
            return false;
    return true;
}

static bool status_valid(const void *bytes)
{
    struct machine_status s;
    memcpy(&s, bytes, sizeof s);
    return s.pending < 1 + MACHINE_STOP_REASONS;
}

static bool turn_valid(const void *bytes)
{
    struct machine_turn s;
    memcpy(&s, bytes, sizeof s);
    return s.processor < MACHINE_PROCESSORS && s.left <= s.quantum && s.quantum != 0 &&
           s.quantum <= MACHINE_QUANTUM_MOST;
}

static void turn_restored(void *context)
{
    struct machine *machine = context;
    machine->turn.processor %= machine->processors;
    machine->cpu = machine->processor[machine->turn.processor];
}

static void stop_due(void *context, ticks due)
{
    (void)context;
    (void)due;
}

void machine_init(struct machine *machine, const struct machine_board *board, uint32_t hz)
{
    *machine = (struct machine){
        .board = board, .hz = hz, .turn = {.left = MACHINE_QUANTUM, .quantum = MACHINE_QUANTUM}};
    clock_init(&machine->clock);
    bus_init(&machine->bus);
    bus_init(&machine->ports);
    trace_init(&machine->trace);
    state_init(&machine->state);
    input_init(&machine->input, &machine->clock);
    machine->stop_slot = clock_slot(&machine->clock, "stop", stop_due, NULL);
    state_add(&machine->state, (struct state_block){.name = "clock",
                                                    .version = 1,
                                                    .size = sizeof machine->clock.s,
                                                    .bytes = &machine->clock.s,
                                                    .valid = clock_valid,
                                                    .restored = clock_restored,
                                                    .context = &machine->clock});
    state_add(&machine->state, (struct state_block){.name = "machine",
                                                    .version = 1,
                                                    .size = sizeof machine->status,
                                                    .bytes = &machine->status,
                                                    .valid = status_valid});
    state_add(&machine->state, (struct state_block){.name = "turn",
                                                    .version = 2,
                                                    .size = sizeof machine->turn,
                                                    .bytes = &machine->turn,
                                                    .valid = turn_valid,
                                                    .restored = turn_restored,
                                                    .context = machine});
    input_add_state(&machine->input, &machine->state);
}

void machine_set_quantum(struct machine *machine, uint32_t quantum)
{
    bug_unless(quantum <= MACHINE_QUANTUM_MOST);
    if (quantum != 0)
        machine->turn.left = machine->turn.quantum = quantum;
}

void machine_free(struct machine *machine)
{
    if (machine == NULL)
        return;
    for (unsigned i = 0; i < machine->processors; i++)
        machine->processor[i]->ops->free(machine->processor[i]);
    for (unsigned i = 0; i < machine->memories; i++)
        memory_free(machine->memory[i]);
    input_free(&machine->input);
    trace_free(&machine->trace);
    machine->board->destroy(machine);
}

void machine_add_processor(struct machine *machine, struct cpu *cpu)
{
    bug_unless(machine->processors < MACHINE_PROCESSORS && cpu->number == machine->processors);
    machine->processor[machine->processors++] = cpu;
    machine->cpu = machine->processor[0];
    cpu->ops->add_state(cpu, &machine->state);
}

void machine_observe(struct machine *machine, const struct cpu_observer *observer)
{
    for (unsigned i = 0; i < machine->processors; i++)
        machine->processor[i]->ops->observe(machine->processor[i], observer);
}

void machine_memory_changed(struct machine *machine, uint32_t physical, uint32_t length)
{
    for (unsigned i = 0; i < machine->processors; i++)
        machine->processor[i]->ops->memory_changed(machine->processor[i], physical, length);
}

bool machine_can_wake(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->processors; i++)
        if (machine->processor[i]->ops->rest(machine->processor[i]) != CPU_DEAF)
            return true;
    return false;
}

uint64_t machine_count(const struct machine *machine)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < machine->processors; i++)
        count += cpu_count(machine->processor[i]);
    return count;
}

void machine_add_memory(struct machine *machine, struct memory *memory)
{
    bug_unless(machine->memories < MACHINE_MEMORIES);
    machine->memory[machine->memories++] = memory;
}

void machine_output(struct machine *machine, enum machine_output channel, uint8_t byte)
{
    if (machine->tap.output != NULL)
        machine->tap.output(machine->tap.context, channel, byte);
}

void machine_flush(struct machine *machine, unsigned disk)
{
    if (machine->tap.flush != NULL)
        machine->tap.flush(machine->tap.context, disk);
}

void machine_request_stop(struct machine *machine, enum machine_stop_reason reason, uint64_t value)
{
    if (machine->status.pending != 0)
        return; /* the first word counts */
    machine->status.pending = 1 + (uint64_t)reason;
    machine->status.value = value;
    clock_arm(&machine->clock, machine->stop_slot, machine->clock.s.now);
}

/* --- turns ----------------------------------------------------------------------------------- */

static void give_turn(struct machine *machine, unsigned number)
{
    machine->turn.processor = number;
    machine->turn.left = machine->turn.quantum;
    machine->cpu = machine->processor[number];
}

static bool may_run(const struct machine *machine, unsigned number)
{
    const struct cpu *cpu = machine->processor[number];
    return cpu->ops->rest(cpu) == CPU_AWAKE;
}

/* Whose turn is it? Between instructions only. Asked twice at the same moment it is the same: so it
 * does not matter whether a run ended here. When nobody may run, the turn stays where it was. */
static void settle_turn(struct machine *machine)
{
    unsigned now = machine->turn.processor;
    if (machine->turn.left != 0 && may_run(machine, now))
        return;
    for (unsigned i = 1; i <= machine->processors; i++) {
        unsigned next = (now + i) % machine->processors;
        if (may_run(machine, next)) {
            give_turn(machine, next);
            return;
        }
    }
}

/* cpu_ops.run in the terms of one processor among several. */
static enum cpu_stop run_turn(struct machine *machine, struct cpu_limit limit)
{
    struct cpu *cpu = machine->cpu;
    if (cpu->ops->micro(cpu) == 0 && !may_run(machine, machine->turn.processor))
        return CPU_HALTED;
    ticks before = machine->clock.s.now;
    cpu->others = machine_count(machine) - cpu_count(cpu);
    if (limit.count != UINT64_MAX)
        limit.count -= cpu->others;
    if (limit.tick > before && limit.tick - before > machine->turn.left)
        limit.tick = before + machine->turn.left;
    enum cpu_stop stop = cpu->ops->run(cpu, limit);
    ticks spent = machine->clock.s.now - before;
    machine->turn.left -= spent < machine->turn.left ? spent : machine->turn.left;
    return stop == CPU_HALTED ? CPU_LIMIT : stop; /* the others have not been asked */
}

/* --- running --------------------------------------------------------------------------------- */

static struct machine_stop requested_stop(struct machine *machine)
{
    struct machine_stop stop = {(enum machine_stop_reason)(machine->status.pending - 1),
                                machine->status.value};
    if (stop.reason == MACHINE_RESET || stop.reason == MACHINE_BREAK)
        machine->status = (struct machine_status){0};
    if (stop.reason == MACHINE_RESET) {
        give_turn(machine, 0);
        machine->board->reset(machine);
    }
    return stop;
}

static ticks sooner(ticks a, ticks b)
{
    return a < b ? a : b;
}

static bool between_instructions(const struct machine *machine)
{
    return machine->cpu->ops->micro(machine->cpu) == 0;
}

static bool reached(const struct machine *machine, const struct machine_limit *limit)
{
    uint64_t count = machine_count(machine);
    uint32_t micro = machine->cpu->ops->micro(machine->cpu);
    if (count > limit->count || (count == limit->count && micro >= limit->micro))
        return true;
    return micro == 0 && machine->clock.s.now >= limit->tick;
}

/* Lets a halted CPU's time pass. False = it must stop idle. */
static bool pass_idle_time(struct machine *machine, const struct machine_limit *limit, ticks *wake)
{
    *wake = sooner(machine->clock.horizon, input_due(&machine->input));
    ticks target = sooner(*wake, limit->tick);
    if (limit->stop_when_idle || target == CLOCK_NEVER)
        return false;
    machine->clock.s.now = target;
    return true;
}

/* What is to be seen of a moment is settled before anybody looks at it. */
static void settle(struct machine *machine)
{
    clock_fire(&machine->clock);
    if (machine->processors > 1)
        settle_turn(machine);
}

/* Events and input touch the machine between instructions only, and input only when the machine is
 * about to move: so a moment is the same whether a run ended there or not. */
struct machine_stop machine_run(struct machine *machine, struct machine_limit limit)
{
    bool several = machine->processors > 1;
    for (;;) {
        bool between = between_instructions(machine);
        if (between)
            settle(machine);
        if (machine->status.pending != 0 && between)
            return requested_stop(machine);
        if (reached(machine, &limit))
            return (struct machine_stop){MACHINE_LIMIT, 0};
        ticks input = input_due(&machine->input);
        if (between && input <= machine->clock.s.now) {
            input_deliver(&machine->input);
            continue;
        }
        struct cpu_limit until = {sooner(limit.tick, input), limit.count, limit.micro};
        ticks wake;
        switch (several ? run_turn(machine, until) : machine->cpu->ops->run(machine->cpu, until)) {
        case CPU_LIMIT: break;
        case CPU_HALTED:
            if (!pass_idle_time(machine, &limit, &wake))
                return (struct machine_stop){MACHINE_IDLE, wake};
            break;
        case CPU_OBSERVED:
            if (between_instructions(machine))
                settle(machine);
            return (struct machine_stop){MACHINE_OBSERVED, 0};
        case CPU_SHUTDOWN: return (struct machine_stop){MACHINE_SHUTDOWN, 0};
        }
    }
}

void machine_idle_until(struct machine *machine, ticks tick)
{
    tick = sooner(tick, sooner(machine->clock.horizon, input_due(&machine->input)));
    if (tick > machine->clock.s.now && tick != CLOCK_NEVER)
        machine->clock.s.now = tick;
}

/* Pages of zeros that began as zeros count as never written: a TLB may mark a page before anything
 * changes there. */
static uint64_t hash_memory(const struct memory *memory, uint64_t seed)
{
    static const uint8_t zeros[MEMORY_PAGE];
    uint64_t pages = memory_pages(memory);
    for (uint64_t i = memory_next(memory, 0, MEMORY_USED); i < pages;
         i = memory_next(memory, i + 1, MEMORY_USED)) {
        const uint8_t *bytes = memory->bytes + (i << MEMORY_PAGE_SHIFT);
        if ((memory->page[i] & MEMORY_LOADED) != 0 || memcmp(bytes, zeros, MEMORY_PAGE) != 0)
            seed = XXH3_64bits_withSeed(bytes, MEMORY_PAGE, seed ^ i);
    }
    return seed;
}

uint64_t machine_hash(struct machine *machine)
{
    uint64_t seed = state_hash(&machine->state, 0);
    for (unsigned i = 0; i < machine->memories; i++)
        seed = hash_memory(machine->memory[i], seed);
    return seed;
}

void machine_restored(struct machine *machine)
{
    for (unsigned i = 0; i < machine->memories; i++)
        memory_clean(machine->memory[i]);
    machine_memory_changed(machine, 0, 0);
}
