# Works in stages, since the controller judges what sshd says: `ask` tells that, `look` is about the key files, and says
# whether the account gets in; `tell` only says it, and `second` that keys have second lines.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # variables of the libraries, of subshells, and p_* of the program
lk_sbin
lk_is_root || lk_fail 'sshd tells its settings to root alone: give the task become: true'

# lc_read FILE DEPTH: a configuration with what it includes, `line NUMBER TEXT` between `file PATH` and `end`. A subshell,
# so that an included file has variables of its own.
lc_read() (
  lc_depth=$2 lc_n=0
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then exit 0; fi
  lk_put "file $1$lk_nl"
  while IFS= read -r lc_text || [ -n "$lc_text" ]; do
    lc_n=$((lc_n + 1))
    while case $lc_text in [' 	']*) ;; *) false ;; esac; do lc_text=${lc_text#?}; done
    case $lc_text in
    '' | '#'*) continue ;;
    esac
    lk_put "line $lc_n $lc_text$lk_nl"
    case $lc_text in
    [Ii][Nn][Cc][Ll][Uu][Dd][Ee][' 	=']*) [ "$lc_depth" -ge 16 ] || lc_include "${lc_text#???????}" ;;
    esac
  done <"$1"
  lk_put "end$lk_nl"
)
lc_include() {
  lc_rest=$1
  while :; do
    while case $lc_rest in [' 	=']*) ;; *) false ;; esac; do lc_rest=${lc_rest#?}; done
    case $lc_rest in
    '' | '#'*) return 0 ;;
    '"'*) lc_rest=${lc_rest#?} lc_one=${lc_rest%%'"'*} lc_rest=${lc_rest#"$lc_one"} lc_rest=${lc_rest#?} ;;
    *) lc_one=${lc_rest%%[' 	']*} lc_rest=${lc_rest#"$lc_one"} ;;
    esac
    case $lc_one in /*) ;; *) lc_one=/etc/ssh/$lc_one ;; esac
    IFS=
    # shellcheck disable=SC2086 # its wildcards are what it is for
    set -- $lc_one
    unset IFS
    for lc_one; do lc_read "$lc_one" $((lc_depth + 1)); done
  done
}

# lc_port: the first Port of the configuration.
lc_first_port() {
  lc_port=22
  set -f
  IFS=$lk_nl
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $lc_config
  unset IFS
  for lc_text; do
    # shellcheck disable=SC2086
    set -- $lc_text
    case ${1-}/${3-}/${4-} in line/[Pp][Oo][Rr][Tt]/[0-9]*) lc_port=$4 && break ;; esac
  done
  set +f
}

lc_ask_sshd() {
  lc_sshd=$(command -v sshd) || { ! lk_has dropbear || lk_b sshd.dropbear true; return 0; }
  lk_s sshd.path "$lc_sshd"
  lc_config=$(lc_read /etc/ssh/sshd_config 0)
  lk_s sshd.config "$lc_config"
  lc_how=-T
  lk_run "$lc_sshd" -t
  case $lk_rc/$lk_out in
  0/*) ;;
  *'rivilege separation directory'* | *'no hostkeys available'*)
    # These are made when sshd starts, and where a socket starts it that may be later. From 9.3 on it can do without.
    lc_how=-G
    lk_l sshd.notes "sshd could not start now: ${lk_out##*"$lk_nl"}"
    ;;
  *)
    lk_s sshd.invalid "$lk_out"
    return
    ;;
  esac
  lc_first_port
  lc_from=user=$p_user,host=$p_address,addr=$p_address
  # Old ones know fewer keys of -C, or no -C.
  lc_ask -C "$lc_from,laddr=127.0.0.1,lport=$lc_port" || lc_ask -C "$lc_from" || {
    lc_ask || { lk_s sshd.invalid "$lk_out"; return; }
    lk_l sshd.notes 'this sshd cannot be asked about one login: Match blocks were not judged'
  }
  lk_s sshd.settings "$lk_out"
  case $lk_nl$lk_out in
  *"${lk_nl}revokedkeys none$lk_nl"*) ;;
  *"${lk_nl}revokedkeys "*)
    lc_file=${lk_out#*"${lk_nl}revokedkeys "}
    lc_file=${lc_file%%"$lk_nl"*}
    if [ ! -f "$lc_file" ] || [ ! -r "$lc_file" ]; then
      lk_s sshd.revoked missing
    elif [ -n "$p_blob" ] && grep -qF -e "$p_blob" "$lc_file" 2>/dev/null; then
      lk_s sshd.revoked holds
    fi
    ;;
  esac
}
lc_ask() {
  lk_run "$lc_sshd" "$lc_how" "$@"
  [ "$lk_rc" -eq 0 ]
}

lc_ask_account() {
  lk_getpw "$p_user" || return 0
  lc_password=${lk_pw#*:}
  lc_password=${lc_password%%:*}
  lk_s account.uid "$lk_pw_uid"
  lk_s account.home "$lk_pw_home"
  lk_s account.shell "$lk_pw_shell"
  lk_each group /etc/group lc_take_group
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned user "$p_user"; then
    lk_b account.planned true
    return
  fi
  # Groups of other name services, too; the list may say one twice.
  lc_groups=$(id -Gn "$p_user" 2>/dev/null) || lc_groups=
  set -f
  for lc_group in $lc_groups; do lk_l account.groups "$lc_group"; done
  set +f
  [ ! -d "$lk_pw_home/" ] || lk_b account.has_home true
  lc_shell=${lk_pw_shell:-/bin/sh}
  if [ ! -f "$lc_shell" ]; then
    lk_s account.shell_state missing
  elif [ ! -x "$lc_shell" ]; then
    lk_s account.shell_state not-executable
  fi
  if lk_line_of /etc/shadow "$p_user" || lk_ask_name_service shadow "$p_user"; then
    lk_cut "$lk_line"
    lc_password=$lk_2
    lk_s account.password_changed "$lk_3"
    lk_s account.password_max "$lk_5"
    lk_s account.expires "$lk_8"
  fi
  case $lc_password in '!'*) lk_b account.locked true ;; esac
}
lc_take_group() {
  lk_cut "$1"
  case $lk_3/,$lk_4, in
  "$lk_pw_gid"/* | */*,"$p_user",*) lk_l account.groups "$lk_1" ;;
  esac
}

# What keeps the account out: lc_block TEXT.
lc_blocked=0 lc_first=
lc_block() {
  lc_blocked=$((lc_blocked + 1))
  lk_l blockers "$1"
  : "${lc_first:=$1}"
}

# lc_good PATH: whether sshd reads keys from a file: as the account, and with StrictModes only where nobody else could
# have written it. Sets lc_why where it does not; empty where there is none.
lc_good() {
  lc_why=
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned path "$1"; then
    case $lk_v in
    '') return 1 ;;
    *"$lk_nl"*) lc_lines=${lk_v#*"$lk_nl"} ;;
    *) return 0 ;;
    esac
    [ -z "$p_blobs" ] || lc_tell_lines "$1" "$(lk_put "$lc_lines" | grep -nF -e "$p_blobs")"
    lc_holds_key "$1"
    return
  fi
  [ -e "$1" ] || return 1
  if [ ! -f "$1" ]; then
    lc_why="$1 is not a regular file: put the keys into one"
    return 1
  fi
  [ "$p_strict" = 0 ] || lc_strict "$1" || return 1
  # shellcheck disable=SC2016 # for another shell
  lk_as "$p_user" "$lk_pw_uid" "$lk_pw_gid" \
    '[ -r "$1" ] || exit 9; [ -z "$2" ] || grep -F -e "$2" "$1" | head -n 20' "$1" "$p_blob"
  if [ "$lk_rc" -ne 0 ]; then
    lc_why="$1 cannot be read with the rights of $p_user, as sshd reads it: let the account read it, and enter the directories above it"
    return 1
  fi
  lc_lines=$lk_out
  if [ -n "$p_blobs" ]; then
    # shellcheck disable=SC2016 # for another shell
    lk_as "$p_user" "$lk_pw_uid" "$lk_pw_gid" \
      'head -c 4194304 "$1" | tr "\000" " " | grep -anF -e "$2" | head -n 50 | cut -b 1-8200' "$1" "$p_blobs"
    lc_tell_lines "$1" "$lk_out"
  fi
  lc_holds_key "$1"
}

# lc_tell_lines FILE LINES: tells the lines, each with its number, that hold one of the grant's keys.
lc_n=0
lc_tell_lines() {
  set -f
  IFS=$lk_nl
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- "$1" $2
  unset IFS
  set +f
  lc_in=$1
  shift
  for lc_text; do
    lc_n=$((lc_n + 1))
    lk_s "found.$lc_n.file" "$lc_in"
    lk_i "found.$lc_n.line" "${lc_text%%:*}"
    lk_s "found.$lc_n.text" "${lc_text#*:}"
  done
}

# lc_holds_key FILE: whether the key stands in a line of lc_lines that is no comment.
lc_holds_key() {
  [ -n "$p_blob" ] || return 0
  lc_found=
  set -f
  IFS=$lk_nl
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- "$1" $lc_lines
  unset IFS
  set +f
  lc_why="$1 does not hold the key: put it there"
  shift
  for lc_text; do
    while case $lc_text in [' 	']*) ;; *) false ;; esac; do lc_text=${lc_text#?}; done
    case $lc_text in
    '#'*) continue ;;
    *[' 	']"$p_blob" | *[' 	']"$p_blob"[' 	']*) ;;
    *) continue ;;
    esac
    lc_text=${lc_text%%"$p_blob"*}
    while case $lc_text in *[' 	']) ;; *) false ;; esac; do lc_text=${lc_text%?}; done
    # What is left ends in the key's type.
    case $lc_text in *[' 	']*) lc_text=${lc_text%[' 	']*} ;; *) lc_text= ;; esac
    lk_l key_options "$lc_text"
    [ -z "$lc_text" ] || lk_l notes "the line of the key has the options $lc_text"
    lc_found=1
  done
  [ -n "$lc_found" ] || return 1
  lc_why=
}

# lc_strict FILE: the walk of StrictModes, from the file that the path really is up to the home, or else to the root.
lc_strict() {
  lc_real=$(readlink -f -- "$1") || lc_real=$1
  lc_top=$(readlink -f -- "$lk_pw_home" 2>/dev/null) || lc_top=/
  lc_at=$lc_real
  while :; do
    lk_stat_as s "$lc_at"
    if [ "$s_uid" != 0 ] && [ "$s_uid" != "$lk_pw_uid" ]; then
      lc_why="$lc_at belongs to $s_owner: give it to $p_user or to root"
    elif [ $((s_bits & 2)) -ne 0 ]; then
      lc_why="everybody may write to $lc_at (mode $s_mode): chmod go-w $lc_at"
    elif [ $((s_bits & 16)) -ne 0 ] && ! lc_private; then
      lc_why="the group $s_group may write to $lc_at (mode $s_mode): chmod g-w $lc_at"
    fi
    if [ -n "$lc_why" ]; then
      lc_why="StrictModes has sshd ignore $1: $lc_why"
      return 1
    fi
    [ "$lc_at" != / ] && [ "$lc_at" != "$lc_top" ] || return 0
    lk_parent "$lc_at"
    lc_at=$lk_v
  done
}

# lc_private: whether the group of s_* is the account's alone, which Debian's sshd lets write.
lc_private() {
  lc_is_debian && lk_getgr_any "$s_gid" || return 1
  lc_members=0
  case $lk_gr_members in '') ;; "$s_owner") lc_members=1 ;; *) return 1 ;; esac
  lc_others=0
  lk_each user /etc/passwd lc_count_member
  [ "$lc_others" -eq 0 ] && [ "$lc_members" -gt 0 ]
}
lc_count_member() {
  lk_cut "$1"
  [ "$lk_4" = "$s_gid" ] || return 0
  if [ "$lk_3" = "$lk_pw_uid" ]; then lc_members=$((lc_members + 1)); else lc_others=1; fi
}
lc_is_debian() {
  [ -r /etc/os-release ] || return 1
  while IFS='=' read -r lc_key lc_value; do
    case $lc_key/$lc_value in ID/*debian* | ID_LIKE/*debian*) return 0 ;; esac
  done </etc/os-release
  return 1
}

# lc_look_at_guards: programs that shut an address out which had too many logins refused.
lc_look_at_guards() {
  if lk_has fail2ban-client; then
    lk_run fail2ban-client status sshd
    case " $(lk_put "$lk_out" | tr '\t\n' '  ') " in
    *'Banned IP list:'*" $p_address "*) lc_block "fail2ban shuts $p_address out: fail2ban-client set sshd unbanip $p_address" ;;
    *) [ "$lk_rc" -ne 0 ] || lk_l notes 'fail2ban watches sshd here, and shuts out who has some logins refused in a row' ;;
    esac
  fi
  for lc_guard in sshguard crowdsec; do
    ! lk_has "$lc_guard" || lk_l notes "$lc_guard is installed here, and may shut out who has some logins refused in a row"
  done
  if grep -q '^[^#]*[^#[:space:]]' /etc/hosts.deny 2>/dev/null; then
    lk_l notes '/etc/hosts.deny has rules, which count where sshd was built with libwrap'
  fi
}

# lc_look_at_pam: modules that may refuse an account for reasons of their own, with the file that names them.
lc_look_at_pam() {
  lc_pam=$1
  [ "$2" -le 4 ] || return 0
  [ -r "$lc_pam" ] || return 0
  while read -r lc_kind lc_control lc_module lc_rest; do
    case $lc_kind/$lc_control in
    '#'*) ;;
    @include/*) (lc_look_at_pam "/etc/pam.d/$lc_control" $(($2 + 1))) ;;
    *account/include | *account/substack) (lc_look_at_pam "/etc/pam.d/$lc_module" $(($2 + 1))) ;;
    *account/*)
      case "$lc_control $lc_module $lc_rest " in
      *pam_access* | *pam_time* | *pam_listfile* | *pam_succeed_if* | *pam_tally* | *pam_faillock* | *pam_sss* | *pam_ldap*)
        lk_put "$lc_pam: $lc_kind $lc_control $lc_module $lc_rest$lk_nl"
        ;;
      esac
      ;;
    esac
  done <"$lc_pam"
}

lc_look() {
  lk_getpw "$p_user" || return 0
  lc_look_at_guards
  lc_pam_lines=$(lc_look_at_pam /etc/pam.d/sshd 0)$lk_nl
  while [ -n "$lc_pam_lines" ]; do
    lc_one=${lc_pam_lines%%"$lk_nl"*} lc_pam_lines=${lc_pam_lines#*"$lk_nl"}
    [ -z "$lc_one" ] || lk_l notes "PAM may refuse $p_user by a rule of its own (${lc_one% })"
  done
  [ "$p_file_n" -eq 0 ] || lc_look_at_files
  [ "$lk_pw_uid" != 0 ] || return 0
  for lc_file in /etc/nologin /run/nologin; do
    [ ! -e "$lc_file" ] || lc_block "$lc_file exists, which keeps everybody but root out: find out who made it, and remove it"
  done
}
lc_look_at_files() {
  lc_i=0 lc_files='' lc_bad=0 lc_is_good=
  while [ "$lc_i" -lt "$p_file_n" ]; do
    lc_i=$((lc_i + 1))
    eval "lc_file=\$p_file_$lc_i"
    lc_files="${lc_files:+$lc_files, }$lc_file"
    if lc_good "$lc_file"; then
      lc_is_good=1
    elif [ -n "$lc_why" ]; then
      lc_bad=$((lc_bad + 1))
      eval "lc_bad_$lc_bad=\$lc_why"
    fi
  done
  [ -n "$lc_is_good" ] || [ "$lc_bad" -gt 0 ] || [ "$p_command" = 1 ] ||
    lc_block "$p_user has no key file: sshd reads $lc_files"
  # One good file is enough, and so is a command that gives keys.
  lc_i=0
  while [ "$lc_i" -lt "$lc_bad" ]; do
    lc_i=$((lc_i + 1))
    eval "lc_why=\$lc_bad_$lc_i"
    if [ -n "$lc_is_good" ] || [ "$p_command" = 1 ]; then lk_l notes "$lc_why"; else lc_block "$lc_why"; fi
  done
}

if [ "$p_stage" = ask ]; then
  lk_b asked true
  lk_i today $(($(date +%s) / 86400))
  lc_ask_sshd
  lc_ask_account
  lk_ok
fi
lc_i=0
while [ "$lc_i" -lt "$p_note_n" ]; do
  lc_i=$((lc_i + 1))
  eval "lk_l notes \"\$p_note_$lc_i\""
done
lc_i=0
while [ "$lc_i" -lt "$p_blocker_n" ]; do
  lc_i=$((lc_i + 1))
  eval "lc_block \"\$p_blocker_$lc_i\""
done
[ "$p_stage" != look ] || lc_look
if [ "$lc_blocked" -eq 0 ]; then
  lk_b allowed true
  lk_ok
fi
[ "$lc_blocked" -eq 1 ] || lc_first="$lc_first (and $((lc_blocked - 1)) more)"
if [ "$p_stage" = second ]; then
  lk_b allowed true
  lk_fail "the limits of $p_user's keys would not hold: $lc_first"
fi
lk_b allowed false
lk_fail "$p_user cannot log in with a key$p_place: $lc_first"
