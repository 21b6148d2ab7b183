/* report: a judgement told to people, to programs and to Gradescope. */
#ifndef DEBUGGER_LAB_REPORT_H
#define DEBUGGER_LAB_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "debugger/lab/judge.h"

void report_text(const struct judge *judge, FILE *to, bool color);
/* One object on one line. */
void report_json(const struct judge *judge, FILE *to);
/* results.json as Gradescope's autograder takes it; a point for each site. False: errno. */
bool report_gradescope(const struct judge *judge, const char *path);

#endif
