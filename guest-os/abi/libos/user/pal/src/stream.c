/* The PAL's calls about streams. */
#include "host_call.h"
#include "pal/pal.h"

PAL_RES DkStreamOpen(PAL_STR path, PAL_FLG flags)
{
    return host_call(HOST_DkStreamOpen, ADDRESS(path), flags, 0);
}

PAL_RES DkStreamRead(PAL_HANDLE stream, PAL_PTR buffer, PAL_NUM count)
{
    return host_call(HOST_DkStreamRead, WORD(stream), ADDRESS(buffer), count);
}

PAL_RES DkStreamWrite(PAL_HANDLE stream, const void *buffer, PAL_NUM count)
{
    return host_call(HOST_DkStreamWrite, WORD(stream), ADDRESS(buffer), count);
}

PAL_RES DkStreamSeek(PAL_HANDLE stream, int32_t offset, PAL_FLG whence)
{
    return host_call(HOST_DkStreamSeek, WORD(stream), WORD(offset), whence);
}

PAL_RES DkStreamDuplicate(PAL_HANDLE stream)
{
    return host_call(HOST_DkStreamDuplicate, WORD(stream), 0, 0);
}

PAL_RES DkStreamPipe(PAL_HANDLE ends[2])
{
    return host_call(HOST_DkStreamPipe, ADDRESS(ends), 0, 0);
}

PAL_RES DkStreamAttributesQuery(PAL_HANDLE stream, PAL_STREAM_ATTR *attributes)
{
    return host_call(HOST_DkStreamAttributesQuery, WORD(stream), ADDRESS(attributes), 0);
}

PAL_RES DkStreamDelete(PAL_STR path)
{
    return host_call(HOST_DkStreamDelete, ADDRESS(path), 0, 0);
}

PAL_RES DkStreamLink(PAL_STR path, PAL_STR other)
{
    return host_call(HOST_DkStreamLink, ADDRESS(path), ADDRESS(other), 0);
}

PAL_RES DkStreamMakeDirectory(PAL_STR path)
{
    return host_call(HOST_DkStreamMakeDirectory, ADDRESS(path), 0, 0);
}

PAL_RES DkStreamMakeNode(PAL_STR path, PAL_NUM major, PAL_NUM minor)
{
    return host_call(HOST_DkStreamMakeNode, ADDRESS(path), major, minor);
}

PAL_RES DkStreamChangeDirectory(PAL_STR path)
{
    return host_call(HOST_DkStreamChangeDirectory, ADDRESS(path), 0, 0);
}

PAL_RES DkObjectClose(PAL_HANDLE stream)
{
    return host_call(HOST_DkObjectClose, WORD(stream), 0, 0);
}
