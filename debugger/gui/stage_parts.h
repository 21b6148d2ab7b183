/* stage_parts: what the files that draw the stage share: a pen that counts in cells, and what has
 * appeared by now. */
#ifndef DEBUGGER_GUI_STAGE_PARTS_H
#define DEBUGGER_GUI_STAGE_PARTS_H

#include "debugger/gui/stage.h"

struct stage {
    const struct scene *scene;
    struct draw_list *list;
    unsigned beat;
    float shown;
    bool quiz;
    int cw, ch;    /* of a cell, pixels */
    bool has_path; /* the way through the phases is in the picture already */
    bool has_gate; /* and so is the IDT */
};

/* A part of the picture, in cells from its own corner. */
struct part {
    struct stage *stage;
    struct box box; /* pixels */
    int columns, rows;
};

struct part part_of(struct stage *stage, struct box box);
/* Pixels of a place in a part; halves are meant. */
int part_x(const struct part *part, float column);
int part_y(const struct part *part, float row);

struct draw_item *part_text(const struct part *part, float column, float row, enum draw_ink ink,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));
struct draw_item *part_box(const struct part *part, float column, float row, float columns,
                           float rows, enum draw_ink ink, enum draw_ink edge);
/* At most `lines` lines of `columns` cells, broken at spaces; answers how many were used. */
int part_wrap(const struct part *part, float column, float row, int columns, int lines,
              enum draw_ink ink, const char *text);
/* A heading with a line below it. */
void part_title(const struct part *part, const char *title);

/* How much of what comes with this beat is there: 0 nothing, 1 all. What is drawn next appears that
 * far. */
float stage_show(struct stage *stage, unsigned beat);
/* Everything is there again. */
void stage_all(struct stage *stage);
/* Is this the value that quiz mode covers? */
bool stage_hides(const struct stage *stage, unsigned beat);
/* A value, or a covered one of as many cells. */
struct draw_item *stage_value(const struct part *part, float column, float row, enum draw_ink ink,
                              unsigned beat, const char *text);

/* stage_gate.c */
void stage_idt(const struct part *part);    /* 7 rows: IDTR, the gate's bytes, its fields */
void stage_gdt(const struct part *part);    /* 2 rows: the code descriptor */
void stage_checks(const struct part *part); /* 5 rows */
void stage_tss(const struct part *part);    /* 2 rows: SS0:ESP0 */
/* stage_mips.c */
void stage_exception(const struct part *part); /* 8 rows: EPC, Cause, BadVAddr, vector */
void stage_status(const struct part *part);    /* 9 rows: the pairs of mode and interrupts */
/* stage_stack.c */
void stage_stacks(const struct part *part);
/* stage_dispatch.c */
void stage_dispatch(const struct part *part);    /* 5 rows: number, table, function */
void stage_return(const struct part *part);      /* 3 rows: result, and the way back */
void stage_fault(const struct part *part);       /* why the CPU refused */
bool stage_has_fault(const struct stage *stage); /* and it has happened */

enum draw_ink stage_author_ink(enum scene_author author);

#endif
