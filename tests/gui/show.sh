#!/usr/bin/env bash
# show.sh TRAPSCOPE XMLLINT FILM PROFILE: pictures of calls and faults have what they must have, and nothing of the
# program's can leave its text.
set -u
trapscope=$1
xmllint=$2
film=$(realpath "$3")
film_profile=$(realpath "$4")
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
failed=0

fail() {
    echo "show: $*"
    failed=1
}

# texts FILE: the runs of text of a picture, one a line.
texts() {
    "$xmllint" --xpath '//*[local-name()="text"]/text()' "$1" | sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# has FILE WORDS...: these runs of text are in the picture.
has() {
    local file=$1 word all
    shift
    all=$(texts "$file")
    for word in "$@"; do
        grep -qF -- "$word" <<<"$all" || fail "$file has no '$word'"
    done
}

# draws ARGS...: makes picture.svg and looks whether it is well formed.
draws() {
    rm -f picture.svg
    "$trapscope" show "$@" >out 2>err || { fail "show $*: status $? $(cat out err)"; return 1; }
    [ -s out ] && fail "show $*: standard output: $(cat out)"
    "$xmllint" --noout picture.svg || fail "show $*: not well formed"
}

cat >call.c <<'END'
#include <unistd.h>
int main(void)
{
    char name[] = "</text><script>&\"'\033]0;x\007\377\n";
    write(1, name, sizeof name - 1);
    return close(77) == -1 ? 3 : 0;
}
END
cat >gate.c <<'END'
int main(void)
{
    __asm__ volatile("int $0x41");
    return 0;
}
END
cat >null.c <<'END'
int main(void)
{
    *(volatile int *)0 = 1;
    return 0;
}
END

draws journey -o picture.svg call.c
# The whole way, with who pushed each word, and the source line that calls through the table.
has picture.svg 'IDT[64]' 'trap gate, DPL 3' 'GDT[1]' 'gate.DPL 3 >= CPL 3' 'code.DPL 0 <= CPL 3' \
    'SS0:ESP0' CPU vector64 alltraps eflags trapno '[16]' sys_write 'syscalls[num]' 'back in ring 3'
[ "$(texts picture.svg | grep -c '^CPU$')" -ge 5 ] || fail "not five words are pushed by the CPU"
[ "$(texts picture.svg | grep -c '^alltraps$')" -ge 10 ] || fail "the kernel's words are missing"
grep -q '<script' picture.svg && fail "the program's text became an element"
grep -q $'\033' picture.svg && fail "the program's text has a control character"
"$xmllint" --xpath 'string(//*[local-name()="desc"])' picture.svg | grep -q 'push EIP' ||
    fail "the description does not tell the steps"

draws journey --syscall close --palette dark -o picture.svg call.c
has picture.svg 'close(77)' EBADF sys_close

draws journey -o picture.svg gate.c
has picture.svg '✗' '#GP general protection' 'not true: gate.DPL 0 >= CPL 3' 'IDT[65]' 'set DPL 3'
texts picture.svg | grep -q sys_ && fail "a refused trap has no handler"

draws journey -o picture.svg null.c
has picture.svg '#PF page fault' 'page present' 'IDT[14]' vector14 trapno

draws trapframe -o picture.svg call.c
has picture.svg 'struct trapframe' eflags 'CPU: push EFLAGS' vector64 alltraps '64 = system call' '* eax was 00000010'
draws idt -o picture.svg call.c
has picture.svg IDTR 'trap gate' 'system call' vector64
draws gdt -o picture.svg call.c
has picture.svg GDTR 'code, ring 0, readable' 'code, ring 3, readable' '0008 in gate 64'
draws walk -o picture.svg null.c
has picture.svg 'Where 00000000 is' 'page directory entry[0]' '✗ stopped: the page table entry is not present'
draws walk --address '$esp' -o picture.svg call.c
has picture.svg 'user and kernel, read and write'
draws dispatch -o picture.svg --syscall close call.c
has picture.svg 'sys_close' 'syscalls[num]' sys_fork
draws timeline -o picture.svg call.c
has picture.svg 'system calls' interrupts faults switches '<- you are here' 'exec("/run/call"'

# The same list as pixels: the file says PNG, 1280 by 720.
"$trapscope" show journey -o picture.png call.c >out 2>err || fail "png: $(cat err)"
! grep -q SDL err || fail "png: $(cat err)"
[ "$(od -An -tx1 -N24 picture.png | tr -d ' \n')" = 89504e470d0a1a0a0000000d4948445200000500000002d0 ] ||
    fail "no PNG of 1280 by 720: $(od -An -tx1 -N24 picture.png)"
# A page has the picture and the words.
"$trapscope" show walk -o page.html null.c >out 2>err || fail "html: $(cat err)"
grep -q '<svg' page.html || fail "the page has no picture"
grep -q 'stopped: the page table entry is not present (bit 0 is 0)' page.html || fail "the page has no text"
"$trapscope" show dispatch -o none.svg gate.c >out 2>err && fail "a fault was dispatched"
[ -e none.svg ] && fail "dispatch left a file"

# MIPS: registers of coprocessor 0, the stack of modes, a switch; the pipeline with who is squashed.
draws journey --machine mips -o picture.svg call.c
has picture.svg 'RD✗' 'Sys: 2 ticks lost' squashed EPC Cause 'general vector' 'user on' 'kernel off' \
    'switch in syscall()' sys_write 'USER mode' 'rfe: back in user mode' common_exception
draws journey --machine mips -o picture.svg null.c
has picture.svg '✗' BadVAddr 'TLBS' 'entry valid' 'TLB: store to 00000000' 'V0✗' 'matches, but is not valid' squashed
draws pipeline --machine mips -o picture.svg call.c
has picture.svg IF RD ALU MEM WB 'RD✗' 'Sys: 2 ticks lost' squashed 'push KU IE'
draws walk --machine mips -o picture.svg null.c
has picture.svg kuseg 'TLB: store to' 'matches, but is not valid'
draws dispatch --machine mips -o picture.svg call.c
has picture.svg 'a switch in syscall' compare table call sys_write
"$trapscope" show idt --machine mips -o none.svg call.c >out 2>err && fail "MIPS has an IDT"
[ -e none.svg ] && fail "idt left a file"

# One call by every path, and what became of the entries of a page.
draws paths -o picture.svg --syscall close call.c
has picture.svg 'close(77) = -1 EBADF' xv6 linux 'int 64' 'int 128' '2 mode switches' \
    'words saved: 5 by the CPU, 12 by code' 'table syscalls[21] → sys_close' 'table sys_call_table[6] → sys_close' \
    'The page of flexsc, over time:' SUBMITTED 'entry 0'
draws paths -o picture.svg --path linux --palette dark call.c
has picture.svg 'write(1, "</text><script>' 'table sys_call_table[4] → sys_write'
draws paths --machine mips -o picture.svg --syscall close call.c
has picture.svg 'exception 8' 'words saved: 0 by the CPU, ' 'switch in syscall → '
"$trapscope" show paths -o page.html call.c >out 2>err || fail "paths as a page: $(cat err)"
grep -q '<svg' page.html && grep -q 'outside of traps' page.html || fail "the page has no picture or no text"
"$trapscope" show paths --syscall close call.c >shown 2>err
"$trapscope" paths --syscall close call.c >said 2>err
cmp -s shown said || fail "show paths says something else than paths: $(diff shown said)"
"$trapscope" show paths --format json --syscall close call.c 2>err | grep -q '"name":"close","nth":1' ||
    fail "no paths as JSON"
"$trapscope" show paths -o none.svg --syscall fork call.c >out 2>err && fail "fork was found"
grep -q 'never calls fork' err && [ ! -e none.svg ] || fail "paths of fork: $(cat err)"
"$trapscope" show paths --fault call.c 2>err && fail "a fault has paths"
"$trapscope" show paths --record log call.c 2>err && fail "several runs were recorded"

# Text and data are those of the debugger's commands.
"$trapscope" show journey --syscall close call.c 2>err | grep -q 'close(77) = -1 EBADF' ||
    fail "no journey as text"
"$trapscope" show journey --syscall close --format json call.c 2>err |
    grep -q '"name":"close","number":21' || fail "no journey as JSON"
"$trapscope" show journey gate.c 2>err | grep -q 'gate.DPL >= CPL' || fail "no reason as text"

# Mistakes are one line, and leave no half a picture.
"$trapscope" show journey --syscall fork -o none.svg call.c >out 2>err && fail "fork was found"
grep -q 'never calls fork' err || fail "no word about fork: $(cat err)"
[ -e none.svg ] && fail "an empty picture was left"
"$trapscope" show journey --palette pink call.c 2>err && fail "pink was accepted"
[ "$(wc -l <err)" = 1 ] || fail "pink: $(cat err)"
echo 'int main(void) { for (;;); }' >loop.c
"$trapscope" show journey --insn-limit 20000000 loop.c 2>err && fail "an endless loop has a journey"
grep -q 'gave up after 20000000 instructions' err || fail "loop: $(cat err)"
"$trapscope" show weather call.c 2>err && fail "the weather was shown"
[ "$(wc -l <err)" = 1 ] || fail "weather: $(cat err)"
"$trapscope" show journey -o /dev/full call.c >out 2>err && fail "a full disk was not noticed"
# A kernel of one's own, with no program named.
rm -f picture.svg
"$trapscope" show journey --kernel "$film" --profile "$film_profile" -o picture.svg 2>/dev/null >out ||
    fail "own kernel: status $?"
has picture.svg 'write(1, "hi\n", 3) = 3' 'IDT[64]' vector64 alltraps sys_write 'back in ring 3'
"$trapscope" record-html --calls 1 --kernel "$film" --profile "$film_profile" -o own.html >/dev/null 2>&1 ||
    fail "lesson of an own kernel: status $?"
grep -q sys_write own.html || fail "the lesson of an own kernel has no sys_write"
"$trapscope" show journey >out 2>err && fail "show without a program or kernel"
"$trapscope" show paths --kernel "$film" >out 2>err && fail "paths of no program"

exit $failed
