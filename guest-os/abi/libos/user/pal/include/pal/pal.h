/*
 * The platform abstraction layer: all that the library OS asks of what it runs on. Each call
 * returns a number below 0 if it fails: an error number of <errno.h> made negative; PAL_BOL calls
 * return PAL_FALSE then.
 */
#ifndef PAL_H
#define PAL_H

#include <stdint.h>

typedef uint32_t PAL_NUM;    /* a number */
typedef int32_t PAL_RES;     /* a result, or an error */
typedef const char *PAL_STR; /* a string */
typedef void *PAL_PTR;       /* an address */
typedef uint32_t PAL_FLG;    /* flags */
typedef uint32_t PAL_IDX;    /* an index */
typedef int PAL_BOL;         /* PAL_TRUE or PAL_FALSE */
typedef int PAL_HANDLE;      /* a stream */

#define PAL_TRUE  1
#define PAL_FALSE 0

/* --- the process --- */
void DkProcessExit(PAL_NUM status) __attribute__((noreturn));
PAL_RES DkProcessCopy(void);
PAL_RES DkProcessLoad(PAL_STR path, char *const *arguments);
PAL_RES DkProcessWait(int process, int *status, PAL_BOL no_hang);
PAL_RES DkProcessKill(int process);
PAL_RES DkProcessGetId(void);
PAL_RES DkProcessGetParentId(void);

/* --- memory: whole pages --- */
PAL_RES DkVirtualMemoryAlloc(PAL_PTR address, PAL_NUM size);
PAL_RES DkVirtualMemoryFree(PAL_PTR address, PAL_NUM size);
/* Below 0: not all of it is the program's to read, or to write. */
PAL_RES DkVirtualMemoryQuery(const void *address, PAL_NUM size, PAL_BOL write);

/* --- streams: files, pipes, devices --- */
#define PAL_ACCESS_RDONLY 0x000
#define PAL_ACCESS_WRONLY 0x001
#define PAL_ACCESS_RDWR   0x002
#define PAL_CREATE        0x200
#define PAL_TRUNCATE      0x400
#define PAL_APPEND        0x800
#define PAL_EXCLUSIVE     0x1000
#define PAL_DIRECTORY     0x2000

enum { PAL_TYPE_DIR = 1, PAL_TYPE_FILE = 2, PAL_TYPE_DEV = 3 };

typedef struct {
    int16_t type; /* PAL_TYPE_ */
    int32_t device;
    uint32_t inode;
    int16_t links;
    uint32_t size;
} PAL_STREAM_ATTR;

PAL_RES DkStreamOpen(PAL_STR path, PAL_FLG flags);
PAL_RES DkStreamRead(PAL_HANDLE stream, PAL_PTR buffer, PAL_NUM count);
PAL_RES DkStreamWrite(PAL_HANDLE stream, const void *buffer, PAL_NUM count);
PAL_RES DkStreamSeek(PAL_HANDLE stream, int32_t offset, PAL_FLG whence);
PAL_RES DkStreamDuplicate(PAL_HANDLE stream);
PAL_RES DkStreamPipe(PAL_HANDLE ends[2]);
PAL_RES DkStreamAttributesQuery(PAL_HANDLE stream, PAL_STREAM_ATTR *attributes);
PAL_RES DkStreamDelete(PAL_STR path);
PAL_RES DkStreamLink(PAL_STR path, PAL_STR other);
PAL_RES DkStreamMakeDirectory(PAL_STR path);
PAL_RES DkStreamMakeNode(PAL_STR path, PAL_NUM major, PAL_NUM minor);
PAL_RES DkStreamChangeDirectory(PAL_STR path);
PAL_RES DkObjectClose(PAL_HANDLE stream);

/* --- threads and time --- */
#define PAL_TICKS_PER_SECOND 100

PAL_RES DkThreadYieldExecution(void);
PAL_RES DkThreadDelayExecution(PAL_NUM ticks);
PAL_BOL DkThreadSetCPUAffinity(PAL_NUM cpu_num, PAL_IDX *cpu_indexes);
PAL_RES DkThreadGetCPU(void);
PAL_NUM DkSystemTimeQuery(void);

/*
 * From now on a system call instruction that is not the PAL's goes on at the handler, with the
 * registers on the stack as shim_entry.S takes them off.
 */
PAL_RES DkSetExceptionHandler(void (*handler)(void));

#endif
