/*
 * The console's line discipline: keys come in, edited lines go out.
 *
 * A line can be edited (arrows, Home, End, Delete, Backspace, ^A ^E ^K ^U ^W) and earlier ones
 * fetched back (up, down) until Enter hands it to whoever reads. ^D hands over what there is; at
 * the start of a line that means end of file. ^C ends the running command.
 *
 * A program may ask for each key as it comes instead (console_set_mode()): nothing is shown or
 * edited then.
 */
#include "kernel/console.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/history.h"
#include "kernel/lock.h"
#include "kernel/proc.h"

#define CTRL(letter) ((letter)&0x1f)

enum { READY_SIZE = 1024, ESCAPE = 0x1b, BACKSPACE = 0x7f, END_OF_FILE = CTRL('D') };

static struct spinlock console_lock = {.name = "console"};
static struct spinlock output_lock = {.name = "console output"};

/* The line that is being typed, protected by console_lock like all below. */
static char line[LINE_SIZE];
static int length;
static int cursor;

/* Finished lines. The counts go on for ever; modulo READY_SIZE they are places. */
static char ready[READY_SIZE];
static uint32_t ready_in;
static uint32_t ready_out;

static bool by_lines = true;
static bool interrupts = true; /* ^C is one, though keys come as they are */

/* Show one character. Usable everywhere. */
void console_putc(int c)
{
    bool locked = !panicking();

    if (locked)
        acquire(&output_lock);
    arch_console_putc(c);
    if (locked)
        release(&output_lock);
}

static void move_left(int n)
{
    while (n-- > 0)
        console_putc('\b');
}

/* Show line[from..length) and `extra` blanks, then put the cursor where it belongs. */
static void redraw(int from, int extra)
{
    for (int i = from; i < length; i++)
        console_putc(line[i]);
    for (int i = 0; i < extra; i++)
        console_putc(' ');
    move_left(length + extra - cursor);
}

static void insert(int c)
{
    if (length == LINE_SIZE - 1)
        return;
    memmove(line + cursor + 1, line + cursor, (size_t)(length - cursor));
    line[cursor++] = (char)c;
    length++;
    redraw(cursor - 1, 0);
}

/* Remove the n characters before the cursor. */
static void erase(int n)
{
    memmove(line + cursor - n, line + cursor, (size_t)(length - cursor));
    cursor -= n;
    length -= n;
    move_left(n);
    redraw(cursor, n);
}

static void move_to(int where)
{
    move_left(cursor - where);
    while (cursor < where)
        console_putc(line[cursor++]);
    cursor = where;
}

static void replace(const char *text)
{
    move_to(length);
    erase(length);
    while (*text)
        insert(*text++);
}

static int word_before_cursor(void)
{
    int i = cursor;

    while (i > 0 && line[i - 1] == ' ')
        i--;
    while (i > 0 && line[i - 1] != ' ')
        i--;
    return cursor - i;
}

/* Hand the line to readers. There is room for it: see console_has_room(). */
static void finish(char end)
{
    for (int i = 0; i < length; i++)
        ready[ready_in++ % READY_SIZE] = line[i];
    ready[ready_in++ % READY_SIZE] = end;
    length = cursor = 0;
    wakeup(&ready_in);
}

static void enter(void)
{
    move_to(length);
    console_putc('\n');
    line[length] = '\0';
    history_add(line);
    finish('\n');
}

static void edit(int c)
{
    switch (c) {
    case '\n': enter(); break;
    case CTRL('A'):
    case KEY_HOME: move_to(0); break;
    case CTRL('E'):
    case KEY_END: move_to(length); break;
    case CTRL('H'):
    case BACKSPACE:
        if (cursor > 0)
            erase(1);
        break;
    case CTRL('K'):
        while (cursor < length)
            edit(KEY_DELETE);
        break;
    case CTRL('U'): erase(cursor); break;
    case CTRL('W'): erase(word_before_cursor()); break;
    case CTRL('C'):
        replace("^C");
        console_putc('\n');
        length = cursor = 0;
        if (!proc_interrupt())
            finish('\n'); /* for the shell to show its prompt again */
        break;
    case END_OF_FILE: finish(END_OF_FILE); break;
    case KEY_LEFT:
        if (cursor > 0)
            move_to(cursor - 1);
        break;
    case KEY_RIGHT:
        if (cursor < length)
            move_to(cursor + 1);
        break;
    case KEY_DELETE:
        if (cursor < length) {
            move_to(cursor + 1);
            erase(1);
        }
        break;
    case KEY_UP: replace(history_earlier()); break;
    case KEY_DOWN: replace(history_later()); break;
    default:
        if (c == '\t' || (c >= ' ' && c < 0x100))
            insert(c == '\t' ? ' ' : c);
        break;
    }
}

/*
 * A terminal sends keys without a character as ESC [ and a letter, or ESC [ digit ~ (ECMA-48,
 * as xterm uses it). Returns the key; 0 while a sequence goes on or is not known.
 */
static int decode_escape(int c)
{
    static const struct {
        char final;
        char digit;
        int key;
    } keys[] = {
        {'A', 0, KEY_UP},     {'B', 0, KEY_DOWN},     {'C', 0, KEY_RIGHT},
        {'D', 0, KEY_LEFT},   {'H', 0, KEY_HOME},     {'F', 0, KEY_END},
        {'~', '1', KEY_HOME}, {'~', '3', KEY_DELETE}, {'~', '4', KEY_END},
    };
    static enum { NORMAL, AFTER_ESCAPE, IN_SEQUENCE } state;
    static char digit;

    if (c == ESCAPE) {
        state = AFTER_ESCAPE;
        digit = 0;
        return 0;
    }
    if (state == AFTER_ESCAPE) {
        state = c == '[' || c == 'O' ? IN_SEQUENCE : NORMAL;
        return 0;
    }
    if (state == NORMAL)
        return c;
    if (c >= '0' && c <= '9') {
        digit = (char)c;
        return 0;
    }
    state = NORMAL;
    for (size_t i = 0; i < NELEM(keys); i++)
        if (keys[i].final == c && keys[i].digit == digit)
            return keys[i].key;
    return 0;
}

/* A key as a terminal sends it, for a program that wants each key. */
static void hand_over(int c)
{
    static const char finals[] = {
        [KEY_UP - KEY_FIRST] = 'A',   [KEY_DOWN - KEY_FIRST] = 'B', [KEY_RIGHT - KEY_FIRST] = 'C',
        [KEY_LEFT - KEY_FIRST] = 'D', [KEY_HOME - KEY_FIRST] = 'H', [KEY_END - KEY_FIRST] = 'F',
    };

    if (c == CTRL('C') && interrupts && proc_interrupt())
        return;
    if (c == KEY_DELETE) {
        for (const char *s = "\033[3~"; *s; s++)
            ready[ready_in++ % READY_SIZE] = *s;
    } else if (c >= KEY_FIRST) {
        ready[ready_in++ % READY_SIZE] = ESCAPE;
        ready[ready_in++ % READY_SIZE] = '[';
        ready[ready_in++ % READY_SIZE] = finals[c - KEY_FIRST];
    } else {
        ready[ready_in++ % READY_SIZE] = (char)c;
    }
    wakeup(&ready_in);
}

/* Give lines (or, if not, each key as it comes), and make ^C an interrupt of keys or not. */
void console_set_mode(bool lines, bool keys_interrupt)
{
    acquire(&console_lock);
    by_lines = lines;
    interrupts = keys_interrupt;
    release(&console_lock);
}

/* Is there room for one more line? A driver whose sender can wait asks before console_input(). */
bool console_has_room(void)
{
    return READY_SIZE - (ready_in - ready_out) > LINE_SIZE;
}

/* Is there something to read? */
bool console_has_input(void)
{
    return ready_in != ready_out;
}

/* A key was pressed: a character or a key of console.h. Called by interrupt handlers. */
void console_input(int c)
{
    acquire(&console_lock);
    if (console_has_room() && !by_lines)
        hand_over(c);
    else if (console_has_room() && (c = decode_escape(c)) != 0)
        edit(c);
    release(&console_lock);
}

/* Read a line, or what fits of it. Returns the bytes; 0 = end of file; -1: error or killed. */
int console_read(uint32_t udst, int n)
{
    char text[LINE_SIZE];
    int done = 0;

    acquire(&console_lock);
    while (ready_in == ready_out) {
        if (must_give_up()) {
            release(&console_lock);
            return -1;
        }
        sleep(&ready_in, &console_lock);
    }
    while (done < n && done < LINE_SIZE && ready_in != ready_out) {
        char c = ready[ready_out++ % READY_SIZE];

        if (c == END_OF_FILE && by_lines)
            break;
        text[done++] = c;
        if (c == '\n' && by_lines)
            break;
    }
    release(&console_lock);
    tty_console_resume();
    return copyout(udst, text, (uint32_t)done) < 0 ? -1 : done;
}

int console_write(uint32_t usrc, int n)
{
    char part[128];

    for (int done = 0; done < n;) {
        int m = n - done < (int)sizeof part ? n - done : (int)sizeof part;

        if (copyin(part, usrc + (uint32_t)done, (uint32_t)m) < 0)
            return done > 0 ? done : -1;
        for (int i = 0; i < m; i++)
            console_putc(part[i]);
        done += m;
        if (myproc()->killed)
            return done;
    }
    return n;
}
