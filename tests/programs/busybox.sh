#!/usr/bin/env bash
# Debian's static busybox for i386, unmodified, on Turnstile: what each session prints is compared line by line
# with what the same file prints on the host. The package is fetched into a folder of this test's own; no
# network, or a host that cannot run the file: skipped. TRAPSCOPE_BUSYBOX=FILE names a file to use instead.
# usage: busybox.sh TRAPSCOPE x86 GROUP
set -u
trapscope=$1
group=$3
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failures=0
cases=0

skip() {
    echo "skipped: $1"
    exit 77
}

fetch() {
    mkdir -p state/lists/partial cache/archives/partial
    local options=(-qq -o APT::Architecture=i386 -o APT::Architectures=i386 -o Dir::State="$work/state"
        -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=)
    timeout 100 apt-get "${options[@]}" update >apt.log 2>&1 # one list of several may do
    timeout 100 apt-get "${options[@]}" download busybox-static >>apt.log 2>&1 || return 1
    dpkg-deb -x busybox-static_*.deb package && cp package/bin/busybox busybox
}

if [ -n "${TRAPSCOPE_BUSYBOX:-}" ]; then
    cp "$TRAPSCOPE_BUSYBOX" busybox || exit 2
else
    fetch || skip "busybox-static for i386 cannot be had: $(tail -1 apt.log 2>/dev/null)"
fi
host=()
if [ "$(./busybox echo yes 2>/dev/null)" != yes ]; then
    host=(qemu-i386)
    [ "$(qemu-i386 ./busybox echo yes 2>/dev/null)" = yes ] || skip "the host cannot run i386 programs"
fi

# same NAME TEXT: the shell's text prints the same on both, and ends with the same status.
same() {
    local name=$1 text=$2 status
    cases=$((cases + 1))
    mkdir -p "$work/run"
    (cd "$work/run" && PATH=/nowhere "${host[@]}" ../busybox sh -c "$text") </dev/null >wanted 2>wanted.err
    status=$?
    rm -rf "$work/run"
    timeout 200 "$trapscope" run ./busybox sh -c "cd /tmp; $text" </dev/null >got 2>got.err
    local result=$?
    [ $result = $status ] || { echo "FAILED: $name: status $result, not $status"; failures=$((failures + 1)); }
    for stream in '' .err; do
        cmp -s wanted$stream got$stream && continue
        echo "FAILED: $name"
        diff wanted$stream got$stream
        failures=$((failures + 1))
    done
}

shell() {
    same "a pipeline" 'echo a b | wc -w'
    same "arithmetic and loops" 'seq 3 | while read x; do echo $((x*x)); done; i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i'
    same "statuses" '(exit 3); echo $?; false || echo no; true && echo yes; nosuch; echo $?; exit 7'
    same "here-documents" "cat <<X; tr a-z A-Z <<'X'
one \$((1+1))
X
two \$HOME
X"
    same "a trap" "trap 'echo got' USR1; kill -USR1 \$\$; echo after"
    same "a killed job" '(sleep 60) & kill $!; wait $!; echo $?'
    same "exit trap and subshells" "trap 'echo bye' EXIT; (echo in); x=\$(echo sub | rev); echo \$x"
    same "substitution" 'x=hello.c; echo ${x%.c} ${#x} ${x#he} ${y:-none}; set -- a b c; echo $# $2'
    same "a broken pipe" 'yes | head -n 2; seq 100000 | head -n 1'
    same "a background pipe" 'for i in 1 2 3; do (echo $i) & wait; done; echo end'
}

text() {
    same "grep" 'printf "one\ntwo\nthree\n" | grep -n t; echo abc | grep -c x; echo $?; echo aXb | grep -o "[A-Z]"'
    same "sed" 'seq 5 | sed -n "2,3p;\$s/5/five/p"; echo a.b.c | sed "s/\./-/g;s/\(.\)-/\1=/"'
    same "awk, whole numbers" 'seq 10 | awk "{s+=\$1} END {print s, NR}"; echo "a:b:c" | awk -F: "{print \$3, NF, toupper(\$1)}"'
    same "awk, the x87" 'awk "BEGIN{printf \"%.17g %.3e %g\n\", 1/3, 12345.678, 1e300*1e10; print 0.1+0.2, 2^0.5*2^0.5 > \"/dev/stdout\"}" 2>&1 | head -n 1'
    same "sort and uniq" 'printf "3\n10\n2\n3\n" | sort -n | uniq -c; printf "b a\na b\n" | sort -k2'
    same "sort of much" 'seq 3000 | sort -r | tail -n 3; seq 3000 | sort -n | md5sum'
    same "cut, tr, fold, od" 'echo a,b,c | cut -d, -f2-; echo hello | tr l L; echo abcdef | fold -w 4; printf "A\0B" | od -c'
    same "sums" 'seq 2000 | sha256sum; seq 2000 | md5sum; seq 2000 | cksum'
    same "diff and cmp" 'seq 3 > a; printf "1\n3\n4\n" > b; diff a b | tail -n +3; cmp a b; cat a b | wc'
    same "gzip" 'seq 5000 | gzip | gunzip | tail -n 1; seq 5000 > n; gzip n; ls n.gz; gunzip n.gz; tail -n 1 n'
}

files() {
    same "ls and find" 'mkdir -p d/e; echo x > d/f; cp d/f d/e/g; ls d; ls d/e; find d | sort; find d -type f -name g'
    same "mv, rm, rmdir" 'echo x > a; mkdir d; mv a d/b; cat d/b; mv d/b d/c; ls d; rmdir d; echo $?; rm -r d; ls'
    same "tar" 'mkdir d; seq 500 > d/n; echo t > d/t; tar cf x.tar d; rm -r d; tar tf x.tar | sort; tar xf x.tar; cat d/t; md5sum d/n'
    same "find -exec and xargs" 'mkdir d; echo 1 > d/a; echo 2 > d/b; find d -type f -exec cat {} ";" | sort; find d -type f | sort | xargs -n 1 echo'
    same "errors" 'cat nosuch; ls nosuch; rm nosuch; mkdir nosuch/x; cd nosuch; echo $?'
    same "dd, head, tail" 'seq 1000 > n; dd if=n of=m bs=100 count=3 skip=2 2>/dev/null; md5sum m; head -c 10 n | od -c; tail -c 5 n; truncate -s 3 n; cat n'
    same "links" 'echo x > a; ln a b; echo y >> b; cat a; rm a; cat b; ln nosuch c; echo $?; [ -f b ] && [ ! -d b ] && echo file'
    same "append and overwrite" 'echo 1 > f; echo 2 >> f; cat f; : > f; wc -c < f; set -C; echo 3 > f; echo $?'
    same "pwd and cd" 'mkdir -p p/q; cd p/q; cd ..; ls; basename "$PWD"; cd ./q; basename "$(pwd)"'
    same "tee, sleep, test" 'seq 3 | tee t | tail -n 1; sleep 0.05; cat t; [ t -ot t ]; echo $?'
}

# On the console, which is a terminal: vi, and a shell that edits its line.
editor() {
    local machine
    machine=$(dirname "$trapscope")/guest-os/x86
    { cat "$machine/fs.manifest" && echo "$work/busybox=/bin/busybox"; } >manifest
    "$machine/tools/turnstile-mkfs" disk.img 24576 manifest || fail=1
    {
        sleep 2
        printf 'busybox vi /tmp/x\n' && sleep 2
        printf 'ihello\rworld' && sleep 1
        printf '\033' && sleep 1
        printf 'xyyp' && sleep 1
        printf ':wq\r' && sleep 1
        printf 'cat /tmp/x\n' && sleep 1
        printf 'busybox sh\n' && sleep 1
        printf 'echo intex\177r$((1+1))\r' && sleep 1
        printf 'exit\r' && sleep 1
        printf 'halt\n' && sleep 1
    } | timeout 100 "$trapscope" boot --disk disk.img 2>&1 | tr -d '\r' >got
    cases=2
    tail -n 20 got | grep -qx hello && [ "$(grep -cx worl got)" = 2 ] || fail=1
    grep -qx inter2 got || fail=1
    [ "${fail:-0}" = 0 ] || { echo "FAILED: the console" && cat -v got; failures=1; }
}

case $group in
shell | editor | text | files) $group ;;
*)
    echo "busybox.sh: no group $group"
    exit 2
    ;;
esac
echo "$group: $cases sessions, $failures failures"
[ $failures = 0 ]
