/* mips_vectors_main: runs published single-step vectors of the R3000 on ours.
 *
 * usage: oracle_vectors FILE...   (see mips_vectors.h; one file an instruction)
 *
 * What differs between the two processors is mapped where it can be:
 * - Byte order. Words have the same value, and bytes and halfwords are put where the address says.
 *   LWL, LWR, SWL and SWR do at address A of a little-endian machine what they do at A ^ 3 of ours,
 * with words of the same value: their offset is changed by so much.
 * - A load's result is there at once (System/161), not behind the next instruction. The load that
 * was on its way before is finished behind the instruction, unless that writes the same register;
 * in front of LWL and LWR of the same register, which take it from there (Kane, ch. 5).
 * - A page of the TLB for what is not in kseg0 or kseg1, which the other has not.
 * What has no counterpart is not compared: TAR and Cause.BT, CE but after coprocessor unusable, and
 * by vector, counted: what the architecture leaves undefined (enum kind). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/mips/decode.h"
#include "cpu/mips/mips.h"
#include "emu/base/bug.h"
#include "tests/oracle/mips_vectors.h"

#define RAM_SIZE       0x20000000u /* all of kseg0 */
#define CODE_PAGE      0x00100000u /* where pages of the TLB are */
#define DATA_PAGE      0x00200000u
#define IN_PAGE        0xfffu
#define SHOWN_FAILURES 20u
#define COMPARED_CAUSE (MIPS_BD | MIPS_IP | MIPS_EXCCODE)

enum kind {
    COMPARED,
    BRANCH_IN_SLOT,  /* a branch in the delay slot of another */
    OTHER_CONDITION, /* BcondZ with a code that is none of the four: ours is RI */
    DIVISION_BY_ZERO,
    NO_SUCH_OFFSET,  /* A ^ 3 is out of reach */
    BASE_ON_ITS_WAY, /* LWL, LWR of their base, of which a load has not arrived: both are read */
    CLASSES,
};

static const char *const kind_names[CLASSES] = {
    [BRANCH_IN_SLOT] = "branch in a delay slot", [OTHER_CONDITION] = "BcondZ with a reserved code",
    [DIVISION_BY_ZERO] = "division by zero",     [NO_SUCH_OFFSET] = "offset out of reach",
    [BASE_ON_ITS_WAY] = "base on its way",
};

static struct machine {
    struct clock clock;
    struct bus bus;
    struct memory ram;
    struct trace trace;
    struct mips *cpu;
} machine;

/* --- instructions ----------------------------------------------------------------------------- */

enum { SPECIAL, BCOND, J, JAL, BGTZ = 7, LWL = 0x22, LWR = 0x26, SWL = 0x2a, SWR = 0x2e };
enum { FUNCTION_JR = 8, FUNCTION_JALR, FUNCTION_DIV = 0x1a, FUNCTION_DIVU };

static unsigned opcode(uint32_t word)
{
    return word >> 26;
}

static unsigned field_rs(uint32_t word)
{
    return word >> 21 & 31;
}

static unsigned field_rt(uint32_t word)
{
    return word >> 16 & 31;
}

static bool is_branch(uint32_t word)
{
    unsigned function = word & 63;
    return (opcode(word) >= BCOND && opcode(word) <= BGTZ) ||
           (opcode(word) == SPECIAL && (function == FUNCTION_JR || function == FUNCTION_JALR));
}

/* Works on parts of a word. */
static bool is_partial(uint32_t word)
{
    return opcode(word) == LWL || opcode(word) == LWR || opcode(word) == SWL || opcode(word) == SWR;
}

/* Merges with what is still on its way to its register. */
static bool takes_load(const struct vector *v)
{
    return (opcode(v->word) == LWL || opcode(v->word) == LWR) &&
           v->before.load_register == field_rt(v->word);
}

static uint32_t operand_address(const struct vector *v)
{
    return v->before.gpr[field_rs(v->word)] + (uint32_t)(int16_t)(uint16_t)v->word;
}

/* What the case is, and the word that does it on ours. */
static enum kind prepare(const struct vector *v, uint32_t *word)
{
    unsigned function = v->word & 63, rt = field_rt(v->word);
    *word = v->word;
    if (is_branch(v->word) && v->before.in_slot != 0)
        return BRANCH_IN_SLOT;
    if (opcode(v->word) == BCOND && (rt & 0xe) != 0)
        return OTHER_CONDITION;
    bool divides = opcode(v->word) == SPECIAL && (function & ~1u) == FUNCTION_DIV;
    if (divides && v->before.gpr[rt] == 0)
        return DIVISION_BY_ZERO;
    if (takes_load(v) && field_rs(v->word) == rt)
        return BASE_ON_ITS_WAY;
    if (is_partial(v->word)) {
        int32_t address = (int32_t)operand_address(v);
        int32_t offset = (int16_t)(uint16_t)v->word + ((address ^ 3) - address);
        if (offset != (int16_t)offset)
            return NO_SUCH_OFFSET;
        *word = (v->word & 0xffff0000u) | (uint16_t)offset;
    }
    return COMPARED;
}

/* --- memory ----------------------------------------------------------------------------------- */

static bool is_direct(uint32_t address)
{
    return address >> 30 == 2;
}

/* Physical address; `page` is where it is when the TLB says so. */
static uint32_t place_of(uint32_t address, uint32_t page)
{
    return is_direct(address) ? address & (RAM_SIZE - 1) : page | (address & IN_PAGE);
}

static uint32_t data_place(const struct vector *v, uint32_t address)
{
    bool with_code = (address & ~IN_PAGE) == (v->address & ~IN_PAGE);
    return place_of(address, with_code ? CODE_PAGE : DATA_PAGE);
}

static void put_byte(uint32_t place, uint32_t value)
{
    memory_touch(&machine.ram, place);
    machine.ram.bytes[place] = (uint8_t)value;
}

static void put_value(uint32_t place, unsigned size, uint32_t value)
{
    for (unsigned n = size; n-- > 0; value >>= 8)
        put_byte(place + n, value);
}

static uint32_t get_value(uint32_t place, unsigned size)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < size; n++)
        value = value << 8 | machine.ram.bytes[place + n];
    return value;
}

/* Byte n of an access: the one at its address + n. Those of partial words are where words of the
 * same value have them. */
static uint32_t byte_place(const struct vector *v, const struct vector_access *a, unsigned n)
{
    uint32_t address = a->address + n;
    if (is_partial(v->word))
        return data_place(v, address ^ 3);
    return data_place(v, a->address + a->size - 1 - n);
}

static void put_reads(const struct vector *v)
{
    for (unsigned i = 0; i < v->accesses; i++)
        for (unsigned n = 0; n < v->access[i].size && v->access[i].kind == VECTOR_READ; n++)
            put_byte(byte_place(v, &v->access[i], n), v->access[i].value >> 8 * n);
}

static const char *wrong_write(const struct vector *v)
{
    for (unsigned i = 0; i < v->accesses; i++)
        for (unsigned n = 0; n < v->access[i].size && v->access[i].kind == VECTOR_WRITE; n++)
            if (get_value(byte_place(v, &v->access[i], n), 1) !=
                (v->access[i].value >> 8 * n & 0xff))
                return "memory";
    return NULL;
}

static void map(unsigned entry, uint32_t address, uint32_t page)
{
    struct mips_tlb_entry *slot = &machine.cpu->s.tlb[entry];
    *slot = (struct mips_tlb_entry){.hi = 0x81000000u + entry * 0x1000};
    if (!is_direct(address))
        *slot = (struct mips_tlb_entry){.hi = address & ~IN_PAGE,
                                        .lo = page | MIPS_LO_G | MIPS_LO_V | MIPS_LO_D};
}

/* --- a vector --------------------------------------------------------------------------------- */

static void put_state(const struct vector *v)
{
    struct mips_state *s = &machine.cpu->s;
    const struct vector_state *from = &v->before;
    memcpy(s->gpr, from->gpr, sizeof s->gpr);
    if (takes_load(v))
        s->gpr[from->load_register & 31] = from->load_value;
    s->hi = from->hi;
    s->lo = from->lo;
    s->hilo_ready = 0;
    s->epc = from->epc;
    s->cause = from->cause & COMPARED_CAUSE;
    s->status = 0;
    s->pc = from->pc;
    s->in_slot = from->in_slot != 0;
    s->branch_pc = s->in_slot ? from->pc - 4 : 0;
    s->next_pc = from->branch_taken != 0 ? from->branch_target : from->pc + 4;
}

static void run(const struct vector *v, uint32_t word)
{
    uint32_t code = place_of(v->address, CODE_PAGE);
    struct cpu *cpu = &machine.cpu->cpu;
    put_state(v);
    map(0, v->address, CODE_PAGE);
    uint32_t data = v->accesses > 1 ? v->access[1].address : v->address;
    map(1, (data ^ v->address) & ~IN_PAGE ? data : 0x80000000u, DATA_PAGE);
    mips_soft_flush(machine.cpu);
    put_reads(v);
    put_value(code, 4, word);
    cpu->ops->memory_changed(cpu, code, 4);
    cpu->ops->run(cpu, (struct cpu_limit){CLOCK_NEVER, machine.cpu->s.count + 1, 0});
    if (machine.cpu->s.micro.program != 0) /* it failed: to its vector */
        cpu->ops->run(cpu, (struct cpu_limit){CLOCK_NEVER, machine.cpu->s.count + 1, 0});
}

/* What a register is when the load on its way has arrived. */
static uint32_t arrived(const struct vector_state *state, unsigned reg)
{
    return reg != 0 && state->load_register == reg ? state->load_value : state->gpr[reg];
}

static const char *difference(const struct vector *v)
{
    static char why[80];
    const struct mips_state *s = &machine.cpu->s;
    const struct vector_state *after = &v->after, *before = &v->before;
    for (unsigned n = 1; n < 32; n++) {
        uint32_t ours = s->gpr[n], theirs = arrived(after, n);
        if (ours == before->gpr[n])
            ours = arrived(before, n);
        snprintf(why, sizeof why, "$%u: theirs %08x, ours %08x", n, theirs, ours);
        if (ours != theirs)
            return why;
    }
    if (s->hi != after->hi || s->lo != after->lo)
        return "HI or LO";
    snprintf(why, sizeof why, "PC: theirs %08x, ours %08x", after->pc, s->pc);
    if (s->pc != after->pc)
        return why;
    uint32_t next = after->branch_taken != 0 ? after->branch_target : after->pc + 4;
    snprintf(why, sizeof why, "behind the slot: theirs %08x, ours %08x", next, s->next_pc);
    if (s->next_pc != next || s->in_slot != (after->in_slot != 0))
        return why;
    snprintf(why, sizeof why, "Cause: theirs %08x, ours %08x", after->cause, s->cause);
    if (((s->cause ^ after->cause) & COMPARED_CAUSE) != 0)
        return why;
    return s->epc != after->epc ? "EPC" : wrong_write(v);
}

static unsigned long compared, failed, left_out[CLASSES];

static void compare(const struct vector *v)
{
    uint32_t word;
    enum kind kind = prepare(v, &word);
    if (kind != COMPARED) {
        left_out[kind]++;
        return;
    }
    run(v, word);
    compared++;
    const char *why = difference(v);
    failed += why != NULL;
    if (why != NULL && failed <= SHOWN_FAILURES)
        printf("%s: word %08x at %08x: %s\n", v->name, v->word, v->address, why);
}

static bool run_file(const char *path)
{
    struct vector_file file;
    struct vector vector;
    const char *why;
    if (!vectors_open(&file, path, &why)) {
        printf("oracle: %s: %s\n", path, why);
        return false;
    }
    while (vectors_next(&file, &vector, &why))
        compare(&vector);
    vectors_close(&file);
    if (why != NULL)
        printf("oracle: %s: %s\n", path, why);
    return why == NULL;
}

static void open_machine(void)
{
    clock_init(&machine.clock);
    bus_init(&machine.bus);
    trace_init(&machine.trace);
    bug_unless(memory_init(&machine.ram, "ram", RAM_SIZE));
    bus_add_memory(&machine.bus, "ram", 0, RAM_SIZE, &machine.ram, 0, false);
    machine.cpu = mips_create(&mips_r3000, 0, &machine.clock, &machine.bus, &machine.trace);
}

int main(int argc, char **argv)
{
    bool good = argc > 1;
    if (!good)
        printf("usage: oracle_vectors FILE...\n");
    open_machine();
    for (int n = 1; n < argc; n++)
        good &= run_file(argv[n]);
    for (unsigned n = COMPARED + 1; n < CLASSES; n++)
        if (left_out[n] != 0)
            printf("not compared: %lu %s\n", left_out[n], kind_names[n]);
    printf("oracle: %lu vectors of the R3000 compared, %lu differ\n", compared, failed);
    machine.cpu->cpu.ops->free(&machine.cpu->cpu);
    memory_free(&machine.ram);
    trace_free(&machine.trace);
    return good && failed == 0 && compared != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
