lk_run_refused=lk_skipped
lk_run_place
lk_begin
lk_uptime
lk_r1=$lk_v
if [ "$p_shell" = 1 ] && [ -e /dev/fd/0 ]; then
  # A shell reads the script from a pipe: no file, and the standard input stays the script's own.
  { p_content | (lk_run_exec /bin/sh -c "$p_cmd" /dev/fd/3 3<&0 </dev/null 2>&9 9>&-); } 9>&2 2>/dev/null
  lk_run_end $?
fi
lk_rd=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/.latchkey.XXXXXX") || lk_fail 'no temporary directory could be made'
trap 'rm -rf "$lk_rd"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
p_content >"$lk_rd/script" || lk_fail 'the script could not be written to the temporary directory'
if [ -e /dev/fd/0 ]; then
  # Open, and its name already gone: nothing is left behind whatever happens to the shell.
  # mksh hands on only what is opened for the command itself, hence the second number.
  exec 4<"$lk_rd/script"
  rm -rf "$lk_rd"
  trap - EXIT HUP INT TERM
  { (lk_run_exec /bin/sh -c "$p_cmd" /dev/fd/3 3<&4 4<&- 2>&9 9>&-); } 9>&2 2>/dev/null
else
  { (lk_run_exec /bin/sh -c "$p_cmd" "$lk_rd/script" 2>&9 9>&-); } 9>&2 2>/dev/null
fi
lk_run_end $?
