/* Names of files. */
#include "pal/pal.h"
#include "shim_table.h"

#include <errno.h>

/* What a path names, PAL_TYPE_DIR and so on; below 0: it cannot be told. */
static int type_of(const char *path)
{
    PAL_STREAM_ATTR a;
    int handle = DkStreamOpen(path, PAL_ACCESS_RDONLY);
    int result;

    if (handle < 0)
        return handle;
    result = DkStreamAttributesQuery(handle, &a);
    DkObjectClose(handle);
    return result < 0 ? result : a.type;
}

/* The host's call removes both files and empty directories; Linux has two. */
int shim_do_unlink(const char *path)
{
    return type_of(path) == PAL_TYPE_DIR ? -EISDIR : DkStreamDelete(path);
}

int shim_do_rmdir(const char *path)
{
    int type = type_of(path);

    if (type < 0)
        return type;
    return type == PAL_TYPE_DIR ? DkStreamDelete(path) : -ENOTDIR;
}

int shim_do_link(const char *path, const char *other)
{
    return DkStreamLink(path, other);
}

int shim_do_mkdir(const char *path, int mode)
{
    (void)mode;
    return DkStreamMakeDirectory(path);
}

int shim_do_mknod(const char *path, int mode, int device)
{
    enum { TYPE = 0170000, CHARACTER = 0020000 };

    if ((mode & TYPE) != CHARACTER)
        return -EINVAL;
    return DkStreamMakeNode(path, (PAL_NUM)device >> 8 & 0xff, (PAL_NUM)device & 0xff);
}

int shim_do_chdir(const char *path)
{
    return DkStreamChangeDirectory(path);
}
