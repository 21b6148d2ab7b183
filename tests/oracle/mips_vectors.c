/* mips_vectors: published single-step vectors of the R3000. */
#include "tests/oracle/mips_vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST   (64u << 20)
#define NAME_SIZE 51u

static bool bytes(struct vector_file *file, void *to, size_t size)
{
    if (file->size - file->at < size)
        return false;
    memcpy(to, file->bytes + file->at, size);
    file->at += size;
    return true;
}

static bool word(struct vector_file *file, uint32_t *out)
{
    uint8_t raw[4];
    if (!bytes(file, raw, sizeof raw))
        return false;
    *out = raw[0] | (uint32_t)raw[1] << 8 | (uint32_t)raw[2] << 16 | (uint32_t)raw[3] << 24;
    return true;
}

static bool words(struct vector_file *file, uint32_t *out, size_t count)
{
    for (size_t n = 0; n < count; n++)
        if (!word(file, &out[n]))
            return false;
    return true;
}

/* The state is words in this order. */
_Static_assert(sizeof(struct vector_state) == 43 * sizeof(uint32_t), "no gaps");

static bool state(struct vector_file *file, struct vector_state *out)
{
    uint32_t raw[43];
    if (!words(file, raw, 43))
        return false;
    memcpy(out, raw, sizeof *out);
    return true;
}

static bool access(struct vector_file *file, struct vector_access *out)
{
    uint32_t high;
    return word(file, &out->value) && word(file, &high) && word(file, &out->kind) &&
           word(file, &out->address) && word(file, &high) && word(file, &out->size) &&
           (out->size == 1 || out->size == 2 || out->size == 4);
}

bool vectors_open(struct vector_file *file, const char *path, const char **why)
{
    *file = (struct vector_file){0};
    *why = "cannot be read";
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return false;
    file->bytes = malloc(LARGEST);
    file->size = file->bytes == NULL ? 0 : fread(file->bytes, 1, LARGEST, in);
    bool good = file->bytes != NULL && ferror(in) == 0;
    fclose(in);
    if (good && word(file, &file->left))
        return true;
    *why = "too short";
    vectors_close(file);
    return false;
}

static bool vector(struct vector_file *file, struct vector *out)
{
    uint8_t name[NAME_SIZE];
    *out = (struct vector){0};
    if (!bytes(file, name, sizeof name) || name[0] >= NAME_SIZE)
        return false;
    memcpy(out->name, name + 1, name[0]);
    if (!word(file, &out->word) || !word(file, &out->address) || !state(file, &out->before) ||
        !state(file, &out->after) || !word(file, &out->accesses) || out->accesses > VECTOR_ACCESSES)
        return false;
    for (unsigned n = 0; n < out->accesses; n++)
        if (!access(file, &out->access[n]))
            return false;
    return out->before.gpr[0] == 0 && (out->address & 3) == 0;
}

bool vectors_next(struct vector_file *file, struct vector *out, const char **why)
{
    *why = NULL;
    if (file->left == 0) {
        if (file->at != file->size)
            *why = "more bytes than vectors";
        return false;
    }
    file->left--;
    if (vector(file, out))
        return true;
    *why = "not a vector, or cut short";
    return false;
}

void vectors_close(struct vector_file *file)
{
    free(file->bytes);
    *file = (struct vector_file){0};
}
