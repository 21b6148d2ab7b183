profile film-tlb
architecture mips
vector 8
number $v0
argument $a0
result $v0
stage save general
dispatch table turn
syscall 16 write "int" "INT(fd), IN(buf, n), INT(n)"
