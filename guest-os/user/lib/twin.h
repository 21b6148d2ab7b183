/* The second, hidden name __NAME of a path's stub: no program can take it away from the library. */
#ifndef TWIN_H
#define TWIN_H

#define TWIN(name)                                                                                 \
    extern __typeof__(name) __##name __attribute__((alias(#name), visibility("hidden")))

#endif
