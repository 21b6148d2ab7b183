/* judge: each place that the lab's document edits: done, missing or wrong, where, what to do, what
 * was seen.
 *
 * A site of lab.json has `site` (its name), `kind` and `file`; `add` is what belongs there,
 * `behind` a text in the file behind which it goes. Its kind says what else:
 *
 *   number       macro headers; programs   the call's number, by value, as kernel or programs see
 * it declaration  symbol type; headers      of the kernel's function, in `file` or in what includes
 * it included     symbol type headers       the declaration's header is included by another
 *   prototype    symbol type headers       for programs
 *   table        symbol; empty             an array with the handler at the number
 *   switch       symbol                    a function with a case that calls the handler
 *   handler      also                      the kernel's function, its results; what to say of them
 *   source       listed                    the handler's file is in the list of the kernel's files
 *   stub         symbol vector             the program's function that traps, in `file`'s object
 *   wrapper      symbol calls; todo        the program's function that has the call made otherwise;
 *                                          `todo`: it is there from the start, and does nothing
 *   function     symbol; also              another function, in `file`
 *   line         -                         a line of `file` is what `add` says
 *   test                                   the user's test program */
#ifndef DEBUGGER_LAB_JUDGE_H
#define DEBUGGER_LAB_JUDGE_H

#include "debugger/lab/build.h"
#include "debugger/lab/watch.h"

#define JUDGE_SITES 16u
#define JUDGE_TEXT  400u

enum judge_state { JUDGE_DONE, JUDGE_MISSING, JUDGE_WRONG };

struct judge_verdict {
    const char *site;
    enum judge_state state;
    char file[160];
    unsigned line;           /* 0 = none */
    char what[JUDGE_TEXT];   /* a sentence about the sources */
    char remedy[JUDGE_TEXT]; /* what to do; "" when done */
    char seen[JUDGE_TEXT];   /* at run time; "" = nothing to tell */
};

struct judge {
    const struct lab *lab;
    struct build *build;
    struct judge_verdict verdict[JUDGE_SITES];
    unsigned sites;
    struct watch probe, test;
    bool test_ran;
    uint32_t given;          /* the number that the user's sources give the call */
    char kernel[JUDGE_TEXT]; /* what keeps the kernel from running; "" = nothing */
    char refused[1024];      /* files that were not taken, and why */
};

/* Builds, boots and judges. False = interrupted. */
bool judge_all(struct judge *judge);
bool judge_done(const struct judge *judge);
const char *judge_state_name(enum judge_state state); /* "done" */

/* --- between judge.c and its parts */
/* The first site of this kind; NULL = there is none. */
struct judge_verdict *judge_site(struct judge *judge, const char *kind, const json_t **site);
void judge_say(char to[JUDGE_TEXT], const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The verdict's line: where `word` stands, else behind what the site says. */
void judge_where(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                 const char *word);
void judge_missing(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                   const char *what);
/* judge_sources.c: by compiling questions, before the build. */
void judge_number(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_declaration(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
/* judge_objects.c: of what was compiled. */
void judge_table(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_switch(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_handler(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_source(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_stub(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_wrapper(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_function(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
void judge_line(struct judge *judge, struct judge_verdict *verdict, const json_t *site);
/* judge_run.c: of what ran. */
void judge_run_kernel(struct judge *judge);
void judge_run_test(struct judge *judge);

#endif
