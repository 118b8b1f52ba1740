# shellcheck shell=sh
# What differs in a host's files since the mark. Sourced by lab.sh.
# shellcheck disable=SC2030,SC2031 # $work lives in the subshell of with_layers only
#
# A state line is: path, type, mode, uid, gid, size, digest, mtime, separated by
# \001; a newline in a name is written \002. The digest is SHA-256 for a file, the
# target for a symbolic link; size and digest are "-" for everything else.

# states ROOT: state lines of the paths below ROOT that standard input names,
# each ended by NUL and beginning with "./"; nothing for what does not exist.
# Files with several names (a shared /usr) are told by inode instead of content.
states() {
    cat >"$work/paths"
    ( cd "$1" && xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type f -links 1 -print0' sh <"$work/paths" 2>/dev/null |
        xargs -0 -r sha256sum -z | tr '\n\0' '\002\n' ) >"$work/sums" || :
    # shellcheck disable=SC2016
    ( cd "$1" && xargs -0 -r sh -c 'find "$@" -maxdepth 0 \
        -printf "%p\001%y\001%m\001%U\001%G\001%s\001%i:%l\001%T@\0"' sh <"$work/paths" 2>/dev/null |
        tr '\n\0' '\002\n' ) | awk -F '\001' -v OFS='\001' '
        FILENAME != "-" { sum[substr($0, 67)] = substr($0, 1, 64); next }
        $2 == "f" && ($1 in sum) { $7 = sum[$1] }
        $2 == "l" { sub(/^[0-9]*:/, "", $7) }
        $2 != "f" && $2 != "l" { $6 = "-"; $7 = "-" }
        { print }' "$work/sums" - | sort -u
}

# scan: state lines of what the host LAB_N has changed over its base, and of
# nothing else that matters; with the bare path for what is deleted.
scan() {
    case $LAB_MODE in
        chroots)
            ( cd "$LAB_DIR/fs/hosts/$LAB_N/root" && find . -mindepth 1 -print0 ) >"$work/all"
            states "$LAB_DIR/fs/hosts/$LAB_N/root" <"$work/all"
            return
            ;;
    esac
    upper=$LAB_DIR/fs/hosts/$LAB_N/upper
    ( cd "$upper" && find . -mindepth 1 -print0 ) >"$work/upper"
    # A directory in the upper layer may hide names of the base: by a whiteout, or all at once.
    ( cd "$upper" && find . -type d -print0 ) | ( cd "$work/base" &&
        xargs -0 -r sh -c 'find "$@" -maxdepth 0 -type d -print0' sh 2>/dev/null |
        xargs -0 -r sh -c 'find "$@" -mindepth 1 -maxdepth 1 -print0' sh ) >"$work/below"
    ( cd "$work/now" && { xargs -0 -r sh -c 'find "$@" -maxdepth 0 -print0' sh <"$work/below" 2>/dev/null || :; } ) |
        tr '\n\0' '\002\n' >"$work/seen"
    tr '\n\0' '\002\n' <"$work/below" |
        awk 'FILENAME != "-" { seen[$0]; next } !($0 in seen)' "$work/seen" - >"$work/gone"
    states "$work/now" <"$work/upper"
    cat "$work/gone"
}

# with_layers COMMAND: runs COMMAND with a scratch directory $work, where in
# namespaces mode "now" and "base" show the host with and without its upper layer.
with_layers() (
    work=$(mktemp -d "$LAB_DIR/fs/scratch.XXXXXX")
    trap 'umount "$work/now" "$work/base" 2>/dev/null || :; rm -rf --one-file-system -- "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    if [ "$LAB_MODE" = namespaces ]; then
        mkdir "$work/now" "$work/base"
        lower=$LAB_DIR/fs/seed:$LAB_DIR/fs/mask:${LAB_BASE:-/}
        mount -t overlay overlay -o "ro,lowerdir=$LAB_DIR/fs/hosts/$LAB_N/upper:$lower,redirect_dir=follow,xino=off" "$work/now"
        mount -t overlay overlay -o "ro,lowerdir=$lower,redirect_dir=follow,xino=off" "$work/base"
    fi
    "$@"
)

lab_mark() {
    LAB_N=1
    while [ "$LAB_N" -le "$LAB_HOSTS" ]; do
        with_layers scan >"$LAB_DIR/fs/marks/$LAB_N"
        LAB_N=$((LAB_N + 1))
    done
}

lab_changed() {
    case $1 in '' | --touched) ;; *) usage ;; esac
    with_layers list_changes "$1"
}

# list_changes [--touched]: compares the mark with now; a path that only one of
# them names is in the other as the base has it.
list_changes() {
    mark=$LAB_DIR/fs/marks/$LAB_N
    [ -f "$mark" ] || die "no mark: lab.sh mark $LAB_DIR"
    scan >"$work/scan"
    : >"$work/under"
    if [ "$LAB_MODE" = namespaces ]; then
        cut -d "$(printf '\001')" -f 1 "$mark" "$work/scan" | sort -u | tr '\n\002' '\0\n' >"$work/named"
        states "$work/base" <"$work/named" >"$work/under"
    fi
    awk -F '\001' -v touched="$1" '
        function same(a, b) {
            sub(/\001[^\001]*$/, "", a); sub(/\001[^\001]*$/, "", b)
            return a == b
        }
        FILENAME == ARGV[1] { base[$1] = $0; next }
        FILENAME == ARGV[2] { before[$1] = $0; paths[$1]; next }
        { after[$1] = $0; paths[$1] }
        END {
            for (path in paths) {
                was = (path in before) ? before[path] : base[path]
                is = (path in after) ? after[path] : base[path]
                if (was == path) was = ""
                if (is == path) is = ""
                if (was == is) continue
                if (was == "") word = "added"
                else if (is == "") word = "deleted"
                else if (!same(was, is)) word = "changed"
                else if (touched != "") word = "touched"
                else continue
                name = substr(path, 2)
                gsub(/\002/, "\\n", name)
                print word, name
            }
        }' "$work/under" "$mark" "$work/scan" | sort -k 2
}
