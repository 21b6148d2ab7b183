# The path's calls: JOS's, and Turnstile's under numbers behind them.
set(call_list ${KERNEL}/flexsc-calls.def)
set(kernel_depends ${call_list})
add_custom_command(OUTPUT ${kernel_depends}
    COMMAND ${CMAKE_COMMAND} -DDEF=${ABI}/calls.def -DTURNSTILE=${CMAKE_CURRENT_SOURCE_DIR}/syscalls.def
            -DHEADER=${ABI}/user/include/flexsc.h -DOUT=${kernel_depends} -P ${ABI}/generate.cmake
    DEPENDS ${ABI}/calls.def ${CMAKE_CURRENT_SOURCE_DIR}/syscalls.def ${ABI}/user/include/flexsc.h
            ${ABI}/generate.cmake VERBATIM)
