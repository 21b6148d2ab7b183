# The lab of the OS/161 path: $v0, syscall, a switch; the call is fork. File names are those of OS/161's kern/.
set(LAB_BASE kern/) # as in guest-os/labs/CMakeLists.txt
lab_rows(${SOURCE}/syscalls.def fork)
lab_each(prototypes "int sys_@name@(void);\n")
lab_rows(${BUILT}/kernel/os161-calls.def fork)

# --- the kernel as it is, in its folders
lab_folder(${SOURCE}/kernel kern/kernel MATCH *.c *.h *.def BUT sysarg.c sysfile.c sysproc.c syscall.h)
lab_folder(${SOURCE}/kernel kern/syscall MATCH sysarg.c sysfile.c)
lab_folder(${SOURCE}/arch/mips kern/arch/mips MATCH *.c *.h *.S *.inc)
lab_paths(arch/mips os161/syscall.c os161/syscalls.def)
file(REMOVE ${OUT}/kern/arch/mips/os161-calls.def)

# --- the numbers: OS/161 has them all, whether there is such a call or not
lab_each(numbers "#define SYS_@name@ @number@\n")
lab_write(kern/include/kern/syscall.h
          "/* The numbers of the system calls. */\n#ifndef _KERN_SYSCALL_H_\n#define _KERN_SYSCALL_H_\n\n#define SYS_fork 0\n${numbers}\n#endif\n")

# --- the switch
lab_read(text ${SOURCE}/abi/os161/syscall.c)
lab_swap_range(text "enum {\n#define SYSCALL(number, name, ...) SYS_" "#undef SYSCALL\n};\n\n" "")
lab_swap(text "#include \"kernel/syscall.h\"\n" "#include \"kernel/syscall.h\"\n\n#include <kern/syscall.h>\n")
lab_unroll(text "case SYS_")
lab_write(kern/arch/mips/syscall/syscall.c "${text}")

# --- the functions
lab_read(text ${SOURCE}/kernel/syscall.h)
lab_swap_range(text "#define SYSCALL(number, name, ...) int sys_" "#undef SYSCALL\n" "${prototypes}")
lab_write(kern/include/syscall.h "${text}")
lab_write(kern/kernel/syscall.h "#include \"include/syscall.h\"\n")
lab_read(text ${SOURCE}/kernel/sysproc.c)
lab_cut_function(text "int sys_fork(void)")
lab_write(kern/syscall/sysproc.c "${text}")

# --- the list of files
file(GLOB_RECURSE files RELATIVE ${OUT}/kern ${OUT}/kern/*.c ${OUT}/kern/*.S)
list(SORT files)
list(TRANSFORM files REPLACE "(.+)" "file      \\1\n" OUTPUT_VARIABLE lines)
list(JOIN lines "" lines)
lab_write(kern/conf/conf.kern
          "# The files that the kernel is made of, below kern/. A file that is not here is not compiled.\n\n${lines}")
file(MAKE_DIRECTORY ${OUT}/user)
file(WRITE ${OUT}/user/README "Programs for this kernel: NAME.c becomes /bin/NAME.\n")
