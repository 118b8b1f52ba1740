# shellcheck disable=SC1003,SC2034,SC2154 # variables of the library, and p_* that come with the program
lk_sbin
lk_s name "$p_name"
lk_s state "$p_state"
lk_getpw "$p_name" || :

# Runs a tool that changes accounts; its complaint is the module's.
u_run() {
  u_said=
  lk_run_account "$@"
  u_said=$lk_out
  [ "$lk_rc" -eq 0 ] && return
  lk_i rc "$lk_rc"
  lk_fail "${lk_out:-$1 failed with status $lk_rc}"
}

u_bool() { case $2 in 1) lk_b "$1" true ;; *) lk_b "$1" false ;; esac; }

# u_encode PATH: sets lk_v to a path as mountinfo writes it (proc(5)).
u_encode() {
  lk_v=
  u_rest=$1
  while [ -n "$u_rest" ]; do
    u_char=${u_rest%"${u_rest#?}"}
    u_rest=${u_rest#?}
    case $u_char in
    ' ') u_char='\040' ;;
    '	') u_char='\011' ;;
    "$lk_nl") u_char='\012' ;;
    '\') u_char='\134' ;;
    esac
    lk_v=$lk_v$u_char
  done
}

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
  u_encode "$u_real"
  [ -r /proc/self/mountinfo ] || lk_fail "$u_refuse could hold a mount, and /proc does not say"
  while read -r _ _ _ _ u_mount _; do
    case $u_mount in
    "$lk_v" | "$lk_v"/*) lk_fail "$u_refuse has something mounted at $u_mount: unmount it first, or its files are lost" ;;
    esac
  done </proc/self/mountinfo
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

# Groups: u_groups is the wanted list of names, with a comma before and after each.
u_check_groups() {
  if [ -n "${p_group-}" ]; then
    lk_getgr_any "$p_group" || lk_fail "Group $p_group does not exist"
    u_gid=$lk_gr_gid
  fi
  u_groups=,
  u_i=0
  while [ "$u_i" -lt "${p_groups_n:-0}" ]; do
    u_i=$((u_i + 1))
    eval "u_one=\$p_groups_$u_i"
    lk_getgr_any "$u_one" || lk_fail "Group $u_one does not exist"
    case $u_groups in *",$lk_gr_name,"*) ;; *) u_groups=$u_groups$lk_gr_name, ;; esac
  done
}

# Collects the groups that have the account as a member.
u_current_groups() {
  u_current=,
  lk_each group /etc/group u_add_current
}
u_add_current() {
  case ,${1##*:}, in *,"$p_name",*) u_current=$u_current${1%%:*}, ;; esac
}

# u_differ A B: whether two such lists hold different names.
u_differ() { u_lacks "$1" "$2" || u_lacks "$2" "$1"; }
# u_lacks A B: whether some name of B is not in A.
u_lacks() {
  u_rest=${2#,}
  while [ -n "$u_rest" ]; do
    case $1 in *",${u_rest%%,*},"*) ;; *) return 0 ;; esac
    u_rest=${u_rest#*,}
  done
  return 1
}

# u_plan_groups: in a dry run, the lines of group(5) as they would be.
u_plan_groups() { lk_each group /etc/group u_plan_membership; }
u_plan_membership() {
  case $u_groups in
  *",${1%%:*},"*)
    case ,${1##*:}, in
    *,"$p_name",*) ;;
    ,,) lk_plan group "${1%%:*}" "$1$p_name" ;;
    *) lk_plan group "${1%%:*}" "$1,$p_name" ;;
    esac
    ;;
  *) [ "$p_append" = 1 ] || u_plan_leaving "$1" ;;
  esac
}

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

# --- A new account

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
  if lk_has useradd; then u_useradd; else u_adduser; fi
  u_stderr=${u_said-}
  [ -z "${p_password-}" ] || u_set_password
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

u_make_parent() {
  u_parent=${1%/*}
  [ -n "$u_parent" ] && [ ! -d "$u_parent" ] || return 0
  lk_out=$(umask 022 && mkdir -p -- "$u_parent" 2>&1) || lk_fail "Failed to create directory $u_parent: $lk_out"
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

# u_join LIST, u_leave LIST: BusyBox changes one membership at a time.
u_join() {
  u_rest=${1#,}
  while [ -n "$u_rest" ]; do
    u_run addgroup "$p_name" "${u_rest%%,*}"
    u_rest=${u_rest#*,}
  done
}
u_leave() {
  u_rest=${1#,}
  while [ -n "$u_rest" ]; do
    u_run delgroup "$p_name" "${u_rest%%,*}"
    u_rest=${u_rest#*,}
  done
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

# --- An account that exists

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

# u_each_missing A B: sets lk_v to the list of what is in B and not in A.
u_each_missing() {
  lk_v=,
  u_rest=${2#,}
  while [ -n "$u_rest" ]; do
    case $1 in *",${u_rest%%,*},"*) ;; *) lk_v=$lk_v${u_rest%%,*}, ;; esac
    u_rest=${u_rest#*,}
  done
}

# --- What holds for both

u_finish() {
  lk_i uid "$lk_pw_uid"
  lk_i group "$lk_pw_gid"
  lk_s comment "$lk_pw_gecos"
  lk_s home "$lk_pw_home"
  lk_s shell "$lk_pw_shell"
  [ -z "${p_groups_given+x}" ] || lk_s groups "$p_groups_given"
  u_home
  [ "$p_generate_ssh_key" = 0 ] || u_ssh_key
  u_ageing
  u_plan_shadow
  [ -z "${u_stderr-}" ] || lk_s stderr "$u_stderr"
  [ -z "$u_changed" ] || lk_changed
  lk_ok
}

# A home that is missing is made, of an account that existed before, too.
u_home() {
  [ "$p_create_home" = 1 ] || return 0
  u_dir=$lk_pw_home
  if lk_planned path "$u_dir"; then
    [ -z "$lk_v" ] || return 0
  elif [ -e "$u_dir" ]; then
    return 0
  fi
  u_changed=1
  u_home_mode
  u_mode=$lk_v
  if lk_checking; then
    [ -n "${u_own_group-}" ] && lk_gr_name=$p_name || lk_getgr_any "$lk_pw_gid" || lk_gr_name=$lk_pw_gid
    lk_plan path "$u_dir" "directory $u_mode $p_name $lk_gr_name"
    return 0
  fi
  # It is root's until it is whole: the account could put a link in our way.
  u_skeleton=${p_skeleton-/etc/skel}
  u_make_parent "$u_dir"
  lk_out=$({ umask 077 && mkdir -- "$u_dir"; } 2>&1) || lk_fail "Failed to create directory $u_dir: $lk_out"
  if [ -d "$u_skeleton" ]; then
    lk_out=$(cp -RP -- "$u_skeleton/." "$u_dir/" 2>&1) || lk_fail "could not copy $u_skeleton to $u_dir: $lk_out"
  fi
  lk_out=$({ chown -Rh "$lk_pw_uid:$lk_pw_gid" "$u_dir" && chmod "$u_mode" "$u_dir"; } 2>&1) ||
    lk_fail "could not give $u_dir to $p_name: $lk_out"
}

u_home_mode() {
  [ -n "${lk_def_UMASK-}" ] || lk_login_defs
  if [ -n "${p_umask-}" ]; then
    u_umask=$p_umask
  elif [ -n "$lk_def_HOME_MODE" ]; then
    lk_v=0${lk_def_HOME_MODE#0}
    return
  else
    u_umask=$lk_def_UMASK
  fi
  # Digit by digit: mksh reads a leading zero as decimal.
  u_umask=000$u_umask
  u_umask=${u_umask#"${u_umask%???}"}
  u_one=${u_umask%??} u_two=${u_umask#?} u_two=${u_two%?} u_three=${u_umask#??}
  lk_v=0$((7 & ~u_one))$((7 & ~u_two))$((7 & ~u_three))
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

# A key pair for the account, made by the account itself: its home is its own, and may hold links.
u_ssh_key() {
  u_file=${p_ssh_key_file-.ssh/id_$p_ssh_key_type}
  case $u_file in /*) ;; *) u_file=$lk_pw_home/$u_file ;; esac
  lk_s ssh_key_file "$u_file"
  if lk_checking; then
    if [ ! -e "$u_file" ] || [ "$p_force" = 1 ]; then u_changed=1; fi
    return 0
  fi
  u_comment=${p_ssh_key_comment-}
  if [ -z "${p_ssh_key_comment+x}" ]; then
    read -r u_host </proc/sys/kernel/hostname || u_host=$(uname -n)
    u_comment="ansible-generated on $u_host"
  fi
  # shellcheck disable=SC2016 # it is the other shell that reads these
  lk_as "$p_name" "$lk_pw_uid" "$lk_pw_gid" '
    umask 077
    new=
    if [ "$3" = 1 ]; then rm -f -- "$1" "$1.pub"; fi
    if [ ! -e "$1" ]; then
      new=1
      [ -d "${1%/*}" ] || mkdir -- "${1%/*}" || exit
      if [ "$4" -gt 0 ]; then
        ssh-keygen -q -t "$2" -b "$4" -C "$5" -N "" -f "$1" </dev/null || exit
      else
        ssh-keygen -q -t "$2" -C "$5" -N "" -f "$1" </dev/null || exit
      fi
    fi
    echo "new=$new"
    ssh-keygen -l -f "$1.pub" || exit
    cat -- "$1.pub"' "$u_file" "$p_ssh_key_type" "$p_force" "$p_ssh_key_bits" "$u_comment" ||
    lk_fail "could not make a key for $p_name: $lk_out"
  case $lk_out in new=1*) u_changed=1 ;; esac
  lk_out=${lk_out#*"$lk_nl"}
  lk_s ssh_fingerprint "${lk_out%%"$lk_nl"*}"
  lk_s ssh_public_key "${lk_out#*"$lk_nl"}"
}

if [ "$p_state" = absent ]; then
  u_remove
elif [ -n "$lk_pw" ]; then
  u_modify
else
  u_create
fi
