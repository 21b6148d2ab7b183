# From the list of calls: sys_call_table for the kernel, <asm/unistd.h> for programs.
function(linux_generated kind template out)
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DKIND=${kind} -DDEF=${ABI}/syscalls.def -DTEMPLATE=${template}
                -DOUT=${out} -P ${ABI}/generate.cmake
        DEPENDS ${ABI}/syscalls.def ${template} ${ABI}/generate.cmake VERBATIM)
endfunction()

linux_generated(table "" ${KERNEL}/sys_call_table.inc)
linux_generated(unistd ${ABI}/user/unistd.h.in ${SYSROOT}/include/asm/unistd.h)
set(call_list ${ABI}/syscalls.def)
set(kernel_depends ${KERNEL}/sys_call_table.inc)
set(headers ${SYSROOT}/include/asm/unistd.h)
