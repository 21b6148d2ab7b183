# The lab of the xv6 path: int 64, one table; the call is getreadcount. File names are those of xv6's world.
lab_rows(${SOURCE}/syscalls.def getreadcount)

# --- the kernel as it is, in its folders
lab_folder(${SOURCE}/kernel kernel MATCH *.c *.h *.def BUT sysfile.c sysproc.c syscall.h)
lab_folder(${SOURCE}/arch/x86 arch/x86 MATCH *.c *.h *.S *.inc BUT vectors.c)
lab_paths(arch/x86 xv6/syscall.c)

# --- the numbers
lab_read(text ${BUILT}/sysroot/include-xv6/syscall.h)
lab_swap(text "/* The numbers of the system calls; made from syscalls.def. */" "/* The numbers of the system calls. */")
lab_swap(text "#define SYS_getreadcount 22\n" "")
lab_write(syscall.h "${text}")

lab_read(text ${SOURCE}/kernel/syscall.h)
lab_swap_range(text "#define SYSCALL(number, name, ...) int sys_" "#undef SYSCALL\n" "")
string(REPLACE "\n\n\n" "\n\n" text "${text}")
lab_write(kernel/syscall.h "${text}")

# --- the table
lab_read(text ${SOURCE}/abi/xv6/syscall.c)
lab_swap_range(text "enum {\n#define SYSCALL(number, name, ...) SYS_" "#undef SYSCALL\n};\n" "")
string(REPLACE "\n\n\n" "\n\n" text "${text}")
lab_swap(text "#include \"kernel/syscall.h\"\n" "#include \"kernel/syscall.h\"\n#include \"syscall.h\"\n")
lab_unroll(text "[SYS_")
lab_each(externs "extern int sys_@name@(void);\n")
lab_swap(text "/* Each function takes its arguments" "${externs}\n/* Each function takes its arguments")
lab_write(syscall.c "${text}")

# --- the functions
lab_read(text ${SOURCE}/kernel/sysfile.c)
lab_swap_range(text "static struct spinlock readlock" ";\n" "")
lab_swap_range(text "static int readcount;" "\n" "")
lab_swap(text "    acquire(&readlock);\n    readcount++;\n    release(&readlock);\n\n" "")
lab_cut_function(text "int sys_getreadcount(void)")
lab_write(sysfile.c "${text}")
lab_read(text ${SOURCE}/kernel/sysproc.c)
lab_write(sysproc.c "${text}")

# --- the user's side
lab_read(text ${BUILT}/sysroot/include-xv6/user.h)
lab_swap(text "int getreadcount(void);\n" "")
lab_swap(text "The system calls as guest-os/syscalls.def lists them" "The system calls")
lab_write(user/user.h "${text}")
lab_each(stubs "SYSCALL(@name@)\n" exit wait) # these two have no argument here, and give the kernel one
lab_read(text ${LAB}/usys.S.in)
lab_swap(text "@STUBS@\n" "${stubs}")
lab_write(user/usys.S "${text}")
lab_read(text ${LAB}/Makefile.in)
file(GLOB programs RELATIVE ${BUILT}/bin ${BUILT}/bin/*)
list(FILTER programs EXCLUDE REGEX "[.]|^test_1$|^linuxtests$")
list(TRANSFORM programs REPLACE "(.+)" " _\\1\\\\\n" OUTPUT_VARIABLE lines)
list(JOIN lines "" lines)
lab_swap(text "@PROGRAMS@\n" "${lines}")
lab_write(Makefile "${text}")
