# Ends what a step of another shell started. Run by a shell of the same identity in a session of its own.
#
# Variables: lk_pid the shell of the session, lk_scope `step` (the shell goes on) or `session` (it ends as well).
#
# The shell has one direct child, the subshell of the step. To the step belong its descendants, and what lost its
# parent but is in the same session (setsid(2)) and not older than that subshell: older ones are what earlier
# steps left running on purpose. The shell's own ancestors and siblings (sudo, a pipe) may be as young: they are
# named. Needs /proc of Linux, no pkill.

: "${lk_pid:?}" "${lk_scope:?}"

# lk_process PID: sets lk_pp parent, lk_ss session, lk_st start time in ticks (proc(5)). Status 1 when it is gone.
# The second field may hold spaces, brackets and newlines: what counts stands after the last bracket.
lk_process() {
  lk_line=
  while IFS= read -r lk_part || [ -n "$lk_part" ]; do
    lk_line="$lk_line$lk_part "
  done 2>/dev/null <"/proc/$1/stat"
  # shellcheck disable=SC2086 # the fields are to be split
  set -- ${lk_line##*) }
  [ $# -gt 19 ] && [ "$1" != Z ] || return 1
  lk_pp=$2 lk_ss=$4 lk_st=${20}
}

# lk_snapshot: every process, as `PID PARENT SESSION START` one after the other.
lk_snapshot() {
  lk_all=
  for lk_dir in /proc/[0-9]*; do
    if lk_process "${lk_dir#/proc/}"; then lk_all="$lk_all ${lk_dir#/proc/} $lk_pp $lk_ss $lk_st"; fi
  done
}

# lk_below " PID … ": adds to the list, in lk_tree, all that descends from it.
lk_below() {
  lk_tree=$1
  lk_grown=1
  while [ "$lk_grown" = 1 ]; do
    lk_grown=0
    # shellcheck disable=SC2086 # the list is to be split
    set -- $lk_all
    while [ $# -gt 3 ]; do
      case $lk_tree in
        *" $1 "*) ;;
        *) case $lk_tree in *" $2 "*) lk_tree="$lk_tree$1 " lk_grown=1 ;; esac ;;
      esac
      shift 4
    done
  done
}

# lk_survivors: sets lk_list to what of the step still runs. Another step may have begun below the shell meanwhile:
# it is left alone.
lk_survivors() {
  lk_snapshot
  lk_below " $lk_pid "
  lk_spared=$lk_tree$lk_kin
  lk_alive=' '
  # shellcheck disable=SC2086 # the list is to be split
  set -- $lk_all
  while [ $# -gt 3 ]; do
    case $lk_mine in
      *" $1:$4 "*) lk_alive="$lk_alive$1 " ;;
      *)
        case "$lk_spared $2>" in
          *" $1 "* | *" $lk_parent>") ;;
          *) if [ "$3" = "$lk_session" ] && [ "$4" -ge "$lk_since" ]; then lk_alive="$lk_alive$1 "; fi ;;
        esac
        ;;
    esac
    shift 4
  done
  lk_list=
  if [ "$lk_alive" != ' ' ]; then
    lk_below "$lk_alive"
    lk_list=$lk_tree
  fi
}

# lk_remember: notes the processes of lk_list with their start times, since a number may be given again.
lk_remember() {
  # shellcheck disable=SC2086 # the list is to be split
  for lk_one in $lk_list; do
    if lk_process "$lk_one"; then lk_mine="$lk_mine$lk_one:$lk_st "; fi
  done
}

lk_pause() { sleep 0.1 2>/dev/null || sleep 1; }

# lk_kill SIGNAL
lk_kill() {
  # shellcheck disable=SC2086 # the list is to be split
  kill -s "$1" $lk_list 2>/dev/null || :
}

if lk_process "$lk_pid"; then
  lk_session=$lk_ss
  lk_parent=$lk_pp
  lk_kin=' '
  while [ "$lk_pp" -gt 1 ]; do
    lk_kin="$lk_kin$lk_pp "
    lk_process "$lk_pp" || break
  done
  # What lost its parent is below the first process as well.
  if [ "$lk_parent" = 1 ]; then lk_parent=none; fi
  lk_since=
  lk_mine=' '
  lk_snapshot
  # shellcheck disable=SC2086 # the list is to be split
  set -- $lk_all
  while [ $# -gt 3 ]; do
    if [ "$2" = "$lk_pid" ]; then
      if [ -z "$lk_since" ] || [ "$4" -lt "$lk_since" ]; then lk_since=$4; fi
      lk_mine="$lk_mine$1:$4 "
    fi
    shift 4
  done
  # The shell first, lest it begins the next program when this one ends.
  if [ "$lk_scope" = session ]; then kill -s KILL "$lk_pid" 2>/dev/null || :; fi
  if [ -n "$lk_since" ]; then
    lk_survivors
    lk_remember
    lk_kill TERM
    for _ in 1 2 3 4 5; do
      lk_survivors
      [ -n "$lk_list" ] || break
      lk_pause
    done
    for _ in 1 2 3; do
      [ -n "$lk_list" ] || break
      lk_kill KILL
      lk_pause
      lk_survivors
    done
  fi
fi
