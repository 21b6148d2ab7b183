/* The lines that were typed at the console before, and which of them is being looked at. */
#include "kernel/history.h"
#include "kernel/defs.h"

enum { LINES = 32 };

static char lines[LINES][LINE_SIZE];
static uint32_t count; /* lines added; the last LINES of them are there */
static uint32_t shown; /* the line shown last; count = the new, empty one */

/* Remember a line, unless it is empty or the same as the one before. */
void history_add(const char *line)
{
    if (*line && (count == 0 || strcmp(line, lines[(count - 1) % LINES]) != 0))
        strlcpy(lines[count++ % LINES], line, LINE_SIZE);
    shown = count;
}

/* The line before the one shown last; at the beginning, again the first. */
const char *history_earlier(void)
{
    if (shown > 0 && count - shown < LINES)
        shown--;
    return shown < count ? lines[shown % LINES] : "";
}

/* The line after the one shown last; at the end, an empty one. */
const char *history_later(void)
{
    if (shown < count)
        shown++;
    return shown < count ? lines[shown % LINES] : "";
}
