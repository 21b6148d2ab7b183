/* Devices: the numbers that a device node holds, for the kernel and the image maker. */
#ifndef KERNEL_DEVICE_H
#define KERNEL_DEVICE_H

/* Every node of /dev as DEVICE(name, major, minor). Major 1 is the console in xv6 as well. */
#define DEVICES(DEVICE)                                                                            \
    DEVICE("console", DEV_CONSOLE, 1)                                                              \
    DEVICE("null", DEV_NULL, 0)                                                                    \
    DEVICE("ttyS1", DEV_TTY, 1)                                                                    \
    DEVICE("ttyS2", DEV_TTY, 2)                                                                    \
    DEVICE("ps", DEV_PS, 0)                                                                        \
    DEVICE("power", DEV_POWER, 0)                                                                  \
    DEVICE("argv", DEV_HOST_FILE, 0)                                                               \
    DEVICE("program", DEV_HOST_FILE, 1)

enum device_major {
    DEV_CONSOLE = 1,
    DEV_NULL,
    DEV_TTY,
    DEV_PS,
    DEV_POWER,
    DEV_HOST_FILE, /* a file that the host gave at boot time */
    DEV_END,
};

#endif
