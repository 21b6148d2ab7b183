/* stage_gate: the processor's tables on the stage: IDTR, gate, code descriptor, checks, TSS. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/stage_parts.h"

/* --- the gate --------------------------------------------------------------------------------- */

/* Groups of the gate's bytes, as they lie in memory. */
struct group {
    unsigned first, count; /* bytes */
    float column, columns;
    float narrow, narrow_columns; /* the same where there is less room */
    const char *name, *short_name;
    bool high; /* of the half that is read first */
};

static const struct group groups[] = {
    {0, 2, 0, 9, 0, 7, "offset lo", "off lo", false},
    {2, 2, 9.5F, 9, 7.25F, 8, "selector", "selector", false},
    {4, 1, 19, 3, 15.5F, 2.5F, "", "", true},
    {5, 1, 22.5F, 10, 18.25F, 9, "P DPL type", "P DPL typ", true},
    {6, 2, 33, 9, 27.5F, 7.5F, "offset hi", "off hi", true},
};

#define GROUPS (sizeof groups / sizeof *groups)
#define NARROW 42 /* columns from which on nothing is cut */

static void group_value(const struct scene_x86 *x, unsigned number, char *to, size_t room)
{
    switch (number) {
    case 0: snprintf(to, room, "%04" PRIx32, x->gate.offset & 0xffff); break;
    case 1: snprintf(to, room, "%04x", x->gate.selector); break;
    case 3: snprintf(to, room, "%u  %u   %x", x->gate.present, x->gate.dpl, x->gate.type); break;
    case 4: snprintf(to, room, "%04" PRIx32, x->gate.offset >> 16); break;
    default: to[0] = '\0';
    }
}

static void group_bytes(const struct scene_x86 *x, const struct group *group, char *to, size_t room)
{
    size_t used = 0;
    for (unsigned i = 0; i < group->count; i++)
        used += (size_t)snprintf(to + used, room - used, "%s%02x", i > 0 ? " " : "",
                                 x->gate_bytes[group->first + i]);
}

/* The bytes, and what they say, which falls out of them. */
static void draw_group(const struct part *part, unsigned number)
{
    struct stage *stage = part->stage;
    const struct scene_x86 *x = &stage->scene->x86;
    const struct group *group = &groups[number];
    bool narrow = part->columns < NARROW;
    unsigned beat = group->high ? x->gate_high_beat : x->gate_low_beat;
    float column = narrow ? group->narrow : group->column;
    float columns = narrow ? group->narrow_columns : group->columns;
    const char *name = narrow ? group->short_name : group->name;
    float shown = stage_show(stage, beat), middle = column + columns / 2;
    char bytes[16] = "", value[24];
    stage_all(stage);
    if (shown <= 0) {
        part_box(part, column, 3, columns, 1, INK_NONE, INK_EDGE)->dashed = true;
        return;
    }
    group_bytes(x, group, bytes, sizeof bytes);
    group_value(x, number, value, sizeof value);
    bool speaks = value[0] != '\0';
    part_box(part, column, 3, columns, speaks ? 1 + 2 * shown : 1, INK_PAPER, INK_CPU);
    part_box(part, column, 3, columns, 1, INK_MARK, INK_CPU)->bold = true;
    stage_value(part, middle - (float)strlen(bytes) / 2, 3, INK_TEXT, beat, bytes);
    if (!speaks)
        return;
    stage->list->shown = shown;
    part_text(part, middle - (float)strlen(name) / 2, 3 + shown, INK_DIM, "%s", name);
    stage_value(part, middle - (float)strlen(value) / 2, 3 + 2 * shown, INK_TEXT, beat, value)
        ->bold = true;
    stage_all(stage);
}

void stage_idt(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_x86 *x = &scene->x86;
    char title[80];
    snprintf(title, sizeof title,
             stage_has_fault(stage) ? "IDT: the gate for %.40s" : "IDT: the gate",
             scene->fault.title);
    part_title(part, title);
    stage->has_gate = true;
    if (stage_show(stage, x->gate_limit_beat) > 0) {
        bool narrow = part->columns < NARROW;
        part_text(part, 0, 1, INK_TEXT, "IDTR %08" PRIx32, x->idtr_base);
        if (!narrow)
            part_text(part, 15, 1, INK_TEXT, "limit %04" PRIx32, x->idtr_limit);
        part_text(part, narrow ? 15 : 29, 1, INK_DIM, "+ %" PRIu32 " × 8 ↓", scene->vector);
    }
    stage_all(stage);
    if (stage_show(stage, x->gate_high_beat) > 0) {
        bool narrow = part->columns < NARROW;
        part_text(part, 0, 2, INK_TEXT, "IDT[%" PRIu32 "]", scene->vector);
        if (!narrow)
            part_text(part, 9, 2, INK_TEXT, "%08" PRIx32, x->gate_address);
        if (stage->beat >= x->gate_low_beat && !stage_hides(stage, x->gate_low_beat))
            part_text(part, narrow ? 9 : 20, 2, INK_CPU, "%s, DPL %u", x->gate_name, x->gate.dpl)
                ->bold = true;
    }
    stage_all(stage);
    for (unsigned i = 0; i < GROUPS; i++)
        draw_group(part, i);
    if (stage_show(stage, x->gate_low_beat) <= 0 || x->gate.kind == X86_GATE_NONE ||
        stage_hides(stage, x->gate_low_beat)) {
        stage_all(stage);
        return;
    }
    const char *handler = scene->phase[PHASE_SAVE].symbol;
    part_text(part, part->columns < NARROW ? 13 : 16, 6, INK_TEXT, "→ %08" PRIx32 " %s",
              x->gate.offset, handler);
    stage_all(stage);
}

/* --- descriptors ------------------------------------------------------------------------------ */

void stage_gdt(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene_descriptor *d = &stage->scene->x86.code;
    float shown = stage_show(stage, d->beat);
    if (shown <= 0) {
        stage_all(stage);
        part_box(part, 0, 0.2F, (float)part->columns, 2, INK_NONE, INK_EDGE)->dashed = true;
        part_text(part, 1, 0.7F, INK_DIM, "GDT: the code segment");
        return;
    }
    part_box(part, 0, 0.2F, (float)part->columns, 2, INK_PAPER, INK_CPU)->bold = true;
    part_text(part, 1, 0.2F, INK_TEXT, "%s %08" PRIx32 "  limit %08" PRIx32, d->where, d->address,
              d->is.limit);
    stage_value(part, 1, 1.2F, INK_TEXT, d->beat, d->name)->bold = true;
    int x = part_x(part, part->columns < NARROW ? 11.25F : 14);
    if (stage->has_gate)
        draw_arrow(stage->list, x, part_y(part, -1), x, part_y(part, 0.2F), INK_CPU);
    stage_all(stage);
}

void stage_tss(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene_x86 *x = &stage->scene->x86;
    bool never = x->esp0_beat == SCENE_NEVER && stage->scene->phase[PHASE_SAVE].there;
    if (never) {
        part_text(part, 1, 1, INK_DIM, "same ring: the stack stays");
        return;
    }
    if (stage_show(stage, x->esp0_beat) <= 0) {
        stage_all(stage);
        part_box(part, 0, 0.3F, (float)part->columns, 2, INK_NONE, INK_EDGE)->dashed = true;
        part_text(part, 1, 0.8F, INK_DIM, "TSS: the kernel's stack");
        return;
    }
    char value[40];
    part_box(part, 0, 0.3F, (float)part->columns, 2, INK_PAPER, INK_CPU)->bold = true;
    part_text(part, 1, 0.3F, INK_TEXT, "TSS %08" PRIx32 ": stack for ring 0", x->tss_base);
    snprintf(value, sizeof value, "%08" PRIx32, x->esp0);
    part_text(part, 1, 1.3F, INK_DIM, "SS0:ESP0");
    stage_value(part, 15, 1.3F, INK_TEXT, x->esp0_beat, value)->bold = true;
    if (stage_show(stage, x->ss0_beat) > 0) {
        snprintf(value, sizeof value, "%04x", x->ss0);
        stage_value(part, 10, 1.3F, INK_TEXT, x->ss0_beat, value)->bold = true;
        part_text(part, 14, 1.3F, INK_TEXT, ":");
    }
    if (stage_show(stage, x->esp_beat) > 0)
        part_text(part, 25, 1.3F, INK_CPU, "→ ESP")->bold = true;
    stage_all(stage);
}

/* --- checks ----------------------------------------------------------------------------------- */

/* Those that a lecture is about; the others are counted. */
static bool is_told(const struct scene_check *check)
{
    static const char *const told[] = {"gate.DPL >= CPL", "code.DPL <= CPL",
                                       "stack.DPL = code.DPL"};
    for (unsigned i = 0; i < sizeof told / sizeof *told; i++)
        if (strcmp(check->name, told[i]) == 0)
            return true;
    return false;
}

static void draw_check(const struct part *part, float row, const struct scene_check *check)
{
    struct stage *stage = part->stage;
    enum draw_ink ink = check->passed ? INK_GOOD : INK_BAD;
    bool now = check->beat == stage->beat;
    if (now)
        part_box(part, 0, row, (float)part->columns, 1, INK_MARK,
                 check->passed ? INK_NONE : INK_BAD);
    stage_show(stage, check->beat);
    if (!stage_hides(stage, check->beat))
        part_text(part, 0.5F, row, ink, "%s", check->passed ? "✓" : "✗")->bold = true;
    stage_value(part, 3, row, check->passed ? INK_TEXT : INK_BAD, check->beat, check->words)->bold =
        is_told(check) || !check->passed;
    stage_all(stage);
}

void stage_checks(const struct part *part)
{
    struct stage *stage = part->stage;
    const struct scene *scene = stage->scene;
    const struct scene_check *present = NULL;
    unsigned passed = 0, failed = 0;
    float row = 1;
    for (unsigned i = 0; i < scene->checks; i++) {
        const struct scene_check *check = &scene->check[i];
        if (check->returning || check->beat > stage->beat)
            continue;
        passed += check->passed;
        failed += !check->passed;
        if (is_told(check) || !check->passed)
            draw_check(part, row++, check);
        else if (check->beat == stage->beat)
            present = check;
    }
    if (present != NULL)
        draw_check(part, row++, present);
    char title[64] = "Checks";
    if (passed + failed > 0)
        snprintf(title, sizeof title, "Checks by the CPU: %u passed%s", passed,
                 failed > 0 ? ", 1 failed" : "");
    part_title(part, title);
}
