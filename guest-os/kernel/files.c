/*
 * Descriptors, and the current directory: what a process has open.
 *
 * Threads share a table. So that a file that one thread uses is not gone when another one closes
 * it, a thread borrows it for the time of its call, unless it is the table's only user.
 */
#include "kernel/files.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"

static struct spinlock slots_lock = {.name = "files"};
static struct files table[NPROC];

/* A table without files. There is one for each thread, so that there is always one. */
struct files *files_create(void)
{
    struct files *files = table;

    acquire(&slots_lock);
    while (files->users > 0)
        files++;
    *files = (struct files){.lock = {.name = "descriptors"}, .users = 1};
    release(&slots_lock);
    return files;
}

/* A table with the same files for a child of the current process. */
struct files *files_copy(void)
{
    struct files *from = myproc()->files;
    struct files *to = files_create();

    acquire(&from->lock);
    for (int fd = 0; fd < NOFILE; fd++)
        if (from->ofile[fd])
            to->ofile[fd] = file_dup(from->ofile[fd]);
    to->close_on_exec = from->close_on_exec;
    to->cwd = inode_dup(from->cwd);
    release(&from->lock);
    return to;
}

/* One more thread uses the table. */
struct files *files_share(struct files *files)
{
    acquire(&slots_lock);
    files->users++;
    release(&slots_lock);
    return files;
}

/* One thread less; the last one closes all files and gives back the current directory. */
void files_put(struct files *files)
{
    bool last;

    acquire(&slots_lock);
    last = files->users == 1;
    files->users -= !last;
    release(&slots_lock);
    if (!last)
        return;
    for (int fd = 0; fd < NOFILE; fd++)
        if (files->ofile[fd])
            file_close(files->ofile[fd]);
    log_begin();
    inode_put(files->cwd);
    log_end();
    acquire(&slots_lock);
    files->users = 0;
    release(&slots_lock);
}

/* The current thread uses f until its system call ends. */
static struct file *borrow(struct files *files, struct file *f)
{
    struct file **place = myproc()->borrowed;

    if (files->users == 1)
        return f;
    while (*place && *place != f)
        place++;
    if (place == myproc()->borrowed + NBORROWED)
        panic("a call borrows more than %d files", NBORROWED);
    if (!*place)
        *place = file_dup(f);
    return f;
}

/* The open file of a descriptor, for the time of a system call. 0 with EBADF: there is none. */
struct file *fd_file(int fd)
{
    struct files *files = myproc()->files;
    struct file *f = NULL;

    acquire(&files->lock);
    if (fd >= 0 && fd < NOFILE && files->ofile[fd])
        f = borrow(files, files->ofile[fd]);
    release(&files->lock);
    if (!f)
        error(EBADF);
    return f;
}

/* A system call of the current thread has ended: what it has borrowed goes back. */
void fd_call_ends(void)
{
    struct proc *p = myproc();

    for (int i = 0; p->borrowed[i]; i++) {
        struct file *f = p->borrowed[i];

        p->borrowed[i] = NULL;
        file_close(f);
    }
}

/*
 * The lowest free descriptor that is not below `least` gets the file. Returns it; -1 with EMFILE,
 * the file is the caller's then.
 */
int fd_alloc(struct file *f, int least, bool close_on_exec)
{
    struct files *files = myproc()->files;

    acquire(&files->lock);
    for (int fd = least; fd < NOFILE; fd++)
        if (!files->ofile[fd]) {
            files->ofile[fd] = f;
            files->close_on_exec &= ~(1u << fd);
            files->close_on_exec |= (uint32_t)close_on_exec << fd;
            release(&files->lock);
            return fd;
        }
    release(&files->lock);
    return error(EMFILE);
}

int fdalloc(struct file *f)
{
    return fd_alloc(f, 0, false);
}

/* Let a descriptor stand for f (0: nothing). Returns what it stood for before. Pre: fd < NOFILE. */
struct file *fd_replace(int fd, struct file *f, bool close_on_exec)
{
    struct files *files = myproc()->files;
    struct file *before;

    acquire(&files->lock);
    before = files->ofile[fd];
    files->ofile[fd] = f;
    files->close_on_exec &= ~(1u << fd);
    files->close_on_exec |= (uint32_t)close_on_exec << fd;
    release(&files->lock);
    return before;
}

/* Give up a descriptor. Returns 0, or -1 with EBADF. */
int fd_close(int fd)
{
    struct file *f = fd >= 0 && fd < NOFILE ? fd_replace(fd, NULL, false) : NULL;

    if (!f)
        return error(EBADF);
    file_close(f);
    return 0;
}

/* Shall an open descriptor be closed by exec()? */
void fd_set_close_on_exec(int fd, bool on)
{
    struct files *files = myproc()->files;

    acquire(&files->lock);
    files->close_on_exec &= ~(1u << fd);
    files->close_on_exec |= (uint32_t)on << fd;
    release(&files->lock);
}

bool fd_close_on_exec(int fd)
{
    return myproc()->files->close_on_exec >> fd & 1;
}

/* The current process begins a new program: close what was marked for it. */
void fd_exec(void)
{
    for (int fd = 0; fd < NOFILE; fd++)
        if (fd_close_on_exec(fd) && fd_file(fd))
            fd_close(fd);
}

/* The directory where relative paths begin, with one more pointer to it. */
struct inode *files_cwd(void)
{
    struct proc *p = myproc();
    struct inode *ip;

    if (p->at)
        return inode_dup(p->at);
    acquire(&p->files->lock);
    ip = inode_dup(p->files->cwd);
    release(&p->files->lock);
    return ip;
}

/* Change the current directory; the caller's pointer to it is the table's now. In a transaction. */
void files_set_cwd(struct inode *ip)
{
    struct files *files = myproc()->files;
    struct inode *before;

    acquire(&files->lock);
    before = files->cwd;
    files->cwd = ip;
    release(&files->lock);
    if (before)
        inode_put(before);
}
