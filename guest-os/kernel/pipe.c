/* Pipes: a ring of bytes between a writer and a reader, who wait for each other. */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/lock.h"
#include "kernel/proc.h"

/* A pipe fills a page. The counts of bytes go on for ever; modulo SIZE they are places. */
struct pipe {
    struct spinlock lock;
    uint32_t read_count;
    uint32_t write_count;
    bool reader_open;
    bool writer_open;
    char data[2048];
};

enum { SIZE = sizeof((struct pipe *)0)->data };

_Static_assert(sizeof(struct pipe) <= PAGE_SIZE, "a pipe lies in one page");

/* Make a pipe and the two open files at its ends. Returns 0 or -1. */
int pipe_make(struct file **reader, struct file **writer)
{
    struct pipe *p = page_alloc();

    *reader = file_alloc();
    *writer = file_alloc();
    if (!p || !*reader || !*writer) {
        if (p)
            page_free(p);
        else
            error(ENOMEM);
        if (*reader)
            file_close(*reader);
        if (*writer)
            file_close(*writer);
        return -1;
    }
    lock_init(&p->lock, "pipe");
    p->read_count = p->write_count = 0;
    p->reader_open = p->writer_open = true;
    **reader = (struct file){.kind = FILE_PIPE, .users = 1, .readable = true, .pipe = p};
    **writer = (struct file){.kind = FILE_PIPE, .users = 1, .writable = true, .pipe = p};
    return 0;
}

/* One end is gone. With the second one the pipe goes too. */
void pipe_close(struct pipe *p, bool writer)
{
    bool gone;

    acquire(&p->lock);
    if (writer)
        p->writer_open = false;
    else
        p->reader_open = false;
    wakeup(&p->read_count);
    wakeup(&p->write_count);
    gone = !p->reader_open && !p->writer_open;
    release(&p->lock);
    if (gone)
        page_free(p);
}

/*
 * Write n bytes, sleeping while the pipe is full. Returns n, or what was written when a signal
 * came; -1 if nobody can read them any more, for a bad address, or for a signal.
 */
int pipe_write(struct pipe *p, uint32_t usrc, int n)
{
    int done = 0;

    acquire(&p->lock);
    while (done < n) {
        uint32_t place = p->write_count % SIZE;
        uint32_t room = SIZE - (p->write_count - p->read_count);
        uint32_t part = (uint32_t)(n - done);

        if (!p->reader_open) {
            release(&p->lock);
            return error(EPIPE);
        }
        if (room == 0) {
            wakeup(&p->read_count);
            if (must_give_up()) {
                release(&p->lock);
                return done > 0 ? done : -1;
            }
            sleep(&p->write_count, &p->lock);
            continue;
        }
        if (part > room)
            part = room;
        if (part > SIZE - place)
            part = SIZE - place;
        if (copyin(p->data + place, usrc + (uint32_t)done, part) < 0) {
            release(&p->lock);
            return -1;
        }
        p->write_count += part;
        done += (int)part;
    }
    wakeup(&p->read_count);
    release(&p->lock);
    return n;
}

/*
 * Read up to n bytes, sleeping until there are any. Returns how many; 0 if nobody will write
 * any more; -1 for a bad address, or if the process was killed.
 */
int pipe_read(struct pipe *p, uint32_t udst, int n)
{
    int done = 0;

    acquire(&p->lock);
    while (p->read_count == p->write_count && p->writer_open) {
        if (must_give_up()) {
            release(&p->lock);
            return -1;
        }
        sleep(&p->read_count, &p->lock);
    }
    while (done < n && p->read_count != p->write_count) {
        uint32_t place = p->read_count % SIZE;
        uint32_t part = p->write_count - p->read_count;

        if (part > (uint32_t)(n - done))
            part = (uint32_t)(n - done);
        if (part > SIZE - place)
            part = SIZE - place;
        if (copyout(udst + (uint32_t)done, p->data + place, part) < 0) {
            release(&p->lock);
            return -1;
        }
        p->read_count += part;
        done += (int)part;
    }
    wakeup(&p->write_count);
    release(&p->lock);
    return done;
}

/* What an end can do without sleeping: bits of POLL_. */
int pipe_poll(struct pipe *p, bool writer)
{
    int ready = 0;

    acquire(&p->lock);
    if (writer) {
        ready |= p->write_count - p->read_count < SIZE ? POLL_OUT : 0;
        ready |= p->reader_open ? 0 : POLL_ERR;
    } else {
        ready |= p->write_count != p->read_count ? POLL_IN : 0;
        ready |= p->writer_open ? 0 : POLL_HUP;
    }
    release(&p->lock);
    return ready;
}
