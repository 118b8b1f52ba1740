# shellcheck disable=SC2154 # p_* come with the program
lk_sbin
lk_s name "$p_name"
lk_s state "$p_state"
# groupadd looks for a group of this name wherever the host does.
if [ "$p_state" = present ] && ! lk_checking && lk_has groupadd; then lk_later=1; fi
lk_getgr "$p_name" || :
gr_unasked=${lk_unasked-} lk_later=

gr_run() {
  lk_run_account "$@"
  [ "$lk_rc" -eq 0 ] && return
  case $1/$lk_rc/$gr_unasked in groupadd/9/1) if lk_getgr "$p_name"; then gr_exists; fi ;; esac
  lk_i rc "$lk_rc"
  lk_fail "${lk_out:-$1 failed with status $lk_rc}"
}

gr_find_user() {
  gr_rest=${1#*:*:*:}
  [ "${gr_rest%%:*}" != "$lk_wanted" ] || gr_user=${gr_user:-${1%%:*}}
}

gr_present_fields() {
  case $p_system in 1) lk_b system true ;; *) lk_b system false ;; esac
  lk_i gid "$1"
}

gr_check_gid() {
  if [ -n "${p_gid-}" ] && [ "$p_non_unique" = 0 ] && lk_checking && lk_id_taken group /etc/group "$p_gid"; then
    lk_fail "groupadd: GID '$p_gid' already exists"
  fi
}

# A group that is there: its number is the only thing about it that changes.
gr_exists() {
  if [ "${p_gid-$lk_gr_gid}" = "$lk_gr_gid" ]; then
    gr_present_fields "$lk_gr_gid"
    lk_ok
  fi
  gr_check_gid
  lk_has groupmod || lk_fail "this host has no groupmod to change the number of $p_name"
  if lk_checking; then
    lk_plan group "$p_name" "$p_name:x:$p_gid:$lk_gr_members"
    gr_present_fields "$p_gid"
    lk_changed
  fi
  set --
  [ "$p_non_unique" = 0 ] || set -- -o
  gr_run groupmod -g "$p_gid" "$@" -- "$p_name"
  gr_present_fields "$p_gid"
  lk_changed
}

if [ "$p_state" = absent ]; then
  [ -n "$lk_gr" ] || lk_ok
  if lk_checking; then
    lk_wanted=$lk_gr_gid gr_user=
    [ "$p_force" = 1 ] || ! lk_has groupdel || lk_each user /etc/passwd gr_find_user
    [ -z "$gr_user" ] || lk_fail "groupdel: cannot remove the primary group of user '$gr_user'"
    lk_plan group "$p_name" ''
    lk_changed
  fi
  if lk_has groupdel; then
    set --
    [ "$p_force" = 0 ] || set -- -f
    gr_run groupdel "$@" -- "$p_name"
  elif lk_has delgroup; then
    gr_run delgroup "$p_name"
  else
    lk_fail 'this host has neither groupdel nor delgroup'
  fi
  lk_changed
fi

if [ -n "$lk_gr" ]; then gr_exists; fi
gr_check_gid
lk_is_name "$p_name" || lk_fail "groupadd: '$p_name' is not a valid group name"

if lk_checking; then
  gr_gid=${p_gid-}
  if [ -z "$gr_gid" ]; then
    lk_login_defs
    if [ "$p_system" = 1 ]; then
      lk_free_id group /etc/group 1 "${p_gid_min:-$lk_def_SYS_GID_MIN}" "${p_gid_max:-$lk_def_SYS_GID_MAX}"
    else
      lk_free_id group /etc/group 0 "${p_gid_min:-$lk_def_GID_MIN}" "${p_gid_max:-$lk_def_GID_MAX}"
    fi
    gr_gid=$lk_v
  fi
  lk_plan group "$p_name" "$p_name:x:$gr_gid:"
  gr_present_fields "$gr_gid"
  lk_changed
fi

if lk_has groupadd; then
  set --
  [ "$p_system" = 0 ] || set -- "$@" -r
  [ -z "${p_gid-}" ] || set -- "$@" -g "$p_gid"
  [ "$p_non_unique" = 0 ] || set -- "$@" -o
  [ -z "${p_gid_min-}" ] || set -- "$@" -K "GID_MIN=$p_gid_min"
  [ -z "${p_gid_max-}" ] || set -- "$@" -K "GID_MAX=$p_gid_max"
  gr_run groupadd "$@" -- "$p_name"
elif lk_has addgroup; then
  set --
  [ "$p_system" = 0 ] || set -- "$@" -S
  [ -z "${p_gid-}" ] || set -- "$@" -g "$p_gid"
  gr_run addgroup "$@" "$p_name"
else
  lk_fail 'this host has neither groupadd nor addgroup'
fi
lk_getgr "$p_name" || lk_fail "$p_name is not there although the host's tool said that it made it"
gr_present_fields "$lk_gr_gid"
lk_changed
