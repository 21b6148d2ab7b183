# measure.sh: what the benchmarks measure with; sourced.
#
# Figures are CPU seconds (user + system) of the whole emulator process, the best of ROUNDS
# (default 3), less those of the work "nothing", which is what starting and stopping costs.
# Ratio = QEMU's seconds / Trapscope's: over 1 means that Trapscope is faster.
trapscope=build/release/trapscope
rounds=${ROUNDS:-3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# seconds_in FILE COMMAND...: runs it, standard output to FILE, prints its CPU seconds.
seconds_in() {
    local out=$1
    shift
    local TIMEFORMAT='%U %S'
    { time "$@" >"$out" 2>"$scratch/stderr" || true; } 2>&1 | awk '{printf "%.3f\n", $1 + $2}'
}

seconds() { seconds_in "$@" </dev/null; }

least() { awk -v a="$1" -v b="$2" 'BEGIN {print a == "" || b + 0 < a + 0 ? b : a}'; }

less() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", a - b}'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (a <= 0.002) print "(short)"; else printf "%.2f", b / a}'; }

# same_answers LINE FILE...: what all of them printed must be the same.
same_answers() {
    local line=$1 first=$2 other
    for other in "${@:2}"; do
        if ! [ -s "$first" ] || ! cmp -s "$first" "$other"; then
            echo "bench: '$line' gave different answers:" >&2
            head -c 200 "$first" "$other" "$scratch/stderr" >&2
            exit 1
        fi
    done
}
