# Runs a script and has something happen to it at one of its calls of a program that changes something. Sourced in a
# throw-away root by a program of faults.test.ts.
# shellcheck disable=SC2016,SC2034 # what is written to a file is another shell's

fa=/mnt/faults

# fa_prepare: programs that stand before the host's own, count their calls, and wait where it is to happen.
fa_prepare() {
    mkdir -p "$fa"
    mount -t tmpfs -o mode=755 tmpfs "$fa"
    mkdir "$fa/bin"
    mkfifo -m 666 "$fa/asked" "$fa/answer"
    : >"$fa/count"
    chmod 666 "$fa/count"
    for fa_name in "$@"; do
        fa_real=$(command -v "$fa_name") || continue
        printf '#!/bin/sh
read -r n <%s/count
n=$((n + 1))
echo "$n" >%s/count
read -r at <%s/at
if [ "$n" = "$at" ]; then
    echo "now %s $*" >%s/asked
    read -r _ <%s/answer
fi
exec %s "$@"\n' "$fa" "$fa" "$fa" "$fa_name" "$fa" "$fa" "$fa_real" >"$fa/bin/$fa_name"
        chmod 755 "$fa/bin/$fa_name"
    done
}

# fa_run SCRIPT FAULT AT: sets fa_word to `over`, or to `now` and the call at which it happened; what it said is in fa_said.
fa_run() {
    echo 0 >"$fa/count"
    echo "$3" >"$fa/at"
    (
        PATH=$fa/bin:$PATH setsid dash -c 'echo $$ >'"$fa"'/group; exec dash "$0"' "$1" >"$fa/said" 2>&1 </dev/null
        echo over >"$fa/asked"
    ) &
    read -r fa_word <"$fa/asked"
    if [ "$fa_word" != over ]; then
        "fa_$2"
        [ "$2" = kill ] || echo go >"$fa/answer"
        read -r _ <"$fa/asked"
    fi
    wait
    fa_said=$(cat "$fa/said")
}

# The whole tree at once. It is over when none of them is there any more.
fa_kill() {
    read -r fa_group <"$fa/group"
    kill -KILL "-$fa_group"
    fa_tries=1000
    while kill -0 "-$fa_group" 2>/dev/null && [ "$fa_tries" -gt 0 ]; do
        fa_tries=$((fa_tries - 1))
        sleep 0.01
    done
}

fa_space() { cat /dev/zero >/mnt/filled 2>/dev/null || true; }
fa_inodes() { (mkdir /mnt/many && cd /mnt/many && seq 1 9999 | xargs mkdir 2>/dev/null) || true; }
# Where a file is open to be written, it stays as it was.
fa_readonly() { mount -o remount,ro / 2>/dev/null || true; }

# fa_repair: the disk is as it was.
fa_repair() {
    mount -o remount,rw /
    rm -rf /mnt/filled /mnt/many
}
