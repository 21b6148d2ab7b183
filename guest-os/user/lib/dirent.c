/* Reading directories, and from them the name of the current one. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What read() gives of a directory; inum 0 marks a free entry. */
struct kernel_dirent {
    unsigned short inum;
    char name[NAME_MAX];
};

struct directory_stream {
    int fd;
    struct dirent entry;
};

DIR *opendir(const char *path)
{
    struct stat st;
    int fd = __open(path, O_RDONLY);
    if (fd < 0)
        return NULL;
    DIR *d = NULL;
    if (fstat(fd, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            d = malloc(sizeof *d);
        else
            errno = ENOTDIR;
    }
    if (d == NULL) {
        __close(fd);
        return NULL;
    }
    d->fd = fd;
    return d;
}

struct dirent *readdir(DIR *d)
{
    struct kernel_dirent k;
    while (__read(d->fd, &k, sizeof k) == sizeof k) {
        if (k.inum == 0)
            continue;
        d->entry.d_ino = k.inum;
        memcpy(d->entry.d_name, k.name, NAME_MAX);
        d->entry.d_name[NAME_MAX] = '\0';
        return &d->entry;
    }
    return NULL;
}

int closedir(DIR *d)
{
    int result = __close(d->fd);
    free(d);
    return result;
}

/* Write "/NAME" of inode `inum`, found in directory `parent`, in front of `path`. */
static bool prepend_name(const char *parent, ino_t inum, char *start, char **path)
{
    DIR *d = opendir(parent);
    if (d == NULL)
        return false;
    struct dirent *entry;
    bool found = false;
    while (!found && (entry = readdir(d)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (entry->d_ino != inum || entry->d_name[0] == '.' || (size_t)(*path - start) < length + 1)
            continue;
        *path -= length + 1;
        **path = '/';
        memcpy(*path + 1, entry->d_name, length);
        found = true;
    }
    closedir(d);
    return found;
}

/* The kernel does not keep the name: climb to the root and look up each directory on the way. */
char *getcwd(char *path, size_t size)
{
    char room[PATH_MAX], up[PATH_MAX] = ".";
    char *at = room + sizeof room - 1;
    *at = '\0';
    struct stat here, parent;
    for (;;) {
        size_t depth = strlen(up);
        if (depth + 3 >= sizeof up || stat(up, &here) < 0)
            return NULL;
        strcpy(up + depth, "/..");
        if (stat(up, &parent) < 0)
            return NULL;
        if (parent.st_ino == here.st_ino)
            break;
        if (!prepend_name(up, here.st_ino, room, &at))
            return NULL;
    }
    if (*at == '\0')
        *--at = '/';
    if (strlen(at) >= size) {
        errno = ERANGE;
        return NULL;
    }
    return strcpy(path, at);
}
