/* replay: the same machine at the same moment, whatever way it is run there. */
#ifndef TESTS_REPLAY_REPLAY_H
#define TESTS_REPLAY_REPLAY_H

#include "emu/machine/machine.h"

struct replay_subject {
    const char *name;
    /* A machine at power-on, always the same. */
    struct machine *(*switch_on)(unsigned parameter);
    unsigned parameter;
    const char *session; /* keys for COM1, */
    ticks first_key, key_distance;
    const char *says; /* ... what is to be heard among what they bring about */
};

/* Runs all the ways there are; answers the exit status. */
int replay_run(const struct replay_subject *subject);

#endif
