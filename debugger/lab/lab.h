/* lab: an exercise "add a system call", as data: what a copy is built of, what a check looks for.
 *
 * labs/NAME/ beside the guest's other files has: copy/ (what `lab start` writes), probe (a program
 * that makes the call by a bare trap) and lab.json, with these members:
 *
 *   lab title machine profile path   names; the profile is a file of the machine's, the path in it
 *   call number handler              the call, its number, the kernel's function
 *   compiler link mkfs blocks        command lines for the kernel's files, the kernel, the disk
 *   include kernel                   folders of headers, folders of sources
 *   list: file base                  or a file that lists the kernel's sources, lines "file PATH"
 *                                    (without `link`, the kernel is Trapscope's)
 *   user: folder world path include flags library given
 *                                    how programs are compiled; files or folders of files linked
 *                                    with each; an object that stands in for a missing stub
 *   user.exports: folder symbols     the library's part of which only listed names are seen
 *   probe cpus                       the probe as a source, linked with the library; processors
 *   programs: file variable prefix   the list of programs, a make variable
 *   init                             the lab's own, where the program has to be process 1
 *   test: program calls counts entries output
 *                                    what the user's test must do: calls of the call, of the
 *                                    counted one, beginnings of the handler, lines
 *   counts                           name of the counted call
 *   result                           true of each call of the call: $result, $first (result),
 *                                    $index (0, 1, ...), $counted (calls of `counts` since the
 *                                    first), $pid, $alive (calls by the process $result), $next
 *                                    (the processor of the process's next call)
 *   sites                            the places that the document edits: judge.h */
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
