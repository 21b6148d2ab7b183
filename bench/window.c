/* window: what the window costs: frames a second while stepping, and how long it takes to be at any
 * moment of a long run.
 *
 * usage: bench-window PROGRAM...   as `trapscope gui -batch`, without a display */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "debugger/debuggee.h"
#include "debugger/gui/window_parts.h"

#define STEPS 200
#define SEEKS 40

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Everything is painted anew, as after a change of size. */
static double whole_frames(struct window *window)
{
    double begin = now();
    for (int i = 0; i < STEPS; i++) {
        window->stale = true;
        window_frame(window);
    }
    return STEPS / (now() - begin);
}

/* Forwards through deliveries, handlers and returns: what a class sees. */
static double steps(struct window *window)
{
    double begin = now();
    for (int i = 0; i < STEPS; i++) {
        window_do(window, "cycle");
        window_frame(window);
    }
    return STEPS / (now() - begin);
}

static void measure_size(struct session *session, int width, int height)
{
    struct window_config config = {.width = width, .height = height, .unseen = true};
    const char *why;
    struct window *window = window_open(session, &config, &why);
    if (window == NULL) {
        fprintf(stderr, "bench-window: %s\n", why);
        exit(1);
    }
    window_begin(window);
    window_do(window, "syscall");
    printf("%d x %d: %.0f whole frames a second", width, height, whole_frames(window));
    printf(", %.0f steps a second\n", steps(window));
    window_close(window);
}

static void measure_seeks(struct session *session)
{
    struct window_config config = {.unseen = true};
    const char *why;
    struct window *window = window_open(session, &config, &why);
    double longest = 0, sum = 0;
    if (window == NULL)
        return;
    window_begin(window);
    window_do(window, "continue");
    double caught_up = now();
    window_catch_up(window);
    printf("the timeline opened late: caught up in %.1f s\n", now() - caught_up);
    struct timeline_position end = timeline_frontier(session->timeline);
    srand(1);
    for (int i = 0; i < SEEKS; i++) {
        char line[64];
        snprintf(line, sizeof line, "goto %llu",
                 (unsigned long long)((double)end.tick * rand() / RAND_MAX));
        double begin = now();
        window_do(window, line);
        window_frame(window);
        double took = now() - begin;
        sum += took;
        longest = took > longest ? took : longest;
    }
    printf(
        "anywhere in %.1f million instructions, %zu landmarks: %.0f ms on average, %.0f at most\n",
        (double)end.count / 1e6, window->landmarks.used, sum / SEEKS * 1000, longest * 1000);
    window_close(window);
}

int main(int argc, char **argv)
{
    struct debuggee debuggee = {.command = "bench-window"};
    struct option_set set = {.command = "bench-window", .usage = "PROGRAM...", .about = ""};
    options_share(&debuggee.options, &set, OPTIONS_MACHINE | OPTIONS_LIMITS);
    int status = debuggee_begin(&debuggee, argc - 1, argv + 1, stdout, stderr, stderr);
    if (status != 0)
        return status;
    debuggee_run_to_start(&debuggee);
    measure_size(debuggee.session, 1280, 720);
    measure_size(debuggee.session, 3840, 2160);
    measure_seeks(debuggee.session);
    return debuggee_end(&debuggee);
}
