# The lab of the flexsc path: a page of calls, and int 48; the call is time_msec. File names are those of JOS with FlexSC.
set(LAB_LISTS syscalls.def kernel/syscall.h abi/xv6/syscall.c) # the other paths keep their list
lab_rows(${BUILT}/kernel/flexsc-calls.def time_msec)
lab_each(numbers "#define FLEX_@name@ @number@\n")

# --- the kernel as it is, in its folders
lab_folder(${SOURCE} . MATCH syscalls.def)
lab_folder(${SOURCE}/kernel kernel MATCH *.c *.h *.def)
lab_folder(${SOURCE}/arch/x86 arch/x86 MATCH *.c *.h *.S *.inc BUT vectors.c)
lab_paths(arch/x86 flexsc/syscall.c flexsc/page.c flexsc/ipc.c flexsc/jos.c flexsc/calls.def flexsc/flexsc_kernel.h)
file(REMOVE ${OUT}/arch/x86/flexsc-calls.def)
lab_write(abi/flexsc/flexsc_kernel.h "#include \"kern/flexsc.h\"\n")
lab_write(abi/flexsc/user/include/flexsc.h "#include \"inc/flexsc.h\"\n")
file(REMOVE ${OUT}/abi/flexsc/user/include/flex.h)

# --- numbers, and what both sides know
lab_write(inc/syscall.h
          "/* The numbers of the system calls. */\n#ifndef INC_SYSCALL_H\n#define INC_SYSCALL_H\n\n${numbers}\n#endif\n")
lab_read(text ${SOURCE}/abi/flexsc/user/include/flexsc.h)
lab_write(inc/flexsc.h "${text}")

# --- the kernel's side
lab_read(text ${SOURCE}/abi/flexsc/flexsc_kernel.h)
lab_swap(text "#include \"abi/flexsc/user/include/flexsc.h\"\n" "#include \"inc/flexsc.h\"\n#include \"inc/syscall.h\"\n")
lab_swap_range(text "enum {\n#define SYSCALL(number, name, ...) FLEX_" "#undef SYSCALL\n};\n\n" "")
lab_rows(${SOURCE}/abi/flexsc/calls.def time_msec)
lab_each(prototypes "int sys_@name@(void);\n")
lab_swap_range(text "#define SYSCALL(number, name, ...) int sys_" "#undef SYSCALL\n" "${prototypes}")
lab_write(kern/flexsc.h "${text}")
lab_rows(${BUILT}/kernel/flexsc-calls.def time_msec)
lab_read(text ${SOURCE}/abi/flexsc/syscall.c)
lab_unroll(text "case FLEX_")
lab_write(kern/syscall.c "${text}")
lab_read(text ${SOURCE}/abi/flexsc/page.c)
lab_write(kern/flexsc.c "${text}")
lab_read(text ${SOURCE}/abi/flexsc/ipc.c)
lab_write(kern/ipc.c "${text}")
lab_read(text ${SOURCE}/abi/flexsc/jos.c)
lab_cut_function(text "int sys_time_msec(void)")
lab_write(kern/jos.c "${text}")

# --- the user's side
lab_read(text ${SOURCE}/abi/flexsc/user/include/flex.h)
lab_swap(text "int sys_time_msec(void);\n" "")
lab_swap(text "int flex_time_msec(void);\n" "")
lab_write(inc/lib.h "${text}")
lab_write(inc/flex.h "#include \"lib.h\"\n")
lab_read(text ${SOURCE}/abi/flexsc/user/calls.c)
lab_swap(text "#include \"numbers.h\"\n" "#include <syscall.h>\n")
lab_cut_function(text "int sys_time_msec(void)")
lab_cut_function(text "int flex_time_msec(void)")
lab_write(lib/flex_syscall.c "${text}")
file(MAKE_DIRECTORY ${OUT}/user)
file(WRITE ${OUT}/user/README "Programs for this kernel: NAME.c becomes /bin/NAME.\n")
