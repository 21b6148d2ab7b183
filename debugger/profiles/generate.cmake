# A profile from its template and the kernel's lists; COLUMN of errno.def has the path's numbers:
#   cmake -DTEMPLATE=FILE.in -DCALLS=syscalls.def -DERRORS=errno.def -DCOLUMN=1|2|3 -DOUT=FILE.profile
#         -P generate.cmake
cmake_minimum_required(VERSION 3.25)

file(READ ${TEMPLATE} text)
string(APPEND text "\n# From syscalls.def.\n")
file(STRINGS ${CALLS} rows REGEX "^SYSCALL\\(")
foreach(row IN LISTS rows)
    string(REGEX MATCH "^SYSCALL\\( *([0-9]+), *([a-z_0-9]+), *([^,]*[^, ]), *\"([^\"]*)\"(, (.*))?\\)$"
           matched "${row}")
    if(NOT matched)
        message(FATAL_ERROR "${CALLS}: this row cannot be read: ${row}")
    endif()
    string(APPEND text
           "syscall ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} \"${CMAKE_MATCH_3}\" \"${CMAKE_MATCH_6}\"\n")
endforeach()

string(APPEND text "\n# From errno.def.\n")
file(STRINGS ${ERRORS} rows REGEX "^ERRNO\\(")
math(EXPR column "${COLUMN} + 1")
foreach(row IN LISTS rows)
    if(NOT row MATCHES "^ERRNO\\((E[A-Z0-9]+), *([0-9]+), *([0-9]+), *([0-9]+),")
        message(FATAL_ERROR "${ERRORS}: this row cannot be read: ${row}")
    endif()
    string(APPEND text "errno-name ${CMAKE_MATCH_${column}} ${CMAKE_MATCH_1}\n")
endforeach()
file(WRITE ${OUT} "${text}")
