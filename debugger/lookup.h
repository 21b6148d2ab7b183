/* lookup: what the names in an expression stand for. */
#ifndef DEBUGGER_LOOKUP_H
#define DEBUGGER_LOOKUP_H

#include "debugger/expression.h"

/* Each says why in scope->why when it answers false. */

/* A register of the CPU or of the frame, without the dollar: "eax", "pc", "cs.base". */
bool lookup_register(struct scope *scope, const char *name, struct value *out);
/* A register, an earlier result or a variable of the session. */
bool lookup_dollar(struct scope *scope, const char *name, struct value *out);
/* A local variable, a global one, a function or a symbol; `qualifier` is a source file's or a
 * program's name, or "". */
bool lookup_variable(struct scope *scope, const char *qualifier, const char *name,
                     struct value *out);
/* NULL = no image has such a type. */
const struct type *lookup_type(struct scope *scope, const char *name);
/* Assigns to `to`, or, when `name` is no register, to the session's variable; `out` is the result.
 */
bool lookup_assign(struct scope *scope, const char *name, const struct value *to,
                   const struct value *from, struct value *out);

#endif
