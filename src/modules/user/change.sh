# An account that exists.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

u_modify() {
  u_created=
  u_check_groups
  u_shadow
  set --
  u_new_uid=$lk_pw_uid u_new_gid=${u_gid-$lk_pw_gid} u_new_gecos=${p_comment-$lk_pw_gecos}
  u_new_home=${p_home-$lk_pw_home} u_new_shell=${p_shell-$lk_pw_shell}
  if [ "${p_uid-$lk_pw_uid}" != "$lk_pw_uid" ]; then
    u_new_uid=$p_uid
    set -- "$@" -u "$p_uid"
    [ "$p_non_unique" = 0 ] || set -- "$@" -o
  fi
  [ "$u_new_gid" = "$lk_pw_gid" ] || set -- "$@" -g "$u_new_gid"
  u_groups_differ=
  if [ -n "${p_groups_n-}" ]; then
    u_current_groups
    if [ "$p_append" = 1 ]; then
      if u_lacks "$u_current" "$u_groups"; then
        u_groups_differ=1
        set -- "$@" -a
      fi
    elif u_differ "$u_current" "$u_groups"; then
      u_groups_differ=1
    fi
    u_names=${u_groups#,}
    [ -z "$u_groups_differ" ] || set -- "$@" -G "${u_names%,}"
  fi
  [ "$u_new_gecos" = "$lk_pw_gecos" ] || set -- "$@" -c "$u_new_gecos"
  if [ "$u_new_home" != "$lk_pw_home" ]; then
    set -- "$@" -d "$u_new_home"
    [ "$p_move_home" = 0 ] || set -- "$@" -m
  fi
  [ "$u_new_shell" = "$lk_pw_shell" ] || set -- "$@" -s "$u_new_shell"
  if [ -n "${p_expires_day-}" ] && [ "$p_expires_day" != "${u_expire:--1}" ]; then
    set -- "$@" -e "$p_expires_date"
  fi
  [ -z "${p_password_expire_account_disable-}" ] || set -- "$@" -f "$p_password_expire_account_disable"
  u_password_differs=
  u_compare_password && u_password_differs=1
  if [ -z "$u_password_differs" ]; then
    case ${p_password_lock-}/$u_old_hash in
    1/!*) ;;
    1/*) set -- "$@" -L ;;
    0/!*) set -- "$@" -U ;;
    esac
  fi
  u_bool append "$p_append"
  u_bool move_home "$p_move_home"
  [ -z "${p_password-}" ] || lk_s password NOT_LOGGING_PASSWORD
  u_changed=
  if [ $# -gt 0 ] || [ -n "$u_password_differs" ]; then
    u_changed=1
    u_apply "$@"
  fi
  u_finish
}

u_apply() {
  if ! lk_has usermod; then u_check_small_change "$@"; fi
  if lk_checking; then
    if [ "$u_new_uid" != "$lk_pw_uid" ] && [ "$p_non_unique" = 0 ] && lk_id_taken user /etc/passwd "$u_new_uid"; then
      lk_i rc 4
      lk_fail "usermod: UID '$u_new_uid' already exists"
    fi
    [ -z "$u_groups_differ" ] || u_plan_groups
    u_plan_move
    lk_pw_uid=$u_new_uid lk_pw_gid=$u_new_gid lk_pw_gecos=$u_new_gecos
    lk_pw_home=$u_new_home lk_pw_shell=$u_new_shell
    lk_plan user "$p_name" "$p_name:x:$lk_pw_uid:$lk_pw_gid:$lk_pw_gecos:$lk_pw_home:$lk_pw_shell"
    return
  fi
  if [ $# -gt 0 ]; then
    if lk_has usermod; then
      u_run usermod "$@" -- "$p_name"
    else
      u_modify_small
    fi
    u_stderr=$u_said
  fi
  [ -z "$u_password_differs" ] || u_set_password
  lk_getpw "$p_name" || :
}

u_plan_move() {
  [ "$u_new_home" != "$lk_pw_home" ] && [ "$p_move_home" = 1 ] || return 0
  [ -d "$lk_pw_home" ] && [ ! -e "$u_new_home" ] && lk_mode_and_owner "$lk_pw_home" || return 0
  u_octal "$lk_mode"
  lk_getgr_any "$u_new_gid" || lk_gr_name=$u_new_gid
  lk_plan path "$lk_pw_home" ''
  lk_plan path "$u_new_home" "directory $lk_v $p_name $lk_gr_name"
}

# u_octal drwxr-xr-x: sets lk_v to the mode in octal.
u_octal() {
  lk_v=0
  u_rest=${1#?}
  for u_i in 1 2 3; do
    u_sum=0
    case $u_rest in r*) u_sum=4 ;; esac
    case $u_rest in ?w*) u_sum=$((u_sum + 2)) ;; esac
    case $u_rest in ??[xst]*) u_sum=$((u_sum + 1)) ;; esac
    lk_v=$lk_v$u_sum
    u_rest=${u_rest#???}
  done
}

# BusyBox has no usermod: memberships and locks change, the rest is refused before anything is done.
u_check_small_change() {
  while [ $# -gt 0 ]; do
    case $1 in
    -G) shift ;;
    -a | -L | -U) ;;
    *) lk_fail "this host has no usermod to change $p_name (option $1)" ;;
    esac
    shift
  done
}

u_modify_small() {
  if [ -n "$u_groups_differ" ]; then
    u_each_missing "$u_current" "$u_groups"
    u_join "$lk_v"
    if [ "$p_append" = 0 ]; then
      u_each_missing "$u_groups" "$u_current"
      u_leave "$lk_v"
    fi
  fi
  case ${p_password_lock-}/$u_old_hash in
  1/!*) ;;
  1/*) u_run passwd -l "$p_name" ;;
  0/!*) u_run passwd -u "$p_name" ;;
  esac
}
