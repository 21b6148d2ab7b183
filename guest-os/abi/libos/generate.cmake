# The PAL's calls as rows like those of syscalls.def:
#   cmake -DDEF=pal_calls.def -DOUT=libos-calls.def -P generate.cmake
cmake_minimum_required(VERSION 3.25)

set(text "/* Made from pal_calls.def. */\n")
file(STRINGS ${DEF} rows REGEX "^PAL\\(")
foreach(row IN LISTS rows)
    if(NOT row MATCHES "^PAL\\( *([0-9]+), (Dk[A-Za-z]+), *([a-z_]+), *(.*)$")
        message(FATAL_ERROR "${DEF}: this row cannot be read: ${row}")
    endif()
    string(APPEND text "SYSCALL(${CMAKE_MATCH_1}, ${CMAKE_MATCH_2}, ${CMAKE_MATCH_4}\n")
endforeach()
file(WRITE ${OUT} "${text}")
