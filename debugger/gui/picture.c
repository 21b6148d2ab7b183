/* picture: whole pictures for slides and hand-outs. */
#include "debugger/gui/picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/scene_parts.h"
#include "debugger/gui/stage.h"
#include "debugger/story_say.h"

static void begin(struct draw_list *list)
{
    draw_begin(list, (struct draw_metrics){PICTURE_CELL_W, PICTURE_CELL_H}, PICTURE_WIDTH,
               PICTURE_HEIGHT);
}

static void draw_badge(struct draw_list *list, const struct scene *scene, unsigned beat)
{
    bool kernel = beat < scene->beats && scene->beat[beat].ring == 0;
    const char *mode = kernel ? scene->kernel_mode : scene->user_mode;
    char text[40];
    if (scene->machine == SCENE_X86)
        scene_text(text, sizeof text, "%s %s", kernel ? "KERNEL" : "USER", mode);
    else
        scene_text(text, sizeof text, "%s mode", kernel ? "KERNEL" : "USER");
    int width = (draw_cells(text) + 2) * PICTURE_CELL_W, x = PICTURE_WIDTH - width - 8;
    enum draw_ink ink = kernel ? INK_KERNEL : INK_USER;
    draw_box(list, x, 3, width, PICTURE_CELL_H, INK_PAPER, ink)->bold = true;
    draw_box(list, x, 3, 6, PICTURE_CELL_H, ink, INK_NONE)->fill = kernel ? FILL_HATCH : FILL_SOLID;
    draw_text(list, x + PICTURE_CELL_W, 3, ink, "%s", text)->bold = true;
}

/* "hello, pid 2, "; a kernel may have no processes. */
static const char *say_process(const struct scene *scene, char *to, size_t room)
{
    to[0] = '\0';
    if (scene->program[0] != '\0')
        scene_text(to, room, "%s, pid %" PRId64 ", ", scene->program, scene->pid);
    return to;
}

static void draw_heading(struct draw_list *list, const struct scene *scene, unsigned beat)
{
    char tick[32], took[32], by[160], process[80];
    bool over = beat + 1 >= scene->beats;
    struct draw_item *item =
        draw_text(list, 12, 3, INK_TITLE, "%s",
                  beat >= scene->result_beat || over ? scene->heading : scene->question);
    item->bold = true;
    item->w = PICTURE_WIDTH - 220;
    scene_text(by, sizeof by, "%stick %s", say_process(scene, process, sizeof process),
               story_say_ticks(scene->tick, tick, sizeof tick));
    size_t used = strlen(by);
    if (over && scene->end == STORY_RETURNED)
        scene_text(by + used, sizeof by - used, ": %s ticks",
                   story_say_ticks(scene->took, took, sizeof took));
    else if (over && scene->end == STORY_REFUSED)
        scene_text(by + used, sizeof by - used, ": refused");
    draw_text(list, 12, 4 + PICTURE_CELL_H, INK_DIM, "%s", by);
    if (!over || scene->end != STORY_RETURNED)
        return;
    char a[32], b[32], c[32];
    struct draw_item *sums = draw_text(list, 46 * PICTURE_CELL_W, 4 + PICTURE_CELL_H, INK_TEXT,
                                       "hardware %s + entry and exit code %s + kernel %s",
                                       story_say_ticks(scene->sums.hardware, a, sizeof a),
                                       story_say_ticks(scene->sums.code, b, sizeof b),
                                       story_say_ticks(scene->sums.kernel, c, sizeof c));
    sums->bold = true;
}

void picture_journey(const struct scene *scene, unsigned beat, bool quiz, struct draw_list *list)
{
    struct box stage = {8, 56, PICTURE_WIDTH - 16, PICTURE_HEIGHT - 58};
    begin(list);
    draw_heading(list, scene, beat);
    draw_badge(list, scene, beat);
    stage_draw(scene, beat, 1, quiz, list, stage);
}

void picture_begin(struct draw_list *list, const char *title, const struct scene *scene)
{
    char tick[32], process[80];
    begin(list);
    struct draw_item *item = draw_text(list, 12, 3, INK_TITLE, "%s", title);
    item->bold = true;
    item->w = PICTURE_WIDTH - 24;
    draw_text(list, 12, 4 + PICTURE_CELL_H, INK_DIM, "%s   %stick %s", scene->heading,
              say_process(scene, process, sizeof process),
              story_say_ticks(scene->tick, tick, sizeof tick))
        ->w = PICTURE_WIDTH - 24;
}

void picture_words(const struct scene *scene, unsigned beat, char *to, size_t room)
{
    size_t used = 0;
    scene_text(to, room, "%s", scene->heading);
    for (unsigned i = 0; i <= beat && i < scene->beats; i++) {
        used = strlen(to);
        if (room - used < 8)
            return;
        char said[512];
        scene_say_beat(scene, i, false, said, sizeof said);
        scene_text(to + used, room - used, "\n%s", said);
    }
}
