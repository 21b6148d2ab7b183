# All calls of the flexsc path, in one list: JOS's, then Turnstile's, whose numbers are FLEX_TURNSTILE more.
#   cmake -DDEF=abi/flexsc/calls.def -DTURNSTILE=guest-os/syscalls.def -DHEADER=flexsc.h -DOUT=flexsc-calls.def
#         -P generate.cmake
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${HEADER} line REGEX "^#define FLEX_TURNSTILE ")
string(REGEX MATCH "[0-9]+" more "${line}")
set(text "/* Made from abi/flexsc/calls.def and syscalls.def. */\n")

file(STRINGS ${DEF} rows REGEX "^SYSCALL\\(")
foreach(row IN LISTS rows)
    if(NOT row MATCHES "^SYSCALL\\( *([0-9]+), " OR NOT CMAKE_MATCH_1 LESS more)
        message(FATAL_ERROR "${DEF}: this row cannot be read, or its number is not below ${more}: ${row}")
    endif()
    string(APPEND text "${row}\n")
endforeach()

file(STRINGS ${TURNSTILE} rows REGEX "^SYSCALL\\(")
foreach(row IN LISTS rows)
    if(NOT row MATCHES "^SYSCALL\\( *([0-9]+)(,.*)$")
        message(FATAL_ERROR "${TURNSTILE}: this row cannot be read: ${row}")
    endif()
    math(EXPR number "${CMAKE_MATCH_1} + ${more}")
    string(APPEND text "SYSCALL(${number}${CMAKE_MATCH_2}\n")
endforeach()
file(WRITE ${OUT} "${text}")
