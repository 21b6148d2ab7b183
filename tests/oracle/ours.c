/* ours: runs a case on our CPU, in a small machine of one code and one data segment at CPL 3. */
#include "tests/oracle/oracle.h"

#include <string.h>

#include "cpu/x86/fpu_image.h"
#include "cpu/x86/x86.h"

static struct {
    struct clock clock;
    struct bus memory, ports;
    struct trace trace;
    struct memory code, data;
    struct x86 *x86;
} board;

void ours_open(void)
{
    clock_init(&board.clock);
    bus_init(&board.memory);
    bus_init(&board.ports);
    trace_init(&board.trace);
    memory_init(&board.code, "code", CODE_SIZE);
    memory_init(&board.data, "data", DATA_SIZE);
    memset(board.code.bytes, 0xcc, CODE_SIZE);
    bus_add_memory(&board.memory, "code", CODE_BASE, CODE_SIZE, &board.code, 0, false);
    bus_add_memory(&board.memory, "data", DATA_BASE, DATA_SIZE, &board.data, 0, false);
    board.x86 = x86_create(0, &board.clock, &board.memory, &board.ports, &board.trace);
}

void ours_close(void)
{
    board.x86->cpu.ops->free(&board.x86->cpu);
    memory_free(&board.code);
    memory_free(&board.data);
    trace_free(&board.trace);
}

static struct x86_segment segment(bool code, bool bits_16)
{
    struct x86_segment s = {
        .selector = bits_16 ? (code ? 0x07 : 0x0f) : (code ? 0x23 : 0x2b),
        .attributes = (code ? 0xfb : 0xf3) | (bits_16 ? 0 : X86_ATTR_BIG | X86_ATTR_G),
        .base = bits_16 ? (code ? CODE_BASE : DATA_BASE) : 0,
        .limit = bits_16 ? 0xffff : 0xffffffff,
    };
    return s;
}

static void load_fpu(struct x86_fpu *fpu, const struct fpu_image *image)
{
    fpu->control = (uint16_t)image->control;
    fpu->status = (uint16_t)image->status;
    for (unsigned st = 0; st < 8; st++) {
        unsigned number = ((image->status >> 11) + st) & 7;
        struct x86_fpu_register *reg = &fpu->reg[number];
        memcpy(&reg->significand, image->st[st], 8);
        memcpy(&reg->head, image->st[st] + 8, 2);
        if ((image->tags >> 2 * number & 3) != 3)
            fpu->full |= (uint8_t)(1u << number);
    }
}

/* Every gate is out of reach: the first delivery is seen in the trace, the rest is a shutdown. */
static void prepare(const struct test_case *test)
{
    struct x86 *x = board.x86;
    x->cpu.ops->reset(&x->cpu);
    x->s.cr0 = X86_CR0_PE | X86_CR0_AM | X86_CR0_NE | X86_CR0_ET;
    x->s.cpl = 3;
    x->s.idtr = (struct x86_table){0, 0};
    x->s.gdtr = (struct x86_table){0, 0};
    x->s.eflags = test->eflags | X86_FIXED;
    x->s.eip = test->code_16 ? CODE_START : CODE_BASE + CODE_START;
    memcpy(x->s.gpr, test->gpr, sizeof test->gpr);
    for (unsigned i = X86_ES; i <= X86_GS; i++)
        x->s.segment[i] = segment(i == X86_CS, test->code_16);
    if (test->x87)
        load_fpu(&x->s.fpu, &test->fpu);
    x86_mode_changed(x);
    x86_tlb_flush(x, true);
}

static struct fpu_image image_of(const struct x86_fpu *fpu)
{
    struct fpu_image image = {
        .control = fpu->control, .status = fpu->status, .tags = x86_fpu_tags(fpu)};
    for (unsigned st = 0; st < 8; st++) {
        const struct x86_fpu_register *reg = &fpu->reg[((fpu->status >> 11) + st) & 7];
        memcpy(image.st[st], &reg->significand, 8);
        memcpy(image.st[st] + 8, &reg->head, 2);
    }
    return image;
}

void ours_run(const struct test_case *test, struct outcome *out)
{
    struct x86 *x = board.x86;
    prepare(test);
    memory_put(&board.code, CODE_START, test->code, test->length);
    memory_put(&board.data, SHOWN_BASE, test->data, SHOWN_SIZE);
    x->cpu.ops->memory_changed(&x->cpu, 0, 0);
    uint64_t first = board.trace.written, count = x->s.count;
    struct cpu_limit limit = {.tick = board.clock.s.now + 100000, .count = count + 1};
    x->cpu.ops->run(&x->cpu, limit);

    *out = (struct outcome){0};
    for (uint64_t n = first; n < board.trace.written; n++) {
        const struct trace_event *event = trace_at(&board.trace, n);
        if (event->kind != TRACE_TRAP)
            continue;
        out->faulted = true;
        out->vector = (uint8_t)event->vector;
        out->error = event->value;
        break;
    }
    memcpy(out->gpr, x->s.gpr, sizeof out->gpr);
    out->eip = x->s.eip;
    out->eflags = x->s.eflags;
    out->fpu = image_of(&x->s.fpu);
    memory_get(&board.data, SHOWN_BASE, out->data, SHOWN_SIZE);
    uint8_t traps[16];
    memset(traps, 0xcc, sizeof traps);
    memory_put(&board.code, CODE_START, traps, test->length);
}
