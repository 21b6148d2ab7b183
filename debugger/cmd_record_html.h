/* cmd_record_html: `trapscope record-html`: a lesson about a program's system calls, as one file.
 */
#ifndef DEBUGGER_CMD_RECORD_HTML_H
#define DEBUGGER_CMD_RECORD_HTML_H

int cmd_record_html(int argc, char **argv);

#endif
