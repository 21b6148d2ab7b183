/* tree: a folder that somebody else has filled, copied without being led out of it. */
#define _GNU_SOURCE /* nftw, O_PATH */
#include "emu/host/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"

#define PATH_ROOM 512u

/* --- one file --------------------------------------------------------------------------------- */

/* Not more than `most` bytes. Answers how many; -1 = errno, EFBIG when there are more. */
static int64_t carry(int from, int to, uint64_t most)
{
    char part[16384];
    uint64_t done = 0;
    for (;;) {
        ssize_t got = read(from, part, sizeof part);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -1 : (int64_t)done;
        done += (uint64_t)got;
        if (done > most) {
            errno = EFBIG;
            return -1;
        }
        if (!file_write_all(to, part, (size_t)got))
            return -1;
    }
}

static const char *kind_of(mode_t mode)
{
    return S_ISLNK(mode)                    ? "is a symbolic link: put the file itself there"
           : S_ISDIR(mode)                  ? "is a folder"
           : S_ISFIFO(mode)                 ? "is a pipe, no file"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "is a device, no file"
                                            : "is no plain file";
}

static void refuse(struct tree_copy *copy, const char *path, const char *why)
{
    if (copy->refused != NULL)
        copy->refused(copy->context, path, why);
}

/* False = the target cannot be written: errno. What is wrong with the source is told. */
static bool take_file(struct tree_copy *copy, int folder, const char *name, const char *path,
                      int target)
{
    const struct tree_limits *limits = &copy->limits;
    struct stat status;
    int from = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (from < 0) {
        refuse(copy, path, strerror(errno));
        return true;
    }
    uint64_t left = limits->size - copy->size;
    uint64_t most = limits->file_size < left ? limits->file_size : left;
    const char *why = NULL;
    if (fstat(from, &status) != 0 || !S_ISREG(status.st_mode))
        why = kind_of(status.st_mode);
    else if (copy->files == limits->files)
        why = "is one file too many";
    else if ((uint64_t)status.st_size > most)
        why = "is too large";
    if (why != NULL) {
        close(from);
        refuse(copy, path, why);
        return true;
    }
    int to = openat(target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    int64_t size = to < 0 ? -1 : carry(from, to, most);
    bool grown = size < 0 && errno == EFBIG;
    if (grown)
        refuse(copy, path, "grows while it is read");
    copy->files++;
    copy->size += size > 0 ? (uint64_t)size : 0;
    close(from);
    if (to >= 0)
        close(to);
    return size >= 0 || grown;
}

/* --- a folder --------------------------------------------------------------------------------- */

static bool take_folder(struct tree_copy *copy, int from, const char *path, int to, unsigned depth);

static bool descend(struct tree_copy *copy, int from, const char *name, const char *path, int to,
                    unsigned depth)
{
    if (depth == copy->limits.depth) {
        refuse(copy, path, "is too deep");
        return true;
    }
    int inner = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0) {
        refuse(copy, path, strerror(errno));
        return true;
    }
    int target = mkdirat(to, name, 0755) == 0
                     ? openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                     : -1;
    bool done = target >= 0 && take_folder(copy, inner, path, target, depth + 1);
    close(inner);
    if (target >= 0)
        close(target);
    return done;
}

static bool take(struct tree_copy *copy, int from, const char *above, const char *name, int to,
                 unsigned depth)
{
    char path[PATH_ROOM];
    struct stat status;
    int length = snprintf(path, sizeof path, "%s%s%s", above, above[0] == '\0' ? "" : "/", name);
    if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return true;                                                       /* it has just gone */
    bool folder = S_ISDIR(status.st_mode), link = S_ISLNK(status.st_mode); /* to either */
    if (copy->wants != NULL && !copy->wants(copy->context, path, folder) &&
        !(link && copy->wants(copy->context, path, true)))
        return true;
    if (length >= (int)sizeof path) {
        refuse(copy, path, "has too long a name");
        return true;
    }
    if (folder)
        return descend(copy, from, name, path, to, depth);
    if (!S_ISREG(status.st_mode)) {
        refuse(copy, path, kind_of(status.st_mode));
        return true;
    }
    return take_file(copy, from, name, path, to);
}

static bool take_folder(struct tree_copy *copy, int from, const char *path, int to, unsigned depth)
{
    int again = dup(from);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    if (folder == NULL) {
        refuse(copy, path, strerror(errno));
        return true;
    }
    bool done = true;
    unsigned entries = 0;
    for (struct dirent *entry; done && (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (entries++ > 4 * copy->limits.files) {
            refuse(copy, path, "has too many names in it");
            break;
        }
        done = take(copy, from, path, entry->d_name, to, depth);
    }
    closedir(folder);
    return done;
}

bool tree_copy(struct tree_copy *copy, const char *from, const char *to, const char **why)
{
    int source = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int target = source < 0 ? -1 : open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = target >= 0 && take_folder(copy, source, "", target, 0);
    *why = done ? NULL : strerror(errno);
    if (source >= 0)
        close(source);
    if (target >= 0)
        close(target);
    return done;
}

/* --- folders of our own ----------------------------------------------------------------------- */

char *tree_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    char *path =
        file_join(folder == NULL || folder[0] == '\0' ? "/tmp" : folder, "trapscope-lab-XXXXXX");
    char *made = mkdtemp(path);
    char *real = made == NULL ? NULL : realpath(made, NULL);
    if (made != NULL && real == NULL)
        rmdir(made);
    free(path);
    return real;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

void tree_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool put_at(int folder, const char *name, const char *from)
{
    static const char fresh[] = ".new";
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return false;
    unlinkat(folder, fresh, 0);
    int to = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool done = to >= 0 && carry(source, to, UINT64_MAX) >= 0;
    if (to >= 0)
        done = close(to) == 0 && done;
    done = done && renameat(folder, fresh, folder, name) == 0;
    int reason = errno;
    if (!done)
        unlinkat(folder, fresh, 0);
    close(source);
    errno = reason;
    return done;
}

bool tree_put(const char *top, const char *folder, const char *name, const char *from)
{
    int above = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (above < 0)
        return false;
    if (mkdirat(above, folder, 0755) != 0 && errno != EEXIST) {
        close(above);
        return false;
    }
    int inside = openat(above, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool done = inside >= 0 && put_at(inside, name, from);
    int reason = errno;
    if (inside >= 0)
        close(inside);
    close(above);
    errno = reason;
    return done;
}
