# What a script for a customer does around the programs of its steps: languages, the table of steps, verbs, and the last
# line. It stands behind the libraries of a grant's undo program, in one shell with them.
#
# Variables that come with a script: cu_id the grant's id, cu_user the account, cu_made when it was compiled (seconds since
# 1970), cu_until or cu_for when the grant ends or how many seconds it lasts, cu_name the playbook, cu_sum its SHA-256,
# h_N what the host told, h_N_t its type (s text, i number, b true|false, n null); unset where it is not defined.
# shellcheck disable=SC2034,SC2154 # variables are shared with the steps

# A body's words, but its result is a piece of shell: only what a later step needs, each value quoted.
  lk_frame() { if [ "$1" = res ]; then lk_put "$cu_mark$2"; fi; }
  lk_begin() { lk_open=1; }
  lk_s() { cu_keep s "$1" "$2"; }
  lk_i() { cu_keep i "$1" "$2"; }
  lk_b() { cu_keep b "$1" "$2"; }
  lk_n() { cu_keep n "$1" ''; }
  lk_l() { cu_keep l "$1" "$2"; }
  lk_plan() { :; }

# cu_keep TYPE KEY VALUE
cu_keep() {
  case $1/$2 in
  s/msg) cu_slot=msg ;;
  l/warnings | l/undone | l/kept | l/problems | l/residue)
    cu_word "$3"
    lk_r="${lk_r}cu_told $2 $cu_w$lk_nl"
    return
    ;;
  *) "$cu_wants" "$2" || return 0 ;;
  esac
  cu_word "$3"
  if [ "$cu_slot" = msg ]; then lk_r="${lk_r}cu_msg=$cu_w$lk_nl"; else lk_r="${lk_r}h_$cu_slot=$cu_w h_${cu_slot}_t=$1$lk_nl"; fi
}

# cu_word TEXT: sets cu_w to the text as one word of a shell.
cu_word() {
  cu_w='' cu_rest=$1
  while :; do
    case $cu_rest in *\'*) ;; *) break ;; esac
    cu_w=$cu_w${cu_rest%%\'*}"'\\''"
    cu_rest=${cu_rest#*\'}
  done
  cu_w="'$cu_w$cu_rest'"
}

# Where a step needs nothing of what its program tells.
cu_nothing() { return 1; }

# What is known of the host

# cu_defined N...: whether all of the variables are.
cu_defined() {
  for cu_n in "$@"; do
    eval "[ -n \"\${h_${cu_n}_t-}\" ]" || return 1
  done
}

# cu_need N...: notes the first variable that is not defined, for the step to fail.
cu_need() {
  for cu_n in "$@"; do
    if [ -z "$cu_missing" ] && ! cu_defined "$cu_n"; then cu_missing=$cu_n; fi
  done
}

# cu_get N: sets cu_v to a variable, cu_t to its type; status 1 where it is not defined, which the step will fail for.
cu_get() {
  cu_need "$1"
  [ -z "$cu_missing" ] || return 1
  eval "cu_v=\$h_$1 cu_t=\$h_${1}_t"
}

cu_none() { cu_get "$1" && [ "$cu_t" = n ]; }
cu_equal() { cu_get "$1" && [ "$cu_t" = "$2" ] && [ "$cu_v" = "$3" ]; }
cu_true() {
  cu_get "$1" || return 1
  case $cu_t$cu_v in n* | s | i0 | bfalse) return 1 ;; esac
}
# As a whole condition: it must be a boolean.
cu_bool() {
  cu_get "$1" || return 1
  [ "$cu_t" = b ] || cu_missing=$1
  [ "$cu_v" = true ]
}
cu_same() {
  cu_get "$1" || return 1
  cu_v1=$cu_v cu_t1=$cu_t
  cu_get "$2" && [ "$cu_t" = "$cu_t1" ] && [ "$cu_v" = "$cu_v1" ]
}
# cu_order N FLAG NUMBER
cu_order() {
  cu_get "$1" || return 1
  [ "$cu_t" = i ] || { cu_missing=$1 && return 1; }
  test "$cu_v" "$2" "$3"
}
cu_yes() { case $1 in [Yy]es | [Tt]rue | YES | TRUE | [Oo]n | ON | 1 | y | t) ;; *) return 1 ;; esac; }
cu_holds() { case $1 in *"$2"*) ;; *) return 1 ;; esac; }
# What arithmetic may see: digits and nothing else.
cu_integer() {
  cu_trimmed "$1"
  cu_sign=
  case $cu_v in -*) cu_sign=- cu_v=${cu_v#-} ;; esac
  case $cu_v in '' | *[!0-9]*) cu_v=0 ;; esac
  # A zero in front would make it octal.
  while :; do case $cu_v in 0?*) cu_v=${cu_v#0} ;; *) break ;; esac; done
  lk_put "$cu_sign$cu_v"
}
cu_trimmed() {
  cu_v=$1
  while :; do case $cu_v in [[:space:]]*) cu_v=${cu_v#?} ;; *) break ;; esac; done
  while :; do case $cu_v in *[[:space:]]) cu_v=${cu_v%?} ;; *) break ;; esac; done
}
cu_trim() { cu_trimmed "$1" && lk_put "$cu_v"; }
cu_lower() { lk_put "$1" | tr '[:upper:]' '[:lower:]'; }
# As Python's shlex.quote writes it.
cu_quote() {
  case $1 in
  '') cu_w="''" ;;
  *[!A-Za-z0-9_@%+=:,./-]*)
    cu_w='' cu_rest=$1
    while :; do
      case $cu_rest in *\'*) ;; *) break ;; esac
      cu_w=$cu_w${cu_rest%%\'*}"'\"'\"'"
      cu_rest=${cu_rest#*\'}
    done
    cu_w="'$cu_w$cu_rest'"
    ;;
  *) cu_w=$1 ;;
  esac
  lk_put "$cu_w"
}
# Characters: of UTF-8 all bytes but those that go on with one.
cu_length() { lk_put "$1" | LC_ALL=C tr -d '\200-\277' | wc -c | tr -d ' '; }
# cu_version VERSION FLAG WANTED: numbers with dots, a missing one counts as 0.
cu_version() {
  cu_left=$1. cu_right=$3. cu_sign=0
  while [ -n "$cu_left$cu_right" ] && [ "$cu_sign" = 0 ]; do
    cu_one=$(cu_integer "${cu_left%%.*}") cu_two=$(cu_integer "${cu_right%%.*}")
    cu_left=${cu_left#*.} cu_right=${cu_right#*.}
    if [ "$cu_one" -lt "$cu_two" ]; then cu_sign=-1; elif [ "$cu_one" -gt "$cu_two" ]; then cu_sign=1; fi
  done
  test "$cu_sign" "$2" 0
}

# cu_flag N TEST...: sets a variable to whether test(1) says so.
cu_flag() {
  cu_n=$1
  shift
  if test "$@"; then cu_v=true; else cu_v=false; fi
  eval "h_$cu_n=\$cu_v h_${cu_n}_t=b"
}

# cu_stream N TEXT: what a command printed, without the line ends behind it.
cu_stream() {
  cu_v=$2
  while :; do case $cu_v in *"$lk_nl") cu_v=${cu_v%"$lk_nl"} ;; *) break ;; esac; done
  eval "h_$1=\$cu_v h_${1}_t=s"
}

# cu_entry N: whether the name service knows the entry. cu_column N INDEX: a field behind its name, from 0 on.
cu_entry() {
  if [ -n "${h_out_t-}" ]; then eval "h_$1=\$h_out h_${1}_t=l"; else eval "h_$1= h_${1}_t=n"; fi
}
cu_column() {
  cu_v=${h_out-}: cu_n=$2
  eval "h_${1}_t="
  [ -n "${h_out_t-}" ] || return 0
  while [ "$cu_n" -ge 0 ]; do
    cu_v=${cu_v#*:} cu_n=$((cu_n - 1))
    case $cu_v in *:*) ;; *) return 0 ;; esac
  done
  cu_v=${cu_v%%:*}
  eval "h_$1=\$cu_v h_${1}_t=s"
}

# cu_day SECONDS: that day, in UTC.
cu_day() { date -u -d "@$1" +%Y-%m-%d 2>/dev/null || date -u -D %s -d "$1" +%Y-%m-%d; }

# What people read

# cu_tr ENGLISH KOREAN: sets cu_text to the one in the reader's language.
cu_tr() { if [ "$cu_lang" = ko ]; then cu_text=$2; else cu_text=$1; fi; }

# cu_show TEXT: a line; what programs of the host said may hold anything, and the terminal is to see none of it.
cu_show() { lk_put "$1" | tr -d '\000-\010\013-\037\177' && echo; }

# cu_line ENGLISH KOREAN: the line of a step. The words before its name are equally wide, a letter of Korean counting two.
cu_line() {
  cu_tr "$1" "$2"
  cu_show "  $cu_text  $cu_title"
}

# cu_told KEY TEXT: what a step's program told besides its result.
cu_told() {
  case $1/$2 in
  warnings/'cron does not run'*) cu_tr "note: $2" '참고: cron이 실행되고 있지 않습니다. 그동안은 기한이 되어도 이 호스트가 스스로 되돌리지 못합니다' ;;
  warnings/*'neither systemd nor cron'*) cu_tr "note: $2" '참고: systemd도 cron도 없어 기한이 되어도 이 호스트가 스스로 닫지 못합니다' ;;
  warnings/*pam_loginuid*) cu_tr "note: $2" '참고: 로그인 번호(pam_loginuid)가 없어 sudo로 시작한 root 프로세스는 종료와 함께 끝나지 않습니다' ;;
  warnings/*) cu_tr "note: $2" "참고: $2" ;;
  'undone/account '*' removed')
    cu_t=${2#account }
    cu_tr "$2" "계정 ${cu_t% removed} 삭제"
    ;;
  'undone/group '*' removed')
    cu_t=${2#group }
    cu_tr "$2" "그룹 ${cu_t% removed} 삭제"
    ;;
  undone/*' removed') cu_tr "$2" "${2% removed} 삭제" ;;
  undone/*' restored') cu_tr "$2" "${2% restored} 복원" ;;
  undone/*) cu_tr "$2" "$2" ;;
  kept/*) cu_tr "kept as it is: $2" "그대로 둠: $2" ;;
  *) cu_tr "LEFT OVER: $2" "남아 있음: $2" ;;
  esac
  cu_more="$cu_more             $cu_text$lk_nl"
}

# cu_date SECONDS: sets cu_v to that time as people write it, in the host's zone.
cu_date() {
  cu_v=$(date -d "@$1" '+%Y-%m-%d %H:%M:%S %Z' 2>/dev/null) || cu_v=$(date -D %s -d "$1" '+%Y-%m-%d %H:%M:%S %Z' 2>/dev/null) || cu_v="$1 (seconds since 1970)"
}

# Steps

# cu_task ENGLISH KOREAN: begins a step.
cu_task() {
  cu_tr "$1" "$2"
  cu_title=$cu_text cu_missing='' cu_msg='' cu_outcome='' cu_more='' cu_changed=false cu_items=0 cu_quiet=''
  cu_number=$((${cu_number-0} + 1))
}

# cu_module PROGRAM WANTS: runs the program of a step and takes over what it told. Sets cu_outcome and cu_msg, and of a
# command cu_stdout and cu_stderr.
cu_module() {
  cu_wants=$2 h_out_t=
  if [ -n "$cu_missing" ]; then
    cu_undefined
    return
  fi
  lk_id=$cu_number
  cu_both=$({ cu_out=$("$1" 2>&4 </dev/null); lk_put "$cu_mark$cu_out"; } 4>&1)
  cu_stderr=${cu_both%%"$cu_mark"*}
  cu_out=${cu_both#*"$cu_mark"}
  case $cu_out in
  *"$cu_mark"*) ;;
  *)
    cu_outcome=failed
    cu_tr 'the step ended without a word' '단계가 결과 없이 끝났습니다'
    [ -z "${cu_cut-}" ] || cu_tr 'interrupted' '중단되었습니다'
    cu_msg="$cu_text${cu_stderr:+: $cu_stderr}"
    return
    ;;
  esac
  cu_stdout=${cu_out%"$cu_mark"*}
  cu_out=${cu_out##*"$cu_mark"}
  cu_outcome=${cu_out%%"$lk_nl"*}
  case $cu_out in *"$lk_nl"*) eval "${cu_out#*"$lk_nl"}" ;; esac
  if [ "$cu_outcome" = failed ] && [ -n "$cu_stderr" ]; then cu_msg="$cu_msg: ${cu_stderr%"$lk_nl"}"; fi
}

cu_undefined() {
  cu_outcome=failed
  cu_path "$cu_missing"
  cu_tr "not defined on this host, or not of the kind that is wanted: $cu_text" "이 호스트에 없는 값입니다: $cu_text"
  cu_msg=$cu_text
}

# cu_ended: what the outcome means; of the items of a loop the worst counts.
cu_ended() {
  case $cu_outcome in
  failed) cu_failed=1 ;;
  changed) cu_changed=true cu_items=$((cu_items + 1)) ;;
  ok) cu_items=$((cu_items + 1)) ;;
  esac
}

# cu_finish IGNORE: tells the step, once all of it ran; status 1 where it failed.
cu_finish() {
  if [ -n "${cu_failed-}" ]; then
    cu_failed=
    if [ -n "$1" ]; then
      cu_line 'ignored ' '무시    '
    else
      cu_line 'FAILED  ' '실패    '
    fi
    [ -z "$cu_msg" ] || cu_show "             $cu_msg"
    [ -z "$cu_more" ] || cu_show "${cu_more%"$lk_nl"}"
    [ -n "$1" ]
    return
  fi
  if [ "$cu_changed" = true ]; then
    cu_line 'done    ' '완료    '
    cu_any=1
  elif [ "$cu_items" -eq 0 ]; then
    [ -n "$cu_quiet" ] || cu_line 'not here' '해당없음'
  else
    [ -n "$cu_quiet" ] || cu_line 'as it is' '그대로  '
  fi
  [ -z "$cu_more" ] || cu_show "${cu_more%"$lk_nl"}"
}

# cu_fail MESSAGE: the step fails, or ends what a condition asked for.
cu_fail() {
  if [ -n "$cu_missing" ]; then cu_undefined; else cu_outcome=failed cu_msg=$1; fi
}

# cu_said MESSAGE: what a step says to the reader.
cu_said() {
  cu_more="$cu_more             $1$lk_nl" cu_outcome=ok cu_quiet=
}

# cu_hide: of a step whose result nobody is to see.
cu_hide() {
  cu_more=''
  [ -z "$cu_msg" ] || cu_tr 'its result is hidden' '결과는 표시하지 않습니다'
  [ -z "$cu_msg" ] || cu_msg=$cu_text
}

# cu_not_failed: a failure that counts as none.
cu_not_failed() { [ "$cu_outcome" != failed ] || cu_outcome=changed; }

# What the grant is

# cu_grants: sets cu_ids to the grants on this host that let the account in, ours among them.
cu_grants() {
  cu_ids=
  for cu_dir in "$j_root"/*; do
    [ -f "$cu_dir/undo" ] || continue
    [ "${cu_dir##*/}" = "$cu_id" ] || cu_concerns "$cu_dir" || continue
    cu_ids="$cu_ids ${cu_dir##*/}"
  done
}

cu_concerns() {
  for cu_change in "$1"/[0-9]*; do
    if [ -f "$cu_change/key" ] && [ "$(cat "$cu_change/kind")/$(cat "$cu_change/key")" = "user/$cu_user" ]; then return; fi
  done
  [ -f "$1/claims" ] && grep -qxF "user $cu_user" "$1/claims"
}

# cu_last: the last line: whether access is open, for whom and until when, and how to end it. Status 1 where it is open.
cu_last() {
  cu_ids=
  if lk_is_root; then cu_grants; fi
  cu_ends='' cu_end_by=
  for cu_one in $cu_ids; do
    j_dir=$j_root/$cu_one
    lk_grant_value expires || continue
    [ "$lk_v" -le "${cu_ends:-0}" ] || cu_ends=$lk_v
    cu_end_by="$cu_end_by${cu_end_by:+; }sh $j_dir/undo"
  done
  if [ -n "$cu_ends" ]; then
    cu_date "$cu_ends"
    cu_tr "ACCESS IS OPEN for $cu_user until $cu_v. To end it now, as root: $cu_end_by" \
      "접속이 열려 있습니다(ACCESS IS OPEN): $cu_user, $cu_v까지. 지금 닫으려면 root로: $cu_end_by"
  elif lk_line_of /etc/passwd "$cu_user"; then
    cu_tr "ACCESS MAY BE OPEN: there is an account $cu_user on this host. As root this script says more: become root with sudo -i" \
      "접속이 열려 있을 수 있습니다(ACCESS MAY BE OPEN): 이 호스트에 계정 $cu_user 이(가) 있습니다. sudo -i 로 root가 된 뒤 다시 실행하십시오"
    ! lk_is_root || cu_tr "ACCESS MAY BE OPEN: the account $cu_user is on this host, and no grant of this script's made it" \
      "접속이 열려 있을 수 있습니다(ACCESS MAY BE OPEN): 계정 $cu_user 은(는) 이 스크립트가 만든 것이 아닙니다"
  else
    cu_tr "ACCESS IS CLOSED: there is no account $cu_user on this host" \
      "접속이 닫혀 있습니다(ACCESS IS CLOSED): 이 호스트에 계정 $cu_user 이(가) 없습니다"
    cu_show "$cu_text"
    return
  fi
  cu_show "$cu_text"
  return 1
}

# Verbs

cu_grant() {
  cu_now=$(date +%s)
  if [ "$cu_now" -lt "$((cu_made - 86400))" ]; then
    cu_date "$cu_now"
    cu_tr "This host's clock says $cu_v, which is before this script was made: set the clock first. Nothing was done." \
      "이 호스트의 시계($cu_v)가 스크립트를 만든 때보다 늦습니다. 먼저 시계를 맞추십시오. 아무것도 바꾸지 않았습니다."
    cu_show "$cu_text"
    return 1
  fi
  if [ -n "$cu_until" ] && [ "$cu_now" -ge "$cu_until" ]; then
    cu_date "$cu_until"
    cu_tr "This script opened access until $cu_v, which is over: ask for a new one. Nothing was done." \
      "이 스크립트의 기한($cu_v)이 지났습니다. 새 스크립트를 요청하십시오. 아무것도 바꾸지 않았습니다."
    cu_show "$cu_text"
    return 1
  fi
  cu_tr "Opening access for $cu_user ($cu_name)" "$cu_user 계정의 접속을 엽니다 ($cu_name)"
  cu_show "$cu_text"
  cu_new='' cu_cut=''
  # A line that was cut off in the middle leaves nothing half-done.
  trap 'cu_cut=1' HUP INT TERM PIPE
  if cu_begin && cu_steps; then cu_rc=0; else cu_rc=$?; fi
  # `meta: end_play` and its like end the steps, and nothing failed.
  [ "$cu_rc" != 9 ] || cu_rc=0
  [ -z "$cu_cut" ] || cu_rc=1
  if [ "$cu_rc" = 0 ]; then cu_confirm || cu_rc=1; fi
  trap '' HUP INT TERM
  # Where it was cut off while it began, only the lock says that something of it is there.
  if [ "$cu_rc" != 0 ] && { [ -n "$cu_new" ] || lk_holds_lock; }; then
    cu_tr 'It failed, so what was done is taken back:' '실패했으므로 바꾼 것을 되돌립니다:'
    cu_show "$cu_text"
    cu_one=$cu_id
    cu_undo || :
  fi
  [ "$cu_rc" = 0 ]
}

# cu_go: whether a step may begin; not after the customer, or a lost connection, ended the script.
cu_go() { [ -z "$cu_cut" ]; }

cu_revoke() {
  # Half closed is worse than a line that nobody reads.
  trap '' HUP INT TERM
  trap : PIPE
  cu_tr "Closing access for $cu_user ($cu_name)" "$cu_user 계정의 접속을 닫습니다 ($cu_name)"
  cu_show "$cu_text"
  cu_grants
  cu_rc=0
  # One that was killed as it began left a lock, and is not there yet.
  if [ -z "$cu_ids" ] && [ -d "$j_root" ]; then cu_ids=$cu_id; fi
  for cu_one in $cu_ids; do cu_undo || cu_rc=1; done
  if [ -z "$cu_ids" ]; then
    cu_tr 'There is no grant to take back.' '되돌릴 것이 없습니다.'
    cu_show "  $cu_text"
  fi
  return "$cu_rc"
}

# cu_undo_program: the program that a grant keeps beside its journal; the libraries of this script are most of it.
cu_undo_program() { lk_put "$cu_undo_before$cu_library$cu_undo_after"; }

# cu_choose WORD...: sets cu_verb to what is to be done; status 1 where that is not clear, which is told. A revoke that was
# written wrongly must not become a grant.
cu_choose() {
  eval "cu_value=\${$cu_variable-}"
  cu_asked=
  case $cu_value in
  '') ;;
  *[!A-Za-z0-9]* | [Nn]* | 0 | [Ff]*)
    cu_refuse "$cu_variable=yes closes access; what was given is something else" "$cu_variable=yes 가 접속을 닫습니다. 다른 값이 주어졌습니다"
    return 1
    ;;
  *) cu_asked=revoke ;;
  esac
  cu_verb=${1-}
  case $cu_verb in
  grant | revoke | status) ;;
  '') cu_verb=${cu_asked:-$cu_default} ;;
  *)
    cu_refuse "there is no verb \"$1\": say grant, revoke or status" "\"$1\"은(는) 없는 동작입니다: grant, revoke, status 중 하나를 쓰십시오"
    return 1
    ;;
  esac
  case $cu_verb$cu_asked/$cu_default in
  grantrevoke/*)
    cu_refuse "the verb says grant, and $cu_variable says revoke" "grant 동작과 $cu_variable 변수가 서로 다릅니다"
    return 1
    ;;
  grant/revoke)
    cu_refuse 'this script only closes access' '이 스크립트는 접속을 닫기만 합니다'
    return 1
    ;;
  /*)
    cu_refuse 'say what is to be done: sh -s -- grant, revoke or status' '할 일을 지정하십시오: sh -s -- grant, revoke 또는 status'
    return 1
    ;;
  esac
}

cu_refuse() {
  cu_tr "Nothing was done: $1" "아무것도 하지 않았습니다: $2"
  cu_show "$cu_text"
}

# cu_start WORD...: from the first to the last line, whoever runs the script. The text of the script is not in a file, since
# it may come from a pipe: to become root it is handed on in two parts.
cu_start() {
  lk_sbin
  if ! cu_choose "$@"; then
    cu_last || :
    exit 1
  fi
  if lk_is_root; then cu_main "$cu_verb" "$cu_lang"; fi
  if sudo -n true </dev/null >/dev/null 2>&1; then
    cu_cut="<$cu_sum>"
    # shellcheck disable=SC2016 # for the other shell
    lk_put "$cu_library$cu_cut$cu_own$cu_cut" | sudo -n sh -c 'cu_all=$(cat && echo .)
      case $cu_all in *"$1"*"$1".) ;; *) exit 1 ;; esac
      cu_library=${cu_all%%"$1"*} cu_own=${cu_all#*"$1"}
      cu_own=${cu_own%"$1".}
      eval "$cu_library$cu_own"
      cu_main "$2" "$3"' sh "$cu_cut" "$cu_verb" "$cu_lang"
    exit
  fi
  cu_refuse "only root can do this, and sudo does not run it here without a password: become root with  sudo -i  and run the same line again" \
    "root만 할 수 있는 일이며, 여기서는 암호 없이 sudo를 쓸 수 없습니다.  sudo -i  로 root가 된 뒤 같은 줄을 다시 실행하십시오"
  cu_last || :
  exit 1
}

# cu_main VERB LANGUAGE: all of it, as root. Ends the script.
cu_main() {
  cu_lang=$2
  lk_sbin
  export PATH
  { read -r cu_mark </proc/sys/kernel/random/uuid; } 2>/dev/null || cu_mark=$$.$(date +%s)
  cu_mark="<$cu_mark>"
  umask 022
  cd /
  case $1 in
  grant)
    cu_grant
    cu_rc=$?
    if cu_last && [ "$cu_rc" = 0 ]; then cu_rc=1; fi
    ;;
  revoke)
    cu_revoke
    cu_rc=$?
    cu_last || cu_rc=1
    ;;
  *)
    cu_rc=0
    cu_last || :
    ;;
  esac
  exit "$cu_rc"
}
