# A new account.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

u_create() {
  lk_is_name "$p_name" || lk_fail "useradd: invalid user name '$p_name'"
  u_check_groups
  u_created=1 u_password_differs=${p_password:+1}
  if ! lk_has useradd; then u_check_small; fi
  if [ -n "${p_uid-}" ] && [ "$p_non_unique" = 0 ] && lk_checking && lk_id_taken user /etc/passwd "$p_uid"; then
    lk_i rc 4
    lk_fail "useradd: UID $p_uid is not unique"
  fi
  u_own_group=1
  if [ -n "${p_group-}" ] || lk_getgr "$p_name"; then u_own_group=; fi
  if lk_checking; then
    u_plan_creation
    u_finish_creation
  fi
  if [ "$p_create_home" = 1 ] && [ -n "${p_home-}" ]; then u_make_parent "$p_home"; fi
  u_given=
  if lk_has useradd; then u_useradd; else u_adduser; fi
  u_stderr=${u_said-}
  [ -z "${p_password-}" ] || [ -n "$u_given" ] || u_set_password
  lk_getpw "$p_name" || lk_fail "$p_name is not there although the host's tool said that it made it"
  u_finish_creation
}

u_finish_creation() {
  u_bool system "$p_system"
  u_bool create_home "$p_create_home"
  [ -z "${p_password-}" ] || lk_s password NOT_LOGGING_PASSWORD
  u_changed=1
  u_finish
}

u_useradd() {
  set --
  [ -z "${p_umask-}" ] || set -- "$@" -K "UMASK=$p_umask"
  [ -z "${p_uid-}" ] || set -- "$@" -u "$p_uid"
  [ "$p_non_unique" = 0 ] || [ -z "${p_uid-}" ] || set -- "$@" -o
  if [ -n "${p_group-}" ]; then
    set -- "$@" -g "$p_group"
  elif [ -z "$u_own_group" ]; then
    set -- "$@" -N
  fi
  u_names=${u_groups#,}
  [ -z "$u_names" ] || set -- "$@" -G "${u_names%,}"
  [ -z "${p_comment+x}" ] || set -- "$@" -c "$p_comment"
  [ -z "${p_home+x}" ] || set -- "$@" -d "$p_home"
  [ -z "${p_shell+x}" ] || set -- "$@" -s "$p_shell"
  [ -z "${p_expires_day-}" ] || set -- "$@" -e "$p_expires_date"
  [ -z "${p_password_expire_account_disable-}" ] || set -- "$@" -f "$p_password_expire_account_disable"
  [ -z "${p_uid_min-}" ] || set -- "$@" -K "UID_MIN=$p_uid_min"
  [ -z "${p_uid_max-}" ] || set -- "$@" -K "UID_MAX=$p_uid_max"
  [ "$p_system" = 0 ] || set -- "$@" -r
  # What no password fits is no secret, and may stand among the arguments: a process less.
  case ${p_password-}/${p_password_lock-0} in
    '*/0' | '!/0' | '!!/0') u_given=1; set -- "$@" -p "$p_password" ;;
  esac
  if [ "$p_create_home" = 1 ]; then
    set -- "$@" -m
    [ -z "${p_skeleton-}" ] || set -- "$@" -k "$p_skeleton"
  else
    set -- "$@" -M
  fi
  u_run useradd "$@" -- "$p_name"
}

# BusyBox: what its adduser cannot do is refused before anything is made.
u_check_small() {
  lk_has adduser || lk_fail 'this host has neither useradd nor adduser'
  for u_option in expires_day password_expire_account_disable umask uid_min uid_max; do
    eval "u_value=\${p_$u_option-}"
    [ -z "$u_value" ] || lk_fail "this host has no useradd, and adduser cannot set ${u_option%_day}"
  done
  [ "$p_non_unique" = 0 ] || lk_fail 'this host has no useradd, and adduser cannot share a number (non_unique)'
}

u_adduser() {
  set -- -D
  [ -z "${p_uid-}" ] || set -- "$@" -u "$p_uid"
  if [ -n "${p_group-}" ]; then
    lk_getgr_any "$p_group"
    set -- "$@" -G "$lk_gr_name"
  elif [ -z "$u_own_group" ]; then
    set -- "$@" -G "$p_name"
  fi
  [ -z "${p_comment+x}" ] || set -- "$@" -g "$p_comment"
  [ -z "${p_home+x}" ] || set -- "$@" -h "$p_home"
  [ -z "${p_shell+x}" ] || set -- "$@" -s "$p_shell"
  [ "$p_system" = 0 ] || set -- "$@" -S
  if [ "$p_create_home" = 1 ]; then
    [ -z "${p_skeleton-}" ] || set -- "$@" -k "$p_skeleton"
  else
    set -- "$@" -H
  fi
  u_run adduser "$@" "$p_name"
  u_join "$u_groups"
}

# What useradd would make of its own accord, from the host's own defaults.
u_plan_creation() {
  lk_login_defs
  u_default_home=/home u_default_shell=/bin/sh u_default_group=100 u_default_gecos=
  if lk_has useradd; then
    lk_run useradd -D
    u_rest=$lk_out$lk_nl
    while [ -n "$u_rest" ]; do
      case $u_rest in
      HOME=*) u_default_home=${u_rest%%"$lk_nl"*} u_default_home=${u_default_home#HOME=} ;;
      SHELL=*) u_default_shell=${u_rest%%"$lk_nl"*} u_default_shell=${u_default_shell#SHELL=} ;;
      GROUP=*) u_default_group=${u_rest%%"$lk_nl"*} u_default_group=${u_default_group#GROUP=} ;;
      esac
      u_rest=${u_rest#*"$lk_nl"}
    done
    [ "$lk_def_USERGROUPS_ENAB" = yes ] || [ -n "${p_group-}" ] || u_own_group=
  else
    lk_def_USERGROUPS_ENAB=yes u_default_shell=${SHELL:-/bin/sh} u_default_gecos='Linux User,,,'
  fi
  u_plan_uid
  u_plan_gid
  lk_pw_home=${p_home-${u_default_home%/}/$p_name} lk_pw_shell=${p_shell-$u_default_shell} lk_pw_gecos=${p_comment-$u_default_gecos}
  lk_pw="$p_name:x:$lk_pw_uid:$lk_pw_gid:$lk_pw_gecos:$lk_pw_home:$lk_pw_shell"
  lk_plan user "$p_name" "$lk_pw"
  u_plan_groups
}

u_plan_uid() {
  lk_pw_uid=${p_uid-}
  [ -z "$lk_pw_uid" ] || return 0
  if [ "$p_system" = 1 ]; then
    lk_free_id user /etc/passwd 1 "${p_uid_min:-$lk_def_SYS_UID_MIN}" "${p_uid_max:-$lk_def_SYS_UID_MAX}"
  else
    lk_free_id user /etc/passwd 0 "${p_uid_min:-$lk_def_UID_MIN}" "${p_uid_max:-$lk_def_UID_MAX}"
  fi
  lk_pw_uid=$lk_v
}

# The private group takes the account's number where it is free, and else the next one.
u_plan_gid() {
  lk_pw_gid=${u_gid-}
  [ -z "$lk_pw_gid" ] || return 0
  if [ -z "$u_own_group" ]; then
    lk_pw_gid=$u_default_group
    lk_getgr_any "$u_default_group" && lk_pw_gid=$lk_gr_gid
    return 0
  fi
  lk_pw_gid=$lk_pw_uid
  if [ "$p_system" = 1 ]; then
    set -- 1 "$lk_def_SYS_GID_MIN" "$lk_def_SYS_GID_MAX"
  else
    set -- 0 "$lk_def_GID_MIN" "$lk_def_GID_MAX"
  fi
  if [ "$lk_pw_uid" -lt "$2" ] || [ "$lk_pw_uid" -gt "$3" ] || lk_id_taken group /etc/group "$lk_pw_uid"; then
    lk_free_id group /etc/group "$@"
    lk_pw_gid=$lk_v
  fi
  lk_plan group "$p_name" "$p_name:x:$lk_pw_gid:"
}
