# Takes a grant back: its changes, the last one first. Needs paths.sh, files.sh, accounts.sh, write.sh, journal.sh.
# shellcheck disable=SC2015,SC2034,SC2154 # what follows && cannot fail; variables are shared with the libraries
#
# A change is taken back where what is there is still what the grant left; what somebody else made of it since stays, and
# is told. Every step can be cut off anywhere and done again.

# un_say WHAT TEXT: one line: undone, kept or failed, for people; gone, of an account, for the census.
un_say() {
  lk_put "$1 $2$lk_nl"
  case $1 in
  kept) lk_put "$2$lk_nl" >>"$j_dir/report" ;;
  failed) un_failed=1 ;;
  esac
}

# un_try COMMAND...: runs it; where it fails the change counts as not taken back, and is tried again another time.
un_try() {
  lk_e=$("$@" 2>&1 </dev/null) && return
  lk_e=${lk_e##*"$lk_nl"}
  un_e=${lk_e:-$1 failed}
  # What it was about stands last.
  shift $(($# - 1))
  if lk_is_blocked "$un_key" "${un_key%/*}" || { [ -d "$1" ] && lk_is_blocked_below "$1"; }; then un_e="$un_e ($lk_v)"; fi
  un_say failed "$un_what: $un_e"
  return 1
}

# un_account COMMAND...: as un_try, for a tool that changes accounts: another one may hold their lock.
un_account() {
  lk_run_account "$@"
  [ "$lk_rc" -ne 0 ] || return 0
  lk_out=${lk_out##*"$lk_nl"}
  un_say failed "$un_what: ${lk_out:-$1 failed}"
  return 1
}

# un_read FILE: sets lk_v to what one of a change's files holds.
un_read() { lk_j_read "$un_at/$1"; }

# un_begin: from here on what is there is of this undo's making, should it be cut off before it comes to its end.
un_begin() { : >"$un_at/begun"; } 2>/dev/null
un_was_begun() { [ -f "$un_at/begun" ]; }

# un_settled: the change is dealt with. Renamed first, so that it is never half there.
un_settled() { mv -- "$un_at" "$un_at.gone" && rm -rf -- "$un_at.gone"; }

# ---- paths

# un_place PATH: goes to its directory, so that no link of somebody else's leads root astray. Sets lk_at.
un_place() {
  lk_parent "$1"
  if [ ! -d "$lk_v" ]; then return 1; fi
  lk_enter "$lk_v"
  lk_stat_as d .
  lk_at=./${1##*/} lk_wd=$lk_pwd lk_wn=${1##*/}
}

# un_unfinished: what the change's step, or an earlier undo, was about to write beside the path when it was cut off. In a
# subshell: where the way there leads astray, nothing of ours is there.
un_unfinished() (
  un_read step
  un_step=${lk_v%%.*}-${lk_v#*.}
  un_place "$un_key" || return 0
  [ ! -f "./.$lk_wn.latchkey" ] || rm -f -- "./.$lk_wn.latchkey"
  un_here=$lk_pwd
  for un_of in ".lk-$un_step" ".lk-$un_id-undo"; do
    un_unfinished_at "$un_of"
    [ -d "./$un_of" ] && [ ! -L "./$un_of" ] && lk_cd "./$un_of" || continue
    lk_stat_as d .
    [ "$lk_pwd" != "${un_here%/}/$un_of" ] || un_unfinished_at "$un_of"
    lk_cd "$un_here" && [ "$lk_pwd" = "$un_here" ] && rmdir -- "./$un_of"
  done
) >/dev/null 2>&1

# A directory goes with what is in it, where nobody else can put anything there meanwhile.
un_unfinished_at() {
  un_how=-f
  if lk_guarded; then un_how=-rf; fi
  for un_end in tmp tmp.old link; do
    if [ -e "./$1.$un_end" ] || [ -L "./$1.$un_end" ]; then rm "$un_how" -- "./$1.$un_end"; fi
  done
}

un_path() {
  un_what=$un_key
  un_read before && un_before=$lk_v
  lk_j_path_state "$un_key"
  un_now=$j_state
  if [ "$un_now" = "$un_before" ]; then
    un_quarantine || return 0
    un_times
    un_settled && return
  fi
  if [ -f "$un_at/after" ]; then
    un_read after
    un_after=$lk_v
  else
    # Cut off in the middle of its step: nobody else was at it in that moment.
    un_after=$un_now
  fi
  case $un_before in
  absent) un_path_made ;;
  *) un_path_was ;;
  esac
}

# A step that changed a file's times alone.
un_times() {
  un_read after
  if [ "$lk_v" != "$un_now" ] || [ ! -f "$un_at/copy" ] || [ -L "$un_at/copy" ]; then return; fi
  [ -n "$(find "$un_at/copy" -newer "$un_key" && find "$un_key" -newer "$un_at/copy")" ] || return 0
  un_place "$un_key" && un_try touch -c -r "$un_at/copy" -- "$lk_at"
}

# What was not there before goes, unless it is somebody else's by now.
un_path_made() {
  case $un_now/$un_after in
  directory*/directory*)
    if [ "${un_now##* }" != "${un_after##* }" ]; then
      un_say kept "$un_key: the directory is another one than the grant made"
    elif [ -f "$un_at/home" ]; then
      un_owner "$un_now" && un_now_owner=$lk_v
      un_owner "$un_after"
      if [ "$un_now_owner" = "$lk_v" ]; then
        un_remove_home || return 0
      else
        un_say kept "$un_key: it belongs to another account now"
      fi
    elif ! rmdir -- "$un_key" 2>/dev/null; then
      # What could not be removed from it yet may be the grant's own.
      [ -z "$un_failed" ] || return 0
      un_say kept "$un_key: the directory is not empty"
    else
      un_say undone "$un_key removed"
    fi
    ;;
  *)
    # One that holds nothing any more was emptied by the grants that had lines in it.
    if [ "$un_now" != "$un_after" ] && [ ! -f "$un_at/home" ] && { [ ! -f "$un_key" ] || [ -s "$un_key" ]; }; then
      un_say kept "$un_key: it was changed since the grant made it"
    else
      un_place "$un_key" && un_try rm -f -- "$lk_at" || return 0
      un_say undone "$un_key removed"
    fi
    ;;
  esac
  un_settled
}

# un_owner STATE: sets lk_v to the owner's number in a path's state.
un_owner() {
  lk_v=${1#* * }
  lk_v=${lk_v%% *}
}

# The home of an account of this grant's making, or what is temporary, whole: renamed into a directory of root's first, so
# that nobody is in it.
un_remove_home() {
  if [ ! -r /proc/self/mountinfo ] || lk_mounted_at "$un_key"; then
    un_say failed "$un_key: something is mounted at ${lk_mount-or below it}: unmount it, or its files would be lost"
    return 1
  fi
  un_quarantine || return 1
  un_place "$un_key" || return 1
  un_try mkdir -m 700 ".lk-gone-$un_id" && un_try mv -- "$lk_at" ".lk-gone-$un_id/" && un_quarantine || return 1
  un_say undone "$un_key removed"
}

# un_quarantine: what is in that directory goes, also of an earlier time that was cut off.
un_quarantine() {
  [ -f "$un_at/home" ] && un_place "$un_key" && [ -d ".lk-gone-$un_id" ] || return 0
  un_try rm -rf -- ".lk-gone-$un_id"
}

# What was there before comes back, its bytes and attributes.
un_path_was() {
  if un_was_begun; then un_after=$un_now; fi
  case $un_now/$un_after/$un_before in
  "$un_after/$un_after/"*)
    if [ "$un_now" != absent ] && [ -d "$un_at/copy" ] && un_was_begun; then
      un_say undone "$un_key restored"
    else
      un_begin
      un_restore || return 0
    fi
    ;;
  absent/*) un_say kept "$un_key: it was removed since" ;;
  file*/file*/file*) un_merge_file || return 0 ;;
  *) un_say kept "$un_key: it was changed since" ;;
  esac
  un_settled
}

un_restore() {
  if ! un_place "$un_key"; then
    un_say kept "$un_key: its directory is gone"
    return
  fi
  case $un_before in
  directory*)
    if [ -d "$un_at/copy" ]; then
      lk_temporary
      un_try cp -a -- "$un_at/copy" "$lk_wt" && un_try mv -T -- "$lk_wt" "$lk_wb$lk_wn" || { lk_discard && return 1; }
      lk_discard
    else
      if [ ! -d "$lk_at" ] || [ -L "$lk_at" ]; then un_try rm -f -- "$lk_at" && un_try mkdir -m 700 "$lk_at" || return 1; fi
      # shellcheck disable=SC2086 # four words
      set -- $un_before
      un_try chown -h "$3:$4" "$lk_at" && un_try chmod "0${2#0}" "$lk_at" || return 1
    fi
    ;;
  *)
    lk_temporary
    un_try cp -a -- "$un_at/copy" "$lk_wt" || { lk_discard && return 1; }
    lk_flush "$lk_wt"
    if [ -d "$lk_wb$lk_wn" ] && [ ! -L "$lk_wb$lk_wn" ]; then un_try rmdir -- "$lk_wb$lk_wn" || { lk_discard && return 1; }; fi
    if lk_mounted_at "$lk_wd/$lk_wn"; then
      # What something is mounted on can only be written in place.
      cat "$un_at/copy" >"$lk_wb$lk_wn" && un_try touch -c -r "$un_at/copy" -- "$lk_wb$lk_wn" || { lk_discard && return 1; }
    else
      lk_e=$(mv -fT -- "$lk_wt" "$lk_wb$lk_wn" 2>&1) || un_try mv -f -- "$lk_wt" "$lk_wb$lk_wn" || { lk_discard && return 1; }
    fi
    lk_discard
    ;;
  esac
  un_say undone "$un_key restored"
}

# un_merge CURRENT: what is there now without the lines that the grant brought, and with those that it took away.
un_merge() {
  : >>"$un_at/copy"
  : >>"$un_at/left"
  grep -vxF -f "$un_at/copy" "$un_at/left" >"$un_at/brought" || :
  grep -vxF -f "$un_at/left" "$un_at/copy" >"$un_at/took" || :
  if [ -s "$un_at/brought" ]; then grep -vxF -f "$un_at/brought" "$1" || :; else cat "$1"; fi
  if [ -s "$un_at/took" ]; then grep -vxF -f "$1" "$un_at/took" || :; fi
}

un_merge_file() {
  un_place "$un_key" || return 1
  cat <"$lk_at" >"$un_at/now" && un_merge "$un_at/now" >"$un_at/merged" || { un_say failed "$un_key could not be read" && return 1; }
  un_write_merged || return 1
  un_say kept "$un_key: it was changed since, so that only the grant's own lines were taken back"
}

# un_write_merged: the file gets the content of `merged`, and keeps the owner and mode that it has now.
un_write_merged() {
  if cmp -s "$un_at/now" "$un_at/merged"; then return 0; fi
  lk_temporary
  un_try cp -a -- "$lk_wb$lk_wn" "$lk_wt" || { lk_discard && return 1; }
  cat "$un_at/merged" >"$lk_wt" && lk_flush "$lk_wt" || { un_say failed "$un_key could not be written" && lk_discard && return 1; }
  un_try mv -f -- "$lk_wt" "$lk_wb$lk_wn" || { lk_discard && return 1; }
  lk_discard
}

# ---- accounts

# un_theirs UID: sets un_pids to the processes of an account and those of its logins (pid_loginuid(5)), but for the ones
# that lead here.
un_theirs() {
  un_pids=
  for un_pid in $({
    find /proc/[0-9]* -prune -user "$1"
    grep -lx -- "$1" /proc/[0-9]*/loginuid
  } 2>/dev/null | sed 's:^/proc/\([0-9]*\).*:\1:'); do
    case $un_spared in *" $un_pid "*) continue ;; esac
    # Those that looked for them are over by now.
    [ ! -d "/proc/$un_pid" ] || un_pids="$un_pids $un_pid"
  done
}

# un_spare UID: sets un_spared to the processes that lead here, and un_way where one of them is the account's.
un_spare() {
  un_spared=" $$ " un_pid=$$ un_way=
  while [ "$un_pid" -gt 1 ]; do
    [ -z "$(find "/proc/$un_pid" -prune -user "$1" 2>/dev/null)" ] || un_way=1
    un_pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$un_pid/status" 2>/dev/null)
    un_spared="$un_spared${un_pid:=0} "
  done
}

# un_kill NAME UID GID: ends them, until there is none left, for at most 5 s.
un_kill() {
  un_spare "$2"
  # As root it would be everybody's.
  if [ "$2" = 0 ] || ! lk_is_root; then un_way=1; fi
  if [ -z "$un_way" ] && [ -d /run/systemd/seats ] && lk_has loginctl; then
    for un_verb in disable-linger terminate-user; do loginctl "$un_verb" "$1" >/dev/null 2>&1 </dev/null; done
  fi
  un_tries=50
  while :; do
    # All of the account's own at one blow (kill(2)): what forks without rest is another process by the time it is found.
    # shellcheck disable=SC2016 # it is another shell that expands it
    [ -n "$un_way" ] || lk_as "$1" "$2" "$3" '[ "$(id -u)" = "$1" ] && kill -KILL -1' "$2" || :
    un_theirs "$2"
    [ -n "$un_pids" ] || return 0
    un_tries=$((un_tries - 1))
    [ "$un_tries" -gt 0 ] || return 1
    # shellcheck disable=SC2086 # numbers
    kill -KILL $un_pids 2>/dev/null
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# un_end_manager UID: to systemd the account's manager has failed now, and its directory in /run/user is a mount.
un_end_manager() {
  if [ ! -d /run/systemd/system ] || ! lk_has systemctl; then return 0; fi
  systemctl stop "user@$1.service" "user-runtime-dir@$1.service"
  systemctl reset-failed "user@$1.service"
} >/dev/null 2>&1

# un_own_account: whether the account is still the one that this grant made; sets lk_pw_*.
un_own_account() {
  lk_line_of /etc/passwd "$un_key" || return 1
  lk_cut "$lk_line"
  lk_pw_uid=$lk_3 un_gid=$lk_4 lk_pw_home=$lk_6
  [ -f "$un_at/after" ] || return 0
  un_read after
  lk_cut "$lk_v"
  [ "$lk_3" = "$lk_pw_uid" ]
}

# Before anything else: no new login and no sudo for an account that will go, and an end to what it runs.
un_brake() {
  un_read before
  [ "$lk_v" = absent ] && un_own_account || return 0
  if un_is_shared; then return 0; fi
  if [ -n "$un_keeps" ]; then
    :
  elif lk_has chage; then chage -E 0 "$un_key" >/dev/null 2>&1; elif lk_has usermod; then usermod -e 1 "$un_key" >/dev/null 2>&1; fi
  un_kill "$un_key" "$lk_pw_uid" "$un_gid"
}

un_user() {
  un_what="account $un_key"
  un_read before && un_before=$lk_v
  if [ "$un_before" = absent ]; then
    un_user_made
  else
    un_user_was
  fi
}

un_user_made() {
  if ! lk_line_of /etc/passwd "$un_key"; then
    un_leftovers
    un_settled && return
  fi
  if ! un_own_account; then
    un_say kept "account $un_key: it is another one than the grant made"
    un_settled && return
  fi
  un_uid=$lk_pw_uid
  if un_is_shared; then
    # The processes and files of its number are another's.
    un_account userdel -f "$un_key" || return 0
    un_uid=
  else
    un_kill "$un_key" "$un_uid" "$un_gid" || { un_say failed "account $un_key: its processes do not end" && return; }
    un_end_manager "$un_uid"
    if lk_has userdel; then un_account userdel "$un_key" || return 0; else un_account deluser "$un_key" || return 0; fi
  fi
  un_say undone "account $un_key removed"
  [ -z "$un_uid" ] || un_say gone "$un_key:$un_uid:$un_gid:$lk_pw_home"
  un_leftovers "$un_uid"
  un_settled
}

# un_is_shared: whether another account has the same number.
un_is_shared() {
  un_others=
  lk_each user /etc/passwd un_has_uid
  [ -n "$un_others" ]
}
un_has_uid() {
  un_rest=${1#*:*:}
  case $1 in "$un_key:"*) ;; *) [ "${un_rest%%:*}" != "$lk_pw_uid" ] || un_others=1 ;; esac
}

# un_leftovers [UID]: what an account leaves that its removal does not take along (userdel(8)).
un_leftovers() {
  rm -f -- "/var/spool/cron/crontabs/$un_key" "/var/spool/cron/$un_key" "/var/spool/cron/tabs/$un_key" \
    "/var/lib/systemd/linger/$un_key" "/run/sudo/ts/$un_key" "/var/lib/sudo/ts/$un_key" \
    "/var/lib/AccountsService/users/$un_key" "/var/lib/AccountsService/icons/$un_key" 2>/dev/null
  [ -n "${1-}" ] || return 0
  # Newer versions of sudo name its time stamps by number.
  rm -rf -- "/run/user/$1" "/run/sudo/ts/$1" "/var/lib/sudo/ts/$1" "/run/screen/S-$un_key" 2>/dev/null
  # shellcheck disable=SC2046 # options and numbers
  ! lk_has ipcrm || ipcrm $(lk_ipc "$1") 2>/dev/null
  for un_tmp in /tmp /var/tmp /dev/shm /var/spool/cron/atjobs /var/spool/at; do
    [ -d "$un_tmp" ] || continue
    # find's own deletion: a path that is given to rm could lead elsewhere by then.
    find "$un_tmp" -xdev -depth -uid "$1" -delete 2>/dev/null
  done
}

# An account that was there: each of its fields, where it is as the grant left it.
un_user_was() {
  un_read after && un_after=$lk_v
  lk_line_of /etc/passwd "$un_key" || lk_line=absent
  un_now=$lk_line
  if [ ! -f "$un_at/after" ] || un_was_begun; then un_after=$un_now; fi
  case $un_now/$un_after in
  absent/absent) un_user_back || return 0 ;;
  absent/*) un_say kept "account $un_key: it was removed since" ;;
  *)
    if [ "$un_now" != "$un_after" ]; then
      un_say kept "account $un_key: it was changed since"
    else
      un_judge_shadow
      un_begin
      un_user_fields || return 0
    fi
    ;;
  esac
  un_settled
}

un_user_fields() {
  lk_cut "$un_now"
  set -- "$lk_3" "$lk_4" "$lk_5" "$lk_6" "$lk_7"
  lk_cut "$un_before"
  un_uid=$lk_3 un_gid=$lk_4 un_gecos=$lk_5 un_home=$lk_6 un_shell=$lk_7
  un_was_home=$4
  [ "$1" = "$un_uid" ] || un_account usermod -o -u "$un_uid" "$un_key" || return 1
  [ "$2" = "$un_gid" ] || un_account usermod -g "$un_gid" "$un_key" || return 1
  [ "$3" = "$un_gecos" ] || un_account usermod -c "$un_gecos" "$un_key" || return 1
  [ "$4" = "$un_home" ] || un_move_home || return 1
  [ "$5" = "$un_shell" ] || un_account usermod -s "$un_shell" "$un_key" || return 1
  un_shadow || return 1
  un_say undone "account $un_key restored"
}

# A home that was moved along goes back along.
un_move_home() {
  if [ ! -e "$un_home" ] && [ -d "$un_was_home" ]; then un_account usermod -m -d "$un_home" "$un_key"; else un_account usermod -d "$un_home" "$un_key"; fi
}

# A password or ages that somebody changed since stay.
un_judge_shadow() {
  [ -f "$un_at/left" ] && lk_line_of /etc/shadow "$un_key" || return 0
  un_read left
  if [ "$lk_line" != "${lk_v%"$lk_nl"}" ]; then
    un_say kept "account $un_key: its password or its ages were changed since"
    rm -f -- "$un_at/copy"
  fi
  rm -f -- "$un_at/left"
}

# The password and its ages, shadow(5); the hash goes by standard input.
un_shadow() {
  [ -s "$un_at/copy" ] || return 0
  lk_line_of /etc/shadow "$un_key" || return 0
  un_read copy
  [ "$lk_line" != "$lk_v" ] || return 0
  un_line=$lk_v
  lk_cut "$un_line"
  # usermod writes a lock as it is told; chpasswd sets today's date, which chage then puts back.
  lk_e=$(lk_put "$un_key:$lk_2$lk_nl" | chpasswd -e 2>&1) || { un_say failed "account $un_key: $lk_e" && return 1; }
  lk_cut "$un_line"
  un_account chage -d "${lk_3:--1}" -m "${lk_4:--1}" -M "${lk_5:--1}" -W "${lk_6:--1}" -I "${lk_7:--1}" -E "${lk_8:--1}" "$un_key"
}

un_user_back() {
  lk_cut "$un_before"
  un_gecos=$lk_5
  un_begin
  un_account useradd -M -N -o -u "$lk_3" -g "$lk_4" -c "$un_gecos" -d "$lk_6" -s "$lk_7" -- "$un_key" || return 1
  rm -f -- "$un_at/left"
  un_shadow || return 1
  un_say undone "account $un_key restored"
}

un_group() {
  un_what="group $un_key"
  un_read before && un_before=$lk_v
  lk_line_of /etc/group "$un_key" || lk_line=absent
  un_now=$lk_line
  un_read after && un_after=$lk_v
  [ -f "$un_at/after" ] || un_after=$un_now
  case $un_before/$un_now in
  absent/absent) ;;
  absent/*) un_group_made || return 0 ;;
  */absent) un_say kept "group $un_key: it was removed since" ;;
  *)
    lk_cut "$un_now" && un_now_gid=$lk_3
    lk_cut "$un_after" && un_after_members=$lk_4 un_after_gid=$lk_3
    lk_cut "$un_before"
    if [ "$un_now_gid" != "$lk_3" ] && [ "$un_now_gid" = "$un_after_gid" ]; then un_account groupmod -o -g "$lk_3" "$un_key" || return 0; fi
    un_former=$lk_4
    lk_cut "$un_now"
    if [ "$lk_4" = "$un_after_members" ] && lk_has gpasswd; then
      # All of them at once, in their order.
      [ "$lk_4" = "$un_former" ] || un_account gpasswd -M "$un_former" "$un_key" || return 0
    else
      un_members "$un_after_members" "$un_former" || return 0
    fi
    un_say undone "group $un_key restored"
    ;;
  esac
  un_settled
}

un_group_made() {
  lk_cut "$un_now" && un_gid=$lk_3
  lk_cut "$un_after"
  if [ "$un_gid" != "$lk_3" ]; then
    un_say kept "group $un_key: it is another one than the grant made"
    return
  fi
  un_others='' un_twins=
  lk_each user /etc/passwd un_in_group
  lk_each group /etc/group un_has_gid
  if [ -n "$un_others" ] && [ -z "$un_twins" ]; then
    # It may be the grant's own account that could not be removed yet.
    [ -z "$un_failed" ] || return 1
    un_say kept "group $un_key: it is the group of$un_others"
    return
  fi
  if lk_has groupdel; then un_account groupdel ${un_twins:+-f} "$un_key"; else un_account delgroup "$un_key"; fi || return 1
  un_say undone "group $un_key removed"
}
un_in_group() {
  un_rest=${1#*:*:*:}
  [ "${un_rest%%:*}" != "$un_gid" ] || un_others="$un_others ${1%%:*}"
}

un_has_gid() {
  un_rest=${1#*:*:}
  case $1 in "$un_key:"*) ;; *) [ "${un_rest%%:*}" != "$un_gid" ] || un_twins=1 ;; esac
}

# un_members WITH FORMER: takes out who came in, and brings back who was taken out.
un_members() {
  un_with=,$1, un_former=,$2,
  un_rest=$1,
  while [ "${un_rest#,}" != "" ]; do
    un_one=${un_rest%%,*} un_rest=${un_rest#*,}
    case $un_former in *",$un_one,"*) continue ;; esac
    [ -z "$un_one" ] || un_member -d "$un_one" || return 1
  done
  un_rest=$2,
  while [ "${un_rest#,}" != "" ]; do
    un_one=${un_rest%%,*} un_rest=${un_rest#*,}
    case $un_with in *",$un_one,"*) continue ;; esac
    [ -z "$un_one" ] || un_member -a "$un_one" || return 1
  done
}
un_member() {
  lk_line_of /etc/group "$un_key" && lk_cut "$lk_line"
  case $1/,$lk_4, in
  -d/*",$2,"* ) ;;
  -d/* | -a/*",$2,"*) return 0 ;;
  esac
  if [ "$1" = -a ] && ! lk_line_of /etc/passwd "$2"; then return 0; fi
  if lk_has gpasswd; then un_account gpasswd "$1" "$2" "$un_key"; elif [ "$1" = -d ]; then un_account delgroup "$2" "$un_key"; else un_account addgroup "$2" "$un_key"; fi
}

# ---- the rest

un_crontab() {
  un_what="crontab of ${un_key:-root}"
  lk_j_state crontab "$un_key"
  un_read before && un_before=$lk_v
  un_read after && un_after=$lk_v
  if [ "$j_state" = "$un_before" ] || { [ -n "$un_key" ] && ! lk_line_of /etc/passwd "$un_key"; }; then un_settled && return; fi
  lk_j_crontab "$un_key" -l >"$un_at/now" || :
  if [ -f "$un_at/after" ] && [ "$j_state" != "$un_after" ]; then
    un_merge "$un_at/now" >"$un_at/merged"
    un_say kept "$un_what: it was changed since, so that only the grant's own lines were taken back"
  else
    : >>"$un_at/copy"
    cp "$un_at/copy" "$un_at/merged"
  fi
  set --
  [ -z "$un_key" ] || set -- -u "$un_key"
  if [ -s "$un_at/merged" ]; then
    lk_e=$(crontab "$@" - <"$un_at/merged" 2>&1) || { un_say failed "$un_what: $lk_e" && return; }
  else
    un_try crontab "$@" -r || return 0
  fi
  un_say undone "$un_what restored"
  un_settled
}

# What a step said itself about taking it back, or its author.
un_command() {
  un_what=$un_key
  un_try /bin/sh "$un_at/copy" || return 0
  un_say undone "$un_key taken back"
  un_settled
}

# ---- the whole

# un_used: whether another grant that is open uses what this change, or another of its step, made; sets un_heir to it.
un_used() {
  un_read before
  [ "$lk_v" = absent ] || return 1
  un_read step && un_step=$lk_v
  for un_of in "$j_dir"/[0-9]*; do
    [ -f "$un_of/step" ] && [ "$(cat "$un_of/step")" = "$un_step" ] && [ "$(cat "$un_of/before")" = absent ] || continue
    lk_j_read "$un_of/key"
    if un_is_wanted "$(cat "$un_of/kind" 2>/dev/null) $lk_v"; then return 0; fi
  done
  return 1
}

# un_is_wanted THING: whether another grant found it as it wants it, or changed it.
un_is_wanted() {
  for un_heir in "$j_root"/*; do
    [ -f "$un_heir/undo" ] && [ "$un_heir" != "$j_dir" ] || continue
    if [ -f "$un_heir/claims" ] && grep -qxF -- "$1" "$un_heir/claims"; then return 0; fi
    for un_other in "$un_heir"/[0-9]*; do
      [ -f "$un_other/key" ] || continue
      lk_j_read "$un_other/key"
      if [ "$(cat "$un_other/kind" 2>/dev/null) $lk_v" = "$1" ]; then return 0; fi
    done
  done
  return 1
}

# A change that another grant needs becomes that one's: below its own, so that it is the last to be taken back.
un_hand_over() {
  if [ "$un_kind" = path ] && [ -f "$un_at/left" ] && ! un_take_lines; then return; fi
  un_lowest=1000
  for un_of in "$un_heir"/[0-9]*; do
    un_of=${un_of##*/}
    [ -d "$un_heir/$un_of" ] && [ "${un_of%.new}" -lt "$un_lowest" ] && un_lowest=${un_of%.new}
  done
  mv -- "$un_at" "$un_heir/$((un_lowest - 1))" || { un_say failed "$un_key could not be handed over to ${un_heir##*/}" && return; }
  # What is to be done once it is taken back goes along.
  for un_of in "$j_dir"/[0-9]*; do
    [ -f "$un_of/copy" ] && [ "$(cat "$un_of/step")/$(cat "$un_of/kind")" = "$un_step/command" ] || continue
    un_lowest=$((un_lowest - 1))
    mv -- "$un_of" "$un_heir/$((un_lowest - 1))"
  done
  lk_flush "$un_heir" "$j_dir"
  un_say kept "$un_kind $un_key: grant ${un_heir##*/} uses it, and takes it back at its end"
}

# Of a file that both have lines in, this grant's go: a key must not outlive its grant. What the other one brought stays.
un_take_lines() {
  for un_other in "$un_heir"/[0-9]*; do
    [ -f "$un_other/left" ] && [ "$(cat "$un_other/kind")" = path ] || continue
    lk_j_read "$un_other/key"
    [ "$lk_v" = "$un_key" ] || continue
    : >>"$un_other/copy"
    grep -vxF -f "$un_other/copy" "$un_other/left" >"$un_at/theirs" || :
    if [ -s "$un_at/theirs" ]; then grep -vxF -f "$un_at/theirs" "$un_at/left" || :; else cat "$un_at/left"; fi >"$un_at/took"
    un_place "$un_key" && cat <"$lk_at" >"$un_at/now" || return 0
    if [ -s "$un_at/took" ]; then grep -vxF -f "$un_at/took" "$un_at/now" || :; else cat "$un_at/now"; fi >"$un_at/merged"
    # The other one must not bring them back.
    grep -vxF -f "$un_at/took" "$un_other/copy" >"$un_other/copy.new" || :
    cat "$un_other/copy.new" >"$un_other/copy" && rm -f -- "$un_other/copy.new"
    un_write_merged || return 1
  done
}

# un_each FUNCTION: calls it for each change, the last one first.
un_each() {
  un_highest=0
  for un_of in "$j_dir"/[0-9]*; do
    un_of=${un_of##*/}
    case $un_of in *.new | *.gone) rm -rf -- "${j_dir:?}/$un_of" && continue ;; esac
    [ -d "$j_dir/$un_of" ] && [ "$un_of" -gt "$un_highest" ] && un_highest=$un_of
  done
  while [ "$un_highest" -gt 0 ]; do
    un_at=$j_dir/$un_highest
    un_highest=$((un_highest - 1))
    [ -f "$un_at/kind" ] || continue
    un_read kind && un_kind=$lk_v
    un_read key && un_key=$lk_v
    "$1"
  done
}

# un_over_each: adds to un_over the accounts that will go and that the way to this process leads over: who took them away
# would cut off the branch that they sit on.
un_over_each() {
  [ "$un_kind" = user ] || return 0
  un_read before
  [ "$lk_v" = absent ] && un_own_account && ! un_used && ! un_is_shared || return 0
  un_spare "$lk_pw_uid"
  [ -z "$un_way" ] || un_over="$un_over $un_key"
}

un_brake_each() { case $un_kind in user) un_used || un_brake ;; esac; }

# What the grant removed comes back first: groups, then the accounts that need them, whose memberships come later.
un_group_back_each() {
  un_was_removed group || return 0
  un_read before
  lk_cut "$lk_v"
  un_what="group $un_key"
  un_account groupadd -o -g "$lk_3" -- "$un_key"
}
un_user_back_each() { if un_was_removed user; then un_one; fi; }

# un_was_removed KIND: whether the change is the removal of an account or group, which is still not there.
un_was_removed() {
  [ "$un_kind" = "$1" ] || return 1
  un_read before
  case $lk_v in absent) return 1 ;; esac
  un_read after
  [ "$lk_v" = absent ] || return 1
  case $1 in user) ! lk_line_of /etc/passwd "$un_key" ;; *) ! lk_line_of /etc/group "$un_key" ;; esac
}

un_one() {
  [ "$un_kind" != path ] || un_unfinished
  if un_used; then
    un_hand_over
    return
  fi
  # What fails, or leads astray, ends this one alone.
  (
    case $un_kind in
    path) un_path ;;
    user) un_user ;;
    group) un_group ;;
    crontab) un_crontab ;;
    command) un_command ;;
    esac
    [ -z "$un_failed" ]
  ) || un_failed=1
}

# What came after the accounts: their keys and rules.
un_key_each() {
  case $un_kind in user | group) un_reached=1 ;; esac
  if [ -f "$un_at/home" ] && [ ! -s "$un_at/home" ]; then un_reached=1; fi
  [ -n "$un_reached" ] || un_one
}

# The last version of the account files, which the tools keep beside them: it names the account still.
un_backups() {
  un_what='the journal of another grant' un_key=$j_dir
  # Grants that began later found there what this one had changed.
  for un_of in "$j_root"/*; do
    [ -f "$un_of/undo" ] && [ -n "$(find "$un_of/undo" -newer "$j_dir/undo")" ] || continue
    rm -rf -- "$un_of/backups.new"
    un_try cp -a -- "$j_dir/backups" "$un_of/backups.new" && rm -rf -- "$un_of/backups" &&
      un_try mv -- "$un_of/backups.new" "$un_of/backups" || :
  done
  for un_file in passwd shadow group gshadow subuid subgid; do
    un_what="/etc/$un_file-" un_key="/etc/$un_file-"
    # What an account tool that was killed in the time of the grant was about to write.
    for un_of in "/etc/$un_file".[0-9]*; do
      case ${un_of##*.} in *[!0-9]*) continue ;; esac
      if [ ! -d "/proc/${un_of##*.}" ] && [ -n "$(find "$un_of" -prune -newer "$j_dir/undo" 2>/dev/null)" ]; then rm -f -- "$un_of"; fi
    done
    if [ ! -f "$j_dir/backups/$un_file-" ]; then
      rm -f -- "/etc/$un_file-"
      continue
    fi
    if ! cmp -s "/etc/$un_file-" "$j_dir/backups/$un_file-"; then
      un_try cp -a -- "$j_dir/backups/$un_file-" "/etc/.lk-$un_file" &&
        un_try mv -f -- "/etc/.lk-$un_file" "/etc/$un_file-" || :
      rm -f -- "/etc/.lk-$un_file"
    fi
  done
}

# lk_alone: the words of the prelude, for a program that answers nobody.
lk_alone() {
  lk_frame() { :; }
  lk_fail() {
    un_say failed "${un_what-}: $1"
    exit 1
  }
}

# lk_take_back ID [--keys]: status 0 where nothing of the grant is left, 1 where something could not be taken back. With
# --keys the accounts stay, without keys and processes, so that a login can be tried; another call does the rest.
lk_take_back() {
  un_id=$1 j_dir=$j_root/$1 un_failed='' un_reached='' un_keeps='' lk_id=undo lk_writer=$1
  [ -d "$j_dir" ] || return 0
  rm -f -- "$j_dir"/reserve* 2>/dev/null
  if ! lk_lock 100; then
    [ -d "$j_dir" ] || return 0
    lk_put "failed $j_busy$lk_nl"
    return 1
  fi
  # Whoever had the lock may have taken this very one back: without its journal nothing is to be done.
  if [ ! -d "$j_dir" ]; then
    lk_unlock
    return 0
  fi
  { lk_put revoking >"$j_dir/state.new" && mv -- "$j_dir/state.new" "$j_dir/state"; } 2>/dev/null
  un_over=
  un_each un_over_each
  if [ -n "$un_over" ]; then
    lk_unlock
    un_text="this connection came over account$un_over, which the grant takes back"
    if lk_grant_value reaper && [ -n "$lk_v" ]; then
      un_say failed "$un_text: the host goes on by itself within a minute, and latchkey status over another account tells"
    else
      un_say failed "$un_text: do it over another account"
    fi
    return 1
  fi
  if [ "${2-}" = --keys ]; then
    un_each un_key_each
    # Not expired: then nobody would get in, whatever became of the key.
    un_keeps=1
    un_each un_brake_each
    lk_unlock
    [ -z "$un_failed" ]
    return
  fi
  un_each un_brake_each
  un_each un_group_back_each
  un_each un_user_back_each
  un_each un_one
  if [ -z "$un_failed" ]; then
    un_backups
  fi
  if [ -z "$un_failed" ]; then
    # A name that is no grant's any more, before it is taken apart.
    mv -- "$j_dir" "$j_root/.new-$un_id" && rm -rf -- "$j_root/.new-$un_id"
  fi
  lk_unlock
  rmdir "$j_root" 2>/dev/null && rmdir "${j_root%/*}" 2>/dev/null
  [ -n "$un_failed" ] || un_disarm
  [ -z "$un_failed" ]
}
