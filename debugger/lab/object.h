/* object: what a compiled file defines, refers to and says to the processor. Files may hold
 * anything. */
#ifndef DEBUGGER_LAB_OBJECT_H
#define DEBUGGER_LAB_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBJECT_NAME 64u

struct object;

/* NULL = no ELF file that can be read. */
struct object *object_open(const char *path);
void object_close(struct object *object);

/* Does it define this name for others to use? */
bool object_defines(const struct object *object, const char *name);
/* The word in its data where the symbol is. */
bool object_word(const struct object *object, const char *name, uint32_t *word);
/* How many words the symbol has; 0 = it is not there. */
uint32_t object_words(const struct object *object, const char *name);
/* The symbol whose address the linker will put into word `index` of `table`; "" = none. False = the
 * table is not there, or has no such word. */
bool object_slot(const struct object *object, const char *table, uint32_t index,
                 char name[OBJECT_NAME]);
/* Does the code of `function` refer to `name`? */
bool object_refers(const struct object *object, const char *function, const char *name);
/* The number that a stub gives the kernel, and the vector of its trap (0 on MIPS, where there is
 * one). False = the symbol is not there (`there` false), or it is not code that does this. */
bool object_stub(const struct object *object, const char *name, bool *there, uint32_t *number,
                 uint32_t *vector);

#endif
