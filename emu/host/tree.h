/* tree: a folder that somebody else has filled, copied without being led out of it.
 *
 * Only plain files are read, never through a symbolic link, and only as many and as large as the
 * limits say; what is not taken is told. */
#ifndef EMU_HOST_TREE_H
#define EMU_HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tree_limits {
    unsigned files, depth;
    uint64_t file_size, size; /* of one file, and of all together */
};

struct tree_copy {
    struct tree_limits limits;
    /* Is a file or folder of this path, relative to the top, wanted? NULL = all are. */
    bool (*wants)(void *context, const char *path, bool folder);
    /* It was wanted, but not taken: `why` goes on behind the path: "is a symbolic link". */
    void (*refused)(void *context, const char *path, const char *why);
    void *context;
    unsigned files; /* taken so far */
    uint64_t size;
};

/* Copies into the folder `to`, which is there and ours. False: *why, with errno's words. */
bool tree_copy(struct tree_copy *copy, const char *from, const char *to, const char **why);

/* A new folder of our own below the folder for temporary files, to be freed; NULL = errno says why.
 */
char *tree_temporary(void);
/* With all that is in it; goes through no symbolic link. */
void tree_remove(const char *path);

/* Puts a file into `folder`/`name` (one component each) below `top` without following links there:
 * the file is new, or replaces a name, not what a name leads to. False: errno. */
bool tree_put(const char *top, const char *folder, const char *name, const char *from);

#endif
