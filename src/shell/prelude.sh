# The words that every body may use. A session defines them once; each program then runs in a subshell of its own.
#
# Variables of a program: p_* its parameters (unset where the option was not given), lk_check=1 in a dry run,
# lk_diff=1 where a diff is wanted, lk_planned_* what earlier steps of this dry run would have made.
# A body ends with exactly one of lk_ok, lk_changed, lk_fail, lk_skipped.
# shellcheck disable=SC2034,SC2154 # The words share variables with the bodies.

LC_ALL_BEFORE=${LC_ALL-}
LC_ALL=C; export LC_ALL
unset CDPATH IFS 2>/dev/null || :
lk_nl='
'

# lk_put TEXT: writes a text as it is. lk_bytes TEXT: the same with `\0ddd` for a byte.
# mksh has no printf of its own: an external one would show the text to `ps`.
if [ -n "${KSH_VERSION-}" ]; then
  lk_put() { print -nr -- "$1"; }
  lk_bytes() { print -n -- "$1"; }
else
  lk_put() { printf %s "$1"; }
  lk_bytes() { printf %b "$1"; }
fi

# Fields of the result: lk_s text, lk_i number, lk_b true|false, lk_n null, lk_l one more text of a list.
# KEY may be dotted (stat.mode). Lengths are bytes since LC_ALL is C.
lk_r=
lk_s() { lk_r="${lk_r}s $1 ${#2}$lk_nl$2$lk_nl"; }
lk_i() { lk_r="${lk_r}i $1 ${#2}$lk_nl$2$lk_nl"; }
lk_b() { lk_r="${lk_r}b $1 ${#2}$lk_nl$2$lk_nl"; }
lk_n() { lk_r="${lk_r}n $1 0$lk_nl$lk_nl"; }
lk_l() { lk_r="${lk_r}l $1 ${#2}$lk_nl$2$lk_nl"; }

# lk_plan KIND KEY DATA: in a dry run, what this step would make true for the steps after it. DATA is
#   user   a line of passwd(5)     group  a line of group(5)
#   path   `TYPE MODE OWNER GROUP` (directory 0700 support support); after a newline a file's content or a link's target;
#          ` new` after a directory's group where another thing with that name is there now, so that it will be empty
# and empty where the thing would be gone.
# A key with a line break does not fit into a frame's header: such a thing stays unplanned.
lk_plan() {
  case $2 in *"$lk_nl"*) ;; *) lk_r="${lk_r}p $1/$2 ${#3}$lk_nl$3$lk_nl" ;; esac
}

# lk_planned KIND KEY: finds such a state of an earlier step; sets lk_v to its DATA, status 1 where there is none.
lk_planned() {
  lk_v=
  lk_pl=${lk_planned_n:-0}
  while [ "$lk_pl" -gt 0 ]; do
    eval "lk_plk=\$lk_planned_${lk_pl}_kind lk_ple=\$lk_planned_${lk_pl}_key"
    if [ "$lk_plk" = "$1" ] && [ "$lk_ple" = "$2" ]; then
      eval "lk_v=\$lk_planned_${lk_pl}_data"
      return 0
    fi
    lk_pl=$((lk_pl - 1))
  done
  return 1
}

# Ends of a body. lk_frame is the session's: it writes one frame (nonce, kind, id, byte length, payload).
# Where the body ran no command in the open (lk_begin), its result is its end: status 93 says that nothing follows, 94
# the same of a failure.
# A grant's journal takes the place of lk_end_with: it has a last word before the result is out.
lk_end_with() { lk_finish_with "$1"; }
lk_finish_with() {
  lk_frame res "$1$lk_nl$lk_r"
  [ -z "${lk_open-}" ] || exit 0
  [ "$1" != failed ] || exit 94
  exit 93
}
lk_ok() { [ $# -eq 0 ] || lk_s msg "$1"; lk_end_with ok; }
lk_changed() { [ $# -eq 0 ] || lk_s msg "$1"; lk_end_with changed; }
lk_fail() { lk_s msg "$1"; lk_end_with failed; }
lk_skipped() { [ $# -eq 0 ] || lk_s msg "$1"; lk_end_with skipped; }

# lk_checking: true in a dry run.
lk_checking() { [ "${lk_check-}" = 1 ]; }

# lk_with LIST COMMAND...: runs the command with the words of the list p_LIST behind its own.
lk_with() {
  lk_list=$1 lk_k=0
  shift
  eval "lk_last=\$p_${lk_list}_n"
  while [ "$lk_k" -lt "$lk_last" ]; do
    lk_k=$((lk_k + 1))
    eval "set -- \"\$@\" \"\$p_${lk_list}_$lk_k\""
  done
  "$@"
}

# lk_has COMMAND: whether the host has it.
lk_has() { command -v "$1" >/dev/null 2>&1; }
