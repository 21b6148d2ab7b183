# A profile from its templates and the kernel's lists:
#   cmake -DPATHS=NAME;... -DTEMPLATES=COMMON.in;PATH.in;... -DCALLS=syscalls.def;... -DCOLUMNS=1;...
#         -DERRORS=errno.def -DOUT=FILE.profile -P generate.cmake
# Of each path: its facts, its calls, and which column of errno.def has its numbers.
cmake_minimum_required(VERSION 3.25)

function(append_calls list)
    file(STRINGS ${list} rows REGEX "^SYSCALL\\(")
    foreach(row IN LISTS rows)
        string(REGEX MATCH "^SYSCALL\\( *([0-9]+), *([A-Za-z_0-9]+), *([^,]*[^, ]), *\"([^\"]*)\"(, (.*))?\\)$"
               matched "${row}")
        if(NOT matched)
            message(FATAL_ERROR "${list}: this row cannot be read: ${row}")
        endif()
        string(APPEND text
               "syscall ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} \"${CMAKE_MATCH_3}\" \"${CMAKE_MATCH_6}\"\n")
    endforeach()
    set(text "${text}" PARENT_SCOPE)
endfunction()

function(append_errors column)
    file(STRINGS ${ERRORS} rows REGEX "^ERRNO\\(")
    math(EXPR column "${column} + 1")
    foreach(row IN LISTS rows)
        if(NOT row MATCHES "^ERRNO\\((E[A-Z0-9]+), *([0-9]+), *([0-9]+), *([0-9]+),")
            message(FATAL_ERROR "${ERRORS}: this row cannot be read: ${row}")
        endif()
        string(APPEND text "errno-name ${CMAKE_MATCH_${column}} ${CMAKE_MATCH_1}\n")
    endforeach()
    set(text "${text}" PARENT_SCOPE)
endfunction()

list(POP_FRONT TEMPLATES common)
file(READ ${common} text)
foreach(path template list column IN ZIP_LISTS PATHS TEMPLATES CALLS COLUMNS)
    file(READ ${template} facts)
    string(APPEND text "\npath ${path}\n${facts}\n# From the kernel's lists.\n")
    append_calls(${list})
    append_errors(${column})
endforeach()
file(WRITE ${OUT} "${text}")
