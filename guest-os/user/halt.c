/* halt: turn the machine off. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int fd = open("/dev/power", O_WRONLY);
    if (fd < 0 || write(fd, "off", 3) != 3) {
        perror("halt: /dev/power");
        return 1;
    }
    return 0;
}
