# The home directory of an account, and its own key pair.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

u_make_parent() {
  u_parent=${1%/*}
  [ -n "$u_parent" ] && [ ! -d "$u_parent" ] || return 0
  if lk_checking; then
    u_make_parent "$u_parent"
    u_parent=${1%/*}
    lk_plan path "$u_parent" 'directory 0755 root root'
    return
  fi
  lk_out=$(umask 022 && mkdir -p -- "$u_parent" 2>&1) || lk_fail "Failed to create directory $u_parent: $lk_out"
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
    u_make_parent "$u_dir"
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

# A key pair for the account, made by the account itself: its home is its own, and may hold links.
u_ssh_key() {
  u_file=${p_ssh_key_file-.ssh/id_$p_ssh_key_type}
  case $u_file in /*) ;; *) u_file=$lk_pw_home/$u_file ;; esac
  lk_s ssh_key_file "$u_file"
  # There is nobody yet whose rights could be tried.
  if lk_checking && { [ -n "$u_created" ] || { lk_planned user "$p_name" && [ ! -d "$lk_pw_home" ]; }; }; then
    u_changed=1
    return
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
    dir=${1%/*}
    if [ "$6" = 1 ]; then
      if [ -e "$1" ] && [ "$3" = 0 ]; then echo new=; exit; fi
      [ -d "$dir" ] || dir=${dir%/*}
      [ -w "$dir" ] && echo new=1 && exit
      echo "$dir cannot be written to"
      exit 1
    fi
    if [ "$3" = 1 ]; then rm -f -- "$1" "$1.pub"; fi
    if [ ! -e "$1" ]; then
      new=1
      [ -d "$dir" ] || mkdir -- "$dir" || exit
      if [ "$4" -gt 0 ]; then
        ssh-keygen -q -t "$2" -b "$4" -C "$5" -N "" -f "$1" </dev/null || exit
      else
        ssh-keygen -q -t "$2" -C "$5" -N "" -f "$1" </dev/null || exit
      fi
    fi
    echo "new=$new"
    ssh-keygen -l -f "$1.pub" || exit
    cat -- "$1.pub"' "$u_file" "$p_ssh_key_type" "$p_force" "$p_ssh_key_bits" "$u_comment" "${lk_check-0}" ||
    lk_fail "could not make a key for $p_name: $lk_out"
  case $lk_out in new=1*) u_changed=1 ;; esac
  if lk_checking; then return; fi
  lk_out=${lk_out#*"$lk_nl"}
  lk_s ssh_fingerprint "${lk_out%%"$lk_nl"*}"
  lk_s ssh_public_key "${lk_out#*"$lk_nl"}"
}
