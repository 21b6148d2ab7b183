/* disk: an image file behind a guest's disk: read page by page, written only when asked to. */
#include "emu/host/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR    512u
#define IS_FOLDER "is a folder: name an image file in it"

static const char *judge(struct disk *disk, uint64_t most)
{
    struct stat status;
    if (fstat(disk->fd, &status) != 0)
        return strerror(errno);
    if (S_ISDIR(status.st_mode))
        return IS_FOLDER;
    if (!S_ISREG(status.st_mode))
        return "is no regular file: copy the disk into an image file first";
    if (status.st_size == 0)
        return "is empty: make an image of the size wanted first, e.g. with truncate -s 16M";
    if ((uint64_t)status.st_size > most)
        return "is larger than the largest disk, 8 GiB";
    if (flock(disk->fd, (disk->keep ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
        return "is in use by another machine: end that one, or use a copy of the image";
    disk->size = (uint64_t)status.st_size;
    return NULL;
}

/* O_NONBLOCK: a FIFO is refused at once, not waited for. */
bool disk_open(struct disk *disk, const char *path, uint64_t most, bool keep, const char **why)
{
    *disk = (struct disk){.path = path, .keep = keep};
    disk->fd = open(path, (keep ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
    if (disk->fd < 0 && keep && (errno == EACCES || errno == EROFS || errno == EPERM)) {
        disk->keep = false;
        disk->read_only = true;
        disk->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    if (disk->fd >= 0)
        *why = judge(disk, most);
    else
        *why = errno == EISDIR ? IS_FOLDER : strerror(errno);
    if (*why != NULL)
        disk_close(disk);
    return *why == NULL;
}

void disk_close(struct disk *disk)
{
    if (disk->fd >= 0)
        close(disk->fd);
    disk->fd = -1;
}

uint32_t disk_sectors(const struct disk *disk)
{
    return (uint32_t)((disk->size + SECTOR - 1) / SECTOR);
}

/* Zeros behind the end; false = the host failed. */
static bool read_at(int fd, uint64_t offset, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t got = pread(fd, bytes, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0) {
            memset(bytes, 0, size);
            return true;
        }
        bytes += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return true;
}

static bool write_at(int fd, uint64_t offset, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = pwrite(fd, bytes, size, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        offset += (uint64_t)done;
        size -= (size_t)done;
    }
    return true;
}

bool disk_load(void *disk, uint64_t offset, void *page, size_t size)
{
    return read_at(((struct disk *)disk)->fd, offset, page, size);
}

static bool write_page(struct disk *disk, uint64_t offset, const uint8_t *bytes)
{
    uint8_t before[MEMORY_PAGE];
    uint64_t end = (uint64_t)disk_sectors(disk) * SECTOR;
    uint64_t size = end - offset < MEMORY_PAGE ? end - offset : MEMORY_PAGE;
    if (!read_at(disk->fd, offset, before, size))
        return false;
    for (uint64_t at = 0; at < size; at += SECTOR)
        if (memcmp(before + at, bytes + at, SECTOR) != 0 &&
            !write_at(disk->fd, offset + at, bytes + at, SECTOR))
            return false;
    return true;
}

bool disk_write_back(struct disk *disk, struct memory *memory, const char **why)
{
    if (!disk->keep)
        return true;
    for (uint64_t page = memory_next(memory, 0, MEMORY_DIRTY); page < memory_pages(memory);
         page = memory_next(memory, page + 1, MEMORY_DIRTY)) {
        uint64_t offset = page << MEMORY_PAGE_SHIFT;
        if (!write_page(disk, offset, memory->bytes + offset)) {
            *why = strerror(errno);
            return false;
        }
    }
    memory_clean(memory);
    return true;
}
