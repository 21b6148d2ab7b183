/* lesson_files: lesson.css and lesson.js, put into the program by the build. */
#ifndef DEBUGGER_GUI_LESSON_FILES_H
#define DEBUGGER_GUI_LESSON_FILES_H

extern const char lesson_css[], lesson_js[];

#endif
