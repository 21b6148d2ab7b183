/*
 * Serial lines. Line 0 feeds the console; lines 1 and 2 are raw: every byte passes as it is,
 * and the file ends when the other side has hung up.
 *
 * No byte is lost: when there is no room, the line's receive interrupt is turned off and bytes
 * wait in the hardware until a reader has made room.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/lock.h"
#include "kernel/proc.h"

enum { LINES = 3, BUFFER_SIZE = 2048 };

/* Received bytes. The counts go on for ever; modulo BUFFER_SIZE they are places. */
struct line {
    uint32_t in;
    uint32_t out;
    char data[BUFFER_SIZE];
};

static struct spinlock tty_lock = {.name = "tty"};
static struct line lines[LINES];

/* Pre: tty_lock is held. */
static void console_line_input(void)
{
    int c;

    while (console_has_room()) {
        c = serial_get(0);
        if (c < 0)
            return;
        console_input(c == '\r' ? '\n' : c);
    }
    serial_receive_irq(0, false);
}

/* A reader of the console has made room. */
void tty_console_resume(void)
{
    acquire(&tty_lock);
    serial_receive_irq(0, true);
    release(&tty_lock);
}

/* Take what the hardware has. Pre: tty_lock is held. */
static void take_input(int number)
{
    struct line *l = &lines[number];
    int c = 0;

    while (l->in - l->out < BUFFER_SIZE && (c = serial_get(number)) >= 0)
        l->data[l->in++ % BUFFER_SIZE] = (char)c;
    serial_receive_irq(number, l->in - l->out < BUFFER_SIZE);
}

/* The interrupt handler's work: the line has received something, or its other end has left. */
void tty_input(int number)
{
    acquire(&tty_lock);
    if (number == 0) {
        console_line_input();
    } else {
        take_input(number);
        wakeup(&lines[number]);
    }
    release(&tty_lock);
}

/* Would a read not sleep? It would not either when the other end has left. */
bool tty_has_input(int number)
{
    struct line *l = &lines[number];
    bool input;

    acquire(&tty_lock);
    input = serial_hung_up(number);
    take_input(number);
    input |= l->in != l->out;
    release(&tty_lock);
    return input;
}

/* Read what has been received, at least one byte; 0 after the other end has left. */
int tty_read(int number, uint32_t udst, int n)
{
    struct line *l = &lines[number];
    char part[256];
    int done = 0;

    acquire(&tty_lock);
    for (;;) {
        bool hung_up = serial_hung_up(number);

        take_input(number);
        if (l->in != l->out || hung_up)
            break;
        if (must_give_up()) {
            release(&tty_lock);
            return -1;
        }
        sleep(l, &tty_lock);
    }
    while (done < n && done < (int)sizeof part && l->in != l->out)
        part[done++] = l->data[l->out++ % BUFFER_SIZE];
    take_input(number);
    release(&tty_lock);
    return copyout(udst, part, (uint32_t)done) < 0 ? -1 : done;
}

/* Send what the transmitter takes of n bytes. Returns how many. */
static int send(int number, const char *bytes, int n)
{
    int sent = 0;

    acquire(&tty_lock);
    while (sent < n && serial_put(number, bytes[sent]))
        sent++;
    release(&tty_lock);
    return sent;
}

/* Write n bytes as they are. While the transmitter is busy others may run. */
int tty_write(int number, uint32_t usrc, int n)
{
    char part[256];

    for (int done = 0; done < n;) {
        int m = n - done < (int)sizeof part ? n - done : (int)sizeof part;
        int sent;

        if (copyin(part, usrc + (uint32_t)done, (uint32_t)m) < 0)
            return done > 0 ? done : -1;
        sent = send(number, part, m);
        done += sent;
        if (sent < m) {
            if (must_give_up())
                return done > 0 ? done : -1;
            yield();
        }
    }
    return n;
}
