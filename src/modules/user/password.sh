# Passwords and what else shadow(5) holds about an account.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

# The password, through a pipe: in arguments the host's process list would show it.
u_set_password() {
  u_hash=$p_password
  [ "${p_password_lock-0}" = 0 ] || u_hash="!$p_password"
  lk_has chpasswd || lk_fail "this host has no chpasswd to set the password of $p_name"
  lk_out=$(lk_put "$p_name:$u_hash$lk_nl" | chpasswd -e 2>&1) || lk_fail "the password of $p_name was not set: $lk_out"
}

# u_unlock TEXT: sets lk_v to a password field without its lock, u_lock to `!` where it had one.
u_unlock() {
  lk_v=$1 u_lock=
  while case $lk_v in '!'*) ;; *) false ;; esac; do lk_v=${lk_v#?} u_lock=!; done
}

# u_sum: sets lk_v to what stands for a hash in a plan, which is no place for a hash itself.
u_sum() {
  case $lk_v in '' | '*' | =*) return ;; esac
  lk_v=$(lk_put "$lk_v" | cksum)
  lk_v="=${lk_v% *}"
}

# shadow(5): u_old_hash u_min u_max u_warn u_inactive u_expire; only the first, of passwd(5), where it cannot be read.
u_shadow() {
  if lk_planned shadow "$p_name"; then
    lk_cut "$lk_v"
  elif lk_line_of /etc/shadow "$p_name"; then
    lk_cut "$lk_line"
  elif [ -z "$lk_pw" ] || lk_planned user "$p_name"; then
    # An account that only a dry run has made has no password yet.
    lk_cut "$p_name:!::::::"
  else
    lk_cut "$lk_pw::::"
    lk_4='' lk_5='' lk_6='' lk_7='' lk_8=
  fi
  u_old_hash=$lk_2 u_min=$lk_4 u_max=$lk_5 u_warn=$lk_6 u_inactive=$lk_7 u_expire=$lk_8
}

# A lock in front of the hash is not part of it.
u_compare_password() {
  [ -n "${p_password-}" ] && [ "$p_update_password" = always ] || return 1
  u_unlock "$u_old_hash"
  u_left=$lk_v
  u_unlock "$p_password"
  case $u_left in =*) u_sum ;; esac
  [ "$u_left" != "$lk_v" ]
}

# In a dry run, what the later steps of it will find in shadow(5).
u_plan_shadow() {
  lk_checking || return 0
  case ${p_password-}${p_password_lock-}${p_expires_day-}${p_password_expire_max-}${p_password_expire_min-}/$u_created in
  /*) [ -n "${p_password_expire_warn-}" ] || return 0 ;;
  esac
  u_shadow
  u_unlock "$u_old_hash"
  if [ -n "$u_password_differs" ]; then
    u_unlock "$p_password"
    [ "${p_password_lock-0}" = 0 ] || u_lock=!
  elif [ -z "$u_created" ]; then
    case ${p_password_lock-} in 1) u_lock=! ;; 0) u_lock= ;; esac
  fi
  u_sum
  [ "${p_expires_day-x}" != -1 ] || p_expires_day=
  lk_v="$p_name:$u_lock$lk_v::${p_password_expire_min-$u_min}:${p_password_expire_max-$u_max}"
  lk_plan shadow "$p_name" "$lk_v:${p_password_expire_warn-$u_warn}:$u_inactive:${p_expires_day-$u_expire}"
}

u_ageing() {
  [ -n "${p_password_expire_max-}${p_password_expire_min-}${p_password_expire_warn-}" ] || return 0
  u_shadow
  set --
  : "${u_max:=-1}" "${u_min:=-1}" "${u_warn:=-1}"
  [ "${p_password_expire_max-$u_max}" = "$u_max" ] || set -- "$@" -M "$p_password_expire_max"
  [ "${p_password_expire_min-$u_min}" = "$u_min" ] || set -- "$@" -m "$p_password_expire_min"
  [ "${p_password_expire_warn-$u_warn}" = "$u_warn" ] || set -- "$@" -W "$p_password_expire_warn"
  [ $# -gt 0 ] || return 0
  u_changed=1
  lk_checking && return 0
  lk_has chage || lk_fail "this host has no chage to set the age of the password of $p_name"
  u_run chage "$@" -- "$p_name"
}
