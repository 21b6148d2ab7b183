/* lab: an exercise "add a system call", as data: what a copy is built of, and what a check looks
 * for.
 *
 * labs/NAME/ beside the other files of the guest has: copy/ (what `lab start` writes), probe (a
 * program that makes the call by a bare trap) and lab.json:
 *
 *   lab title machine profile path    names; the profile is a file of the machine's, the path one in it
 *   call number handler               the call, its number and the kernel's function
 *   compiler                          with its flags, for the kernel's files
 *   include kernel script             folders of headers, folders of sources, the linker's script
 *   list                              or: a file that lists the kernel's sources ("file PATH"
 * lines) user: world include stubs         how programs are compiled, and files linked with each
 *   programs: file variable prefix    where the list of programs is, a make variable
 *   test: program calls counts output what the user's test must do: so many calls of the call,
 * these lines result                            an expression that is true of each call by the
 * probe and by the test: $result, $first (result), $counted (calls of `counts` since the first
 *                                     call, by all), $pid, $alive (calls of the process $result)
 *   sites                             one for each place that the document edits, see judge.h */
#ifndef DEBUGGER_LAB_LAB_H
#define DEBUGGER_LAB_LAB_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FILE "LAB" /* in a copy: says which lab it is */

struct lab {
    json_t *data;
    char *folder; /* of the lab's files */
    const char *name, *machine, *call, *handler;
    uint32_t number;
};

/* False: said why on standard error. */
bool lab_open(struct lab *lab, const char *name);
void lab_close(struct lab *lab);

/* The names of all labs, in their order; to be freed, each and all. NULL ends. */
char **lab_names(void);

/* A member's text; NULL = there is none. `path` has dots between members: "user.world". */
const char *lab_text(const json_t *data, const char *path);
/* Element `i` of a list of texts; NULL = the list ends. */
const char *lab_item(const json_t *data, const char *path, size_t i);
uint32_t lab_number(const json_t *data, const char *path);

#endif
