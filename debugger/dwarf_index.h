/* dwarf_index: the tables of an image that come from DWARF: lines and functions, sorted. */
#ifndef DEBUGGER_DWARF_INDEX_H
#define DEBUGGER_DWARF_INDEX_H

#include "debugger/symbols.h"
#include "debugger/types.h"

/* Fills in the image's DWARF handles, rows and functions; leaves them empty without DWARF. */
void dwarf_index(struct image *image);
/* Puts rows and functions in order again after their addresses were changed. */
void dwarf_sort(struct image *image);

#endif
