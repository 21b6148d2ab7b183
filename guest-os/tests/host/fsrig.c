/* The kernel side of the rig: stand-ins for what the file system calls, and the workload. */
#include "host/fsrig.h"
#include "kernel/arch.h"
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

static struct proc process = {.pid = 1};
_Alignas(KSTACKSIZE) char host_stack[KSTACKSIZE];
static struct inode *cwd;

/* Who runs: the one process. */
static void be_process(void)
{
    *(struct thread_info *)host_stack = (struct thread_info){.proc = &process};
}

/* --- one process, so nothing ever waits --- */

void acquire(struct spinlock *lk)
{
    if (lk->held)
        rig_panic(lk->name);
    lk->held = true;
}

void release(struct spinlock *lk)
{
    lk->held = false;
}

void lock_init(struct spinlock *lk, const char *name)
{
    *lk = (struct spinlock){.name = name};
}

void sleeplock_init(struct sleeplock *lk, const char *name)
{
    *lk = (struct sleeplock){.name = name};
}

void sleeplock_acquire(struct sleeplock *lk)
{
    if (lk->held)
        rig_panic(lk->name);
    lk->held = true;
}

void sleeplock_release(struct sleeplock *lk)
{
    lk->held = false;
}

void sleep(const void *channel, struct spinlock *lk)
{
    (void)channel;
    rig_panic(lk->name);
}

void wakeup(const void *channel)
{
    (void)channel;
}

int error(int number)
{
    process.error = number;
    return -1;
}

void panic(const char *format, ...)
{
    rig_panic(format);
}

/* --- user memory: a few pages that begin at address 0 --- */

static uint8_t user_memory[16 * BSIZE];

int copyin(void *dst, uint32_t usrc, uint32_t n)
{
    if (usrc > sizeof user_memory || n > sizeof user_memory - usrc)
        return error(EFAULT);
    memcpy(dst, user_memory + usrc, n);
    return 0;
}

int copyout(uint32_t udst, const void *src, uint32_t n)
{
    if (udst > sizeof user_memory || n > sizeof user_memory - udst)
        return error(EFAULT);
    memcpy(user_memory + udst, src, n);
    return 0;
}

/* --- devices --- */

void disk_choose_root(void)
{
}

bool disk_survives(void)
{
    return true;
}

void disk_transfer(struct buf *b, bool write)
{
    if (write)
        rig_disk_write(b->block, b->data);
    else
        rig_disk_read(b->block, b->data);
}

void disk_barrier(void)
{
    rig_disk_barrier();
}

int device_open(int major, int minor)
{
    (void)major, (void)minor;
    return 0;
}

int device_read(int major, int minor, uint32_t udst, int n, uint32_t off)
{
    (void)major, (void)minor, (void)udst, (void)n, (void)off;
    return 0;
}

int device_write(int major, int minor, uint32_t usrc, int n)
{
    (void)major, (void)minor, (void)usrc;
    return n;
}

int device_poll(int major, int minor)
{
    (void)major, (void)minor;
    return 0;
}

int pipe_poll(struct pipe *p, bool writer)
{
    (void)p, (void)writer;
    return 0;
}

void pipe_close(struct pipe *p, bool writer)
{
    (void)p, (void)writer;
}

int pipe_read(struct pipe *p, uint32_t udst, int n)
{
    (void)p, (void)udst, (void)n;
    return 0;
}

int pipe_write(struct pipe *p, uint32_t usrc, int n)
{
    (void)p, (void)usrc;
    return n;
}

struct inode *files_cwd(void)
{
    return inode_dup(cwd);
}

void files_set_cwd(struct inode *ip)
{
    inode_put(cwd);
    cwd = ip;
}

void rig_boot(void)
{
    be_process();
    bio_init();
    fs_mount();
    cwd = namei("/");
}

/* --- the workload --- */

enum kind { MKDIR, OPEN, TRUNCATE, WRITE, SEEK, CLOSE, LINK, UNLINK, MKNOD, CHDIR };

struct step {
    enum kind kind;
    const char *a;
    const char *b;
    int n;
};

/* A write is at most 4096 bytes, which the kernel does in one transaction. */
static const struct step steps[] = {
    {MKDIR, "/a", 0, 0},
    {MKDIR, "/a/b", 0, 0},
    {CHDIR, "/a/b", 0, 0},
    {OPEN, "f", 0, 0},
    {WRITE, 0, 0, 100},
    {WRITE, 0, 0, 4096},
    {WRITE, 0, 0, 4096},
    {CLOSE, 0, 0, 0},
    {LINK, "f", "../g", 0},
    {UNLINK, "f", 0, 0},
    {OPEN, "../g", 0, 0},
    {SEEK, 0, 0, 50},
    {WRITE, 0, 0, 700},
    {SEEK, 0, 0, 75000},
    {WRITE, 0, 0, 4096},
    {CLOSE, 0, 0, 0},
    {UNLINK, "/a/b", 0, 0},
    {OPEN, "/open", 0, 0},
    {WRITE, 0, 0, 3000},
    {UNLINK, "/open", 0, 0},
    {WRITE, 0, 0, 3000},
    {CLOSE, 0, 0, 0},
    {CHDIR, "/", 0, 0},
    {MKNOD, "/dev/x", 0, 0},
    {OPEN, "/a/name-too-long-to-fit", 0, 0},
    {WRITE, 0, 0, 4096},
    {SEEK, 0, 0, 5 << 20},
    {WRITE, 0, 0, 1},
    {CLOSE, 0, 0, 0},
    {TRUNCATE, "/a/g", 0, 0},
    {WRITE, 0, 0, 10},
    {CLOSE, 0, 0, 0},
    {UNLINK, "/a/name-too-long-to-fit", 0, 0},
    {UNLINK, "/a/g", 0, 0},
    {UNLINK, "/a", 0, 0},
    {MKDIR, "/tmp/d", 0, 0},
    {OPEN, "/tmp/d/1", 0, 0},
    {CLOSE, 0, 0, 0},
    {LINK, "/tmp/d/1", "/tmp/d/2", 0},
    {UNLINK, "/tmp/d/1", 0, 0},
    {UNLINK, "/tmp/d/2", 0, 0},
    {UNLINK, "/tmp/d", 0, 0},
};

bool rig_step(int step)
{
    static struct file *f;
    const struct step *s = &steps[step];

    if (step >= (int)NELEM(steps))
        return false;
    switch (s->kind) {
    case MKDIR: fs_mkdir(s->a); break;
    case OPEN: f = fs_open(s->a, O_RDWR | O_CREATE); break;
    case TRUNCATE: f = fs_open(s->a, O_RDWR | O_TRUNC); break;
    case WRITE:
        for (int i = 0; i < s->n; i++)
            user_memory[i] = (uint8_t)(step * 31 + i * 7);
        if (!f || file_write(f, 0, s->n) != s->n)
            rig_panic("a write of the workload failed");
        break;
    case SEEK: file_seek(f, s->n, 0); break;
    case CLOSE: file_close(f); break;
    case LINK: fs_link(s->a, s->b); break;
    case UNLINK: fs_unlink(s->a); break;
    case MKNOD: fs_mknod(s->a, 9, 9); break;
    case CHDIR: fs_chdir(s->a); break;
    }
    return true;
}

/* --- the tree as a number: FNV-1a over everything that is found --- */

static void mix(uint64_t *hash, const void *bytes, uint32_t n)
{
    const uint8_t *p = bytes;

    while (n-- > 0)
        *hash = (*hash ^ *p++) * 0x100000001b3u;
}

static void mix_inode(uint64_t *hash, uint32_t inum)
{
    struct inode *ip = inode_get(inum);
    struct dirent e;
    uint8_t data[BSIZE];
    int n;

    inode_lock(ip);
    mix(hash, &ip->d.type, sizeof ip->d.type);
    mix(hash, &ip->d.nlink, sizeof ip->d.nlink);
    for (uint32_t off = 0; ip->d.type == T_FILE && off < ip->d.size; off += (uint32_t)n) {
        n = inode_read(ip, false, (uintptr_t)data, off, sizeof data);
        mix(hash, data, (uint32_t)n);
    }
    for (uint32_t off = 2 * sizeof e; ip->d.type == T_DIR && off < ip->d.size; off += sizeof e) {
        inode_read(ip, false, (uintptr_t)&e, off, sizeof e);
        if (e.inum) {
            mix(hash, e.name, sizeof e.name);
            inode_unlock(ip);
            mix_inode(hash, e.inum);
            inode_lock(ip);
        }
    }
    inode_unlock_put(ip);
}

uint64_t rig_tree(void)
{
    uint64_t hash = 0xcbf29ce484222325u;

    log_begin();
    mix_inode(&hash, ROOT_INODE);
    log_end();
    return hash;
}
