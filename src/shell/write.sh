# Changing a file whole or not at all: written beside it under another name, then renamed over it.
# shellcheck disable=SC2034,SC2154 # Variables are shared between this library and the bodies.
# Uses files.sh: f_* is the path's state and d_* its directory's (lk_look PATH), w_* what is wanted (lk_want).

# It is removed as root: the environment of whoever logs in has no say in it.
w_private=

# lk_replace PATH WRITER [SIZE]: makes PATH (absolute) a file with what the function WRITER prints, of SIZE bytes, with
# owner, group and mode of w_*. On any failure the old file stays and nothing is left. Honours p_backup and p_validate
# (w_validate names another function to judge the new file, $lk_wt, by); sets w_backup to the backup's path. Changes the
# current directory.
lk_replace() {
  lk_parent "$1"
  lk_wp=$1 lk_wd=$lk_v lk_wn=${1##*/}
  [ "${lk_looked-}" = "$1" ] || lk_enter "$lk_wd"
  trap 'exit 1' HUP INT PIPE TERM
  trap lk_discard EXIT
  lk_temporary
  # The mode is final from the start where the umask alone can give it; otherwise only the owner reads it at first.
  lk_number "$w_mode"
  lk_wm=0077
  case $w_uid:$w_gid:$((d_bits & 1024 | lk_v & 3657)) in
  0:0:0 | ::0) lk_octal $((438 & ~lk_v)) && lk_wm=$lk_v ;;
  esac
  if ! lk_write "$2" 2>/dev/null; then
    # Again in a process of its own, for what it has to say.
    rm -f "$lk_wt"
    if ! lk_e=$(lk_write "$2" 2>&1); then
      # A shell's own printf says no more than that.
      case $lk_e in '' | *'I/O error'*) lk_why "$lk_wb" || : ;; esac
      lk_fail "could not write $1: $lk_e"
    fi
  fi
  lk_stat_as t "$lk_wt"
  [ -z "${3-}" ] || [ "$t_size" = "$3" ] || lk_fail "could not write $1: $t_size of $3 bytes were written"
  lk_dress
  [ -z "${p_validate_n-}" ] || "${w_validate-lk_validate}"
  w_backup=
  [ "${p_backup-}" != 1 ] || [ "$f_type" = absent ] || lk_backup
  lk_rename
  lk_discard
  lk_wt='' lk_wk=''
}

# lk_write WRITER: makes the file, which must not be there.
lk_write() {
  lk_umask
  umask "$lk_wm"
  set -C
  "$1" >"$lk_wt"
  lk_wi=$?
  set +C
  umask "$lk_um"
  return "$lk_wi"
}

# Chooses the other name; lk_writer stands for a process, so that a later one finds it. Where others can make names in the directory, it is inside a new one that only we can enter.
lk_temporary() {
  lk_wb=./ lk_wk='' lk_wx=.lk-${lk_writer-$$}-$lk_id
  if ! lk_guarded; then
    lk_wk=$lk_wx
    lk_try mkdir -m 700 "$lk_wk" || lk_fail "could not write to $lk_wd: $lk_e"
    lk_wb=${lk_pwd%/}/$lk_wk
    if ! lk_cd "$lk_wk" || [ "$lk_pwd" != "$lk_wb" ]; then lk_fail "could not write to $lk_wd"; fi
    lk_wb=../
  fi
  lk_wt=./$lk_wx.tmp
  if [ -e "$lk_wt" ] || [ -L "$lk_wt" ]; then rm -f "$lk_wt"; fi
}

# Whatever happens, nothing of ours stays; nor of a body's own directory w_private, where it keeps what it writes.
lk_discard() {
  [ -z "${w_private-}" ] || rm -rf -- "$w_private"
  [ -z "${lk_wt-}" ] || [ ! -e "$lk_wt" ] || rm -f "$lk_wt"
  [ -z "${lk_wk-}" ] || { cd .. && rmdir "$lk_wk"; } 2>/dev/null
}

# Owner, group, mode and security context, then to the disk: dd's fsync is for this file alone, and everywhere.
lk_dress() {
  w_uid=${w_uid:-$t_uid} w_gid=${w_gid:-$t_gid} w_owner=${w_owner:-$t_owner} w_group=${w_group:-$t_group}
  if [ "$w_uid:$w_gid" != "$t_uid:$t_gid" ]; then
    lk_try chown "$w_uid:$w_gid" "$lk_wt" || lk_fail "chown failed: $lk_e"
  fi
  if [ "$w_mode" != "$t_mode" ]; then
    lk_try chmod "0$w_mode" "$lk_wt" || lk_fail "chmod failed: $lk_e"
  fi
  if [ -e /sys/fs/selinux/enforce ]; then
    if [ "$f_type" = absent ]; then lk_wr=$lk_wd; else lk_wr=$lk_wp; fi
    lk_try chcon --reference="$lk_wr" "$lk_wt" || :
  fi
  dd if=/dev/null of="$lk_wt" conv=notrunc,fsync 2>/dev/null || lk_judge_flush
}

# Not every dd can do that. But the kernel tells of a failed write only once: where it works now, it had failed.
lk_judge_flush() {
  lk_e=$(dd if=/dev/null of="$lk_wt" conv=notrunc,fsync 2>&1)
  case $?/$lk_e in
  0/* | *[Nn]'o space'* | *uota* | *'nput/output'*) lk_fail "could not write $lk_wp: $lk_e" ;;
  esac
}

lk_rename() {
  if [ -L "$lk_wb$lk_wn" ] || [ -d "$lk_wb$lk_wn" ]; then
    # mv would move into a directory, and through a link to one.
    lk_try mv -fT -- "$lk_wt" "$lk_wb$lk_wn" && return
    [ -L "$lk_wb$lk_wn" ] || lk_fail "could not replace $lk_wp: $lk_e"
    rm -f -- "$lk_wb$lk_wn"
  fi
  lk_try mv -f -- "$lk_wt" "$lk_wb$lk_wn" && return
  # A file that something is mounted on can only be written in place.
  [ "${p_unsafe_writes-}" = 1 ] || lk_fail "could not replace $lk_wp: $lk_e"
  lk_e=$(cat <"$lk_wt" 2>&1 >"$lk_wb$lk_wn") || lk_fail "could not write $lk_wp: $lk_e"
}

# lk_backup: a copy with Ansible's name, made under another name first so that no link is followed.
lk_backup() {
  w_backup=$lk_wp.$$.$(date +%Y-%m-%d@%H:%M:%S)~
  [ -z "${j_dir-}" ] || lk_brings "$w_backup"
  lk_try cp -pP -- "$lk_wb$lk_wn" "$lk_wt.old" && lk_try mv -f -- "$lk_wt.old" "$lk_wb${w_backup##*/}" && return
  rm -f "$lk_wt.old"
  lk_fail "Could not make backup of $lk_wp to $w_backup: $lk_e"
}

# lk_validate: the command of p_validate_*, whose words hold %s for the new file; run without a shell.
lk_validate() {
  set --
  lk_wi=0
  while [ "$lk_wi" -lt "$p_validate_n" ]; do
    lk_wi=$((lk_wi + 1))
    eval "lk_wr=\$p_validate_$lk_wi"
    lk_ww=
    while :; do
      case $lk_wr in *%s*) ;; *) break ;; esac
      lk_ww=$lk_ww${lk_wr%%%s*}${lk_pwd%/}/${lk_wt#./}
      lk_wr=${lk_wr#*%s}
    done
    set -- "$@" "$lk_ww$lk_wr"
  done
  lk_e=$("$@" 2>&1 </dev/null) && return
  lk_wi=$?
  lk_i exit_status "$lk_wi"
  lk_s stderr "$lk_e"
  lk_fail "${w_refused-failed to validate: rc:$lk_wi error:$lk_e}"
}

# lk_read PATH: sets lk_v to the text of the file of f_*, its last newlines included; status 1 where it is not text (NUL
# bytes) or cannot be read. In a dry run a text that is only planned.
lk_read() {
  if [ -n "$f_planned" ]; then
    lk_v=${f_content-}
    [ -n "${f_content+set}" ]
    return
  fi
  lk_v=$(lk_get "$1" cat && echo x) || return 1
  lk_v=${lk_v%x}
  [ ${#lk_v} -eq "$f_size" ]
} 2>/dev/null

# lk_show_diff BEFORE_PATH AFTER_NAME WRITER SIZE: the two texts of a change, where a diff is wanted, and they are texts
# and not long.
lk_show_diff() {
  [ "${lk_diff-}" = 1 ] || return 0
  lk_s diff.before_header "$1"
  lk_s diff.after_header "$2"
  if [ "$f_type" != file ]; then
    lk_s diff.before ''
  elif [ "$f_size" -gt 104448 ]; then
    lk_i diff.dst_larger 104448
  elif lk_read "${lk_here-$1}"; then
    lk_s diff.before "$lk_v"
  else
    lk_i diff.dst_binary 1
  fi
  if [ "$4" -gt 104448 ]; then
    lk_i diff.src_larger 104448
  elif lk_text_of "$3" "$4"; then
    lk_s diff.after "$lk_v"
  else
    lk_i diff.src_binary 1
  fi
}

# lk_text_of WRITER SIZE: sets lk_v to what it writes; status 1 where that is not text.
lk_text_of() {
  lk_v=$("$1" && echo x) || return 1
  lk_v=${lk_v%x}
  [ ${#lk_v} -eq "$2" ]
} 2>/dev/null

# lk_holds PATH SIZE SHA1 WRITER: whether the file of f_* has this content already.
lk_holds() {
  [ "$f_type" = file ] && [ "$f_size" = "$2" ] || return 1
  [ "$2" != 0 ] || return 0
  if [ -n "$f_planned" ]; then
    lk_text_of "$4" "$2" && [ "$lk_v" = "${f_content-}" ]
    return
  fi
  if lk_v=$(lk_get "$1" sha1sum 2>/dev/null); then
    [ "${lk_v%% *}" = "$3" ]
  else
    "$4" | cmp -s - "$1"
  fi
}

# lk_write_file PATH NAME WRITER SIZE: the writing half of a body: diff, plan or replacement, and the fields of the result.
# PATH's state is in f_* and d_*, and p_* has what is wanted of it. NAME is the source, for the diff.
lk_write_file() {
  lk_here=$1
  [ "${lk_looked-}" != "$1" ] || lk_here=$lk_at
  lk_show_diff "$1" "$2" "$3" "$4"
  lk_wf=$f_type
  [ "$f_type" = file ] || lk_new file
  lk_want
  if lk_checking; then
    lk_parent "$1"
    if [ "${lk_looked-}" != "$1" ] && [ -d "$lk_v" ]; then lk_enter "$lk_v"; fi
    lk_will_be
    f_type='file' f_size=$4 f_nlink=1
    if [ "$4" -le 65536 ] && lk_text_of "$3" "$4"; then lk_plan_path "$1" "$lk_v"; else lk_plan_path "$1"; fi
  else
    f_type=$lk_wf
    lk_replace "$1" "$3" "$4"
    lk_made t
    [ -z "$w_backup" ] || lk_s backup_file "$w_backup"
  fi
}
