#!/bin/sh
# Checks every shell file: by shellcheck, and by the parser of each shell that the bodies have to run in.
set -eu

# What stands below golden/err is wrong for a purpose.
find src test .ci -path test/golden/err -prune -o \( -name '*.sh' -o -path .ci/run \) -print | sort | {
    status=0
    while read -r file; do
        # A body's parameters (p_*) are assigned by the program around it, and its words by the prelude.
        case $file in
            src/*) shellcheck -s sh -e SC2154,SC2034,SC2317,SC2140 "$file" || status=1 ;;
            *) shellcheck -x -s sh "$file" || status=1 ;;
        esac
        case $file in
            src/*)
                for shell in dash 'bash --posix' 'busybox sh' mksh; do
                    $shell -n "$file" || { echo "$file: $shell does not parse it" >&2; status=1; }
                done
                ;;
        esac
    done
    exit "$status"
}
