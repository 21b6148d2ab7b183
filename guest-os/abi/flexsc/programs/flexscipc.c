/*
 * Two processes, each with a syscall page: the child waits for a word, and its call is blocked
 * until the parent sends one. (The demo program of JOS with FlexSC.)
 */
#include <flex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int join(const char *who)
{
    int r = flexsc_register(0);

    if (r < 0)
        fprintf(stderr, "flexscipc: the %s cannot register: %s\n", who, strerror(-r));
    return r;
}

static int receive(envid_t parent)
{
    struct ipc_message message;
    int r = flex_ipc_recv(&message);

    if (r < 0) {
        fprintf(stderr, "flexscipc: no message: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }
    printf("child: received %x from %s\n", (unsigned)message.value,
           message.from == parent ? "the parent" : "a stranger");
    return EXIT_SUCCESS;
}

static int send(envid_t child)
{
    int tries = 1;
    int r;

    while ((r = flex_ipc_try_send(child, 0x1234, UTOP, 0)) == -E_IPC_NOT_RECV)
        tries++;
    if (r < 0) {
        fprintf(stderr, "flexscipc: cannot send: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }
    printf("parent: sent, the child %s\n", tries == 1 ? "waited" : "had to be waited for");
    return EXIT_SUCCESS;
}

int main(void)
{
    envid_t parent = sys_getenvid();
    int child = fork();
    int status, child_status;

    if (child < 0) {
        perror("flexscipc: fork");
        return EXIT_FAILURE;
    }
    if (join(child ? "parent" : "child") < 0)
        return EXIT_FAILURE;
    if (child == 0)
        return receive(parent);
    status = send(child);
    wait(&child_status);
    return status != EXIT_SUCCESS || child_status != 0;
}
