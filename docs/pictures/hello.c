#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    write(1, "hi\n", 3);
    int fd = open("/nope", O_RDONLY);
    printf("fd %d\n", fd);
    return 7;
}
