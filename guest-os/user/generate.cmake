# From syscalls.def make what the preprocessor cannot: headers whose lines are one call each, and
# the manual: index.md, and pages with the call's prototype and summary on top.
#   cmake -DKIND=numbers|xv6|posix -DDEF=syscalls.def [-DTEMPLATE=FILE.in] -DOUT=FILE
#         -P generate.cmake
#   cmake -DKIND=errno -DDEF=errno.def -DCOLUMN=1|2|3 -DTEMPLATE=errno.h.in -DOUT=FILE -P generate.cmake
#   cmake -DKIND=manual -DDEF=syscalls.def -DTEMPLATE=FOLDER -DOUT=FOLDER -P generate.cmake
cmake_minimum_required(VERSION 3.25)

if(KIND STREQUAL errno)
    set(NUMBERS)
    file(STRINGS ${DEF} rows REGEX "^ERRNO\\(")
    foreach(row IN LISTS rows)
        if(NOT row MATCHES "^ERRNO\\((E[A-Z0-9]+), *([0-9]+), *([0-9]+), *([0-9]+),")
            message(FATAL_ERROR "${DEF}: this row cannot be read: ${row}")
        endif()
        set(name ${CMAKE_MATCH_1})
        math(EXPR column "${COLUMN} + 1")
        string(APPEND NUMBERS "#define ${name} ${CMAKE_MATCH_${column}}\n")
    endforeach()
    configure_file(${TEMPLATE} ${OUT} @ONLY)
    return()
endif()

# Calls that unistd.h declares with POSIX's types, or whose C function has another name.
set(posix_own fork exit wait pipe read kill fstat chdir dup getpid sbrk sleep open write unlink link
    mkdir close lseek)

file(STRINGS ${DEF} rows REGEX "^SYSCALL\\(")
foreach(row IN LISTS rows)
    string(REGEX MATCH
           "^SYSCALL\\( *([0-9]+), *([a-z0-9_]+), *([a-z0-9_ ]+[*]?), *\"([^\"]*)\"(, (.*))?\\)$"
           matched "${row}")
    if(NOT matched)
        message(FATAL_ERROR "${DEF}: this row cannot be read: ${row}")
    endif()
    set(number ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    set(type "${CMAKE_MATCH_3}")
    set(summary "${CMAKE_MATCH_4}")
    set(parameters "${CMAKE_MATCH_6}")
    string(REGEX REPLACE "INT\\(([a-z0-9_]+)\\)" "int \\1" parameters "${parameters}")
    string(REGEX REPLACE "STR\\(([a-z0-9_]+)\\)" "const char *\\1" parameters "${parameters}")
    string(REGEX REPLACE "(^|, )IN\\(([a-z0-9_]+), [a-z0-9_]+\\)" "\\1const void *\\2"
           parameters "${parameters}")
    string(REGEX REPLACE "OUT\\(([a-z0-9_]+), [a-z0-9_]+\\)" "void *\\1" parameters "${parameters}")
    string(REGEX REPLACE "PTR\\(([a-z0-9_ ]+), ([a-z0-9_]+)\\)" "\\1 *\\2" parameters "${parameters}")
    string(REGEX REPLACE "ARGV\\(([a-z0-9_]+)\\)" "char **\\1" parameters "${parameters}")
    if(parameters STREQUAL "")
        set(parameters void)
    endif()
    string(REGEX REPLACE " +$" "" type "${type}")
    string(REGEX REPLACE "([a-z0-9_])$" "\\1 " type "${type}")

    set(prototype "${type}${name}(${parameters})")
    if(KIND STREQUAL manual)
        set(page ${name}.2.md)
        set(body)
        if(EXISTS ${TEMPLATE}/${page})
            file(READ ${TEMPLATE}/${page} body)
        endif()
        file(WRITE ${OUT}/${page}
             "# ${name}(2): ${summary}\n\nCall ${number}: `${prototype}`\n\n${body}")
        string(APPEND lines
               "| ${number} | [${name}](${page}) | `${prototype}` | ${summary} |\n")
    elseif(KIND STREQUAL numbers)
        string(APPEND lines "#define SYS_${name} ${number}\n")
    elseif(KIND STREQUAL posix AND NOT name IN_LIST posix_own)
        string(APPEND lines "${prototype};\n")
    elseif(KIND STREQUAL xv6)
        if(name STREQUAL exit)
            string(APPEND lines "int exit(void) __attribute__((noreturn));\n")
        elseif(name STREQUAL wait)
            string(APPEND lines "int wait(void);\n")
        else()
            string(APPEND lines "${prototype};\n")
        endif()
    endif()
endforeach()

if(KIND STREQUAL manual)
    file(GLOB pages RELATIVE ${TEMPLATE} ${TEMPLATE}/*.1.md)
    set(programs)
    foreach(page IN LISTS pages)
        string(REPLACE .1.md "" name ${page})
        file(READ ${TEMPLATE}/${page} body)
        file(WRITE ${OUT}/${page} "# ${name}(1)\n\n${body}")
        string(APPEND programs "- [${name}](${page})\n")
    endforeach()
    file(WRITE ${OUT}/index.md "# Turnstile's manual

## System calls

| number | call | prototype | |
| --- | --- | --- | --- |
${lines}
## Programs

${programs}")
    return()
elseif(KIND STREQUAL numbers)
    set(text "/* The numbers of the system calls; made from syscalls.def. */
#ifndef SYSCALL_NUMBERS_H
#define SYSCALL_NUMBERS_H

${lines}
#endif
")
else()
    file(READ ${TEMPLATE} text)
    string(REPLACE "@PROTOTYPES@\n" "${lines}" text "${text}")
endif()
file(WRITE ${OUT} "${text}")
