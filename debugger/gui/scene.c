/* scene: the story of the present moment as plain data: every fact of one trap, and its beats. */
#include "debugger/gui/scene.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/scene_parts.h"
#include "debugger/lookup.h"
#include "debugger/origin.h"
#include "debugger/show.h"
#include "debugger/story_say.h"
#include "debugger/tale.h"

void scene_text(char *to, size_t room, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to, room, format, arguments);
    va_end(arguments);
    if (length < (int)room)
        return;
    size_t end = room - 1;
    while (end > 0 && ((unsigned char)to[end - 1] & 0xc0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)to[end - 1] >= 0xc0)
        to[end - 1] = '\0';
}

struct scene_beat *scene_add_beat(struct scene *scene, enum beat_kind kind, enum story_phase phase,
                                  unsigned ring)
{
    if (scene->beats == SCENE_BEATS)
        return NULL;
    struct scene_beat *beat = &scene->beat[scene->beats++];
    *beat =
        (struct scene_beat){.kind = (uint8_t)kind, .phase = (uint8_t)phase, .ring = (uint8_t)ring};
    return beat;
}

/* --- the user's side -------------------------------------------------------------------------- */

/* The file and line of "trap (trap.c:138)", or all of it. */
static void take_where(char *to, size_t room, const char *where)
{
    const char *open = strrchr(where, '(');
    scene_text(to, room, "%.*s", open == NULL ? (int)strlen(where) : (int)strcspn(open + 1, ")"),
               open == NULL ? where : open + 1);
}

void scene_insn(struct session *session, uint32_t address, char *to, size_t room)
{
    struct arch_insn insn;
    if (!show_instruction_at(session, address, &insn))
        return;
    scene_text(to, room, "%s", insn.text);
    char *tab = strchr(to, '\t');
    if (tab != NULL)
        *tab = ' ';
}

static void take_source(struct session *session, uint32_t address, char *to, size_t room)
{
    const struct image *image = session_image(session, address);
    const struct line_row *row = image == NULL ? NULL : image_line(image, address);
    const char *text = row == NULL ? NULL : source_line(&session->symbols, row->file, row->line);
    while (text != NULL && (*text == ' ' || *text == '\t'))
        text++;
    scene_text(to, room, "%s", text == NULL ? "" : text);
}

static void name_stack_word(struct gathering *g, unsigned k, struct scene_entry *word)
{
    const struct tale *tale = g->tale;
    const struct image *program = session_program(g->session);
    if (k > 0 && k <= tale->arguments && tale->argument[k - 1].word == word->value)
        scene_text(word->name, sizeof word->name, "%s", tale->call->parameter[k - 1].name);
    else if (program != NULL && image_function(program, word->value) != NULL)
        session_symbol(g->session, word->value, word->name, sizeof word->name);
}

void scene_gather_user(struct gathering *g)
{
    struct session *session = g->session;
    struct scene *scene = g->scene;
    uint32_t pc = session->cpu->ops->pc(session->cpu), sp = session->cpu->ops->sp(session->cpu);
    scene->user_pc = pc;
    scene->user_sp = sp;
    session_symbol(session, pc, scene->user_symbol, sizeof scene->user_symbol);
    scene_insn(session, pc, scene->user_insn, sizeof scene->user_insn);
    take_source(session, pc, scene->user_source, sizeof scene->user_source);
    if (scene->is_call && frames_unwind(session) > 1 && !session->frame[1].trapped) {
        uint32_t caller = session->frame[1].pc - 1;
        session_describe(session, caller, scene->user_caller, sizeof scene->user_caller);
        take_source(session, caller, scene->user_source, sizeof scene->user_source);
    }
    while (scene->stack_words < SCENE_STACK) {
        struct scene_entry *word = &scene->stack[scene->stack_words];
        word->address = sp + 4 * scene->stack_words;
        if (!session_peek_word(session, word->address, &word->value))
            break;
        if (g->tale != NULL)
            name_stack_word(g, scene->stack_words, word);
        scene->stack_words++;
    }
}

/* --- dispatch --------------------------------------------------------------------------------- */

static void gather_entries(struct gathering *g, const struct symbol *table)
{
    struct scene_dispatch *dispatch = &g->scene->dispatch;
    int64_t index = g->tale->number - g->tale->path->low, last = (int64_t)(table->size / 4) - 1;
    dispatch->table_address = table->address;
    dispatch->entries = table->size / 4;
    for (int64_t n = index - 1; n <= index + 1 && dispatch->used < SCENE_ENTRIES; n++) {
        struct scene_entry *entry = &dispatch->entry[dispatch->used];
        entry->number = n;
        entry->address = table->address + 4 * (uint32_t)n;
        if (n < 0 || n > last || !session_peek_word(g->session, entry->address, &entry->value))
            continue;
        if (entry->value != 0)
            session_symbol(g->session, entry->value, entry->name, sizeof entry->name);
        if (n == index) {
            dispatch->own = dispatch->used;
            dispatch->known = true;
        }
        dispatch->used++;
    }
}

static void gather_dispatch(struct gathering *g)
{
    struct session *session = g->session;
    const struct profile *profile = g->tale->path;
    struct scene_dispatch *dispatch = &g->scene->dispatch;
    const struct image *kernel = symbols_kernel(&session->symbols);
    const struct symbol *table = profile->dispatch == NULL || kernel == NULL
                                     ? NULL
                                     : image_symbol_named(kernel, profile->dispatch);
    const char *file, *source = NULL;
    unsigned line;
    if (!g->tale->is_call || profile->dispatch == NULL)
        return;
    dispatch->is_switch = profile->is_switch;
    scene_text(dispatch->table, sizeof dispatch->table, "%s", profile->dispatch);
    if (profile->expression[PROFILE_NUMBER] != NULL)
        scene_text(dispatch->number_from, sizeof dispatch->number_from, "%s",
                   profile->expression[PROFILE_NUMBER]);
    if (!profile->is_switch && table != NULL)
        gather_entries(g, table);
    if (g->tale->call != NULL)
        source = show_dispatch_source(session, profile, g->tale->call->name, &file, &line);
    if (source == NULL)
        return;
    scene_text(dispatch->source, sizeof dispatch->source, "%s", source);
    scene_text(dispatch->source_where, sizeof dispatch->source_where, "%s:%u", say_file(file),
               line);
}

/* --- the frame -------------------------------------------------------------------------------- */

static const struct type *frame_type(struct session *session, const struct profile *path)
{
    struct scope scope = session_scope(session);
    scope.image = symbols_kernel(&session->symbols);
    const char *name = path->trapframe_type;
    return name == NULL ? NULL : lookup_type(&scope, name);
}

/* "eax"; of "tf_epc" the part that tells something. */
static void name_field(const struct type *type, uint32_t frame, struct scene_word *word)
{
    unsigned count = 0;
    const struct member *member = type == NULL ? NULL : type_members(type, &count);
    word->size = 4;
    for (unsigned i = 0; i < count; i++) {
        if (frame + member[i].offset != word->address || member[i].type->size > 4)
            continue;
        const char *name = member[i].name;
        scene_text(word->field, sizeof word->field, "%s",
                   strncmp(name, "tf_", 3) == 0 ? name + 3 : name);
        word->size = (uint8_t)member[i].type->size;
        return;
    }
}

static uint32_t low_part(const struct scene_word *word, uint32_t value)
{
    return word->size == 2 ? value & 0xffff : value;
}

static void take_author(struct gathering *g, const struct story_word *from, struct scene_word *word)
{
    const struct image *kernel = symbols_kernel(&g->session->symbols);
    const struct symbol *stub = image_symbol(kernel, g->story->handler_pc);
    const struct symbol *by = image_symbol(kernel, from->pc);
    word->author = from->step != 0 ? AUTHOR_CPU : by == stub ? AUTHOR_STUB : AUTHOR_SAVE;
    scene_text(word->by, sizeof word->by, "%s",
               from->step != 0 ? "CPU"
               : by != NULL    ? by->name
                               : "the kernel");
}

static void say_meaning(struct gathering *g, struct scene_word *word)
{
    const struct profile *profile = g->tale->path;
    g->session->arch->field_meaning(g->session, word->field, word->value, word->meaning,
                                    sizeof word->meaning);
    if (word->meaning[0] == '\0' && strcmp(word->field, g->scene->result_field) == 0 &&
        g->tale->call != NULL && profile->trapframe_number != NULL)
        scene_text(word->meaning, sizeof word->meaning, "%s", g->tale->call->name);
}

static void gather_word(struct gathering *g, const struct type *type, uint32_t frame,
                        const struct story_word *from)
{
    struct scene_word *word = &g->scene->word[g->scene->words++];
    *word = (struct scene_word){.address = from->address,
                                .beat = SCENE_NEVER,
                                .changed_beat = SCENE_NEVER,
                                .popped_beat = SCENE_NEVER};
    name_field(type, frame, word);
    word->value = low_part(word, from->value);
    word->now = low_part(word, from->now);
    word->changed = word->now != word->value;
    take_author(g, from, word);
    if (word->field[0] == '\0' && from->address < frame) /* the call of its C code */
        scene_text(word->field, sizeof word->field, "%s",
                   from->value == frame ? "&frame" : "return");
    say_meaning(g, word);
    if (from->changed_pc != 0)
        session_describe(g->session, from->changed_pc, word->changer, sizeof word->changer);
}

/* By address, downwards: not every kernel stores in this order. */
static void sort_words(struct scene *scene)
{
    for (unsigned i = 1; i < scene->words; i++) {
        struct scene_word word = scene->word[i];
        unsigned at = i;
        for (; at > 0 && scene->word[at - 1].address < word.address; at--)
            scene->word[at] = scene->word[at - 1];
        scene->word[at] = word;
    }
}

static void find_frame(struct gathering *g)
{
    const struct type *type = frame_type(g->session, g->tale->path);
    if (type == NULL || !tale_find_frame(g->session, g->story, type->size, &g->frame))
        g->frame = 0;
}

static void gather_words(struct gathering *g)
{
    const struct story *story = g->story;
    const struct type *type = g->frame == 0 ? NULL : frame_type(g->session, g->tale->path);
    const char *result = g->tale->path->trapframe_result;
    if (result != NULL)
        scene_text(g->scene->result_field, sizeof g->scene->result_field, "%s",
                   strncmp(result, "tf_", 3) == 0 ? result + 3 : result);
    for (unsigned i = 0; i < story->words; i++)
        gather_word(g, type, g->frame, &story->word[i]);
}

/* --- before the trap -------------------------------------------------------------------------- */

static void add_user_beats(struct gathering *g)
{
    struct scene *scene = g->scene;
    const struct story_mark *stub = &g->story->mark[PHASE_USER];
    if (stub->there) {
        struct scene_beat *beat = scene_add_beat(scene, BEAT_USER, PHASE_USER, 3);
        beat->at = (struct timeline_position){stub->begin, stub->count, 0};
        beat->tick = stub->begin;
        beat->sp = stub->sp;
        scene_text(beat->name, sizeof beat->name, "%s", g->tale->symbol[PHASE_USER]);
        scene_text(beat->text, sizeof beat->text, "%s%s%s", scene->user_caller,
                   scene->user_caller[0] == '\0' ? "The program calls it" : " calls it: ",
                   scene->user_source);
        if (g->tale->is_call)
            scene_text(beat->value, sizeof beat->value, "%s is call number %" PRId64, scene->call,
                       g->tale->number);
    }
    struct scene_beat *beat = scene_add_beat(scene, BEAT_USER, PHASE_USER, 3);
    beat->at = (struct timeline_position){scene->tick, g->story->count, g->steps_before};
    beat->tick = scene->tick;
    beat->sp = scene->user_sp;
    scene_text(beat->name, sizeof beat->name, "%s", scene->user_insn);
    scene_text(beat->text, sizeof beat->text,
               scene->is_interrupt ? "A device asks for attention before this instruction."
               : scene->is_call    ? "The instruction that leaves user mode comes next."
                                   : "This instruction cannot be completed.");
    scene_text(beat->value, sizeof beat->value, "at %08" PRIx32 " %s", scene->user_pc,
               scene->user_symbol);
}

/* --- the story -------------------------------------------------------------------------------- */

static void gather_heading(struct gathering *g)
{
    struct scene *scene = g->scene;
    const struct tale *tale = g->tale;
    struct trace_event trap = {.a = g->story->cause, .vector = g->story->vector};
    bool software =
        g->session->arch->trap(&trap) == ARCH_SOFTWARE; /* no device's, whatever its number */
    const char *title = software ? NULL : profile_vector(g->session->profile, g->story->vector);
    scene->pid = tale->process.pid;
    scene_text(scene->program, sizeof scene->program, "%s", tale->process.name);
    scene->number = tale->number;
    scene->has_result = tale->has_result;
    scene->failed = tale->failed;
    scene->result = (int32_t)tale->result;
    const struct profile_name *reason =
        tale->has_reason ? profile_errno(tale->path, tale->reason) : NULL;
    if (reason != NULL)
        scene_text(scene->result_name, sizeof scene->result_name, "%s", reason->name);
    if (tale->is_call) {
        struct tale open = *tale;
        struct story story = *g->story;
        story.extra = &open;
        open.has_result = false;
        stories_call_text(g->story, scene->heading, sizeof scene->heading);
        stories_call_text(&story, scene->question, sizeof scene->question);
        scene_text(scene->call, sizeof scene->call, "%s",
                   tale->call == NULL ? "an unknown call" : tale->call->name);
        return;
    }
    if (title == NULL)
        title = g->session->arch->vector_title(g->story->vector);
    if (title != NULL)
        scene_text(scene->call, sizeof scene->call, "%s", title);
    else
        scene_text(scene->call, sizeof scene->call, "%s %" PRIu32, g->session->arch->software_trap,
                   g->story->vector);
    scene_text(scene->heading, sizeof scene->heading, "%s%s%s", scene->call,
               scene->program[0] == '\0' ? "" : " in ", scene->program);
    scene_text(scene->question, sizeof scene->question, "%s", scene->heading);
}

static void gather_phases(struct gathering *g)
{
    ticks now = g->session->machine->clock.s.now;
    for (unsigned i = 0; i < STORY_PHASES; i++) {
        struct scene_phase *phase = &g->scene->phase[i];
        phase->beat = SCENE_NEVER;
        phase->there = g->story->mark[i].there;
        if (!phase->there)
            continue;
        phase->spent = story_ticks(g->story, i, now);
        phase->over = story_phase_ends(g->story, i);
        scene_text(phase->symbol, sizeof phase->symbol, "%.*s",
                   (int)strcspn(g->tale->symbol[i], "+"), g->tale->symbol[i]);
        take_where(phase->where, sizeof phase->where, g->tale->where[i]);
        scene_insn(g->session, g->story->mark[i].address, phase->insn, sizeof phase->insn);
    }
}

static void mark_phases(struct scene *scene)
{
    struct scene_phase *user = &scene->phase[PHASE_USER];
    if (!user->there) { /* no stub: the program itself */
        user->there = true;
        scene_text(user->symbol, sizeof user->symbol, "%.*s", (int)strcspn(scene->user_symbol, "+"),
                   scene->user_symbol);
        scene_text(user->insn, sizeof user->insn, "%s", scene->user_insn);
    }
    for (unsigned i = scene->beats; i-- > 0;)
        if (scene->beat[i].kind != BEAT_RESULT)
            scene->phase[scene->beat[i].phase].beat = (uint16_t)i;
    scene->dispatch.beat = scene->phase[PHASE_DISPATCH].beat;
}

void scene_gather_story(struct gathering *g)
{
    struct scene *scene = g->scene;
    const struct story *story = g->story;
    struct origin_trip trip;
    scene->state = SCENE_STORY;
    scene->when = (struct timeline_position){story->tick, story->count, g->steps_before};
    scene->is_call = g->tale->is_call;
    scene->vector = story->vector;
    scene->end = story->end;
    scene->tick = story->tick;
    ticks now = g->session->machine->clock.s.now;
    ticks until = story->end == STORY_OPEN_STILL ? now : story->ended;
    scene->took = until > story->tick ? until - story->tick : 0;
    scene->sums = story_sums(story, now);
    scene->interrupts = story->interrupts;
    scene->interrupted = story->interrupted;
    scene->away = story->away;
    scene->return_pc = story->end == STORY_RETURNED ? story->return_pc : story->pc;
    gather_heading(g);
    scene_cause(g);
    find_frame(g); /* asks the present, when the trap is not over */
    origin_depart(g->session, &trip);
    origin_visit(g->session, (struct timeline_position){0, story->count, 0});
    scene_gather_user(g);
    if (scene->machine == SCENE_X86)
        scene_x86_look(g->session, scene);
    gather_phases(g);
    gather_words(g);
    gather_dispatch(g);
    add_user_beats(g);
    if (scene->fault.there)
        scene->fault.beat = (uint16_t)(scene->beats - 1);
    scene_steps(g, false);
    scene_software(g);
    scene_steps(g, true);
    sort_words(scene);
    mark_phases(scene);
    if (scene->mips.cause_beat != SCENE_NEVER)
        g->session->arch->register_meaning(g->session->cpu, "cause", scene->mips.cause,
                                           scene->mips.cause_words, sizeof scene->mips.cause_words);
    if (scene->machine == SCENE_MIPS)
        scene_mips_ask(g);
    origin_return(g->session, &trip);
}

/* --- asking ----------------------------------------------------------------------------------- */

unsigned scene_beat_at(const struct scene *scene, struct timeline_position position)
{
    unsigned found = 0;
    for (unsigned i = 0; i < scene->beats; i++) {
        const struct timeline_position *at = &scene->beat[i].at;
        if (at->count < position.count ||
            (at->count == position.count && at->micro <= position.micro))
            found = i;
    }
    return found;
}

const char *scene_say_beat(const struct scene *scene, unsigned beat, bool hide, char *to,
                           size_t room)
{
    if (beat >= scene->beats) {
        scene_text(to, room, "%s", scene->heading);
        return to;
    }
    const struct scene_beat *b = &scene->beat[beat];
    scene_text(to, room, "%s%s%s%s. %s", b->failed ? "Refused: " : "", b->name,
               b->value[0] == '\0' ? "" : ": ", hide ? "?" : b->value, b->text);
    return to;
}
