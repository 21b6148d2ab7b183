# The library OS: the shim; the PAL, of whose names only those of pal-symbols are seen outside; and the C functions
# of the Linux path, whose traps are calls of the shim here.
set(linux ${USER_DIR}/../abi/linux/user)
set(objects)
file(GLOB pal_sources CONFIGURE_DEPENDS ${folder}/pal/src/*.c ${folder}/pal/host/turnstile/*.c)
foreach(source IN LISTS pal_sources)
    cmake_path(GET source FILENAME file)
    set(object ${out}/user/posix/${path}/pal-${file}.o)
    guest_object(${source} ${object} --posix -O2 -fno-builtin ${warnings}
                 -I${folder}/pal/include -I${folder}/pal/host/turnstile)
    list(APPEND objects ${object})
endforeach()
set(pal ${out}/user/posix/${path}/pal.o)
set(pal_symbols ${folder}/pal/host/turnstile/pal-symbols)
add_custom_command(OUTPUT ${pal}
    COMMAND ${tools}-ld -r ${objects} -o ${pal}
    COMMAND ${tools}-objcopy --keep-global-symbols=${pal_symbols} ${pal}
    DEPENDS ${objects} ${pal_symbols} VERBATIM)

file(GLOB shim_sources CONFIGURE_DEPENDS ${folder}/shim/src/*.c ${folder}/shim/src/*.S ${folder}/shim/src/sys/*.c)
file(GLOB stubs CONFIGURE_DEPENDS ${linux}/*.c ${linux}/${machine}/*.c)
set(stub_flags -I${folder}/shim/include -I${folder}/pal/include -I${linux}/${machine}
                  "-D__SYSCALL_TRAP=\"call shim_entry\"")
set(stub_objects ${pal})
set(sources ${shim_sources} ${stubs})
