# Accounts: passwd(5) and group(5) read without a process; in a dry run as its earlier steps would have made them.
# shellcheck disable=SC2034,SC2154 # variables come from other files, and go there

# Account tools are in sbin, which a user's PATH need not hold.
lk_sbin() { PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin; }

# lk_run COMMAND...: sets lk_out to all that it printed, lk_rc to its status.
lk_run() {
  lk_out=$("$@" 2>&1 </dev/null)
  lk_rc=$?
}

# lk_run_account COMMAND...: as lk_run, and again for up to 5 s while another program holds the lock of the account files.
# An /etc that cannot be written to gives the same words; there waiting is in vain, and lk_out says why.
lk_run_account() {
  lk_tries=5
  while :; do
    lk_run "$@"
    [ "$lk_rc" -ne 0 ] || return 0
    if lk_cannot_write /etc || lk_is_blocked /etc/passwd /etc/shadow /etc/group /etc/gshadow; then
      lk_out="${lk_out:-$1 failed with status $lk_rc} ($lk_v)"
      return
    fi
    case $lk_out in *'cannot lock'*) [ "$lk_tries" -gt 0 ] || return 0 ;; *) return ;; esac
    lk_tries=$((lk_tries - 1))
    sleep 1
  done
}

# lk_cannot_write DIRECTORY: whether nothing can be written there; lk_v says what the system says of it.
lk_cannot_write() {
  lk_v=$(dd if=/dev/zero of="$1/.lk-$$-probe" bs=4096 count=1 2>&1)
  lk_probed=$?
  rm -f -- "$1/.lk-$$-probe" 2>/dev/null
  [ "$lk_probed" -ne 0 ] || return 1
  lk_v=${lk_v%%"$lk_nl"*}
  lk_v="$1 cannot be written to: ${lk_v##*: }"
}

# lk_is_blocked PATH...: whether an attribute of chattr(1) keeps one of them as it is; lk_v says which.
lk_is_blocked() { lk_find_attribute -d -- "$@"; }
# lk_is_blocked_below DIRECTORY: the same of all that is in it.
lk_is_blocked_below() { lk_find_attribute -Ra -- "$1"; }
lk_find_attribute() {
  lk_has lsattr || return 1
  lk_v=$(lsattr "$@" 2>/dev/null | sed -n -e 's/^[A-Za-z-]*i[A-Za-z-]* \{1,\}\(.*\)/\1 is immutable: chattr -i/p' \
    -e 's/^[A-Za-z-]*a[A-Za-z-]* \{1,\}\(.*\)/\1 is append-only: chattr -a/p' | head -n 1)
  [ -n "$lk_v" ]
}

# lk_cut LINE: cuts a line at its colons into lk_1 … lk_8.
lk_cut() {
  set -f
  IFS=:
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $1
  unset IFS
  set +f
  lk_1=${1-} lk_2=${2-} lk_3=${3-} lk_4=${4-} lk_5=${5-} lk_6=${6-} lk_7=${7-} lk_8=${8-}
}

# lk_line_of FILE NAME: sets lk_line to the line whose first field is NAME.
lk_line_of() {
  if [ -r "$1" ]; then
    while IFS= read -r lk_line || [ -n "$lk_line" ]; do
      case $lk_line in "$2:"*) return 0 ;; esac
    done <"$1"
  fi
  lk_line=
  return 1
}

# lk_find KIND FILE DATABASE NAME: sets lk_line to an account's line: planned, of the file, or of another name service.
lk_find() {
  if lk_planned "$1" "$4"; then
    lk_line=$lk_v
    [ -n "$lk_line" ]
    return
  fi
  lk_line_of "$2" "$4" || lk_ask_name_service "$3" "$4"
}

# lk_ask_name_service DATABASE NAME: asks getent where nsswitch.conf(5) names more than files. A directory server may hang.
# With lk_later=1 it does not ask sources of this host, but says so in lk_unasked: useradd and groupadd ask all themselves.
lk_ask_name_service() {
  lk_line='' lk_unasked=
  # getent takes digits for an id.
  case $2 in -* | '') return 1 ;; *[!0-9]*) ;; *) return 1 ;; esac
  lk_has getent && lk_sources "$1"
  case ${lk_source-}/${lk_later-} in
  /*) return 1 ;;
  local/1) lk_unasked=1 && return 1 ;;
  local/) set -- getent "$@" ;;
  *) if lk_has timeout; then set -- timeout 10 getent "$@"; else set -- getent "$@"; fi ;;
  esac
  lk_line=$("$@" 2>/dev/null </dev/null)
  lk_asked=$?
  shift $(($# - 1))
  # What nobody answered may be there all the same.
  case $lk_asked in 124 | 143) lk_fail "no name service of this host said within 10 s whether there is $1 (nsswitch.conf)" ;; esac
  case $lk_line in "$1:"*) return 0 ;; esac
  lk_line=
  return 1
}

# lk_sources DATABASE: sets lk_source to what nsswitch.conf(5) names for it: nothing besides files, `local` sources too, or
# `other` ones, which may ask a server.
lk_sources() {
  lk_source=
  [ -r /etc/nsswitch.conf ] || return 0
  while read -r lk_ns_base lk_ns_rest; do
    [ "$lk_ns_base" = "$1:" ] || continue
    set -f
    for lk_ns_one in ${lk_ns_rest%%#*}; do
      case $lk_ns_one in
      files | '['* | *']') ;;
      systemd | altfiles | extrausers) lk_source=${lk_source:-local} ;;
      *) lk_source=other ;;
      esac
    done
    set +f
    return
  done </etc/nsswitch.conf
}

# lk_getpw NAME: an account: lk_pw its line, lk_pw_uid, lk_pw_gid, lk_pw_gecos, lk_pw_home, lk_pw_shell; else status 1.
lk_getpw() {
  lk_find user /etc/passwd passwd "$1"
  lk_pw=$lk_line
  lk_cut "$lk_pw"
  # shellcheck disable=SC2034 # for the bodies
  lk_pw_uid=$lk_3 lk_pw_gid=$lk_4 lk_pw_gecos=$lk_5 lk_pw_home=$lk_6 lk_pw_shell=$lk_7
  [ -n "$lk_pw" ]
}

# lk_getgr NAME: a group: lk_gr its line, lk_gr_name, lk_gr_gid, lk_gr_members; else status 1.
lk_getgr() {
  lk_find group /etc/group group "$1"
  lk_set_group "$lk_line"
}

lk_set_group() {
  lk_gr=$1
  lk_cut "$lk_gr"
  lk_gr_name=$lk_1 lk_gr_gid=$lk_3 lk_gr_members=$lk_4
  [ -n "$lk_gr" ]
}

# lk_getgr_any TEXT: a group by its number or its name, as people write either.
lk_getgr_any() {
  case $1 in
  '' | *[!0-9]*) ;;
  *)
    lk_wanted=$1 lk_gr=
    lk_each group /etc/group lk_take_gid
    [ -z "$lk_gr" ] || { lk_set_group "$lk_gr"; return; }
    ;;
  esac
  lk_getgr "$1"
}

lk_take_gid() { case $1 in *:*:"$lk_wanted":*) lk_gr=${lk_gr:-$1} ;; esac; }

# lk_each KIND FILE FUNCTION: calls the function with each line of passwd(5) or group(5), planned lines in their place.
# The function must not read standard input.
lk_each() {
  if [ -r "$2" ]; then
    while IFS= read -r lk_each_line || [ -n "$lk_each_line" ]; do
      [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned "$1" "${lk_each_line%%:*}" && continue
      "$3" "$lk_each_line"
    done <"$2"
  fi
  lk_each_i=0
  while [ "$lk_each_i" -lt "${lk_planned_n:-0}" ]; do
    lk_each_i=$((lk_each_i + 1))
    eval "lk_each_kind=\$lk_planned_${lk_each_i}_kind lk_each_key=\$lk_planned_${lk_each_i}_key"
    # Only the last plan for a name counts: lk_planned leaves its number in lk_pl.
    if [ "$lk_each_kind" = "$1" ] && lk_planned "$1" "$lk_each_key"; then
      [ "$lk_pl" -ne "$lk_each_i" ] || [ -z "$lk_v" ] || "$3" "$lk_v"
    fi
  done
}

# lk_id_taken KIND FILE ID: whether a user or group of this number exists.
lk_id_taken() {
  lk_wanted=$3 lk_taken=
  lk_each "$1" "$2" lk_take_id
  [ -n "$lk_taken" ]
}

lk_take_id() {
  lk_an_id=${1#*:*:}
  [ "${lk_an_id%%:*}" != "$lk_wanted" ] || lk_taken=1
}

# lk_is_name TEXT: whether the tools would make an account of this name. Some refuse more, none refuses less.
lk_is_name() {
  case $1 in '' | [-+~]* | *' '*) return 1 ;; esac
  [ ${#1} -le 32 ]
}

# lk_free_id KIND FILE SYSTEM MIN MAX: sets lk_v to the number that useradd or groupadd would choose: the one above the
# highest in use, for a system account the one below the lowest; the first free one where these run out.
lk_free_id() {
  lk_used=' ' lk_low=$4 lk_high=$5 lk_top=$(($4 - 1)) lk_bottom=$(($5 + 1))
  lk_each "$1" "$2" lk_use_id
  if [ "$3" = 1 ]; then
    lk_v=$((lk_bottom - 1))
    [ "$lk_v" -ge "$4" ] || lk_v=$5
    while case $lk_used in *" $lk_v "*) ;; *) false ;; esac; do lk_v=$((lk_v - 1)); done
  else
    lk_v=$((lk_top + 1))
    [ "$lk_v" -le "$5" ] || lk_v=$4
    while case $lk_used in *" $lk_v "*) ;; *) false ;; esac; do lk_v=$((lk_v + 1)); done
  fi
}

lk_use_id() {
  lk_an_id=${1#*:*:}
  lk_an_id=${lk_an_id%%:*}
  case $lk_an_id in '' | *[!0-9]*) return ;; esac
  [ "$lk_an_id" -ge "$lk_low" ] && [ "$lk_an_id" -le "$lk_high" ] || return 0
  lk_used="$lk_used$lk_an_id "
  [ "$lk_an_id" -le "$lk_top" ] || lk_top=$lk_an_id
  [ "$lk_an_id" -ge "$lk_bottom" ] || lk_bottom=$lk_an_id
}

# lk_login_defs: the settings of login.defs(5) that say how accounts come to be, as lk_def_NAME.
lk_login_defs() {
  lk_def_UID_MIN=1000 lk_def_UID_MAX=60000 lk_def_SYS_UID_MIN=101 lk_def_SYS_UID_MAX=
  lk_def_GID_MIN=1000 lk_def_GID_MAX=60000 lk_def_SYS_GID_MIN=101 lk_def_SYS_GID_MAX=
  lk_def_UMASK=022 lk_def_HOME_MODE='' lk_def_USERGROUPS_ENAB=no
  if [ -r /etc/login.defs ]; then
    while read -r lk_def_name lk_def_value lk_def_rest; do
      case $lk_def_name in
      UID_MIN | UID_MAX | SYS_UID_MIN | SYS_UID_MAX | GID_MIN | GID_MAX | SYS_GID_MIN | SYS_GID_MAX | UMASK | HOME_MODE)
        case $lk_def_value in '' | *[!0-9]*) ;; *) eval "lk_def_$lk_def_name=\$lk_def_value" ;; esac
        ;;
      USERGROUPS_ENAB) lk_def_USERGROUPS_ENAB=$lk_def_value ;;
      esac
    done </etc/login.defs
  fi
  : "${lk_def_rest-}" "${lk_def_SYS_UID_MAX:=$((lk_def_UID_MIN - 1))}" "${lk_def_SYS_GID_MAX:=$((lk_def_GID_MIN - 1))}"
}

# lk_mode_and_owner PATH: sets lk_mode (drwxr-xr-x), lk_owner and lk_group (numbers) and lk_size of what is there, no link
# followed.
lk_mode_and_owner() {
  lk_out=$(LC_ALL=C ls -ldn "$1" 2>/dev/null) || return 1
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $lk_out
  set +f
  # shellcheck disable=SC2034 # for the bodies
  lk_mode=$1 lk_owner=$3 lk_group=$4 lk_size=$5
}

# shellcheck disable=SC1003 # a backslash, alone
# lk_encode_mount PATH: sets lk_v to a path as mountinfo writes it (proc(5)).
lk_encode_mount() {
  lk_v=
  lk_mr=$1
  while [ -n "$lk_mr" ]; do
    lk_mc=${lk_mr%"${lk_mr#?}"}
    lk_mr=${lk_mr#?}
    case $lk_mc in
    ' ') lk_mc='\040' ;;
    '	') lk_mc='\011' ;;
    "$lk_nl") lk_mc='\012' ;;
    '\') lk_mc='\134' ;;
    esac
    lk_v=$lk_v$lk_mc
  done
}

# lk_mounted_at PATH: whether something is mounted at or below a directory; sets lk_mount to where.
lk_mounted_at() {
  lk_encode_mount "$1"
  while read -r _ _ _ _ lk_mount _; do
    case $lk_mount in "$lk_v" | "$lk_v"/*) return 0 ;; esac
  done </proc/self/mountinfo
  return 1
}

# lk_ipc UID: what an account has of System V's shared memory, semaphores and queues, which outlive its processes: as options
# of ipcrm(1).
lk_ipc() {
  for lk_of in shm:m:5 sem:s:2 msg:q:5; do
    # So many columns are between its number and its owner.
    lk_columns=${lk_of##*:} lk_of=${lk_of%:*}
    sed -n "s/^ *[^ ]\{1,\} \{1,\}\([0-9]*\)\( \{1,\}[^ ]\{1,\}\)\{$lk_columns\} \{1,\}$1 .*/-${lk_of#*:} \1/p" \
      "/proc/sysvipc/${lk_of%:*}" 2>/dev/null
  done
}

# lk_is_root: whether this shell has root's rights. It asks the kernel about itself, which starts no process.
lk_is_root() {
  [ -r /proc/self/status ] || { [ "$(id -u)" = 0 ]; return; }
  while read -r lk_key lk_value _; do
    [ "$lk_key" = Uid: ] && break
  done </proc/self/status
  [ "${lk_value%%[!0-9]*}" = 0 ]
}

# lk_as NAME UID GID SCRIPT ARGUMENT...: runs a script of sh with the rights of an account alone, so that a link that the
# account made leads nowhere that the account could not go. The script reads lk_input, which is whole lines; lk_out is all
# that it printed.
lk_as() {
  lk_as_name=$1 lk_as_uid=$2 lk_as_ids=$2:$3 lk_as_gid=$3
  # It says that it began: a tool that does not know its options ends without that.
  lk_as_text="echo lk-as; cd /$lk_nl$4"
  shift 4
  if [ "$lk_as_uid" = 0 ] || ! lk_is_root; then
    lk_as_try /bin/sh -c "$lk_as_text" sh "$@"
    return
  fi
  if lk_has setpriv; then
    lk_as_try setpriv --reuid "$lk_as_uid" --regid "$lk_as_gid" --clear-groups --no-new-privs \
      /bin/sh -c "$lk_as_text" sh "$@"
    lk_rc=$?
    [ -z "$lk_began" ] || return "$lk_rc"
  fi
  lk_as_try chroot --userspec="$lk_as_ids" --groups= / /bin/sh -c "$lk_as_text" sh "$@"
  lk_rc=$?
  [ -z "$lk_began" ] || return "$lk_rc"
  lk_as_try su -s /bin/sh -c "$lk_as_text" -- "$lk_as_name" sh "$@"
}

lk_as_try() {
  # bash warns of NUL bytes, which a variable cannot hold.
  if [ -z "${lk_input-}" ]; then
    { lk_out=$("$@" 2>&1 </dev/null); } 2>/dev/null
  elif [ -n "${BASH_VERSION-}${KSH_VERSION-}" ]; then
    # Their here-documents may be files on the disk.
    { lk_out=$(lk_put "$lk_input" | "$@" 2>&1); } 2>/dev/null
  else
    lk_as_lines=${lk_input%"$lk_nl"}
    { lk_out=$("$@" 2>&1); } 2>/dev/null <<LK_END
$lk_as_lines
LK_END
  fi
  lk_rc=$?
  lk_began=
  case $lk_out in
  lk-as*) lk_began=1 lk_out=${lk_out#lk-as} lk_out=${lk_out#"$lk_nl"} ;;
  esac
  return "$lk_rc"
}
