# The journal of a grant: before a step changes anything, what is there now is kept and flushed, so that the change can be
# taken back whatever happens. Needs paths.sh, files.sh, accounts.sh.
# shellcheck disable=SC2015,SC2034,SC2154 # what follows && cannot fail; variables are shared with the bodies
#
# A grant lives in $j_dir (root's alone): `grant` what it is, `undo` the program that takes it back, `claims` what it uses
# without having made it, and a directory a change, by number:
#   kind, key    what is changed: path, user, group, crontab, command
#   before       its state as lk_j_state tells it; `copy` its content where it has one
#   after        its state when the step was done; missing where the step did not come so far. `left` its content
#   step         the changes of one step have one number
#   extend       of a command: a program that gives what it takes back another end
#   home         the path goes with all that is in it by then: an account's home, its mail; or, where it says so, `temporary`
# A change is written as N.new and renamed: it is whole, or it is not there.

j_root=/var/lib/latchkey/grants
# Not from the environment of whoever logs in.
j_home=

# lk_lock TENTHS: one grant at a time on a host; waits for so many tenths of a second. What a dead process holds is free,
# and what this shell holds is its own. Status 1 where it does not come by it: j_busy says why.
lk_lock() {
  j_waits=$1 j_nobody=50
  until mkdir "$j_root/.lock" 2>/dev/null; do
    # Either it was just freed, or it cannot be made.
    if [ ! -d "$j_root/.lock" ] && lk_why "$j_root"; then
      j_busy="could not write to $j_root: $lk_e"
      return 1
    fi
    j_held=$(cat "$j_root/.lock/holder" 2>/dev/null)
    j_holder=${j_held%% *}
    [ "$j_holder" != $$ ] || return 0
    # One that was cut off before it could say who it is.
    [ -n "$j_holder" ] || j_nobody=$((j_nobody - 1))
    if [ "$j_nobody" -le 0 ] || { [ -n "$j_holder" ] && lk_identify "$j_holder" && [ "$j_held" != "$lk_v" ]; }; then
      rm -rf -- "$j_root/.lock"
      continue
    fi
    j_waits=$((j_waits - 1))
    if [ "$j_waits" -le 0 ]; then
      j_busy="another grant is at work on this host (process ${j_holder:-unknown})"
      return 1
    fi
    sleep 0.1 2>/dev/null || sleep 1
  done
  lk_identify $$
  { lk_put "$lk_v" >"$j_root/.lock/holder"; } 2>/dev/null && return
  lk_why "$j_root" || :
  j_busy="could not write to $j_root: $lk_e"
  rm -rf -- "$j_root/.lock"
  return 1
}

# lk_identify PID: sets lk_v to what tells it from every other process, also of another start of the system: its number, the
# boot's id, and when it began (proc(5)). A process that is gone is none.
lk_identify() {
  lk_v=
  { read -r lk_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  { read -r lk_pstat <"/proc/$1/stat"; } 2>/dev/null || return 0
  lk_pid=$1 lk_pstat=${lk_pstat##*) }
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $lk_pstat
  set +f
  shift 19
  lk_v="$lk_pid ${lk_boot-} $1"
}

# lk_holds_lock: whether this very shell holds it.
lk_holds_lock() {
  j_held=$(cat "$j_root/.lock/holder" 2>/dev/null)
  [ "${j_held%% *}" = $$ ]
}
lk_unlock() { rm -rf -- "$j_root/.lock"; }

# lk_flush PATH...: to the disk; where sync(1) knows no files, all of it.
lk_flush() { sync -- "$@" 2>/dev/null || sync; }

# lk_j_state KIND KEY: sets j_state to one text that tells two states apart.
lk_j_state() {
  case $1 in
  path) lk_j_path_state "$2" ;;
  user) j_state=$(lk_line_of /etc/passwd "$2" && lk_put "$lk_line") || j_state=absent ;;
  group) j_state=$(lk_line_of /etc/group "$2" && lk_put "$lk_line") || j_state=absent ;;
  crontab) j_state=$(lk_j_crontab "$2" -l | cksum) ;;
  *) j_state=unknown ;;
  esac
}

# A path's type, owner and mode, and what it holds; of a directory which one it is: its inode alone, since after a restart
# the number of its device may be another one.
lk_j_path_state() {
  j_state=absent
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then return; fi
  lk_stat_as j "$1"
  j_state="$j_type $j_mode $j_uid $j_gid"
  case $j_type in
  file) j_state="$j_state $(cksum <"$1")" ;;
  link) j_state="$j_state $(readlink -- "$1")" ;;
  directory) j_state="$j_state ${j_id#*:}" ;;
  esac
}

# lk_j_crontab USER ARGUMENT...: crontab(1) for an account, or for whoever runs this where none is named.
lk_j_crontab() {
  j_user=$1
  shift
  if [ -n "$j_user" ]; then crontab -u "$j_user" "$@"; else crontab "$@"; fi 2>/dev/null </dev/null
}

# lk_j_read FILE: sets lk_v to what it holds, its last newlines included.
lk_j_read() {
  lk_v=
  [ ! -f "$1" ] || lk_v=$(cat "$1" && echo .)
  lk_v=${lk_v%.}
}

# lk_j_next: sets j_n to the next free number.
lk_j_next() {
  j_n=1000
  for j_one in "$j_dir"/[0-9]*; do
    j_one=${j_one##*/}
    j_one=${j_one%.new}
    [ -d "$j_dir/$j_one" ] || [ -d "$j_dir/$j_one.new" ] || continue
    [ "$j_one" -lt "$j_n" ] || j_n=$((j_one + 1))
  done
}

# lk_j_open KIND KEY: begins a change in $j_new.
lk_j_open() {
  lk_j_next
  j_new=$j_dir/$j_n.new
  { mkdir "$j_new" && lk_put "$1" >"$j_new/kind" && lk_put "$2" >"$j_new/key" && lk_put "$j_step" >"$j_new/step"; } 2>/dev/null ||
    lk_j_full
}

# lk_j_close: the change is told whole, and on the disk.
lk_j_close() {
  [ -z "$j_problem" ] || return 0
  lk_flush "$j_new" "$j_new"/*
  mv -- "$j_new" "$j_dir/$j_n" 2>/dev/null || lk_j_full
  lk_flush "$j_dir"
}

lk_j_full() {
  [ -z "$j_problem" ] || return 0
  lk_why "$j_dir" || :
  j_problem="the grant's journal could not be written to $j_dir, so nothing was changed: $lk_e"
}

# lk_j_before KIND KEY: keeps what is there now.
lk_j_before() {
  # An account's password and ages are a part of it.
  [ "$1" != shadow ] || set -- user "$2" "$3"
  case " $j_kept " in *" $1/$2 "*) return ;; esac
  j_kept="$j_kept $1/$2"
  lk_j_open "$1" "$2"
  [ -z "$j_problem" ] || return
  lk_j_state "$1" "$2"
  { lk_put "$j_state" >"$j_new/before"; } 2>/dev/null || lk_j_full
  case $1/$j_state in
  path/absent) ;;
  path/directory*)
    # What is to go is kept whole.
    [ -n "$3" ] || cp -a -- "$2" "$j_new/copy" 2>/dev/null || lk_j_full
    ;;
  path/*) cp -a -- "$2" "$j_new/copy" 2>/dev/null || lk_j_full ;;
  user/absent) ;;
  user/*) lk_j_shadow "$2" "$j_new/copy" || lk_j_full ;;
  crontab/*) lk_j_crontab "$2" -l >"$j_new/copy" || rm -f "$j_new/copy" ;;
  esac
  case $1/$j_state/${j_home:-${j_body-}} in
  path/absent/m_user | path/absent/temporary) { lk_put "${j_home-}" >"$j_new/home"; } 2>/dev/null || lk_j_full ;;
  esac
  lk_j_close
  case $1/$j_state in
  user/absent)
    # useradd makes it along with the account.
    for j_spool in /var/mail /var/spool/mail; do
      if [ -d "$j_spool" ] && [ ! -L "$j_spool" ]; then lk_j_before path "$j_spool/$2" file; fi
    done
    ;;
  esac
}

# lk_brings PATH [temporary]: something that no dry run could tell, or may not have told: by its name, or since a server then
# said otherwise. What is temporary goes whatever became of it by then.
lk_brings() {
  for j_one in "$j_dir"/[0-9]*; do
    [ -f "$j_one/step" ] && [ "$(cat "$j_one/step")" = "$j_step" ] || continue
    lk_j_read "$j_one/key"
    [ "$lk_v" != "$1" ] || return 0
  done
  j_home=${2-}
  lk_j_before path "$1" file
  j_home=
  [ -z "$j_problem" ] || lk_fail "$j_problem"
}

# What a body tells in its dry run that precedes each real one.
lk_j_plan() { lk_j_before "$@"; }

lk_journal_command() {
  lk_j_open command "$1"
  [ -n "$j_problem" ] || { lk_put "$2" >"$j_new/copy"; } 2>/dev/null || lk_j_full
  [ -n "$j_problem" ] || [ -z "${3-}" ] || { lk_put "$3" >"$j_new/extend"; } 2>/dev/null || lk_j_full
  lk_j_close
}

# lk_j_forget: drops what this step kept, since it changes nothing after all.
lk_j_forget() {
  for j_one in "$j_dir"/[0-9]*; do
    if [ -f "$j_one/step" ] && [ "$(cat "$j_one/step")" = "$j_step" ]; then rm -rf -- "$j_one"; fi
  done
}

# lk_j_claim BODY: what a step of this grant found as it wants it: another grant that made it leaves it for this one.
lk_j_claim() {
  j_claim=
  case $1 in
  m_user) j_claim="user $p_name" ;;
  m_group) j_claim="group $p_name" ;;
  *) for j_claim in "${ak_file-}" "${su_file-}" "${lk_looked-}"; do [ -z "$j_claim" ] || { j_claim="path $j_claim" && break; }; done ;;
  esac
  [ -z "$j_claim" ] || lk_put "$j_claim$lk_nl" >>"$j_dir/claims"
}

# lk_j_shadow USER FILE: keeps the line of shadow(5), where there is one.
lk_j_shadow() {
  lk_line_of /etc/shadow "$1" || return 0
  (umask 077 && lk_put "$lk_line" >"$2") 2>/dev/null
}

# lk_j_done: what the step left, of each of its changes. Status 1 where that could not be kept: what comes of the step
# could not be told from what somebody else makes of it then.
lk_j_done() {
  for j_one in "$j_dir"/[0-9]*; do
    [ -f "$j_one/kind" ] && [ ! -f "$j_one/after" ] || continue
    lk_j_read "$j_one/key"
    j_kind=$(cat "$j_one/kind") j_key=$lk_v
    lk_j_state "$j_kind" "$j_key"
    case $j_kind/$j_state in
    path/file*) cp -a -- "$j_key" "$j_one/left" ;;
    user/absent) ;;
    user/*) lk_j_shadow "$j_key" "$j_one/left" ;;
    crontab/*) lk_j_crontab "$j_key" -l >"$j_one/left" || : ;;
    esac && lk_put "$j_state" >"$j_one/after.new" && mv -- "$j_one/after.new" "$j_one/after" || return 1
    lk_flush "$j_one" "$j_one/after"
  done 2>/dev/null
}

# lk_journalled GRANT BODY: runs a body of a grant: first dry, which says what it would change, then for real.
lk_journalled() {
  j_dir=$j_root/$1
  lk_sbin
  [ -f "$j_dir/undo" ] || lk_fail "there is no grant $1 on this host: it ended, or was taken back"
  j_step=$$.$lk_id j_problem='' j_kept=
  j_problem=$(
    lk_check=1 lk_journaling=1
    trap - EXIT
    lk_plan() { lk_j_plan "$@"; }
    # The result of the dry run: only what it would change counts, and that has been told by now.
    lk_end_with() {
      if [ "$1" = ok ]; then
        lk_j_forget
        lk_j_claim "$j_body"
      fi
      lk_put "$j_problem"
      exit 0
    }
    j_body=$2
    "$2"
  )
  [ -z "$j_problem" ] || lk_fail "$j_problem"
  # The step's own result comes after its end is told.
  lk_end_with() {
    if ! lk_j_done && [ "$1" != failed ]; then
      lk_why "$j_dir" || :
      lk_s msg "the grant's journal could not be written to $j_dir: $lk_e. What was changed is taken back with the grant"
      set -- failed
    fi
    lk_finish_with "$1"
  }
  "$2"
}

# lk_journalled_command GRANT WHAT COMMAND BODY: runs a body that cannot tell what it changes, after its author's word of how
# that is taken back is in the journal; an empty COMMAND where it stays.
lk_journalled_command() {
  j_dir=$j_root/$1
  [ -f "$j_dir/undo" ] || lk_fail "there is no grant $1 on this host: it ended, or was taken back"
  j_step=$$.$lk_id j_problem=
  [ -z "$3" ] || lk_journal_command "$2" "$3"
  [ -z "$j_problem" ] || lk_fail "$j_problem"
  "$4"
}
