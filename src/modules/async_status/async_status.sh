# The directory of a job is described in start-job.sh. What the job's program answered is answered here again, with the
# keys of the job below `job`.
lk_path "${ANSIBLE_ASYNC_DIR:-~/.ansible_async}"
as_dir=${lk_v%/}/$p_jid

# as_over STATUS: whether the job is over.
as_over() {
  lk_i job.started "$1"
  lk_i job.finished "$1"
}

if [ ! -d "$as_dir" ]; then
  as_over 1
  lk_s job.results_file "$as_dir"
  lk_fail 'could not find job'
fi
if [ "$p_mode" = cleanup ]; then
  as_over 0
  lk_s job.erased "$as_dir"
  if lk_checking; then lk_ok; fi
  as_said=$(rm -rf -- "$as_dir" 2>&1) || lk_fail "could not remove what the job left: $as_said"
  lk_ok
fi
lk_s job.results_file "$as_dir"

# Who watches over it may have gone just after it told the end: so the end is looked for once more.
if [ ! -f "$as_dir/ended" ] && [ ! -f "$as_dir/late" ]; then
  as_pid=
  { read -r as_pid <"$as_dir/pid"; } 2>/dev/null
  if [ -n "$as_pid" ] && kill -0 "$as_pid" 2>/dev/null; then
    lk_i job.started 1
    lk_i job.finished 0
    lk_ok
  fi
fi
as_over 1
if [ ! -f "$as_dir/ended" ]; then
  as_limit=
  { read -r as_limit <"$as_dir/late"; } 2>/dev/null || lk_fail 'the job is gone, and left no result'
  lk_b job.late true
  lk_fail "Job reached maximum time limit of $as_limit seconds."
fi
if [ ! -f "$as_dir/result" ]; then
  read -r as_status <"$as_dir/ended"
  as_said=$(cat -- "$as_dir/stderr")
  lk_fail "the job ended with status $as_status and without a result: $as_said"
fi
lk_b job.answered true
as_result=$(cat -- "$as_dir/result" && echo .)
as_result=${as_result%.}
if [ -f "$as_dir/open" ]; then
  lk_begin
  cat -- "$as_dir/stdout"
  cat -- "$as_dir/stderr" >&2
fi
if [ "${p_erase-}" = 1 ]; then rm -rf -- "$as_dir"; fi
lk_r=${as_result#*"$lk_nl"}$lk_r
lk_end_with "${as_result%%"$lk_nl"*}"
