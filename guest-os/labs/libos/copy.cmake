# The lab of the libos path: a library OS over a PAL; the call is sched_setaffinity. File names are those of Graphene.
set(LAB_LISTS syscalls.def LibOS/shim/src/shim_trap.c) # Turnstile's calls, which the shim makes its own of
set(user ${SOURCE}/abi/libos/user)
lab_folder(${SOURCE} . MATCH syscalls.def)
lab_folder(${SOURCE}/abi/libos abi/libos MATCH *.def)
lab_folder(${user}/shim/src LibOS/shim/src MATCH *.c *.h *.S BUT shim_syscalls.c)
lab_folder(${user}/shim/src/sys LibOS/shim/src/sys MATCH *.c *.h BUT shim_sched.c)
lab_folder(${user}/shim/include LibOS/shim/include MATCH *.h BUT shim_table.h)
lab_folder(${user}/pal/src Pal/src MATCH *.c *.h BUT thread.c)
lab_folder(${user}/pal/host/turnstile Pal/host/turnstile MATCH *.c *.h)

# --- the library OS
lab_read(text ${user}/shim/src/shim_syscalls.c)
lab_swap_range(text "DEFINE_SHIM_SYSCALL(sched_setaffinity, 3, shim_do_sched_setaffinity, int," ")\n"
               "SHIM_SYSCALL_RETURN_ENOSYS(sched_setaffinity, 3, int, int, pid, size_t, len,\n                           unsigned long *, user_mask_ptr)\n")
lab_write(LibOS/shim/src/shim_syscalls.c "${text}")
lab_read(text ${user}/shim/include/shim_table.h)
lab_swap(text "int shim_do_sched_setaffinity(int pid, size_t len, unsigned long *user_mask_ptr);\n" "")
lab_write(LibOS/shim/include/shim_table.h "${text}")
lab_read(text ${user}/shim/src/sys/shim_sched.c)
lab_cut_function(text "int shim_do_sched_setaffinity(int pid, size_t len, unsigned long *user_mask_ptr)")
lab_write(LibOS/shim/src/sys/shim_sched.c "${text}")

# --- the PAL
lab_read(text ${user}/pal/include/pal/pal.h)
lab_swap(text "PAL_BOL DkThreadSetCPUAffinity(PAL_NUM cpu_num, PAL_IDX *cpu_indexes);\n" "")
lab_write(Pal/include/pal/pal.h "${text}")
lab_read(text ${user}/pal/host/turnstile/pal-symbols)
lab_swap(text "DkThreadSetCPUAffinity\n" "")
lab_write(Pal/host/turnstile/pal-symbols "${text}")
lab_read(text ${user}/pal/src/thread.c)
lab_cut_function(text "PAL_BOL DkThreadSetCPUAffinity(PAL_NUM cpu_num, PAL_IDX *cpu_indexes)")
lab_write(Pal/src/thread.c "${text}")
file(MAKE_DIRECTORY ${OUT}/user)
file(WRITE ${OUT}/user/README "Programs over this library: NAME.c becomes /bin/NAME.\n")
