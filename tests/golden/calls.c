/* calls: a program to be debugged: a function, a loop, a child and a few system calls. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct account {
    char owner[8];
    int balance;
    struct account *next;
};

static int deposits;

static int deposit(struct account *account, int amount)
{
    account->balance += amount;
    deposits++;
    return account->balance;
}

int main(void)
{
    struct account savings = {"ann", 10, 0};
    struct account cash = {"bob", 0, &savings};
    for (int i = 1; i <= 3; i++)
        deposit(&savings, i * 100);
    deposit(&cash, 5);
    int child = fork();
    if (child == 0)
        return deposit(&cash, 2);
    int status = 0;
    wait(&status);
    printf("savings %d, child's cash %d\n", savings.balance, status >> 8);
    close(99);
    return 0;
}
