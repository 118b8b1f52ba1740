# Running the user's own commands: where, whether at all, and what came of it. Needs the library `paths` for lk_path.
#
# Variables: p_chdir, p_creates, p_removes where given; p_stdin a function where p_has_stdin=1. lk_run_refused is the
# ending of a command that creates or removes makes superfluous, where it is not lk_ok.

# lk_run_place: goes to the directory, and ends the body where there is nothing to run.
lk_run_place() {
  [ -z "${p_chdir+x}" ] || lk_run_enter
  if [ -n "${p_creates+x}" ] && lk_run_exists "$p_creates"; then
    lk_run_refuse creates
  fi
  if [ -n "${p_removes+x}" ] && ! lk_run_exists "$p_removes"; then
    lk_run_refuse removes
  fi
  lk_checking || return 0
  lk_s msg 'Command would have run if not in check mode'
  [ -z "${p_creates+x}${p_removes+x}" ] || lk_changed
  lk_skipped
}

lk_run_refuse() {
  lk_s refused "$1"
  if lk_checking; then lk_b dry true; fi
  "${lk_run_refused:-lk_ok}"
}

lk_run_enter() {
  lk_path "$p_chdir"
  case $lk_v in /*) ;; *) lk_v=${PWD%/}/$lk_v ;; esac
  cd -- "$lk_v" 2>/dev/null && return
  lk_rd=$lk_v
  if lk_checking && lk_planned path "$lk_rd" && [ -n "$lk_v" ]; then return; fi
  lk_s chdir "$lk_rd"
  if [ ! -e "$lk_rd" ]; then lk_i errno 2; elif [ ! -d "$lk_rd" ]; then lk_i errno 20; else lk_i errno 13; fi
  lk_fail 'Unable to change directory before execution'
}

# lk_run_exists PATTERN: whether a path is there, a dangling link too. What an earlier step of a dry run would have made counts.
lk_run_exists() {
  lk_path "$1"
  lk_rp=$lk_v
  if lk_checking && lk_planned path "$lk_rp"; then [ -n "$lk_v" ]; return; fi
  IFS=
  # shellcheck disable=SC2086 # the pattern is to be expanded, and an empty IFS keeps it one word
  set -- $lk_rp
  unset IFS
  [ -e "${1-}" ] || [ -L "${1-}" ]
}

# lk_run_open WORD...: runs a program of the host in the open and ends the body with what came of it.
lk_run_open() {
  lk_run_find "$1" || { lk_i errno "$lk_v"; lk_s missing "$1"; lk_fail missing; }
  lk_begin
  lk_uptime; lk_r1=$lk_v
  # The group swallows what the shell itself says of a program that a signal ended ("Killed").
  {
    if [ "${p_has_stdin-}" = 1 ]; then
      p_stdin | (lk_run_exec "$@" 2>&9 9>&-)
    else
      (lk_run_exec "$@" 2>&9 9>&-)
    fi
  } 9>&2 2>/dev/null
  lk_run_end $?
}

# lk_run_end STATUS: reports a command that ran, and when.
lk_run_end() {
  lk_uptime
  lk_i rc "$1"
  lk_s clock "${lk_r1:-0} ${lk_v:-0} $(date '+%s %z %N' 2>/dev/null)"
  [ "$1" -eq 0 ] || lk_fail 'non-zero return code'
  lk_changed
}

# lk_run_exec WORD...: becomes the program: exec takes no function and no built-in. Its locale is the user's own.
lk_run_exec() {
  if [ -n "$LC_ALL_BEFORE" ]; then LC_ALL=$LC_ALL_BEFORE; else unset LC_ALL; fi
  exec "$@"
}

# lk_uptime: sets lk_v to the seconds since boot, with hundredths, without starting a process.
lk_uptime() {
  lk_v=
  { read -r lk_v _ </proc/uptime; } 2>/dev/null || :
}

# lk_run_find NAME: whether there is such a program; otherwise lk_v is the number of the error that execve(2) gives.
lk_run_find() {
  lk_v=2
  case $1 in
  */*)
    [ ! -e "$1" ] || lk_v=13
    [ -f "$1" ] && [ -x "$1" ]
    return
    ;;
  esac
  lk_rp=${PATH:-/usr/bin:/bin}:
  while [ -n "$lk_rp" ]; do
    lk_rd=${lk_rp%%:*}
    lk_rp=${lk_rp#*:}
    [ -f "${lk_rd:-.}/$1" ] || continue
    [ ! -x "${lk_rd:-.}/$1" ] || return 0
    lk_v=13
  done
  return 1
}
