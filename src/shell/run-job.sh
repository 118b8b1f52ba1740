# The end of a job's own program, behind the prelude, the functions and `jb_program`, which is what it runs. It watches
# over that, and ends it when its time is up.
# shellcheck disable=SC2034,SC2154 # the words of the prelude

lk_id=0
lk_frame() {
  [ "$1" != res ] || { lk_put "$2" >"$jb_dir/new" && mv -f -- "$jb_dir/new" "$jb_dir/result"; }
}
lk_begin() {
  lk_open=1
  : >"$jb_dir/open"
}

jb_ended() {
  lk_put "$1$lk_nl" >"$jb_dir/status" && mv -f -- "$jb_dir/status" "$jb_dir/ended"
}

# Everything of the job: in a session of its own all that is in its group, this shell included.
jb_kill() {
  if [ "$jb_reach" = group ]; then
    trap '' TERM
    kill -s TERM -- "-$$"
    sleep 1
    kill -s KILL -- "-$$"
  else
    kill -s TERM "$jb_child"
    sleep 1
    kill -s KILL "$jb_child"
  fi
}

# jb_main group|alone DIRECTORY SECONDS FOLDER UMASK LOCALE: the last three are those of the session.
jb_main() {
  jb_reach=$1 jb_dir=$2 jb_left=$3 jb_mask=$5 LC_ALL_BEFORE=$6
  trap '' HUP
  cd -- "$4" || cd /
  umask 077
  {
    (
      umask "$jb_mask"
      jb_program
    ) </dev/null >"$jb_dir/stdout" 2>"$jb_dir/stderr"
    jb_ended $?
  } &
  jb_child=$!
  while [ ! -f "$jb_dir/ended" ] && kill -0 "$jb_child"; do
    if [ "$jb_left" -le 0 ]; then
      lk_put "$3$lk_nl" >"$jb_dir/late"
      jb_kill
    fi
    sleep 1
    jb_left=$((jb_left - 1))
  done
}
