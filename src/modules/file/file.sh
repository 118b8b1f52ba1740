# One path as it is to be: absent, a directory, a file, a link, with owner, group, mode and times.
# shellcheck disable=SC2034,SC2154

# What changes, for the diff.
file_diff() {
  [ "${lk_diff-}" = 1 ] || return 0
  lk_s diff.before.path "$m_path"
  lk_s diff.after.path "$m_path"
  if [ "$1" != "$2" ]; then
    lk_s diff.before.state "$1"
    lk_s diff.after.state "$2"
  fi
}

file_attributes_diff() {
  [ "${lk_diff-}" = 1 ] && [ "$f_type" != absent ] || return 0
  [ "$f_uid" = "$w_uid" ] || { lk_s diff.before.owner "$f_owner" && lk_s diff.after.owner "$w_owner"; }
  [ "$f_gid" = "$w_gid" ] || { lk_s diff.before.group "$f_group" && lk_s diff.after.group "$w_group"; }
  [ "$f_mode" = "$w_mode" ] || { lk_s diff.before.mode "$f_mode" && lk_s diff.after.mode "$w_mode"; }
}

# Whether the path's directory was there when it was looked at, or is planned.
file_is_reached() { lk_checking || [ "$lk_looked" = "$m_path" ]; }

# file_set: owner, group, mode and times of what is there (f_*).
file_set() {
  lk_want
  file_attributes_diff
  file_times
  if [ -z "$w_attrs$m_touch" ]; then return; fi
  m_changed=1
  if lk_checking; then
    lk_v=${f_content-}
    lk_will_be
    if [ -n "$f_planned" ] && [ -n "${f_content+set}" ] && [ "$f_type" = file ]; then
      lk_plan_path "$m_path" "$lk_v"
    else
      file_plan
    fi
    return
  fi
  [ -z "$w_attrs" ] || lk_apply "$lk_at"
  lk_will_be
  file_apply_times
}

file_plan() {
  if [ "$f_type" = link ]; then lk_plan_path "$m_path" "$f_target"; else lk_plan_path "$m_path"; fi
}

# Sets m_touch to the arguments of touch that differ: `m` and `a` for now, or a time for each.
file_times() {
  m_touch='' m_now='' m_mtime='' m_atime=''
  file_time "${p_mtime-}" %y m
  file_time "${p_atime-}" %x a
}
file_time() {
  case ${1:-$m_time_default} in
  preserve) return ;;
  now) m_now=$m_now$3 m_touch=1 ;;
  *)
    # The host's own notation of the time, without what stands between the numbers.
    lk_v=
    [ -n "$f_planned" ] || lk_v=$(stat -c "$2" -- "$lk_at" 2>/dev/null)
    lk_v=${lk_v%%.*}
    lk_t=
    while [ -n "$lk_v" ]; do
      lk_t2=${lk_v%"${lk_v#?}"}
      lk_v=${lk_v#?}
      case $lk_t2 in [0-9]) lk_t=$lk_t$lk_t2 ;; esac
    done
    [ "${lk_t%??}.${lk_t#????????????}" != "$1" ] || return 0
    m_touch=1
    eval "m_${3}time=\$1" ;;
  esac
}
file_apply_times() {
  [ -n "$m_touch" ] || return 0
  case $m_now in
  ma) file_touch_times ;;
  ?) file_touch_times "-$m_now" ;;
  esac
  [ -z "$m_mtime" ] || file_touch_times -m -t "$m_mtime"
  [ -z "$m_atime" ] || file_touch_times -a -t "$m_atime"
}
# Not through a link that took the file's place; small hosts have no -h.
file_touch_times() {
  lk_try touch -c -h "$@" -- "$lk_at" || lk_try touch -c "$@" -- "$lk_at" ||
    lk_fail "Error while updating modification or access time: $lk_e"
}

# A link at path, where it is to be followed: m_path becomes what it leads to.
file_follow() {
  [ "$p_follow" = 1 ] && [ "$f_type" = link ] && [ -z "$f_planned" ] || return 0
  lk_follow || return 0
  m_path=$lk_v
  lk_look "$m_path"
}

file_result() {
  lk_s "$m_key" "$m_path"
  [ -z "${m_src-}" ] || lk_s src "$m_src"
  lk_fields
  [ -n "$m_changed" ] || lk_ok
  lk_changed
}

# Fails where something is mounted at or below a directory: removing it would empty what is mounted.
file_refuse_mounts() {
  [ -r /proc/self/mountinfo ] || return 0
  lk_parent "$m_path"
  m_real=$(cd -P -- "$lk_v" 2>/dev/null && lk_put "$PWD") || return 0
  m_real=${m_real%/}/${m_path##*/}
  while read -r lk_t lk_t lk_t lk_t m_mount lk_t; do
    # A blank in a name is \040 there.
    case $m_mount in
    "$m_real" | "$m_real"/*) lk_fail "refusing to remove $m_path: something is mounted at $m_mount" ;;
    *\\040*) case $m_real in *' '*) file_refuse_blank ;; esac ;;
    esac
  done </proc/self/mountinfo
}
file_refuse_blank() {
  lk_t=$m_mount lk_t2=
  while :; do
    case $lk_t in *\\040*) ;; *) break ;; esac
    lk_t2="$lk_t2${lk_t%%\\040*} "
    lk_t=${lk_t#*\\040}
  done
  case $lk_t2$lk_t in
  "$m_real" | "$m_real"/*) lk_fail "refusing to remove $m_path: something is mounted at $lk_t2$lk_t" ;;
  esac
}

file_absent() {
  m_key=path
  if [ "$f_type" = absent ]; then file_result; fi
  file_diff "$f_type" absent
  [ "$f_type" != directory ] || file_refuse_mounts
  m_changed=1
  m_old=$f_type
  if lk_checking; then
    f_type=absent
    lk_plan_path "$m_path"
  else
    if [ "$m_old" = directory ]; then
      lk_try rm -rf -- "$lk_at" || lk_fail "rmtree failed: $lk_e"
    else
      lk_try rm -f -- "$lk_at" || lk_fail "unlinking failed: $lk_e"
    fi
    f_type=absent
  fi
  file_result
}

file_directory() {
  m_key=path
  file_follow
  case $f_type in
  directory)
    file_diff directory directory
    file_set
    if [ "$p_recurse" = 1 ] && [ -z "$f_planned" ]; then
      lk_enter "$m_path"
      file_below "$lk_pwd" 0
      # The result is about the directory again.
      lk_look "$m_path"
      lk_want
      lk_will_be
    fi ;;
  absent)
    file_diff absent directory
    lk_make_directories "$m_path" "${p_mode-}"
    m_changed=1
    if ! lk_checking; then lk_look "$m_path"; fi ;;
  *) lk_fail "$m_path already exists as a $f_type" ;;
  esac
  file_result
}

# file_below HERE DEPTH: the attributes of everything in the current directory, whose path is HERE. Each one is looked at
# and changed from within its directory, and it is made sure that the way back leads back.
file_below() {
  [ "$2" -lt 100 ] || lk_fail "$1 is nested too deeply"
  for m_entry in ./* ./.[!.]* ./..?*; do
    if [ -e "$m_entry" ] || [ -L "$m_entry" ]; then
      lk_stat "$m_entry" .
      file_below_set "$m_entry"
      if [ "$f_type" = directory ]; then
        file_step "./${m_entry#./}" "${1%/}/${m_entry#./}"
        file_below "$lk_pwd" $(($2 + 1))
        file_step .. "$1"
      elif [ "$f_type" = link ] && [ "$p_follow" = 1 ]; then
        file_below_link "$m_entry" "$1"
      fi
    fi
  done
}

file_below_set() {
  lk_want
  [ -n "$w_attrs" ] || return 0
  m_changed=1
  if ! lk_checking; then
    lk_apply "$1"
  elif [ -n "${lk_journaling-}" ]; then
    lk_plan path "${lk_pwd%/}/${1#./}" "$f_type"
  fi
}

file_below_link() {
  lk_at=$1 lk_looked=$2/${1#./}
  if lk_follow && [ -e "$lk_v" ]; then
    lk_look "$lk_v"
    file_below_set "$lk_at"
    file_step "$2" "$2"
  fi
}

file_step() {
  lk_cd "$1" || lk_fail "could not enter the directory $2"
  [ "$lk_pwd" = "$2" ] || lk_fail "$2 was exchanged while it was looked at"
}

file_file() {
  m_key=path
  file_follow
  case $f_type in
  absent | directory)
    [ "$f_type" != absent ] || lk_s state absent
    lk_s path "$m_path"
    lk_fail "file ($m_path) is $f_type, cannot continue" ;;
  esac
  file_diff file file
  file_set
  file_result
}

file_touch() {
  m_key=dest m_time_default=now
  file_follow
  file_diff "$f_type" touch
  if [ "$f_type" = absent ]; then
    # What a link leads to is not made.
    [ ! -L "$m_named" ] || lk_fail "Error, could not touch target: [Errno 2] No such file or directory: '$m_path'"
    m_changed=1
    lk_parent "$m_path"
    m_dir=$lk_v
    if ! lk_is_directory "$m_dir" || ! file_is_reached; then
      lk_fail "Error, could not touch target: [Errno 2] No such file or directory: '$m_path'"
    fi
    if lk_checking; then
      lk_new file
      lk_want
      lk_will_be
      lk_plan_path "$m_path" ''
    else
      # Noclobber: what another made meanwhile is not opened. The function makes a failing redirection harmless.
      lk_e=$(set -C && file_nothing >"$lk_at" 2>&1) || lk_fail "Error, could not touch target: $m_path"
      lk_stat "$lk_at" .
      lk_want
      lk_apply "$lk_at"
      lk_will_be
      m_mtime='' m_atime='' m_now='' m_touch=
      case ${p_mtime-} in '' | now | preserve) ;; *) m_mtime=$p_mtime m_touch=1 ;; esac
      case ${p_atime-} in '' | now | preserve) ;; *) m_atime=$p_atime m_touch=1 ;; esac
      file_apply_times
    fi
  else
    file_set
  fi
  file_result
}
file_nothing() { lk_put ''; }

file_link() {
  m_key=dest
  m_before=$f_type
  if [ -z "${p_src-}" ]; then
    [ "$f_type" = link ] || lk_fail 'src is required for creating new symlinks'
    m_src=$(file_target)
  else
    lk_path "$p_src"
    m_src=$lk_v
    file_link_check
  fi
  file_diff "$m_before" link
  if [ "$f_type" != link ] || [ "$(file_target)" != "$m_src" ]; then
    m_changed=1
    if lk_checking; then
      [ "$f_type" = link ] || lk_new link
      f_target=$m_src
      file_plan
    else
      file_is_reached || lk_fail "Error while linking: [Errno 2] No such file or directory: '$m_path'"
      # ln -s under another name, then renamed over the old one, so that there is always one of the two.
      m_other=./.lk-$$-$lk_id.link
      lk_try ln -s -- "$m_src" "$m_other" || lk_fail "Error while linking: $lk_e"
      if [ "$m_before" = directory ]; then
        rmdir "$lk_at" 2>/dev/null || { rm -f "$m_other" && lk_fail "Error while replacing $m_path"; }
      fi
      lk_try mv -fT -- "$m_other" "$lk_at" || { rm -f "$lk_at" && lk_try mv -f -- "$m_other" "$lk_at"; } || {
        rm -f "$m_other"
        lk_fail "Error while replacing $m_path: $lk_e"
      }
      lk_stat "$lk_at" .
      f_target=$m_src
    fi
  fi
  file_link_attributes
  file_result
}

# What may become a link.
file_link_check() {
  case $m_src in
  /*) m_target=$m_src ;;
  *) lk_parent "$m_path" && m_target=${lk_v%/}/$m_src ;;
  esac
  if [ "$p_force" != 1 ]; then
    if [ "$f_type" != link ] && [ "$f_type" != absent ]; then
      lk_fail "refusing to convert from $f_type to symlink for $m_path"
    fi
    lk_absolute "$m_target"
    m_saved=$f_type m_saved_target=${f_target-} m_saved_planned=$f_planned
    if ! { [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$lk_v" && [ "$f_type" != absent ]; } && [ ! -e "$m_target" ]; then
      lk_fail "src file does not exist, use \"force=yes\" if you really want to create the link: $m_target"
    fi
    f_type=$m_saved f_target=$m_saved_target f_planned=$m_saved_planned
  elif [ "$f_type" = directory ]; then
    for m_entry in "$m_path"/* "$m_path"/.[!.]* "$m_path"/..?*; do
      [ ! -e "$m_entry" ] || lk_fail "the directory $m_path is not empty, refusing to convert it"
    done
  fi
}

file_target() {
  if [ -n "$f_planned" ] || [ -n "$f_target" ]; then lk_put "$f_target"; else readlink -- "$lk_at"; fi
}

# Owner and group go to the link itself, or with follow (the default) to what it leads to, and the mode too.
file_link_attributes() {
  [ -n "${p_owner-}${p_group-}${p_mode-}" ] || return 0
  m_link=$m_path
  if [ "$p_follow" != 1 ]; then
    file_set
    return
  fi
  [ -z "$f_planned" ] && [ -L "$lk_at" ] && lk_follow && [ -e "$lk_v" ] || return 0
  m_path=$lk_v
  lk_look "$m_path"
  file_set
  m_path=$m_link
  lk_look "$m_path"
}

file_hard() {
  m_key=dest
  [ -n "${p_src-}" ] || [ "$f_type" = file ] || lk_fail 'src is required for creating new hardlinks'
  file_diff "$f_type" hard
  if [ -n "${p_src-}" ]; then
    lk_path "$p_src"
    m_src=$lk_v
    case $m_src in /*) m_from=$m_src ;; *) m_from=$m_cwd/$m_src ;; esac
    [ -e "$m_from" ] || lk_fail "src does not exist"
    lk_stat_as s "$m_from"
    case $f_type in
    absent) ;;
    file) [ "$f_id" = "$s_id" ] || [ "$p_force" = 1 ] || lk_fail "Cannot link, different hard link exists at destination" ;;
    link) [ "$p_force" = 1 ] || lk_fail "Cannot link, a link exists at destination" ;;
    *) lk_fail "Cannot link, $f_type exists at destination" ;;
    esac
    if [ "$f_id" != "$s_id" ] || [ "$f_type" != file ]; then
      m_changed=1
      if lk_checking; then
        f_type='file' f_uid=$s_uid f_gid=$s_gid f_owner=$s_owner f_group=$s_group f_mode=$s_mode f_bits=$s_bits
        f_size=$s_size f_nlink=$((s_nlink + 1))
        lk_plan_path "$m_path"
      else
        file_is_reached || lk_fail "Error while linking: [Errno 2] No such file or directory: '$m_path'"
        m_other=./.lk-$$-$lk_id.link
        lk_try ln -- "$m_from" "$m_other" || lk_fail "Error while linking: $lk_e"
        lk_try mv -f -- "$m_other" "$lk_at" || { rm -f "$m_other" && lk_fail "Error while replacing $m_path: $lk_e"; }
        lk_stat "$lk_at" .
      fi
    fi
  fi
  file_set
  file_result
}

lk_path "$p_path"
lk_absolute "$lk_v"
m_cwd=$PWD
m_path=$lk_v m_named=$lk_v m_changed='' m_time_default=preserve
lk_look "$m_path"
if [ -z "${p_state-}" ]; then
  case $f_type in
  absent) if [ "$p_recurse" = 1 ]; then p_state=directory; else p_state='file'; fi ;;
  directory | link) p_state=$f_type ;;
  *) p_state='file' ;;
  esac
fi
# A link or file within a directory that is named has the name of its source.
if [ -n "${p_src-}" ] && [ "$p_state" = hard ] && [ "$f_type" = directory ]; then
  m_path=${m_path%/}/${p_src##*/}
  lk_look "$m_path"
fi
case $p_state in
absent) file_absent ;;
directory) file_directory ;;
file) file_file ;;
touch) file_touch ;;
link) file_link ;;
hard) file_hard ;;
esac
