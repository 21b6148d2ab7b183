# From the list of calls: the list with this machine's numbers and sys_call_table for the kernel,
# <asm/unistd.h> for programs.
set(LINUX_ERRORS ${CMAKE_CURRENT_SOURCE_DIR}/kernel/errno.def)
file(GLOB LINUX_CALLS CONFIGURE_DEPENDS ${ABI}/syscalls.def ${ABI}/${machine}/syscalls.def)
function(linux_generated kind template out)
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DKIND=${kind} -DDEF=${ABI}/syscalls.def -DMACHINE=${machine}
                -DERRORS=${LINUX_ERRORS} -DTEMPLATE=${template} -DOUT=${out} -P ${ABI}/generate.cmake
        DEPENDS ${LINUX_CALLS} ${LINUX_ERRORS} ${template} ${ABI}/generate.cmake VERBATIM)
endfunction()

linux_generated(list "" ${KERNEL}/linux-calls.def)
linux_generated(table "" ${KERNEL}/sys_call_table.inc)
linux_generated(unistd ${ABI}/user/${machine}/unistd.h.in ${SYSROOT}/include/asm/unistd.h)
set(call_list ${KERNEL}/linux-calls.def)
set(kernel_depends ${KERNEL}/linux-calls.def ${KERNEL}/sys_call_table.inc)
set(headers ${SYSROOT}/include/asm/unistd.h)
if(machine STREQUAL mips)
    set(errno_column 2)
endif()
