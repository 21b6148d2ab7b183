/*
 * Makes a file system image for Turnstile.
 *
 *   mkfs [--big-endian] IMAGE BLOCKS MANIFEST...
 *
 * Each line of a manifest is HOSTPATH=GUESTPATH: a file to copy. A host path that was there
 * before makes a second name (a hard link) of the same file. Directories on the way are made as
 * needed. /dev, with the kernel's device nodes in it, /bin, /etc, /run and /tmp are always there.
 */
#include "kernel/device.h"
#include "kernel/fs.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INODES = 1024, MIN_BLOCKS = 1024 };

/* An image under construction. Numbers are laid out as the guest's processor wants them. */
struct image {
    uint8_t *bytes;
    struct superblock super;
    uint32_t next_block;
    uint32_t next_inode;
    bool big_endian;
    char *host_path[INODES]; /* by inode number: the file that it is a copy of */
};

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "mkfs: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    exit(1);
}

/* --- numbers in the image --- */

static void put(const struct image *im, uint8_t *at, uint32_t value, int size)
{
    for (int i = 0; i < size; i++)
        at[im->big_endian ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const struct image *im, const uint8_t *at, int size)
{
    uint32_t value = 0;

    for (int i = 0; i < size; i++)
        value |= (uint32_t)at[im->big_endian ? size - 1 - i : i] << 8 * i;
    return value;
}

static uint8_t *block_at(const struct image *im, uint32_t block)
{
    return im->bytes + (size_t)block * BSIZE;
}

static uint32_t new_block(struct image *im)
{
    if (im->next_block >= im->super.size)
        die("the files do not fit into %u blocks", im->super.size);
    return im->next_block++;
}

/* --- inodes --- */

enum { TYPE = 0, MAJOR = 2, MINOR = 4, NLINK = 6, SIZE = 8, ADDRS = 12 };

_Static_assert(offsetof(struct dinode, nlink) == NLINK && offsetof(struct dinode, size) == SIZE &&
                   offsetof(struct dinode, addrs) == ADDRS,
               "fields lie where this file writes them");

static uint8_t *inode_at(const struct image *im, uint32_t inum)
{
    return block_at(im, im->super.inode_start + inum / INODES_PER_BLOCK) +
           inum % INODES_PER_BLOCK * sizeof(struct dinode);
}

static uint32_t new_inode(struct image *im, int type, int major, int minor)
{
    uint32_t inum = im->next_inode++;
    uint8_t *ip;

    if (inum >= INODES)
        die("more than %d files", INODES - 1);
    ip = inode_at(im, inum);
    put(im, ip + TYPE, (uint32_t)type, 2);
    put(im, ip + MAJOR, (uint32_t)major, 2);
    put(im, ip + MINOR, (uint32_t)minor, 2);
    return inum;
}

static void add_links(const struct image *im, uint32_t inum, uint32_t n)
{
    uint8_t *ip = inode_at(im, inum);

    put(im, ip + NLINK, get(im, ip + NLINK, 2) + n, 2);
}

static uint32_t filled(struct image *im, uint8_t *slot)
{
    uint32_t block = get(im, slot, 4);

    if (block == 0) {
        block = new_block(im);
        put(im, slot, block, 4);
    }
    return block;
}

/* The disk block with block n of a file; made if need be. */
static uint32_t file_block(struct image *im, uint32_t inum, uint32_t n)
{
    uint8_t *addrs = inode_at(im, inum) + ADDRS;
    uint32_t table;

    if (n < NDIRECT)
        return filled(im, addrs + 4 * n);
    n -= NDIRECT;
    if (n < NINDIRECT) {
        table = filled(im, addrs + 4 * NDIRECT);
    } else {
        n -= NINDIRECT;
        table = filled(im, addrs + 4 * (NDIRECT + 1));
        table = filled(im, block_at(im, table) + 4 * (n / NINDIRECT));
        n %= NINDIRECT;
    }
    return filled(im, block_at(im, table) + 4 * n);
}

static void append(struct image *im, uint32_t inum, const void *data, size_t length)
{
    uint8_t *ip = inode_at(im, inum);
    uint32_t size = get(im, ip + SIZE, 4);
    const uint8_t *d = data;

    while (length > 0) {
        size_t part = BSIZE - size % BSIZE;

        if (size / BSIZE >= MAX_FILE_BLOCKS)
            die("a file is larger than %d bytes", MAX_FILE_BLOCKS * BSIZE);
        if (part > length)
            part = length;
        memcpy(block_at(im, file_block(im, inum, size / BSIZE)) + size % BSIZE, d, part);
        d += part;
        length -= part;
        size += (uint32_t)part;
    }
    put(im, ip + SIZE, size, 4);
}

/* --- directories --- */

static uint32_t lookup(struct image *im, uint32_t dir, const char *name)
{
    uint32_t size = get(im, inode_at(im, dir) + SIZE, 4);

    for (uint32_t off = 0; off < size; off += sizeof(struct dirent)) {
        uint8_t *e = block_at(im, file_block(im, dir, off / BSIZE)) + off % BSIZE;

        if (strncmp((const char *)e + 2, name, NAME_SIZE) == 0)
            return get(im, e, 2);
    }
    return 0;
}

static void enter(struct image *im, uint32_t dir, const char *name, uint32_t inum)
{
    uint8_t e[sizeof(struct dirent)] = {0};

    if (strlen(name) > NAME_SIZE)
        die("%s: a name has at most %d characters", name, NAME_SIZE);
    put(im, e, inum, 2);
    memcpy(e + 2, name, strlen(name));
    append(im, dir, e, sizeof e);
    add_links(im, inum, 1);
}

static uint32_t make_dir(struct image *im, uint32_t parent, const char *name)
{
    uint32_t dir = new_inode(im, T_DIR, 0, 0);

    /* "." is not counted as a link, as the kernel does not either. */
    enter(im, dir, ".", dir);
    add_links(im, dir, (uint32_t)-1);
    enter(im, dir, "..", parent ? parent : dir);
    if (parent)
        enter(im, parent, name, dir);
    return dir;
}

/*
 * The directory that a path's last part is in, made if need be. *name becomes that part, which
 * points into `path`; its slashes are overwritten.
 */
static uint32_t walk(struct image *im, char *path, char **name)
{
    uint32_t dir = ROOT_INODE;

    while (*path == '/')
        path++;
    for (char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        uint32_t next;

        *slash = '\0';
        next = lookup(im, dir, path);
        dir = next ? next : make_dir(im, dir, path);
    }
    if (!*path)
        die("a path has no last part");
    *name = path;
    return dir;
}

static void add_directory(struct image *im, char *path)
{
    char *name;
    uint32_t dir = walk(im, path, &name);

    if (!lookup(im, dir, name))
        make_dir(im, dir, name);
}

static void copy_contents(struct image *im, const char *host, uint32_t inum)
{
    FILE *f = fopen(host, "rb");
    char part[4096];
    size_t n;

    if (!f)
        die("%s: %s", host, strerror(errno));
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        append(im, inum, part, n);
    if (ferror(f))
        die("%s: %s", host, strerror(errno));
    fclose(f);
}

static uint32_t find_copy(const struct image *im, const char *host)
{
    for (uint32_t inum = ROOT_INODE; inum < im->next_inode; inum++)
        if (im->host_path[inum] && strcmp(im->host_path[inum], host) == 0)
            return inum;
    return 0;
}

static void add_file(struct image *im, const char *host, char *path)
{
    char *name;
    uint32_t dir = walk(im, path, &name);
    uint32_t inum = find_copy(im, host);

    if (lookup(im, dir, name))
        die("%s is there twice", name);
    if (!inum) {
        inum = new_inode(im, T_FILE, 0, 0);
        copy_contents(im, host, inum);
        im->host_path[inum] = strdup(host);
    }
    enter(im, dir, name, inum);
}

static void add_device(struct image *im, const char *name, int major, int minor)
{
    enter(im, lookup(im, ROOT_INODE, "dev"), name, new_inode(im, T_DEV, major, minor));
}

/* --- the whole --- */

static void begin(struct image *im, uint32_t size)
{
    uint32_t bitmap_blocks = (size + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
    struct superblock *sb = &im->super;
    char paths[][8] = {"/bin", "/dev", "/etc", "/run", "/tmp"};

    if (size < MIN_BLOCKS || size > MAX_FS_BLOCKS)
        die("an image has %d to %d blocks", MIN_BLOCKS, MAX_FS_BLOCKS);
    im->bytes = calloc(size, BSIZE);
    if (!im->bytes)
        die("out of memory");
    sb->magic = FS_MAGIC;
    sb->size = size;
    sb->inodes = INODES;
    sb->log_blocks = LOG_BLOCKS + 1;
    sb->log_start = 2;
    sb->inode_start = sb->log_start + sb->log_blocks;
    sb->bitmap_start = sb->inode_start + INODES / INODES_PER_BLOCK;
    im->next_block = sb->bitmap_start + bitmap_blocks;
    sb->data_blocks = size - im->next_block;
    im->next_inode = ROOT_INODE;

    make_dir(im, 0, "/");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        add_directory(im, paths[i]);
#define ADD(name, major, minor) add_device(im, name, major, minor);
    DEVICES(ADD)
#undef ADD
}

static void read_manifest(struct image *im, const char *path)
{
    FILE *f = fopen(path, "r");
    char line[4096];

    if (!f)
        die("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, f)) {
        char *guest = strrchr(line, '=');

        line[strcspn(line, "\n")] = '\0';
        if (!guest || guest == line)
            die("%s: a line is HOSTPATH=GUESTPATH, not: %s", path, line);
        *guest++ = '\0';
        add_file(im, line, guest);
    }
    fclose(f);
}

static void finish(struct image *im, const char *path)
{
    const struct superblock *sb = &im->super;
    const uint32_t fields[] = {sb->magic,      sb->size,      sb->data_blocks, sb->inodes,
                               sb->log_blocks, sb->log_start, sb->inode_start, sb->bitmap_start};
    FILE *f;

    _Static_assert(sizeof fields == sizeof *sb, "every field of the superblock is written");
    for (uint32_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(im, block_at(im, 1) + 4 * i, fields[i], 4);
    for (uint32_t b = 0; b < im->next_block; b++)
        block_at(im, sb->bitmap_start)[b / 8] |= (uint8_t)(1 << b % 8);
    f = fopen(path, "wb");
    if (!f || fwrite(im->bytes, BSIZE, sb->size, f) != sb->size || fclose(f) != 0)
        die("%s: %s", path, strerror(errno));
    free(im->bytes);
    for (uint32_t inum = 0; inum < INODES; inum++)
        free(im->host_path[inum]);
}

int main(int argc, char **argv)
{
    static struct image im;
    int arg = 1;

    if (arg < argc && strcmp(argv[arg], "--big-endian") == 0) {
        im.big_endian = true;
        arg++;
    }
    if (argc - arg < 3)
        die("usage: mkfs [--big-endian] IMAGE BLOCKS MANIFEST...");
    begin(&im, (uint32_t)strtoul(argv[arg + 1], NULL, 10));
    for (int i = arg + 2; i < argc; i++)
        read_manifest(&im, argv[i]);
    finish(&im, argv[arg]);
    return 0;
}
