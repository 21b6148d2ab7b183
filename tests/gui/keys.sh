#!/bin/bash
# keys.sh ROOT: docs/window.md lists the keys, panes and lines that the tables have, in their words.
# With KEYS_UPDATE=1 it is written anew.
set -u
root=$1
doc=$root/docs/window.md
tables() {
    echo "<!-- made by tests/gui/keys.sh -->"
    sed -nE \
        -e 's/^GROUP\("(.*)"\)$/\n**\1**\n\n| key | |\n| --- | --- |/p' \
        -e 's/^KEY\("([^"]*)", [^,]*, [^,]*, "[^"]*", "[^"]*", "(.*)"\)$/| `\1` | \2 |/p' \
        "$root/debugger/gui/keys.def"
    printf '\n**Panes**\n\n| key | pane | |\n| --- | --- | --- |\n'
    sed -nE 's/^PANE\("([^"]*)", "([^"]*)", "([^"]*)", .*, pane_[a-z]*, "(.*)"\)$/| `Alt+\2` | `\1` | \4 |/p' \
        "$root/debugger/gui/panes.def"
    printf '\n**Lines of the window'"'"'s own**\n\n| line | |\n| --- | --- |\n'
    sed -nE 's/^VERB\("([^"]*)", [a-z_]*, "([^"]*)", "(.*)"\)$/\1 \2@\3/p' "$root/debugger/gui/verbs.def" |
        sed -E 's/\|/\\|/g; s/^(.*[^ ]) ?@(.*)$/| `\1` | \2 |/'
    echo "<!-- end -->"
}
made=$(mktemp)
trap 'rm -f "$made"' EXIT
tables >"$made"
rows=$(grep -c '^| `' "$made")
all=$(cat "$root"/debugger/gui/{keys,panes,verbs}.def | grep -cE '^(KEY|PANE|VERB)\(')
[ "$rows" -eq "$all" ] || { echo "keys: $rows rows of $all could be read"; exit 1; }
if [ "${KEYS_UPDATE:-}" = 1 ]; then
    sed -i -e "/^<!-- made by/,/^<!-- end/{/^<!-- end/r $made
d}" "$doc"
    exit 0
fi
sed -n '/^<!-- made by/,/^<!-- end/p' "$doc" | diff - "$made" || { echo "keys: docs/window.md differs"; exit 1; }
