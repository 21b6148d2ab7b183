#!/bin/sh
# Boots every test sector of this folder and compares what comes out of COM1 with NAME.out.
#
#     run.sh EMULATOR GUEST_DIR [NAME...]
#
# EMULATOR is trapscope or qemu-system-i386; GUEST_DIR holds rom.bin and tools/turnstile-mkflash.
# What a sector prints is checked against the services' published interfaces: the .out files are
# written by hand. NAME.in, where there is one, is typed on COM1.

emulator=$1
guest=$2
shift 2
here=$(dirname "$0")
root=$here/../..
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
failures=0

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

# boot ROM-OR-FLASH DISK: COM1 on standard input and output.
boot() {
    case $emulator in
    *qemu-system-*)
        timeout 20 "$emulator" -machine pc -cpu 486 -m 32 -bios "$1" -nodefaults -vga std -display none \
            -serial stdio -device isa-debug-exit,iobase=0xf4,iosize=4 \
            -fw_cfg name=opt/trapscope/serial-console,string=1 \
            ${2:+-drive file="$2",format=raw,if=ide}
        ;;
    *) timeout 20 "$emulator" boot --mem 32M --bios "$1" ${2:+--disk "$2"} ;;
    esac
}

assemble() {
    i686-linux-gnu-gcc -m32 -I"$root" -c "$here/$1.S" -o "$work/$1.o"
}

# A disk of 4096 sectors that starts with the test.
make_disk() {
    assemble "$1" &&
        i686-linux-gnu-ld -m elf_i386 -Ttext 0x7c00 --oformat binary -o "$work/$1.img" "$work/$1.o" &&
        truncate -s 2M "$work/$1.img"
}

# compare NAME: $work/NAME.got against the expected output
compare() {
    if diff -a "$work/$1.want" "$work/$1.got"; then
        echo "ok: $1"
    else
        fail "$1"
    fi
}

sector_test() {
    make_disk "$1" || { fail "$1: cannot be assembled"; return; }
    input=/dev/null
    [ -f "$here/$1.in" ] && input=$here/$1.in
    boot "$guest/rom.bin" "$work/$1.img" <"$input" >"$work/$1.got"
    cp "$here/$1.out" "$work/$1.want"
    compare "$1"
}

# An empty disk and no flash: a message, and then nothing more happens.
nothing_test() {
    truncate -s 2M "$work/empty.img"
    boot "$guest/rom.bin" "$work/empty.img" </dev/null >"$work/nothing.got" &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.3
        grep -q Give "$work/nothing.got" && break
    done
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
    cp "$here/nothing.out" "$work/nothing.want"
    compare nothing
}

# The multiboot path: a kernel and an image from a flash.
kernel_test() {
    assemble kernel &&
        i686-linux-gnu-ld -m elf_i386 --no-warn-rwx-segments -z max-page-size=4096 \
            -T "$here/kernel.ld" -o "$work/kernel.elf" "$work/kernel.o" &&
        cc -o "$work/image" "$here/image.c" &&
        sum=$("$work/image" "$work/fs.img") &&
        "$guest/tools/turnstile-mkflash" -c "quiet root=rom" -r "$guest/rom.bin" \
            -o "$work/flash.bin" "$work/kernel.elf" "$work/fs.img" ||
        { fail "kernel: cannot be built"; return; }
    sed "s/^M SUM\$/$sum/" "$here/kernel.out" >"$work/kernel.want"
    boot "$work/flash.bin" "" </dev/null >"$work/kernel.got"
    compare kernel
}

[ $# -gt 0 ] || set -- state video disk memory keyboard time serial fault console nothing kernel
for name; do
    case $name in
    nothing) nothing_test ;;
    kernel) kernel_test ;;
    *) sector_test "$name" ;;
    esac
done
[ $failures -eq 0 ]
