/* The PAL's calls about processes and memory. */
#include "host_call.h"
#include "pal/pal.h"

void DkProcessExit(PAL_NUM status)
{
    for (;;)
        host_call(HOST_DkProcessExit, status, 0, 0);
}

PAL_RES DkProcessCopy(void)
{
    return host_call(HOST_DkProcessCopy, 0, 0, 0);
}

PAL_RES DkProcessLoad(PAL_STR path, char *const *arguments)
{
    return host_call(HOST_DkProcessLoad, ADDRESS(path), ADDRESS(arguments), 0);
}

PAL_RES DkProcessWait(int process, int *status, PAL_BOL no_hang)
{
    return host_call(HOST_DkProcessWait, WORD(process), ADDRESS(status), WORD(no_hang));
}

PAL_RES DkProcessKill(int process)
{
    return host_call(HOST_DkProcessKill, WORD(process), 0, 0);
}

PAL_RES DkProcessGetId(void)
{
    return host_call(HOST_DkProcessGetId, 0, 0, 0);
}

PAL_RES DkProcessGetParentId(void)
{
    return host_call(HOST_DkProcessGetParentId, 0, 0, 0);
}

PAL_RES DkVirtualMemoryAlloc(PAL_PTR address, PAL_NUM size)
{
    return host_call(HOST_DkVirtualMemoryAlloc, ADDRESS(address), size, 0);
}

PAL_RES DkVirtualMemoryFree(PAL_PTR address, PAL_NUM size)
{
    return host_call(HOST_DkVirtualMemoryFree, ADDRESS(address), size, 0);
}

PAL_RES DkVirtualMemoryQuery(const void *address, PAL_NUM size, PAL_BOL write)
{
    return host_call(HOST_DkVirtualMemoryQuery, ADDRESS(address), size, WORD(write));
}

PAL_RES DkSetExceptionHandler(void (*handler)(void))
{
    return host_call(HOST_DkSetExceptionHandler, ADDRESS(handler), 0, 0);
}
