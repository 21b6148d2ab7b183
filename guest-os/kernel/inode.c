/*
 * Inodes: one for each file, directory or device node, on disk and in memory.
 *
 * A pointer to an inode in memory is counted (inode_get, inode_dup, inode_put); what the inode
 * says may only be looked at between inode_lock and inode_unlock. An inode with no name left and
 * no pointer to it is freed on disk by the last inode_put, which therefore stands inside a
 * transaction.
 */
#include "kernel/buf.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/param.h"

static struct spinlock table_lock = {.name = "inode table"};
static struct inode table[NINODE];
static struct superblock super;

const struct superblock *fs_super(void)
{
    return &super;
}

static struct buf *inode_block(uint32_t inum)
{
    return bread(super.inode_start + inum / INODES_PER_BLOCK);
}

static struct dinode *in_block(struct buf *b, uint32_t inum)
{
    return (struct dinode *)b->data + inum % INODES_PER_BLOCK;
}

static void check_super(void)
{
    if (super.magic != FS_MAGIC)
        panic("fs: no superblock");
    if (super.size > MAX_FS_BLOCKS || super.inodes == 0 || super.inodes > UINT16_MAX ||
        super.inode_start >= super.size || super.bitmap_start >= super.size ||
        super.log_start >= super.size)
        panic("fs: the superblock makes no sense");
}

/* Files that were open without a name when the power failed: free them. */
static void free_orphans(void)
{
    for (uint32_t inum = 1; inum < super.inodes; inum++) {
        struct buf *b = inode_block(inum);
        struct dinode *d = in_block(b, inum);
        bool orphan = d->type != T_FREE && d->nlink == 0;

        brelse(b);
        if (orphan) {
            struct inode *ip = inode_get(inum);

            log_begin();
            inode_lock(ip);
            inode_unlock(ip);
            inode_put(ip);
            log_end();
        }
    }
}

/* Make the root file system usable. Called by the first process, for it may have to sleep. */
void fs_mount(void)
{
    struct buf *b;

    for (int i = 0; i < NINODE; i++)
        sleeplock_init(&table[i].lock, "inode");
    disk_choose_root();
    b = bread(1);
    super = *(struct superblock *)b->data;
    brelse(b);
    check_super();
    log_init(&super);
    if (disk_survives())
        free_orphans();
}

/* The inode in memory for this number, with one more pointer to it. 0 with ENFILE if full. */
struct inode *inode_get(uint32_t inum)
{
    struct inode *empty = NULL;

    acquire(&table_lock);
    for (struct inode *ip = table; ip < table + NINODE; ip++) {
        if (ip->users > 0 && ip->inum == inum) {
            ip->users++;
            release(&table_lock);
            return ip;
        }
        if (!empty && ip->users == 0)
            empty = ip;
    }
    if (empty) {
        empty->inum = inum;
        empty->users = 1;
        empty->valid = false;
    } else {
        error(ENFILE);
    }
    release(&table_lock);
    return empty;
}

struct inode *inode_dup(struct inode *ip)
{
    acquire(&table_lock);
    ip->users++;
    release(&table_lock);
    return ip;
}

/*
 * A new inode on disk, with no name yet. Returns it unlocked; 0 if there is none. The search
 * begins behind the inode that was taken last.
 */
struct inode *inode_alloc(int type, int major, int minor)
{
    static uint32_t last;

    for (uint32_t i = 1; i <= super.inodes; i++) {
        uint32_t inum = (last + i) % super.inodes;
        struct buf *b = inode_block(inum);
        struct dinode *d = in_block(b, inum);

        if (inum != 0 && d->type == T_FREE) {
            struct inode *ip = inode_get(inum);

            if (ip) {
                last = inum;
                *d = (struct dinode){
                    .type = (int16_t)type, .major = (int16_t)major, .minor = (int16_t)minor};
                log_write(b);
            }
            brelse(b);
            return ip;
        }
        brelse(b);
    }
    error(ENOSPC);
    return NULL;
}

/* Lock the inode and read it from disk if that has not been done. */
void inode_lock(struct inode *ip)
{
    sleeplock_acquire(&ip->lock);
    if (!ip->valid) {
        struct buf *b = inode_block(ip->inum);

        ip->d = *in_block(b, ip->inum);
        brelse(b);
        ip->valid = true;
    }
}

void inode_unlock(struct inode *ip)
{
    sleeplock_release(&ip->lock);
}

/* Write the locked inode's changes into the current transaction. */
void inode_update(struct inode *ip)
{
    struct buf *b = inode_block(ip->inum);

    *in_block(b, ip->inum) = ip->d;
    log_write(b);
    brelse(b);
}

/* Make a locked file empty, in the current transaction. */
void inode_truncate(struct inode *ip)
{
    inode_free_blocks(ip);
    ip->d.size = 0;
    inode_update(ip);
}

/* Free an inode on disk. */
static void free_inode(struct inode *ip)
{
    inode_lock(ip);
    inode_truncate(ip);
    ip->d.type = T_FREE;
    inode_update(ip);
    ip->valid = false;
    inode_unlock(ip);
}

/*
 * One pointer less. In a transaction: it may have been the last one to a nameless file. Then nobody
 * else has a pointer, and without a name nobody can get one; to find that out and to count down is
 * one step, or two who leave together would both think that the other one stays.
 */
void inode_put(struct inode *ip)
{
    acquire(&table_lock);
    if (ip->users == 1 && ip->valid && ip->d.nlink == 0) {
        release(&table_lock);
        free_inode(ip);
        acquire(&table_lock);
    }
    ip->users--;
    release(&table_lock);
}

void inode_unlock_put(struct inode *ip)
{
    inode_unlock(ip);
    inode_put(ip);
}

/* What fstat() tells of a locked inode. */
void inode_stat(struct inode *ip, struct stat *st)
{
    *st = (struct stat){
        .type = ip->d.type,
        .dev = 1,
        .ino = ip->inum,
        .nlink = ip->d.nlink,
        .size = ip->d.size,
    };
}
