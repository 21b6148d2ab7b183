# What the debugger takes for the path's calls: those of the PAL.
set(call_list ${KERNEL}/libos-calls.def)
set(kernel_depends ${call_list})
add_custom_command(OUTPUT ${call_list}
    COMMAND ${CMAKE_COMMAND} -DDEF=${ABI}/pal_calls.def -DOUT=${call_list} -P ${ABI}/generate.cmake
    DEPENDS ${ABI}/pal_calls.def ${ABI}/generate.cmake VERBATIM)
