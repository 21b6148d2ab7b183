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
/* In at most so many cells. */
struct draw_item *part_cut(const struct part *part, float column, float row, int columns,
                           enum draw_ink ink, const char *text);
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

/* --- layout: stage.c */
#define STAGE_WORK_ROWS 8

typedef void stage_part_fn(const struct part *part);
typedef void stage_middle_fn(struct stage *stage, struct box box);

enum story_phase stage_phase(const struct stage *stage); /* stage_path.c: of the present beat */
/* Cuts `columns` and a gap of one off the left side. */
struct box stage_cut_left(const struct stage *stage, struct box *from, int columns);
struct box stage_cut_top(const struct stage *stage, struct box *from, float rows);
bool stage_has_rows(const struct stage *stage, struct box box, float rows);
/* Draws into the next rows, when they are there. */
void stage_rows(struct stage *stage, struct box *box, float rows, stage_part_fn *draw);
/* The mechanism at the left, both stacks at the right: what has room. */
void stage_split(struct stage *stage, struct box where, stage_middle_fn *draw);
/* What the kernel does, or why the processor refused: STAGE_WORK_ROWS, and more when there are. */
void stage_work(struct stage *stage, struct box box);

/* --- parts */
#define STAGE_PATH_ROWS 8
void stage_path(const struct part *part); /* stage_path.c: the phases */
/* stage_gate.c */
void stage_idt(const struct part *part);    /* 7 rows: IDTR, the gate's bytes, its fields */
void stage_gdt(const struct part *part);    /* 2 rows: the code descriptor */
void stage_checks(const struct part *part); /* 5 rows */
void stage_tss(const struct part *part);    /* 2 rows: SS0:ESP0 */
/* stage_mips.c: all of it for MIPS */
void stage_mips(struct stage *stage, struct box where);
/* stage_registers.c */
void stage_exception(const struct part *part); /* 5 rows: EPC, Cause, BadVAddr, vector */
void stage_status(const struct part *part);    /* 4 rows: the pairs of mode and interrupts */
/* stage_pipeline.c */
void stage_pipeline(const struct part *part);
/* Rows that it needs, at most so many; 0 = the scene has none. */
int stage_pipeline_rows(const struct stage *stage, int most);
/* Any other one, `all` of what it tells. */
void pipe_draw(const struct part *part, const struct pipe *pipe, bool all);
/* stage_tlb.c */
void stage_tlb(const struct part *part);
int stage_tlb_rows(const struct stage *stage); /* 0 = nothing goes through the TLB */
void translation_draw(const struct part *part, const struct translation *t, unsigned beat);
/* stage_stack.c */
void stage_stacks(const struct part *part);
/* stage_dispatch.c */
void stage_dispatch(const struct part *part);    /* 5 rows: number, table, function */
void stage_return(const struct part *part);      /* 3 rows: result, and the way back */
void stage_fault(const struct part *part);       /* why the CPU refused */
bool stage_has_fault(const struct stage *stage); /* and it has happened */

enum draw_ink stage_author_ink(enum scene_author author);

#endif
