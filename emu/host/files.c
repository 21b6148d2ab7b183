/* files: whole files in, every byte out; what went wrong is a sentence without the file's name. */
#include "emu/host/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu/base/bug.h"

static const char *judge(int fd, size_t most)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return strerror(errno);
    if (S_ISDIR(status.st_mode))
        return "is a folder: name a file in it";
    if (S_ISREG(status.st_mode) && (uint64_t)status.st_size > most)
        return "is too large: is it the right file?";
    return NULL;
}

/* Reads to the end, whatever fstat said: a pipe or a file that grows is no different. */
static uint8_t *read_to_end(int fd, size_t most, size_t *size, const char **why)
{
    size_t room = 65536, used = 0;
    uint8_t *bytes = bug_alloc(1, room + 1);
    for (;;) {
        ssize_t got = read(fd, bytes + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            *why = got < 0 ? strerror(errno) : NULL;
            break;
        }
        used += (size_t)got;
        if (used > most) {
            *why = "is too large: is it the right file?";
            break;
        }
        if (used == room) {
            uint8_t *bigger = bug_alloc(1, 2 * room + 1);
            memcpy(bigger, bytes, used);
            free(bytes);
            bytes = bigger;
            room *= 2;
        }
    }
    if (*why != NULL) {
        free(bytes);
        return NULL;
    }
    bytes[used] = 0;
    *size = used;
    return bytes;
}

uint8_t *file_read(const char *path, size_t most, size_t *size, const char **why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *why = strerror(errno);
        return NULL;
    }
    *why = judge(fd, most);
    uint8_t *bytes = *why == NULL ? read_to_end(fd, most, size, why) : NULL;
    close(fd);
    return bytes;
}

bool file_write_all(int fd, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        ssize_t done = write(fd, from, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        from += done;
        size -= (size_t)done;
    }
    return true;
}

char *file_join(const char *folder, const char *name)
{
    size_t length = strlen(folder);
    char *path = bug_alloc(1, length + strlen(name) + 2);
    memcpy(path, folder, length);
    path[length] = '/';
    strcpy(path + length + 1, name);
    return path;
}

char *file_own_folder(void)
{
    char path[PATH_MAX + 1];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return strdup(path);
}
