/* processes: the guest's processes and their programs, read from the kernel's memory as the profile
 * says. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/session.h"

#define PROCESSES 4096u /* followed in a list, which may be a ring */

static bool get_process(void *context, const char *name, struct value *out)
{
    struct session *session = context;
    if (strcmp(name, "cpu") == 0) {
        *out = value_of_number(type_basic(BASIC_UINT), session->cpu->number);
        return true;
    }
    const struct value *value = strcmp(name, "process") == 0   ? &session->process
                                : strcmp(name, "address") == 0 ? &session->address
                                                               : NULL;
    if (value == NULL || value->type == NULL)
        return false;
    *out = *value;
    return true;
}

/* Only the kernel's names: asking for the program's would ask for the current process again. */
static struct scope kernel_scope(struct session *session)
{
    session->kernel_target = session->target;
    session->kernel_target.variable_get = get_process;
    session->kernel_target.variable_set = NULL;
    session->kernel_target.image = NULL;
    return (struct scope){
        .arch = session->arch,
        .symbols = &session->symbols,
        .target = &session->kernel_target,
        .image = symbols_kernel(&session->symbols),
    };
}

static bool kernel_eval(struct session *session, enum profile_expression which, struct scope *scope,
                        struct value *out)
{
    *scope = kernel_scope(session);
    const char *text = NULL;
    for (const struct profile *path = session->profile; path != NULL && text == NULL;
         path = path->next)
        text = path->expression[which];
    snprintf(scope->why, sizeof scope->why, "the profile does not say it");
    return text != NULL && scope->image != NULL && session->cpu != NULL &&
           expression_eval(scope, text, out);
}

bool process_page_table(struct session *session, uint32_t address, uint32_t *entry,
                        struct scope *scope)
{
    struct value value;
    int64_t number;
    session->address = value_of_number(type_basic(BASIC_UINT), address);
    if (kernel_eval(session, PROFILE_PROCESS_CURRENT, scope, &value))
        session->process = value;
    if (!kernel_eval(session, PROFILE_PAGE_TABLE, scope, &value) ||
        !value_number(scope, &value, &number))
        return false;
    *entry = (uint32_t)number;
    return true;
}

static bool kernel_number(struct session *session, enum profile_expression which, int64_t *out)
{
    struct scope scope;
    struct value value;
    return kernel_eval(session, which, &scope, &value) && value_number(&scope, &value, out);
}

bool process_eval(struct session *session, enum profile_expression which, uint32_t process,
                  struct value *out, struct scope *scope)
{
    struct value current;
    if (!kernel_eval(session, PROFILE_PROCESS_CURRENT, scope, &current))
        return false;
    session->process = value_of_number(current.type, process);
    return kernel_eval(session, which, scope, out);
}

/* A char array or a char pointer as text. */
static void text_of(struct scope *scope, const struct value *value, char *to, size_t room)
{
    int64_t address;
    uint32_t length = (uint32_t)room - 1;
    memset(to, 0, room);
    if (value->type->kind == TYPE_POINTER) {
        if (!value_number(scope, value, &address))
            return;
        for (uint32_t i = 0; i < length; i++)
            if (!scope->target->read(scope->target->context, (uint32_t)address + i, to + i, 1) ||
                to[i] == '\0')
                break;
    } else if (value->type->kind == TYPE_ARRAY) {
        if (value->type->size < length)
            length = value->type->size;
        value_read(scope, value, 0, to, length);
    } else {
        value_format(scope, value, 0, to, room);
    }
    to[room - 1] = '\0';
    for (char *c = to; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
            *c = '?';
}

static void fill_text(struct session *session, enum profile_expression which, char *to, size_t room)
{
    struct scope scope;
    struct value value;
    to[0] = '\0';
    if (kernel_eval(session, which, &scope, &value))
        text_of(&scope, &value, to, room);
}

static uint32_t word_or_zero(struct session *session, enum profile_expression which)
{
    int64_t number = 0;
    return kernel_number(session, which, &number) ? (uint32_t)number : 0;
}

/* Everything about session->process; false when it is not one, or not readable. */
static bool fill(struct session *session, struct process *process)
{
    struct scope scope = kernel_scope(session);
    int64_t address, used = 1;
    *process = (struct process){.pid = -1};
    if (!value_number(&scope, &session->process, &address) || address == 0)
        return false;
    process->address = (uint32_t)address;
    if (kernel_number(session, PROFILE_PROCESS_USED, &used) && used == 0)
        return false;
    if (!kernel_number(session, PROFILE_PROCESS_PID, &process->pid))
        return false;
    kernel_number(session, PROFILE_PROCESS_PARENT, &process->parent);
    fill_text(session, PROFILE_PROCESS_NAME, process->name, sizeof process->name);
    fill_text(session, PROFILE_PROCESS_STATE, process->state, sizeof process->state);
    process->space = word_or_zero(session, PROFILE_PROCESS_SPACE);
    process->trapframe = word_or_zero(session, PROFILE_PROCESS_TRAPFRAME);
    process->image = process_program(session, process->name);
    return true;
}

bool process_current(struct session *session, struct process *process)
{
    struct scope scope;
    session->process.type = NULL;
    if (!kernel_eval(session, PROFILE_PROCESS_CURRENT, &scope, &session->process))
        return false;
    return fill(session, process);
}

/* Does the expression name the same place all the time, but for the processor that is looked at? */
static bool is_fixed(const char *text)
{
    for (const char *dollar = strchr(text, '$'); dollar != NULL; dollar = strchr(dollar + 1, '$'))
        if (strncmp(dollar, "$cpu]", 5) != 0)
            return false;
    return strpbrk(text, "*>(") == NULL;
}

uint32_t process_current_address(struct session *session)
{
    const char *text =
        session->profile == NULL ? NULL : session->profile->expression[PROFILE_PROCESS_CURRENT];
    struct scope scope;
    struct value value;
    uint32_t word = 0;
    if (text == NULL || session->cpu == NULL)
        return 0;
    /* It is asked at every step: the place is looked up once. */
    uint32_t *place = &session->current_place[session->cpu->number];
    if (*place == 0) {
        if (!is_fixed(text) || !kernel_eval(session, PROFILE_PROCESS_CURRENT, &scope, &value) ||
            value.where != VALUE_MEMORY)
            return word_or_zero(session, PROFILE_PROCESS_CURRENT);
        *place = value.address;
    }
    session_peek_word(session, *place, &word);
    return word;
}

static bool each_of_array(struct session *session, const struct value *list,
                          bool (*each)(void *, const struct process *), void *context)
{
    const struct type *pointer = type_pointer(session->symbols.types, type_target(list->type));
    for (uint32_t i = 0; i < list->type->count && i < PROCESSES; i++) {
        struct process process;
        uint32_t address = list->address + i * type_target(list->type)->size;
        session->process = value_of_number(pointer, address);
        if (fill(session, &process) && !each(context, &process))
            break;
    }
    return true;
}

bool process_each(struct session *session, bool (*each)(void *, const struct process *),
                  void *context)
{
    struct scope scope;
    struct value list;
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    if (!kernel_eval(session, PROFILE_PROCESS_LIST, &scope, &list))
        return out_error(&session->out, "The list of processes: %s.", scope.why);
    if (list.type->kind == TYPE_ARRAY)
        return each_of_array(session, &list, each, context);
    session->process = list;
    for (unsigned i = 0; i < PROCESSES; i++) {
        struct process process;
        struct value next;
        bool is_process = fill(session, &process);
        if (process.address == 0 || (is_process && !each(context, &process)))
            break;
        if (!kernel_eval(session, PROFILE_PROCESS_NEXT, &scope, &next))
            break;
        session->process = next;
    }
    return true;
}

bool process_ended(struct session *session, uint32_t address, int64_t pid)
{
    struct scope scope;
    struct value value;
    int64_t now, ended = 0;
    if (!process_eval(session, PROFILE_PROCESS_PID, address, &value, &scope) ||
        !value_number(&scope, &value, &now))
        return false;
    return now != pid || (kernel_number(session, PROFILE_PROCESS_ENDED, &ended) && ended != 0);
}

struct image *process_program(struct session *session, const char *name)
{
    static const char *const endings[] = {"", ".elf"};
    char path[4096];
    const char *why;
    if (name[0] == '\0' || strchr(name, '/') != NULL)
        return NULL;
    /* The kernel may keep fewer letters of the name than the file has. */
    if (session->program != NULL &&
        (strcmp(session->program->name, name) == 0 ||
         (strlen(name) >= 13 && strncmp(session->program->name, name, strlen(name)) == 0)))
        return session->program;
    struct image *image = symbols_program(&session->symbols, name);
    for (unsigned i = 0;
         image == NULL && session->program_folder != NULL && i < sizeof endings / sizeof *endings;
         i++) {
        snprintf(path, sizeof path, "%s/%s%s", session->program_folder, name, endings[i]);
        if (access(path, R_OK) == 0)
            image = symbols_add(&session->symbols, path, IMAGE_PROGRAM, &why);
    }
    return image;
}
