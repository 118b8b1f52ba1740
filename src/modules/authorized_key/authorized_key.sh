# shellcheck disable=SC2034,SC2088,SC2154 # variables of the library, and p_* that come with the program
lk_sbin

lk_getpw "$p_user" || lk_fail "Failed to lookup user $p_user: \"getpwnam(): name not found: '$p_user'\""
ak_file=${p_path-$lk_pw_home/.ssh/authorized_keys}
case $ak_file in
'~/'*) ak_file=${HOME:-/root}/${ak_file#'~/'} ;;
esac
case $ak_file in /*) ;; *) lk_fail "path is not absolute: $ak_file" ;; esac
lk_s keyfile "$ak_file"

# ak_only_root PATH: whether nobody but root can change what is at a path: each directory above it is root's alone.
ak_only_root() {
  ak_dir=${1%/*}
  while [ ! -d "$ak_dir/" ]; do ak_dir=${ak_dir%/*}; done
  ak_dir=$(cd -P -- "$ak_dir/" 2>/dev/null && pwd -P) || return 1
  set -- /
  while [ -n "${ak_dir%/}" ]; do
    set -- "$@" "$ak_dir"
    ak_dir=${ak_dir%/*}
  done
  ak_rest=$(ls -ldn "$@" 2>/dev/null) || return 1
  while [ -n "$ak_rest" ]; do
    set -f
    # shellcheck disable=SC2086 # splitting is what it is for
    set -- ${ak_rest%%"$lk_nl"*}
    set +f
    case $1/$3 in d????-??-*/0) ;; *) return 1 ;; esac
    case $ak_rest in *"$lk_nl"*) ak_rest=${ak_rest#*"$lk_nl"} ;; *) ak_rest= ;; esac
  done
}

# Who touches the file: in a directory that others than root can change, the account itself, so that no link of its making
# leads further than its own rights. Elsewhere root, who gives the file to the account.
ak_owner=
if [ -n "${p_path+x}" ]; then
  case $ak_file in
  "$lk_pw_home"/*) ;;
  *) if lk_is_root && ak_only_root "$ak_file"; then ak_owner=$lk_pw_uid:$lk_pw_gid; fi ;;
  esac
fi
ak_run() {
  if [ -n "$ak_owner" ]; then
    lk_as root 0 0 "$ak_script" "$@"
  else
    lk_as "$p_user" "$lk_pw_uid" "$lk_pw_gid" "$ak_script" "$@"
  fi
}
ak_refused() {
  case $lk_out in
  'refused '*) ak_why=${lk_out#refused } ;;
  *"${lk_nl}refused "*) ak_why="${lk_out##*"$lk_nl"refused } (${lk_out%"$lk_nl"refused *})" ;;
  *) lk_fail "could not reach $ak_file with the rights of $p_user: $lk_out" ;;
  esac
  if lk_is_blocked "$ak_real" "${ak_real%/*}"; then ak_why="$ak_why; $lk_v"; fi
  lk_fail "$ak_why: the keys of $p_user were not touched"
}

# The file's text: ak_text, and ak_seen to know it again. A dry run sees what its earlier steps would have written.
ak_read() {
  if lk_planned path "$ak_file"; then
    ak_seen=absent ak_text='' ak_problem=
    case $lk_v in
    'file '*"$lk_nl"*) ak_seen=planned ak_text=${lk_v#*"$lk_nl"} ;;
    'file '*) ak_seen=planned ;;
    '') ;;
    *) lk_fail "$ak_file is not a regular file, so $p_user's keys were not touched" ;;
    esac
    return
  fi
  if lk_planned user "$p_user" && [ ! -d "$lk_pw_home" ] && [ -z "${p_path+x}" ]; then
    # Neither the account nor its home is there yet.
    ak_seen=absent ak_text='' ak_problem=
    lk_planned path "$lk_pw_home" && [ -n "$lk_v" ] || ak_problem="Failed to create directory ${ak_file%/*}"
    return
  fi
  if [ "$ak_round$p_follow$ak_owner" = 00 ] && ! lk_checking && [ ! -e "$ak_file" ] && [ ! -L "$ak_file" ] && lk_is_root; then
    # Nothing is there to be read: what root sees without opening anything. Whoever writes looks again.
    ak_seen=absent ak_text='' ak_problem=
    return
  fi
  lk_input=
  ak_run read "$ak_file" "$p_follow" || ak_refused
  ak_seen=${lk_out%%"$lk_nl"*}
  ak_seen=${ak_seen#file }
  lk_out=${lk_out#*"$lk_nl"}
  ak_problem=${lk_out%%"$lk_nl"*}
  # What an earlier step of a dry run would have made is not there to be written to.
  ak_dir=${ak_file%/*}
  if lk_planned path "$ak_dir" || lk_planned path "${ak_dir%/*}"; then ak_problem=; fi
  case $p_manage_dir/$ak_problem in 0/Failed*) ak_problem= ;; esac
  lk_out=${lk_out#*"$lk_nl"}
  ak_real=${lk_out%%"$lk_nl"*}
  ak_text=${lk_out#*"$lk_nl"}
  ak_text=${ak_text%.}
}

# ak_is_of_grant: whether an open grant has written to the file: what it holds may be a grant's own.
ak_is_of_grant() {
  for ak_one in "$j_root"/*/[0-9]*; do
    if [ ! -f "$ak_one/key" ]; then continue; fi
    lk_j_read "$ak_one/key"
    case $lk_v in "$ak_file" | "$ak_real") return 0 ;; esac
  done
  return 1
}

# What is to be done: ak_edit for what stays (see key-file.sh), ak_new for the lines to add.
ak_decide() {
  ak_edit='' ak_new='' ak_keep='' ak_kept=0 ak_i=0
  while [ "$ak_i" -lt "$p_blob_n" ]; do
    ak_i=$((ak_i + 1))
    eval "ak_numbers=\$ak_lines_$ak_i ak_equal=\$ak_equal_$ak_i ak_last=\$ak_last_$ak_i ak_line=\$p_line_$ak_i"
    eval "ak_loose=\$ak_loose_$ak_i"
    if [ "$p_state" = present ] && [ -n "$ak_equal" ]; then
      ak_keep=$ak_keep${ak_last}p\; ak_kept=$((ak_kept + 1))
      [ -z "$ak_loose" ] || [ "$p_exclusive" = 1 ] || ak_warn=1
      continue
    fi
    for ak_number in $ak_numbers; do ak_edit=$ak_edit${ak_number}d\;; done
    [ "$p_state" = absent ] || ak_new=$ak_new$ak_line$lk_nl
  done
  if [ "$p_state" = present ] && [ "$p_exclusive" = 1 ]; then ak_decide_exclusive; fi
  [ -n "$ak_edit" ] || ak_edit=all
  [ "$ak_seen" != absent ] || ak_edit=none
}

ak_decide_exclusive() {
  [ "$ak_seen" != absent ] || return 0
  ak_edit=none
  [ "$ak_kept" -eq 0 ] || ak_edit=-n$ak_keep
  [ -z "$ak_new" ] || return 0
  ak_total=0
  [ -z "$ak_text" ] || ak_total=$(lk_put "$ak_text" | grep -c '')
  [ "$ak_total" -ne "$ak_kept" ] || ak_edit=all
}

# The text as it would be: ak_after. ak_glue: whether the last line that stays has no end, so that a new line would
# become part of it.
ak_compose() {
  case $ak_edit in
  none) ak_after= ;;
  all) ak_after=$ak_text ;;
  -n*) ak_after=$(lk_put "$ak_text" | sed -n -e "${ak_edit#-n}"; echo .) && ak_after=${ak_after%.} ;;
  *) ak_after=$(lk_put "$ak_text" | sed -e "$ak_edit"; echo .) && ak_after=${ak_after%.} ;;
  esac
  ak_glue=0
  if [ -n "$ak_new" ]; then
    case $ak_after in '' | *"$lk_nl") ;; *) ak_glue=1 ak_after=$ak_after$lk_nl ;; esac
  fi
  ak_after=$ak_after$ak_new
}

# A new file, and its directory, in the plan of a dry run.
ak_plan() {
  lk_getgr_any "$lk_pw_gid" || lk_gr_name=$lk_pw_gid
  [ "$p_manage_dir" = 0 ] || lk_plan path "${ak_file%/*}" "directory 0700 $p_user $lk_gr_name"
  # Of a long text, and one with NUL bytes, which is not whole in a variable, only the file is planned, not what is in it.
  case $ak_seen/${#ak_after} in
  */[0-9][0-9][0-9][0-9][0-9][0-9]*) lk_plan path "$ak_file" "file 0600 $p_user $lk_gr_name" && return ;;
  *' '*) [ "${ak_seen#* }" -eq ${#ak_text} ] || { lk_plan path "$ak_file" "file 0600 $p_user $lk_gr_name"; return; } ;;
  esac
  lk_plan path "$ak_file" "file 0600 $p_user $lk_gr_name$lk_nl$ak_after"
}

ak_round=0
while :; do
  ak_warn=
  ak_real=$ak_file
  ak_read
  ak_find
  # A key that is there already would stay when the grant ends.
  case ${j_dir-}/$p_state in
  ?*/present)
    if ak_holds_any && ! ak_is_of_grant; then
      lk_fail "$ak_real holds the key already, and no grant has put it there: it would let in when this grant is over; give the grant another key"
    fi
    ;;
  esac
  ak_decide
  if [ -z "$ak_new" ] && { [ "$ak_edit" = all ] || [ -z "$ak_text" ]; }; then
    [ -z "$ak_warn" ] ||
      lk_l warnings "$ak_file holds a key of $p_user a second time with other options, and sshd takes the first line that fits"
    lk_ok
  fi
  ak_compose
  if lk_checking; then
    [ -z "$ak_problem" ] || lk_fail "$ak_problem: the keys of $p_user were not touched"
    break
  fi
  lk_input=$ak_new
  ak_run write "$ak_real" "$p_manage_dir" "$ak_owner" "$ak_seen" "$ak_edit" "$ak_glue" && break
  # Somebody else changed the file in between: look again.
  case $lk_rc/$ak_round in 4/60) lk_fail "$ak_file changes all the time" ;; 4/*) ak_round=$((ak_round + 1)) ;; *) ak_refused ;; esac
done
if [ "${lk_diff-}" = 1 ]; then
  lk_s diff.before_header "$ak_file"
  lk_s diff.after_header "$ak_file"
  lk_s diff.before "$ak_text"
  lk_s diff.after "$ak_after"
fi
if lk_checking; then
  ak_plan
  # A link stays, and what it leads to changes.
  if [ -n "${lk_journaling-}" ] && [ "$ak_real" != "$ak_file" ]; then lk_plan path "$ak_real" file; fi
fi
lk_changed
