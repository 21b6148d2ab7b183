# The path's calls: OS/161's own, and those of Turnstile that it does not have.
set(call_list ${KERNEL}/os161-calls.def)
set(errno_column 3)
set(kernel_depends ${call_list})
add_custom_command(OUTPUT ${kernel_depends}
    COMMAND ${CMAKE_COMMAND} -DDEF=${ABI}/syscalls.def -DTURNSTILE=${CMAKE_CURRENT_SOURCE_DIR}/syscalls.def
            -DOUT=${kernel_depends} -P ${ABI}/generate.cmake
    DEPENDS ${ABI}/syscalls.def ${CMAKE_CURRENT_SOURCE_DIR}/syscalls.def ${ABI}/generate.cmake VERBATIM)
