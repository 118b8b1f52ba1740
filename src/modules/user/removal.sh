# Removing an account, but never what is not its own.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

# Refuses to delete a home that is not the account's own, or that something is mounted in: userdel would delete a
# customer's files through a bind mount, and for the others it would fail with the account already gone.
u_check_removal() {
  u_home=$lk_pw_home
  if [ ! -e "$u_home" ] && [ ! -L "$u_home" ]; then return; fi
  u_refuse="$p_name was not removed, since its home $u_home"
  case $u_home in /*) ;; *) lk_fail "$u_refuse is no absolute path" ;; esac
  [ ! -L "$u_home" ] || lk_fail "$u_refuse is a symbolic link"
  [ -d "$u_home" ] || lk_fail "$u_refuse is not a directory"
  u_real=$(cd -P -- "$u_home" 2>/dev/null && pwd -P) || lk_fail "$u_refuse cannot be entered"
  [ "$u_real" != / ] || lk_fail "$u_refuse is the root directory"
  lk_mode_and_owner "$u_home" || lk_fail "$u_refuse cannot be read"
  [ "$lk_owner" = "$lk_pw_uid" ] || lk_fail "$u_refuse belongs to the user of number $lk_owner"
  [ -r /proc/self/mountinfo ] || lk_fail "$u_refuse could hold a mount, and /proc does not say"
  if lk_mounted_at "$u_real"; then
    lk_fail "$u_refuse has something mounted at $lk_mount: unmount it first, or its files are lost"
  fi
  # userdel would fail with the account already gone.
  if lk_is_blocked_below "$u_home"; then lk_fail "$u_refuse cannot be deleted: $lk_v"; fi
}

u_remove() {
  u_bool force "$p_force"
  u_bool remove "$p_remove"
  [ -n "$lk_pw" ] || lk_ok
  [ "$p_remove" = 0 ] || u_check_removal
  u_plan_removal
  if lk_checking; then lk_changed; fi
  if lk_has userdel; then
    set --
    [ "$p_force" = 0 ] || set -- "$@" -f
    [ "$p_remove" = 0 ] || set -- "$@" -r
    u_run userdel "$@" -- "$p_name"
  elif lk_has deluser; then
    set --
    [ "$p_remove" = 0 ] || set -- --remove-home
    u_run deluser "$@" "$p_name"
  else
    lk_fail 'this host has neither userdel nor deluser'
  fi
  [ -z "${u_said-}" ] || lk_s stderr "$u_said"
  lk_changed
}

u_plan_removal() {
  lk_checking || return 0
  lk_plan user "$p_name" ''
  lk_each group /etc/group u_plan_leaving
  # userdel takes the private group along where nobody else is in it.
  lk_login_defs
  if [ "$lk_def_USERGROUPS_ENAB" = yes ] && lk_getgr "$p_name" && [ "$lk_gr_gid" = "$lk_pw_gid" ]; then
    u_shared='' lk_wanted=$lk_gr_gid
    lk_each user /etc/passwd u_shares_group
    case $u_shared$lk_gr_members in '' | "$p_name") lk_plan group "$p_name" '' ;; esac
  fi
  if [ "$p_remove" = 1 ] && [ -d "$lk_pw_home" ]; then lk_plan path "$lk_pw_home" ''; fi
}

u_shares_group() {
  u_rest=${1#*:*:*:}
  case $1 in "$p_name:"*) ;; *) [ "${u_rest%%:*}" != "$lk_wanted" ] || u_shared=1 ;; esac
}

# A line of group(5): plans it without the account, if that is a member.
u_plan_leaving() {
  u_members=,${1##*:},
  case $u_members in *,"$p_name",*) ;; *) return ;; esac
  u_members=${u_members%%",$p_name,"*},${u_members#*",$p_name,"}
  u_members=${u_members#,}
  lk_plan group "${1%%:*}" "${1%:*}:${u_members%,}"
}
