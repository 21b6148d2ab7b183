/* lab: an exercise "add a system call", as data: what a copy is built of, and what a check looks
 * for. */
#include "debugger/lab/lab.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/launch.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"

#define MOST_LABS 32u

static const json_t *member(const json_t *data, const char *path)
{
    char name[32];
    while (data != NULL) {
        size_t length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        data = json_object_get(data, name);
        if (path[length] == '\0')
            break;
        path += length + 1;
    }
    return data;
}

const char *lab_text(const json_t *data, const char *path)
{
    return json_string_value(member(data, path));
}

const char *lab_item(const json_t *data, const char *path, size_t i)
{
    return json_string_value(json_array_get(member(data, path), i));
}

uint32_t lab_number(const json_t *data, const char *path)
{
    return (uint32_t)json_integer_value(member(data, path));
}

/* --- which there are -------------------------------------------------------------------------- */

/* The folder of all labs, to be freed; NULL = they are not there. */
static char *labs_folder(void)
{
    char *path = launch_asset("labs", "mkfs");
    if (path != NULL)
        *strrchr(path, '/') = '\0';
    return path;
}

static int may_be_lab(const struct dirent *entry)
{
    return strchr(entry->d_name, '.') == NULL;
}

static bool is_lab(const char *folder, const char *name)
{
    char *inside = file_join(folder, name), *data = file_join(inside, "lab.json");
    bool there = access(data, R_OK) == 0;
    free(inside);
    free(data);
    return there;
}

char **lab_names(void)
{
    struct dirent **entry = NULL;
    char **name = bug_alloc(MOST_LABS + 1, sizeof *name), *folder = labs_folder();
    unsigned used = 0;
    int found = folder == NULL ? 0 : scandir(folder, &entry, may_be_lab, alphasort);
    for (int i = 0; i < found; i++) {
        if (used < MOST_LABS && is_lab(folder, entry[i]->d_name))
            name[used++] = strdup(entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    free(folder);
    return name;
}

/* The name comes from a submission: it has to be one that there is. */
static bool is_there(const char *wanted, char *list, size_t room)
{
    char **name = lab_names();
    bool there = false;
    list[0] = '\0';
    for (unsigned i = 0; name[i] != NULL; i++) {
        there = there || strcmp(name[i], wanted) == 0;
        size_t used = strlen(list);
        snprintf(list + used, room - used, "%s%s", used == 0 ? "" : ", ", name[i]);
        free(name[i]);
    }
    free(name);
    return there;
}

/* --- one of them ------------------------------------------------------------------------------ */

bool lab_open(struct lab *lab, const char *name)
{
    char list[256];
    json_error_t error;
    *lab = (struct lab){0};
    if (!is_there(name, list, sizeof list)) {
        if (list[0] == '\0')
            options_trouble("lab",
                            "the labs are not beside this program: build them with ./dev build");
        else
            options_trouble("lab", "there is no lab %.40s: there are %s", name, list);
        return false;
    }
    char *folder = labs_folder();
    lab->folder = file_join(folder, name);
    free(folder);
    char *path = file_join(lab->folder, "lab.json");
    lab->data = json_load_file(path, 0, &error);
    if (lab->data == NULL)
        options_trouble("lab", "%s:%d: %s", path, error.line, error.text);
    free(path);
    if (lab->data == NULL) {
        lab_close(lab);
        return false;
    }
    lab->name = lab_text(lab->data, "lab");
    lab->machine = lab_text(lab->data, "machine");
    lab->call = lab_text(lab->data, "call");
    lab->handler = lab_text(lab->data, "handler");
    lab->number = lab_number(lab->data, "number");
    return true;
}

void lab_close(struct lab *lab)
{
    json_decref(lab->data);
    free(lab->folder);
    *lab = (struct lab){0};
}
