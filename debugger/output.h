/* output: one way to say a fact, as text for people and as JSON for programs.
 *
 * A command says everything twice, side by side: the text calls are silent while the reply is JSON,
 * and the JSON calls are silent while it is text. A table says both at once. */
#ifndef DEBUGGER_OUTPUT_H
#define DEBUGGER_OUTPUT_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OUT_DEPTH   16u /* of nested JSON containers */
#define OUT_COLUMNS 12u

enum out_style {
    OUT_PLAIN,
    OUT_HEAD,
    OUT_FUNCTION,
    OUT_FILE,
    OUT_ADDRESS,
    OUT_VARIABLE,
    OUT_GOOD,
    OUT_BAD,
    OUT_CHANGED,
    OUT_DIM,
    OUT_STYLES,
};

struct out_column {
    const char *title; /* text heading; all empty = no heading line */
    const char *key;   /* name in JSON; NULL = text only */
    bool right;        /* align to the right */
    enum out_style style;
};

struct out_table;

struct output {
    FILE *text;   /* replies */
    FILE *errors; /* what went wrong, and remarks that are no answer */
    bool color;
    bool json;       /* this reply is JSON */
    unsigned height; /* lines of the terminal; 0 = never pause */
    unsigned width;  /* its columns, where longer lines go on in the next; 0 = unknown */
    /* Asks whether to go on after a full screen; false = the rest of the reply is dropped. */
    bool (*more)(void *context);
    void *more_context;

    unsigned lines; /* written since the reply began, */
    size_t columns; /* and of the line that is not over */
    bool dropped;
    json_t *stack[OUT_DEPTH];
    unsigned depth;
    struct out_table *table;
};

void out_init(struct output *out, FILE *text, FILE *errors);
void out_free(struct output *out);

/* A reply begins and ends; a JSON reply is one object on one line. */
void out_begin(struct output *out, bool json);
void out_end(struct output *out);

/* --- text: silent in a JSON reply */
void out_text(struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_vtext(struct output *out, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Escape sequences for use as %s, "" without colour. OUT_PLAIN ends any other. */
const char *out_style(const struct output *out, enum out_style style);

/* --- JSON: silent in a text reply. key is NULL inside an array. */
void out_number(struct output *out, const char *key, int64_t value);
void out_boolean(struct output *out, const char *key, bool value);
void out_string(struct output *out, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Bytes of the guest: each is the character of its number (Latin-1), NUL included. */
void out_bytes(struct output *out, const char *key, const void *bytes, size_t length);
void out_null(struct output *out, const char *key);
void out_object(struct output *out, const char *key);
void out_array(struct output *out, const char *key);
void out_close(struct output *out);

/* --- a table: aligned columns as text, an array of objects under `key` as JSON. Columns are sized
 * when the table ends. A row is over when every column has its cell. */
void out_table(struct output *out, const char *key, unsigned indent,
               const struct out_column *columns, unsigned count);
/* The same words in both. */
void out_cell(struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A number in JSON, words in text. */
void out_cell_number(struct output *out, int64_t value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Draws the next cell in this style instead of its column's. */
void out_cell_style(struct output *out, enum out_style style);
void out_table_end(struct output *out);

/* One line for the user, to `errors`; in a JSON reply also the member "error". Always false, so
 * that a caller can `return out_error(...)`. */
bool out_error(struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes of the guest as the inside of a C string literal: no byte of it can act on a terminal.
 * Cuts at `room`, always terminates. */
void out_escape(char *to, size_t room, const void *bytes, size_t length);

#endif
