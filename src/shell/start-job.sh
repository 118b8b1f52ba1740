# Starts a program that goes on without its session, as a job.
# shellcheck disable=SC2016,SC2154 # p_* come with the program
#
# A job has a directory of its own, for its account alone: `pid`, the process that watches over it; `stdout` and `stderr`
# of a command that it runs in the open, which `open` says that there is; `result`, what the program answered; `ended`, its
# status, once it is over; `late`, the limit of time that it ran into.
lk_path "${ANSIBLE_ASYNC_DIR:-~/.ansible_async}"
jb_id=$p_jid.$$
jb_dir=${lk_v%/}/$jb_id
jb_mask=$(umask)
umask 077
# What a shell says of a command that it cannot run is not to be taken for the command's own words.
jb_said=$(mkdir -p -- "${jb_dir%/*}" 2>&1 && mkdir -- "$jb_dir" 2>&1) || lk_fail "no directory for the job: $jb_said"
set -- "$jb_dir" "$p_limit" "$PWD" "$jb_mask" "$LC_ALL_BEFORE"
if lk_has setsid; then
  lk_put "$p_program" | setsid /bin/sh -s -- group "$@" >/dev/null 2>&1 &
elif lk_has nohup; then
  lk_put "$p_program" | nohup /bin/sh -s -- alone "$@" >/dev/null 2>&1 &
else
  lk_put "$p_program" | /bin/sh -s -- alone "$@" >/dev/null 2>&1 &
fi
lk_put "$!$lk_nl" >"$jb_dir/pid"
lk_s ansible_job_id "$jb_id"
lk_b started true
lk_b finished false
lk_s results_file "$jb_dir"
lk_changed
