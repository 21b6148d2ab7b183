/* origin: who made memory and registers what they are: the past, searched backwards. */
#include "debugger/origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/operands.h"
#include "debugger/show.h"

/* --- looking at other moments ----------------------------------------------------------------- */

void origin_depart(struct session *session, struct origin_trip *trip)
{
    trip->present = timeline_now(session->timeline);
    trip->stop = session->stop;
    trip->current = session->current;
}

bool origin_visit(struct session *session, struct timeline_position position)
{
    return stops_goto(session, position);
}

void origin_return(struct session *session, const struct origin_trip *trip)
{
    stops_goto(session, trip->present);
    session->stop = trip->stop;
    if (trip->current < frames_unwind(session))
        session->current = trip->current;
}

/* " <main+4>" of what the instruction calls, " <count>" of the variable that it names. */
static void operand_name(struct session *session, const struct arch_insn *insn, char *to,
                         size_t room)
{
    struct operands operands;
    char name[ORIGIN_TEXT / 2 - 4];
    show_operand_symbol(session, insn, to, room);
    if (*to != '\0' || !session->arch->operands(session, insn->address, &operands) ||
        operands.memories == 0)
        return;
    const struct operand_memory *memory = &operands.memory[0];
    if (memory->base != OPERANDS_NO_GPR || memory->index != OPERANDS_NO_GPR)
        return;
    origin_variable(session, memory->linear, name, sizeof name);
    if (name[0] != '\0')
        snprintf(to, room, " <%s>", name);
}

static void instruction_text(struct session *session, uint32_t pc, char *to, size_t room)
{
    struct arch_insn insn;
    char name[ORIGIN_TEXT / 2];
    to[0] = '\0';
    if (!show_instruction_at(session, pc, &insn))
        return;
    operand_name(session, &insn, name, sizeof name);
    snprintf(to, room, "%.*s%s", ORIGIN_TEXT / 2 - 1, insn.text, name);
    for (char *c = to; *c != '\0'; c++)
        if (*c == '\t')
            *c = ' ';
}

void origin_describe(struct session *session, uint32_t pc, struct origin_place *place)
{
    struct process process;
    *place = (struct origin_place){.kernel = session_in_kernel(session)};
    session_symbol(session, pc, place->symbol, sizeof place->symbol);
    instruction_text(session, pc, place->insn, sizeof place->insn);
    struct image *image = session_image(session, pc);
    const struct line_row *row = image == NULL ? NULL : image_line(image, pc);
    if (row != NULL) {
        place->file = row->file;
        place->line = row->line;
        place->source = source_line(&session->symbols, row->file, row->line);
        while (place->source != NULL && (*place->source == ' ' || *place->source == '\t'))
            place->source++;
    }
    if (process_current(session, &process)) {
        place->has_process = true;
        place->pid = process.pid;
        snprintf(place->name, sizeof place->name, "%s", process.name);
    }
}

struct naming {
    uint32_t linear;
    char *to;
    size_t room;
};

static bool name_local(void *context, const char *name, bool argument, const struct value *value)
{
    const struct naming *naming = context;
    (void)argument;
    if (value->where != VALUE_MEMORY || value->address != naming->linear)
        return true;
    snprintf(naming->to, naming->room, "%s", name);
    return false;
}

void origin_variable(struct session *session, uint32_t linear, char *to, size_t room)
{
    struct naming naming = {linear, to, room};
    struct scope scope = session_scope(session);
    to[0] = '\0';
    scope_variables(&scope, name_local, &naming);
    struct image *image = session_image(session, linear);
    const struct symbol *symbol = image == NULL ? NULL : image_symbol(image, linear);
    if (to[0] == '\0' && symbol != NULL && linear - symbol->address < symbol->size)
        image_describe(image, linear, to, room);
}

const char *origin_where(const struct origin_place *place, char *to, size_t room)
{
    const char *symbol = place->symbol[0] == '\0' ? "code without a symbol" : place->symbol;
    if (place->file == NULL)
        snprintf(to, room, "%s", symbol);
    else
        snprintf(to, room, "%s (%s:%u)", symbol, say_file(place->file), place->line);
    return to;
}

/* --- searching -------------------------------------------------------------------------------- */

struct search {
    struct session *session;
    struct origin *origin;
    unsigned count;
    bool closed[16]; /* answered by a later stretch already */
    bool registers;  /* some question is about a register */
    int number[16];  /* of the register */
    bool known;      /* last[] is there */
    uint64_t last[16];
    struct timeline_position before; /* the previous instruction */
    uint32_t before_pc;
};

static struct timeline_position position_of(const struct cpu *cpu)
{
    return (struct timeline_position){cpu->clock->s.now, cpu_machine_count(cpu), 0};
}

/* A micro-step belongs to a delivery or return: the answer names where that began. */
static struct timeline_position beginning(const struct cpu *cpu)
{
    struct timeline_position at = position_of(cpu);
    for (uint64_t n = cpu->trace->written; n-- > 0;) {
        const struct trace_event *event = trace_at(cpu->trace, n);
        if (event == NULL || event->count != at.count)
            break;
        at.tick = event->tick;
    }
    return at;
}

static bool overlaps(uint32_t a, uint32_t a_length, uint32_t b, uint32_t b_length)
{
    return a - b < b_length || b - a < a_length;
}

static bool covers(const struct cpu *cpu, const struct cpu_access *access,
                   const struct origin *origin)
{
    uint32_t room = 4096 - (access->linear & 0xfff), physical;
    if (access->size <= room)
        return overlaps(access->physical, access->size, origin->physical, origin->length);
    if (overlaps(access->physical, room, origin->physical, origin->length))
        return true;
    return cpu->ops->translate(cpu, access->linear + room, &physical) &&
           overlaps(physical, access->size - room, origin->physical, origin->length);
}

static bool on_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct search *search = context;
    if (!access->write)
        return false;
    for (unsigned i = 0; i < search->count; i++) {
        struct origin *origin = &search->origin[i];
        if (search->closed[i] || origin->reg != NULL || !covers(cpu, access, origin) ||
            (origin->software && access->micro && search->session->arch->step_marks(access->step)))
            continue;
        origin->found = true;
        origin->when = access->micro ? beginning(cpu) : position_of(cpu);
        origin->pc = cpu->ops->pc(cpu);
        origin->linear = access->linear;
        origin->value = access->value;
        origin->old = access->old;
        origin->size = access->size;
        origin->micro = access->micro;
        origin->step = access->step;
    }
    return false;
}

/* What a register of the system holds changes between two instructions: the first one did it. */
static bool on_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct search *search = context;
    for (unsigned i = 0; i < search->count; i++) {
        struct origin *origin = &search->origin[i];
        uint64_t value;
        if (search->closed[i] || origin->reg == NULL || search->number[i] < 0)
            continue;
        cpu->ops->reg_get(cpu, (unsigned)search->number[i], &value);
        if (search->known && value != search->last[i]) {
            origin->found = true;
            origin->when = search->before;
            origin->pc = search->before_pc;
            origin->old = (uint32_t)search->last[i];
            origin->value = (uint32_t)value;
        }
        search->last[i] = value;
    }
    search->known = true;
    search->before = position_of(cpu);
    search->before_pc = pc;
    return false;
}

static bool open_questions(struct search *search)
{
    unsigned open = 0;
    search->registers = false;
    for (unsigned i = 0; i < search->count; i++) {
        search->closed[i] = search->origin[i].found;
        open += !search->closed[i];
        search->registers |= !search->closed[i] && search->origin[i].reg != NULL;
    }
    return open > 0;
}

static void describe_all(struct session *session, struct origin *origin, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (origin[i].found && origin_visit(session, origin[i].when))
            origin_describe(session, origin[i].pc, &origin[i].place);
}

bool origin_search(struct session *session, struct origin *origin, unsigned count,
                   struct timeline_position before)
{
    struct search search = {.session = session, .origin = origin, .count = count < 16 ? count : 16};
    struct timeline_position from, to = before;
    struct origin_trip trip;
    bool fine = true;
    for (unsigned i = 0; i < search.count; i++)
        search.number[i] =
            origin[i].reg == NULL ? -1 : cpu_register_number(session->cpu, origin[i].reg);
    origin_depart(session, &trip);
    while (fine && open_questions(&search) && timeline_before(session->timeline, to, &from)) {
        struct cpu_observer observer = {.context = &search, .access = on_access};
        if (search.registers)
            observer.insn = on_insn;
        search.known = false;
        fine = stops_scan(session, from, to, &observer);
        to = from;
    }
    describe_all(session, origin, search.count);
    origin_return(session, &trip);
    return fine;
}

/* --- registers -------------------------------------------------------------------------------- */

#define HISTORY 65536u
#define NESTED  8u

struct step {
    struct timeline_position when;
    uint32_t pc;
};

/* The last instructions of one program, or of one kernel stack: those of interrupts left out. */
struct history {
    unsigned privilege;
    uint32_t space;
    struct step *step;
    uint64_t steps;
    uint64_t seen;
    uint32_t saved[NESTED]; /* where the interrupts that are being handled go back to */
    unsigned nested;
};

static void follow(struct history *history, struct cpu *cpu)
{
    for (; history->seen < cpu->trace->written; history->seen++) {
        const struct trace_event *event = trace_at(cpu->trace, history->seen);
        if (event == NULL || history->privilege != 0)
            continue;
        if (event->kind == TRACE_TRAP && event->old == 0 && history->nested < NESTED)
            history->saved[history->nested++] = event->addr;
        else if (event->kind == TRACE_RETURNED && event->value == 0 && history->nested > 0 &&
                 event->addr == history->saved[history->nested - 1])
            history->nested--;
    }
}

static bool note_step(void *context, struct cpu *cpu, uint32_t pc)
{
    struct history *history = context;
    follow(history, cpu);
    if (cpu->ops->privilege(cpu) != history->privilege || cpu->ops->space(cpu) != history->space ||
        history->nested > 0)
        return false;
    history->step[history->steps++ % HISTORY] = (struct step){position_of(cpu), pc};
    return false;
}

static bool record(struct session *session, struct history *history, struct timeline_position at)
{
    struct timeline_position from = TIMELINE_AT_COUNT(at.count > HISTORY ? at.count - HISTORY : 0);
    struct timeline_position origin = timeline_origin(session->timeline);
    if (from.count < origin.count)
        from = origin;
    struct cpu_observer observer = {.context = history, .insn = note_step};
    if (!origin_visit(session, at))
        return false;
    history->privilege = session->cpu->ops->privilege(session->cpu);
    history->space = session->cpu->ops->space(session->cpu);
    origin_visit(session, from);
    history->seen = session->machine->trace.written;
    return stops_scan(session, from, (struct timeline_position){0, at.count, 0}, &observer);
}

/* At the instruction: where its value came from. */
static void follow_source(struct session *session, const struct operands *operands,
                          struct origin_register *out)
{
    out->from_memory = operands->source == FROM_MEMORY && operands->memories > 0;
    if (!out->from_memory)
        return;
    out->linear = operands->memory[0].linear;
    out->from_memory = session_translate(session, out->linear, &out->physical);
    origin_variable(session, out->linear, out->variable, sizeof out->variable);
}

static bool changes(const struct operands *operands, unsigned gpr)
{
    return gpr == ORIGIN_PC || (operands->writes >> gpr & 1) != 0;
}

/* Backwards through the steps; a plain copy from another register is followed to that one. */
static bool find_change(struct session *session, const struct history *history, unsigned gpr,
                        struct origin_register *out)
{
    const struct arch *arch = session->arch;
    uint32_t next = session->cpu->ops->pc(session->cpu);
    unsigned looked = 0;
    uint64_t oldest = history->steps > HISTORY ? history->steps - HISTORY : 0;
    for (uint64_t n = history->steps; n-- > oldest;) {
        const struct step *step = &history->step[n % HISTORY];
        struct operands operands;
        bool again = step->pc == next; /* it faulted, and began once more */
        next = step->pc;
        if (again)
            continue;
        looked++;
        if (!arch->operands(session, step->pc, &operands) || !changes(&operands, gpr))
            continue;
        /* Out of the stack pointer: a frame begins, and that is answer enough. */
        bool copies =
            operands.source == FROM_REGISTER && gpr != ORIGIN_PC && operands.from != arch->sp;
        if (copies) {
            gpr = operands.from;
            size_t used = strlen(out->through);
            snprintf(out->through + used, sizeof out->through - used, "%s%s", used > 0 ? ", " : "",
                     arch_register(arch, gpr));
            continue;
        }
        if (gpr == ORIGIN_PC && !operands.jumps) {
            if (arch->delay_slots && looked == 1)
                continue; /* the jump lies in front of its delay slot */
            return false;
        }
        out->when = step->when;
        out->pc = step->pc;
        if (!origin_visit(session, step->when))
            return false;
        out->jump = gpr == ORIGIN_PC;
        origin_describe(session, step->pc, &out->place);
        if (arch->operands(session, step->pc, &operands))
            follow_source(session, &operands, out);
        return true;
    }
    return false;
}

bool origin_register(struct session *session, struct timeline_position at, unsigned gpr,
                     struct origin_register *out)
{
    struct history history = {.step = calloc(HISTORY, sizeof *history.step)};
    struct origin_trip trip;
    *out = (struct origin_register){.pc = 0};
    if (history.step == NULL)
        return false;
    origin_depart(session, &trip);
    at.micro = 0;
    bool found = record(session, &history, at) && origin_visit(session, at) &&
                 find_change(session, &history, gpr, out);
    origin_return(session, &trip);
    free(history.step);
    return found;
}

/* --- saying ----------------------------------------------------------------------------------- */

void origin_say_json(struct session *session, const char *key, const struct origin *origin)
{
    struct output *out = &session->out;
    out_object(out, key);
    out_boolean(out, "found", origin->found);
    if (origin->found) {
        out_number(out, "tick", (int64_t)origin->when.tick);
        out_number(out, "count", (int64_t)origin->when.count);
        out_number(out, "pc", origin->pc);
        out_string(out, "symbol", "%s", origin->place.symbol);
        out_string(out, "instruction", "%s", origin->place.insn);
        if (origin->place.file != NULL) {
            out_string(out, "file", "%s", origin->place.file);
            out_number(out, "line", origin->place.line);
        }
        if (origin->place.source != NULL)
            out_string(out, "source", "%s", origin->place.source);
        if (origin->place.has_process) {
            out_number(out, "pid", origin->place.pid);
            out_string(out, "program", "%s", origin->place.name);
        }
        out_string(out, "mode", "%s", origin->place.kernel ? "kernel" : "user");
        out_number(out, "old", origin->old);
        out_number(out, "value", origin->value);
        out_number(out, "size", origin->size);
    }
    out_close(out);
}
