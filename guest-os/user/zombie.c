/* zombie: have a child that has ended and that nobody waits for; ps shows it meanwhile. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    pid_t pid = fork();
    if (pid == 0)
        return 0;
    if (pid < 0) {
        perror("zombie: fork");
        return 1;
    }
    printf("zombie: %d is one for the next 3 seconds; see ps\n", pid);
    fflush(stdout);
    sleep(3);
    return 0;
}
