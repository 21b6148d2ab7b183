/*
 * System calls without a trap: lines that are posted together, and results that are waited for.
 * (The demo program of JOS with FlexSC.)
 */
#include <flex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char line[] = "This is a FlexSC test\n";

int main(void)
{
    int *page = (int *)0x0f000000;
    envid_t me;
    int r;

    if ((r = flexsc_register(0)) < 0) {
        fprintf(stderr, "flexsc: cannot register: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }

    for (int i = 0; i < 5; i++)
        flex_cputs(line, (int)strlen(line));
    flexsc_wait();

    me = flex_getenvid();
    if (me != sys_getenvid())
        printf("the page says that I am %d, a trap says %d\n", me, sys_getenvid());

    if ((r = flex_page_alloc(me, page, 2)) < 0) {
        fprintf(stderr, "flexsc: no page: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }
    *page = 0x12345678;
    printf("a page of my own holds %x\n", (unsigned)*page);

    r = flex_time_msec();
    sleep(1);
    printf("time goes on: %s\n", flex_time_msec() > r ? "yes" : "no");
    return EXIT_SUCCESS;
}
