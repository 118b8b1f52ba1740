# Looks into every file that sshd reads keys from, for every account. Needs accounts.sh, key-lines.sh, and key-files.sh in
# a variable.
# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program

# What an account could keep from ending is ended by root: its processes are its own to stop.
ks_try() {
  # shellcheck disable=SC2086 # splitting is what it is for
  { lk_out=$($ks_limit "$@" </dev/null 2>/dev/null | $ks_drain); } 2>/dev/null
  lk_rc=1 lk_began=
  case $lk_out in lk-as*) lk_began=1 lk_out=${lk_out#lk-as} lk_out=${lk_out#"$lk_nl"} ;; esac
  case $lk_nl$lk_out in *"$lk_nl=end") lk_rc=0 ;; esac
  return "$lk_rc"
}

# What could not be looked at: a sweep that says nothing of it would not be clean.
ks_note() { lk_l unreadable "$1"; }

# ks_ask ARGUMENT...: sets ks_setting to the AuthorizedKeysFile of `sshd -T` (sshd_config(5)); where that has none,
# ks_answer ends with the reason.
ks_ask() {
  # shellcheck disable=SC2086 # splitting is what it is for
  ks_answer=$($ks_limit "$ks_sshd" -T "$@" 2>&1 </dev/null | tr -d '\r')
  case $lk_nl$ks_answer in *"${lk_nl}authorizedkeysfile "*) ;; *) return 1 ;; esac
  ks_setting=$lk_nl$ks_answer
  ks_setting=${ks_setting#*"${lk_nl}authorizedkeysfile "}
  ks_setting=${ks_setting%%"$lk_nl"*}
}

# Sets ks_general to what holds for an account that no Match block is about, and ks_match where one may say something else.
ks_learn() {
  ks_general='.ssh/authorized_keys .ssh/authorized_keys2' ks_match=
  ks_sshd=$(command -v sshd) || ks_sshd=
  case $ks_sshd in /*) ;; *) return 0 ;; esac
  if ks_ask; then
    ks_general=$ks_setting
  else
    ks_note "sshd -T: ${ks_answer##*"$lk_nl"}: only the usual files were looked at"
    ks_sshd=
    return
  fi
  # To ask for each account takes its time. What is included from elsewhere may hold anything.
  case $(cat /etc/ssh/sshd_config /etc/ssh/sshd_config.d/* 2>/dev/null | tr '[:upper:]' '[:lower:]' |
    grep -E 'match|include|authorizedkeysfile' |
    grep -v -e '^[[:space:]]*#' -e '^[[:space:]]*include[[:space:]][[:space:]]*/etc/ssh/sshd_config.d/\*.conf[[:space:]]*$') in
  *include* | *match*authorizedkeysfile* | *authorizedkeysfile*match*) ks_match=1 ;;
  esac
}

# ks_ask_for NAME: sets ks_setting to what holds for an account. Who comes from where is not known: it is this host itself.
ks_ask_for() {
  ks_setting=$ks_general
  [ -n "$ks_match" ] || return 0
  ks_ask -C "user=$1,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22" ||
    # Before 6.1 it knows no more than these.
    ks_ask -C "user=$1,host=localhost,addr=127.0.0.1" || {
    ks_note "sshd -T -C user=$1: ${ks_answer##*"$lk_nl"}: what is set for all was looked at"
    ks_setting=$ks_general
  }
}

# ks_paths TEXT: adds the paths of a setting to ks_files. sshd -T prints a path with blanks without quotes, so that each run
# of words may be one.
ks_paths() {
  ks_rest=$1
  while [ -n "$ks_rest" ]; do
    case $ks_rest in
    ' '*) ;;
    '"'*'"'*)
      ks_rest=${ks_rest#?}
      ks_path "${ks_rest%%'"'*}"
      ks_rest=${ks_rest#*'"'}
      continue
      ;;
    *)
      ks_run='' ks_more=$ks_rest
      while [ -n "$ks_more" ]; do
        ks_run=$ks_run${ks_run:+ }${ks_more%%' '*}
        ks_path "$ks_run"
        case $ks_more in *' '*) ks_more=${ks_more#*' '} ;; *) ks_more= ;; esac
      done
      ;;
    esac
    case $ks_rest in *' '*) ks_rest=${ks_rest#*' '} ;; *) ks_rest= ;; esac
  done
}

# ks_path PATH: adds one, with its tokens replaced (TOKENS in sshd_config(5)).
ks_path() {
  [ "$1" != none ] || return 0
  ks_in=$1 ks_out=
  while case $ks_in in *%*) ;; *) false ;; esac; do
    ks_out=$ks_out${ks_in%%'%'*}
    ks_in=${ks_in#*'%'}
    case $ks_in in
    h*) ks_out=$ks_out$ks_home ;;
    u*) ks_out=$ks_out$ks_name ;;
    U*) ks_out=$ks_out$ks_uid ;;
    %*) ks_out=$ks_out% ;;
    *)
      ks_out=$ks_out%
      continue
      ;;
    esac
    ks_in=${ks_in#?}
  done
  ks_out=$ks_out$ks_in
  case $ks_out in /*) ;; *) ks_out=$ks_home/$ks_out ;; esac
  case $ks_out in
  *[*?[]*) [ -e "$ks_out" ] || { ks_match_names; return; } ;;
  esac
  ks_add "$ks_out"
}

# From 10.0 on a path may be a pattern.
ks_match_names() {
  ks_n=0
  IFS=
  # shellcheck disable=SC2086 # its names are what is asked for
  set -- $ks_out
  unset IFS
  for ks_one; do
    [ -e "$ks_one" ] || [ -L "$ks_one" ] || continue
    ks_n=$((ks_n + 1))
    [ "$ks_n" -le 100 ] || { ks_note "$ks_name $ks_out: there are more than 100 of these" && return; }
    ks_add "$ks_one"
  done
}

ks_add() {
  case $1 in *"$lk_nl"*) ks_note "$ks_name ${1%%"$lk_nl"*}: its name holds a line break" && return ;; esac
  case $ks_files in *"$lk_nl$1$lk_nl"*) ;; *) ks_files=$ks_files$1$lk_nl ;; esac
}

# ks_account: looks at the files of the account in ks_name, ks_uid, ks_gid, ks_home.
ks_account() {
  ks_ask_for "$ks_name"
  ks_files=$lk_nl
  ks_paths "$ks_setting"
  ks_rest=${ks_files#"$lk_nl"}
  set --
  while [ -n "$ks_rest" ]; do
    ks_file=${ks_rest%%"$lk_nl"*}
    ks_rest=${ks_rest#*"$lk_nl"}
    if [ -n "$ks_careful" ] || [ -e "$ks_file" ] || [ -L "$ks_file" ]; then set -- "$@" "$ks_file"; fi
  done
  [ $# -gt 0 ] || return 0
  lk_input=
  lk_as "$ks_name" "$ks_uid" "$ks_gid" "$ks_script" "$p_look" "$ks_home" "$@"
  ks_lines=$lk_out$lk_nl
  for ks_file; do ks_answered; done
}

# ks_answered: takes the answer for ks_file off ks_lines.
ks_answered() {
  ks_hits=0
  while [ -n "$ks_lines" ]; do
    ks_line=${ks_lines%%"$lk_nl"*}
    ks_lines=${ks_lines#*"$lk_nl"}
    case $ks_line in
    =end) break ;;
    =absent)
      [ ! -e "$ks_file" ] || ks_note "$ks_name $ks_file: the account itself cannot reach it"
      return
      ;;
    =read) return ;;
    =*)
      ks_note "$ks_name $ks_file: ${ks_line#=}"
      return
      ;;
    esac
    ks_hits=$((ks_hits + 1))
    if [ "$ks_hits" -gt 50 ]; then
      ks_note "$ks_name $ks_file: more than 50 of its lines were to be looked at"
    elif [ ${#ks_line} -gt 8192 ]; then
      ks_note "$ks_name $ks_file:${ks_line%%:*}: the line is longer than 8 KiB"
    else
      ks_hit "${ks_line%%:*}" "${ks_line#*:}"
    fi
  done
  ks_note "$ks_name $ks_file: it could not be read, or not in time"
}

# ks_hit NUMBER LINE: tells what one line is.
ks_hit() {
  ks_rest=$2 ks_commented=false ks_authority=false
  while case $ks_rest in
  [' 	']*) ;;
  '#'*) ks_commented=true ;;
  *) false ;;
  esac; do ks_rest=${ks_rest#?}; done
  if ak_parse "$ks_rest"; then
    ks_options=$ak_options
    ks_is_authority "$ks_options" && ks_authority=true
    if ks_is_known "$ak_blob" || [ $ks_authority$ks_commented = truefalse ]; then
      "$ks_on_hit" "$1"
      return
    fi
  fi
  # Where sshd sees no key: it is a copy all the same.
  ks_options='' ks_authority=false
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  for ak_blob in $ks_rest; do
    ak_blob=${ak_blob%"$ak_cr"}
    if ks_is_known "$ak_blob"; then
      "$ks_on_hit" "$1"
      break
    fi
  done
  set +f
}

ks_is_known() { case $lk_nl$p_blobs$lk_nl in *"$lk_nl$1$lk_nl"*) ;; *) false ;; esac; }

# Names of options are the same in capitals.
ks_is_authority() {
  case $1 in *-*) ;; *) return 1 ;; esac
  ak_split_options "$1"
  case $lk_nl$(lk_put "$ak_items" | tr '[:upper:]' '[:lower:]')$lk_nl in *"${lk_nl}cert-authority$lk_nl"*) ;; *) return 1 ;; esac
}

# ks_sweep FUNCTION: calls it with the number of each line that holds one of the keys, or trusts an authority: the account in
# ks_name, ks_uid, ks_gecos, ks_home, the file in ks_file, the line's key in ak_blob. It must not read standard input.
# Sets ks_accounts to how many accounts there are.
ks_sweep() {
  ks_on_hit=$1 ks_limit='' ks_drain=cat ks_accounts=0 ks_careful=
  if lk_has timeout; then ks_limit='timeout -s KILL 20' ks_drain='timeout -s KILL 25 cat'; fi
  # This program's alone: it runs in a shell of its own.
  lk_as_try() { ks_try "$@"; }
  # Where a file system asks its own server or the account's own program, only the account sees what is there.
  while read -r ks_line; do
    case $ks_line in
    *' - fusectl '*) ;;
    *' - fuse'* | *' - nfs'* | *' - cifs '* | *' - smb3 '* | *' - afs '* | *' - ceph '*) ks_careful=1 ;;
    esac
  done </proc/self/mountinfo
  ks_learn
  while IFS= read -r ks_line || [ -n "$ks_line" ]; do
    # Lines of NIS, and what is no account.
    case $ks_line in [-+#]* | '' | :*) continue ;; esac
    lk_cut "$ks_line"
    ks_name=$lk_1 ks_uid=$lk_3 ks_gid=$lk_4 ks_gecos=$lk_5 ks_home=${lk_6%/}
    case $ks_uid/$ks_gid in
    */*[!0-9]* | *[!0-9]*/* | /* | */)
      ks_note "the line of $ks_name in /etc/passwd is damaged"
      continue
      ;;
    esac
    ks_accounts=$((ks_accounts + 1))
    ks_account
  done </etc/passwd
}
