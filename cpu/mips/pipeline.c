/* pipeline: which instruction was in which stage in which tick. */
#include "cpu/mips/pipeline.h"

#include "cpu/mips/run.h"

/* --- what is recorded ------------------------------------------------------------------------- */

static struct mips_issue issue_at(const struct mips *c, uint32_t pc)
{
    struct mips_issue issue = {.pc = pc, .count = cpu_machine_count(&c->cpu)};
    uint8_t byte[4];
    issue.readable = (pc & 3) == 0 && cpu_peek(&c->cpu, pc, byte, sizeof byte);
    if (issue.readable)
        issue.word =
            (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
    return issue;
}

static void keep(struct mips_log *log, struct mips_issue issue)
{
    if (log->used < log->room)
        log->issue[log->used++] = issue;
}

void mips_log_before(struct mips_log *log, const struct mips *c)
{
    struct mips_issue issue = issue_at(c, c->s.pc);
    issue.tick = c->cpu.clock->s.now;
    issue.in_slot = c->s.in_slot;
    keep(log, issue);
}

static void keep_younger(struct mips_log *log, const struct mips *c, ticks tick, unsigned count)
{
    struct mips_issue younger[MIPS_YOUNGER];
    mips_younger(c, count, younger);
    for (unsigned n = 0; n < count; n++) {
        younger[n].tick = tick + 1 + n;
        keep(log, younger[n]);
    }
}

/* An interrupt's victim has not been seen: it was not executed. */
void mips_log_step(struct mips_log *log, const struct mips *c, const struct trace_event *event)
{
    const struct mips_micro *micro = &c->s.micro;
    enum mips_step step = (enum mips_step)event->step;
    if (micro->done != 1)
        return;
    if (micro->program == MIPS_PROGRAM_RETURN) {
        keep_younger(log, c, event->tick, mips_step_ticks(c->model, step) - 1);
        return;
    }
    bool seen = log->used > 0 && log->issue[log->used - 1].count == event->count &&
                log->issue[log->used - 1].end == MIPS_RETIRED;
    if (seen)
        log->used--;
    struct mips_issue victim = issue_at(c, c->s.pc);
    victim.tick = event->tick;
    victim.in_slot = c->s.in_slot;
    victim.end = MIPS_TRAPPED;
    victim.exception = micro->exception;
    victim.cause = micro->cause;
    victim.step = event->step;
    keep(log, victim);
    keep_younger(log, c, event->tick, mips_stage_of(c->model, step) - 1);
}

void mips_younger(const struct mips *c, unsigned count, struct mips_issue *out)
{
    uint32_t pc = c->s.pc, next = c->s.next_pc;
    for (unsigned n = 0; n < count; n++) {
        struct mips_issue older = issue_at(c, pc);
        struct mips_insn insn = {.class = MIPS_PLAIN_CLASS};
        if (older.readable)
            mips_decode((enum mips_isa)c->model->isa, older.word, &insn);
        uint32_t behind = mips_behind_slot(c, pc, next, &insn);
        pc = next;
        next = behind;
        out[n] = issue_at(c, pc);
        out[n].in_slot = insn.class == MIPS_BRANCH_CLASS || insn.class == MIPS_LIKELY_CLASS;
        out[n].end = MIPS_SQUASHED;
    }
}

/* --- what is worked out ----------------------------------------------------------------------- */

/* What the rules know when an instruction begins. */
struct rules {
    const struct mips_model *model;
    ticks next;   /* the next one should begin then */
    ticks ready;  /* HI and LO can be used then, */
    size_t maker; /* made by this one */
    ticks killed; /* what was squashed behind the last one was gone then */
};

static void walk(struct mips_passage *passage, ticks begin, unsigned stages)
{
    passage->reached = (uint8_t)stages;
    for (unsigned stage = MIPS_IF; stage <= stages; stage++)
        passage->enter[stage] = begin + stage - MIPS_IF + (stage > MIPS_RD ? passage->waited : 0);
    passage->leave = begin + stages + passage->waited;
}

static unsigned stages_until(ticks end, ticks begin)
{
    return end <= begin ? 0 : end - begin < MIPS_WB ? (unsigned)(end - begin) : MIPS_WB;
}

static void retire(struct rules *rules, const struct mips_issue *issue, size_t number,
                   struct mips_passage *passage)
{
    struct mips_insn insn;
    mips_decode((enum mips_isa)rules->model->isa, issue->word, &insn);
    if (insn.class == MIPS_HILO_CLASS && rules->ready > issue->tick) {
        passage->waited = rules->ready - issue->tick;
        passage->maker = rules->maker;
    }
    walk(passage, issue->tick, MIPS_WB);
    unsigned hilo = mips_hilo_ticks(rules->model, &insn);
    if (hilo != 0) {
        rules->ready = issue->tick + passage->waited + hilo;
        rules->maker = number;
    }
    rules->next = issue->tick + passage->waited + mips_insn_ticks(&insn);
    rules->killed = rules->next;
}

static void trap(struct rules *rules, const struct mips_issue *issue, struct mips_passage *passage)
{
    enum mips_step step = (enum mips_step)issue->step;
    walk(passage, issue->tick, mips_stage_of(rules->model, step));
    rules->killed = passage->leave;
    rules->next = issue->tick + mips_entry_ticks(rules->model, step);
}

/* The one in front of it keeps it in the first stage as long as it stays in the second. */
static void follow(const struct mips_issue *older, const struct mips_passage *front,
                   struct mips_passage *passage)
{
    if (older->end == MIPS_RETIRED && front->waited != 0 && passage->late == 0)
        passage->enter[MIPS_IF] = front->enter[MIPS_RD];
}

void mips_pipeline(const struct mips_model *model, const struct mips_issue *issue, size_t count,
                   ticks ready, struct mips_passage *out)
{
    struct rules rules = {.model = model, .ready = ready, .maker = MIPS_NO_MAKER};
    for (size_t n = 0; n < count; n++) {
        const struct mips_issue *one = &issue[n];
        struct mips_passage *passage = &out[n];
        *passage = (struct mips_passage){.maker = MIPS_NO_MAKER};
        if (one->end == MIPS_SQUASHED) {
            walk(passage, one->tick, stages_until(rules.killed, one->tick));
            continue;
        }
        passage->late = n > 0 && one->tick > rules.next ? one->tick - rules.next : 0;
        passage->early = n > 0 && one->tick < rules.next;
        rules.ready += passage->late;
        if (one->end == MIPS_TRAPPED)
            trap(&rules, one, passage);
        else
            retire(&rules, one, n, passage);
        if (n > 0)
            follow(one - 1, passage - 1, passage);
    }
}

unsigned mips_stage_at(const struct mips_passage *passage, ticks tick)
{
    if (passage->reached == 0 || tick < passage->enter[MIPS_IF] || tick >= passage->leave)
        return 0;
    unsigned stage = MIPS_IF;
    while (stage < passage->reached && tick >= passage->enter[stage + 1])
        stage++;
    return stage;
}

const char *mips_stage_name(const struct mips_model *model, enum mips_stage stage)
{
    static const char *const names[MIPS_ISA_BOTH + 1][MIPS_WB + 1] = {
        [MIPS_ISA_R3000] = {"", "IF", "RD", "ALU", "MEM", "WB"},
        [MIPS_ISA_MIPS32] = {"", "I", "E", "M", "A", "W"},
    };
    return names[model->isa][stage];
}
