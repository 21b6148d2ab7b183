/* The PAL's calls about threads and time. */
#include "host_call.h"
#include "pal/pal.h"

PAL_RES DkThreadYieldExecution(void)
{
    return host_call(HOST_DkThreadYieldExecution, 0, 0, 0);
}

PAL_RES DkThreadDelayExecution(PAL_NUM ticks)
{
    return host_call(HOST_DkThreadDelayExecution, ticks, 0, 0);
}

PAL_BOL DkThreadSetCPUAffinity(PAL_NUM cpu_num, PAL_IDX *cpu_indexes)
{
    return host_call(HOST_DkThreadSetCPUAffinity, cpu_num, ADDRESS(cpu_indexes), 0) < 0 ? PAL_FALSE
                                                                                        : PAL_TRUE;
}

PAL_RES DkThreadGetCPU(void)
{
    return host_call(HOST_DkThreadGetCPU, 0, 0, 0);
}

PAL_NUM DkSystemTimeQuery(void)
{
    return (PAL_NUM)host_call(HOST_DkSystemTimeQuery, 0, 0, 0);
}
