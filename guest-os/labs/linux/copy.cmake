# The lab of the Linux path: int 0x80, sys_call_table; the call is foo. File names are those of Linux 2.6, whose list
# of calls ended with 282.
set(last 282)
set(LAB_LISTS syscalls.def kernel/syscall.h abi/xv6/syscall.c) # the other paths keep their list

# --- the kernel as it is, in its folders
lab_folder(${SOURCE} . MATCH syscalls.def)
lab_folder(${SOURCE}/kernel kernel MATCH *.c *.h *.def)
lab_folder(${SOURCE}/arch/x86 arch/x86 MATCH *.c *.h *.S *.inc BUT vectors.c)
lab_paths(arch/x86 linux/process.c linux/entry.S linux/syscalls.def)
file(REMOVE ${OUT}/arch/x86/linux-calls.def)
file(REMOVE ${OUT}/arch/x86/sys_call_table.inc)
lab_read(text ${SOURCE}/abi/linux/syscall.h)
lab_rows(${BUILT}/kernel/linux-calls.def foo)
lab_each(prototypes "int sys_@name@(void);\n")
lab_swap_range(text "#define SYSCALL(number, name, ...)" "#undef SYSCALL\n" "${prototypes}")
lab_write(abi/linux/syscall.h "${text}")

# --- the table
lab_read(table ${BUILT}/kernel/sys_call_table.inc)
lab_swap(table "/* Made from syscalls.def. */\n" "")
lab_swap_range(table "\t.long sys_foo\n" "\t.long sys_ni_syscall\t/* 285 */\n" "@") # 283 and 284
string(REGEX REPLACE "@.*" "" table "${table}")
lab_read(text ${SOURCE}/abi/linux/x86/entry.S)
lab_swap(text "#include \"sys_call_table.inc\"\n" "${table}")
lab_write(arch/i386/kernel/entry.S "${text}")

# --- the numbers
lab_read(text ${BUILT}/sysroot/include/asm/unistd.h)
foreach(number name IN ZIP_LISTS LAB_NUMBERS LAB_NAMES)
    if(number GREATER last)
        lab_swap(text "#define __NR_${name} ${number}\n" "")
    endif()
endforeach()
lab_swap(text "#define __NR_foo 283\n" "")
lab_write(include/asm/unistd.h "${text}")

# --- the function
lab_read(text ${SOURCE}/abi/linux/process.c)
lab_swap_range(text "/*\n * sys_foo everyone's favorite system call.\n" "\n}\n\n" "")
lab_swap(text "#define THREAD_SIZE KSTACKSIZE\n\n" "")
lab_swap(text "#include \"kernel/syscall.h\"\n" "#include \"kernel/syscall.h\"\n\n#include <asm/linkage.h>\n")
lab_write(kernel/sys.c "${text}")
file(COPY ${LAB}/include DESTINATION ${OUT})
file(MAKE_DIRECTORY ${OUT}/user)
file(WRITE ${OUT}/user/README "Programs for this kernel: NAME.c becomes /bin/NAME.\n")
