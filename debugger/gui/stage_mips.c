/* stage_mips: a MIPS exception on the stage: pipeline, TLB, registers of coprocessor 0, and the
 * kernel's work, as far as there is room. */
#include "debugger/gui/stage_parts.h"

#define EXCEPTION_ROWS 5
#define STATUS_ROWS    4.2F
#define STATUS_COLUMNS 35
#define PIPELINE_ROWS  9
#define LOOKUP_ROWS    4  /* of the TLB, at least; */
#define FAULT_ROWS     3  /* or of a fault in words */
#define WORDS_COLUMNS  30 /* of the registers, at least */

/* Registers at the left, Status at the right; without room for both, one below the other. */
static void draw_registers(struct stage *stage, struct box *box)
{
    int columns = box->w / stage->cw, left = columns - STATUS_COLUMNS - 1;
    if (left < WORDS_COLUMNS) {
        stage_rows(stage, box, EXCEPTION_ROWS, stage_exception);
        stage_rows(stage, box, STATUS_ROWS, stage_status);
        return;
    }
    if (!stage_has_rows(stage, *box, EXCEPTION_ROWS))
        return;
    struct box rows = stage_cut_top(stage, box, EXCEPTION_ROWS);
    struct part kept = part_of(stage, stage_cut_left(stage, &rows, left));
    stage_exception(&kept);
    struct part status = part_of(stage, rows);
    stage_status(&status);
}

/* The exception is being taken: nothing is on the kernel's stack yet. */
static void draw_entry(struct stage *stage, struct box box)
{
    int cell = stage->ch;
    if (cell > 1 && box.h / (cell - 1) > box.h / cell)
        stage->ch--; /* closer by a pixel, for a row more */
    int lookup = stage_tlb_rows(stage), rows = box.h / stage->ch;
    bool fault = stage_has_fault(stage) && stage->scene->mips.lookup_beat == 0;
    int least = lookup < LOOKUP_ROWS ? lookup : LOOKUP_ROWS;
    int below = EXCEPTION_ROWS + (fault ? FAULT_ROWS : least);
    int pipeline = stage_pipeline_rows(stage, rows > below ? rows - below : 0);
    if (pipeline > 1)
        stage_rows(stage, &box, (float)pipeline, stage_pipeline);
    draw_registers(stage, &box);
    int left = box.h / stage->ch;
    if (!fault && lookup > 0 && left >= 3)
        stage_rows(stage, &box, (float)(lookup < left ? lookup : left), stage_tlb);
    if (stage_has_fault(stage) && stage_has_rows(stage, box, FAULT_ROWS)) {
        struct part part = part_of(stage, box);
        stage_fault(&part);
    }
    stage->ch = cell;
}

/* Without room for all of it: what the kernel is at, and what the present instruction asks of the
 * TLB. */
static void draw_middle(struct stage *stage, struct box box)
{
    enum story_phase phase = stage_phase(stage);
    bool failed = stage->scene->mips.lookup_beat != 0, fault = stage_has_fault(stage);
    bool all = stage_has_rows(stage, box, EXCEPTION_ROWS + STATUS_ROWS + STAGE_WORK_ROWS);
    bool work = all || phase > PHASE_TRAP || fault;
    float lookup = (float)stage_tlb_rows(stage), needed = work ? STAGE_WORK_ROWS : 0;
    if (failed && fault && all) /* the entry that it is about rather than Status */
        stage_rows(stage, &box, EXCEPTION_ROWS, stage_exception);
    else if (all || !work)
        draw_registers(stage, &box);
    else if (phase >= PHASE_RESTORE && stage_has_rows(stage, box, needed + STATUS_ROWS))
        stage_rows(stage, &box, STATUS_ROWS, stage_status);
    if (lookup > 0 && stage_has_rows(stage, box, needed + lookup))
        stage_rows(stage, &box, lookup, stage_tlb);
    if (work)
        stage_work(stage, box);
}

#define TALL (PIPELINE_ROWS + EXCEPTION_ROWS + 8)

void stage_mips(struct stage *stage, struct box where)
{
    bool tall = stage_has_rows(stage, where, TALL);
    int pipeline = tall ? stage_pipeline_rows(stage, PIPELINE_ROWS - 1) : 0;
    if (stage_phase(stage) <= PHASE_GATE) {
        draw_entry(stage, where);
        return;
    }
    if (pipeline > 1)
        stage_rows(stage, &where, (float)pipeline, stage_pipeline);
    stage_split(stage, where, draw_middle);
}
