/* tale: reading, at the moment itself, what only that moment has: arguments, frame, result. */
#include "debugger/tale.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/lookup.h"
#include "debugger/show.h"

static void describe(struct session *session, struct story *story, struct tale *tale,
                     enum story_phase phase)
{
    if (!story->mark[phase].there || tale->where[phase][0] != '\0')
        return;
    uint32_t address = story->mark[phase].address;
    session_describe(session, address, tale->where[phase], TALE_TEXT);
    session_symbol(session, address, tale->symbol[phase], TALE_TEXT);
}

/* --- the call --------------------------------------------------------------------------------- */

static void read_bytes(struct session *session, struct tale_argument *argument, bool is_string,
                       uint32_t whole)
{
    argument->length = 0;
    argument->whole = whole;
    argument->has_bytes = true;
    while (argument->length < TALE_BYTES && argument->length < whole) {
        uint8_t *byte = &argument->bytes[argument->length];
        if (!session_peek(session, argument->word + argument->length, byte, 1)) {
            argument->has_bytes = argument->length > 0;
            return;
        }
        if (is_string && *byte == 0) {
            argument->whole = argument->length;
            return;
        }
        argument->length++;
    }
}

static void read_arguments(struct session *session, struct tale *tale)
{
    const struct profile_syscall *call = tale->call;
    while (tale->arguments < call->parameters &&
           show_argument_word(session, tale->path, tale->arguments,
                              &tale->argument[tale->arguments].word))
        tale->arguments++;
    for (unsigned i = 0; i < tale->arguments; i++) {
        const struct parameter *parameter = &call->parameter[i];
        bool sized = parameter->length >= 0 && (unsigned)parameter->length < tale->arguments;
        uint32_t length = sized ? tale->argument[parameter->length].word : 0;
        show_argument(session, parameter, tale->argument[i].word, length, tale->argument[i].text,
                      TALE_TEXT);
        bool is_string = parameter->kind == PARAMETER_STRING;
        if (is_string || parameter->kind == PARAMETER_IN)
            read_bytes(session, &tale->argument[i], is_string, is_string ? UINT32_MAX : length);
    }
}

static uint64_t count_call(struct stories *stories, int64_t pid)
{
    for (unsigned i = 0; i < stories->makers; i++)
        if (stories->made[i].pid == pid)
            return ++stories->made[i].calls;
    if (stories->makers == sizeof stories->made / sizeof *stories->made)
        return 0;
    stories->made[stories->makers].pid = pid;
    stories->made[stories->makers++].calls = 1;
    return 1;
}

static void read_caller(struct session *session, struct tale *tale)
{
    if (frames_unwind(session) > 1 && !session->frame[1].trapped)
        session_describe(session, session->frame[1].pc - 1, tale->caller, sizeof tale->caller);
}

void tale_begin(struct stories *stories, struct story *story, struct tale *tale)
{
    struct session *session = stories->session;
    session_changed(session);
    process_current(session, &tale->process);
    /* The event has the address to come back to; the trap is at the instruction itself. */
    story->mark[PHASE_GATE].address = session->cpu->ops->pc(session->cpu);
    tale->path = path_of_call(session, story->vector, &tale->number);
    tale->is_call = tale->path != NULL;
    if (!tale->is_call)
        tale->path = session->profile;
    describe(session, story, tale, PHASE_USER);
    describe(session, story, tale, PHASE_GATE);
    if (!tale->is_call)
        return;
    tale->call = profile_syscall(tale->path, tale->number);
    tale->nth = count_call(stories, tale->process.pid);
    read_caller(session, tale);
    if (tale->call != NULL && tale->path->expression[PROFILE_ARGUMENT] != NULL)
        read_arguments(session, tale);
}

/* --- the frame -------------------------------------------------------------------------------- */

static void read_frame(struct session *session, struct tale *tale)
{
    const struct profile *profile = tale->path;
    const char *pointer = profile->expression[PROFILE_TRAPFRAME_POINTER];
    struct scope scope = session_scope(session);
    int64_t address;
    if (pointer == NULL || profile->trapframe_type == NULL ||
        !expression_number(&scope, pointer, &address))
        return;
    const struct type *type = lookup_type(&scope, profile->trapframe_type);
    if (type == NULL)
        return;
    unsigned count;
    const struct member *member = type_members(type, &count);
    tale->frame = (uint32_t)address;
    for (unsigned i = 0; i < count && tale->fields < TALE_FIELDS; i++) {
        struct tale_field *field = &tale->field[tale->fields];
        uint32_t size = member[i].type->size;
        if (size == 0 || size > 4)
            continue;
        field->address = (uint32_t)address + member[i].offset;
        field->size = (uint8_t)size;
        snprintf(field->name, sizeof field->name, "%s", member[i].name);
        uint8_t bytes[4];
        if (!session_peek(session, field->address, bytes, size))
            continue;
        field->value = (uint32_t)arch_number(session->arch, bytes, size);
        tale->fields++;
    }
}

/* A trap out of user mode begins at the top of the kernel stack with the word that the CPU pushed
 * first. Where it pushes none, the kernel knows where the frame is, as soon as it has a stack. */
bool tale_has_frame(const struct story *story, uint32_t size, uint32_t *address)
{
    const struct tale *tale = story->extra;
    bool pushed = story->words > 0 && story->word[0].step != 0;
    if (pushed)
        *address = story->word[0].address + 4 - size;
    else if (tale->fields > 0)
        *address = tale->frame;
    return pushed || tale->fields > 0;
}

bool tale_find_frame(struct session *session, const struct story *story, uint32_t size,
                     uint32_t *address)
{
    const struct tale *tale = story->extra;
    const char *text = tale->path->expression[PROFILE_TRAPFRAME_ENTRY];
    int64_t found;
    if (tale_has_frame(story, size, address))
        return true;
    struct scope scope = session_scope(session);
    if (text == NULL || session->cpu->ops->sp(session->cpu) == story->user_sp ||
        !expression_number(&scope, text, &found))
        return false;
    *address = (uint32_t)found;
    return true;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* What the kernel has put into the program's buffers is there by now. */
static void read_answers(struct session *session, struct tale *tale)
{
    for (unsigned i = 0; i < tale->arguments; i++) {
        struct parameter parameter = tale->call->parameter[i];
        int length = parameter.length;
        if (parameter.kind != PARAMETER_OUT || tale->failed || length < 0)
            continue;
        parameter.kind = PARAMETER_IN; /* shown the same way */
        uint32_t given = tale->argument[length].word;
        uint32_t filled = tale->result < given ? tale->result : given;
        show_argument(session, &parameter, tale->argument[i].word, filled, tale->argument[i].text,
                      TALE_TEXT);
        read_bytes(session, &tale->argument[i], false, filled);
    }
}

static void read_result(struct session *session, struct tale *tale)
{
    const struct profile *profile = tale->path;
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    int64_t number;
    if (!expression_number(&scope, profile->expression[PROFILE_RESULT], &number))
        return;
    tale->has_result = true;
    tale->result = (uint32_t)number;
    struct value result = value_of_number(type_basic(BASIC_INT), number);
    session_set_variable(session, "result", &result);
    if (profile->expression[PROFILE_ERROR] != NULL &&
        expression_number(&scope, profile->expression[PROFILE_ERROR], &number))
        tale->failed = number != 0;
    if (tale->failed && profile->expression[PROFILE_ERRNO] != NULL)
        tale->has_reason =
            expression_number(&scope, profile->expression[PROFILE_ERRNO], &tale->reason);
    if (tale->call != NULL)
        read_answers(session, tale);
}

static bool is_dispatcher(struct session *session, const struct profile *path, uint32_t pc)
{
    const struct image *kernel = symbols_kernel(&session->symbols);
    const struct symbol *symbol = kernel == NULL ? NULL : image_symbol(kernel, pc);
    return symbol != NULL && profile_stage_has(path, STAGE_DISPATCH, symbol->name);
}

/* Who called the kernel's refusing function, innermost first: as far as the handler. */
static void read_refusal(struct session *session, struct tale *tale)
{
    unsigned frames = frames_unwind(session);
    tale->refusals = 0;
    for (unsigned i = 1; i < frames && tale->refusals < TALE_CHAIN; i++) {
        const struct frame *frame = &session->frame[i];
        if (frame->trapped || is_dispatcher(session, tale->path, frame->pc - 1))
            break;
        tale->refusal_pc[tale->refusals] = frame->pc - 1;
        session_describe(session, frame->pc - 1, tale->refusal[tale->refusals++], TALE_TEXT);
    }
}

void tale_pass(struct stories *stories, struct story *story, struct tale *tale, unsigned passed)
{
    struct session *session = stories->session;
    session_changed(session);
    if (passed == STORY_REFUSAL) {
        read_refusal(session, tale);
        return;
    }
    describe(session, story, tale, PHASE_SAVE);
    describe(session, story, tale, passed);
    if (passed == PHASE_TRAP)
        read_frame(session, tale);
    if (passed != PHASE_RETURN || !tale->is_call)
        return;
    tale->sent_back = tale->path->stage_symbols[STAGE_DISPATCH] > 0 &&
                      !story->mark[PHASE_DISPATCH].there && !story->mark[PHASE_HANDLER].there;
    if (!tale->sent_back)
        read_result(session, tale);
}

void tale_end(struct stories *stories, struct story *story, struct tale *tale)
{
    for (unsigned phase = 0; phase < STORY_PHASES; phase++)
        describe(stories->session, story, tale, phase);
}
