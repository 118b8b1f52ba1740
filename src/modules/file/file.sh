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

# The parent, so that what happens next happens there and nowhere else. In a dry run it may be no more than planned.
file_enter() {
  lk_parent "$m_path"
  if ! lk_checking || [ -d "$lk_v" ]; then lk_enter "$lk_v"; fi
  m_name=./${m_path##*/}
}

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
  [ -z "$w_attrs" ] || lk_apply "$m_path"
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
    [ -n "$f_planned" ] || lk_v=$(stat -c "$2" -- "$m_path" 2>/dev/null)
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
  ma) lk_try touch -c -- "$m_path" || lk_fail "Error while setting times: $lk_e" ;;
  ?) lk_try touch -c "-$m_now" -- "$m_path" || lk_fail "Error while setting times: $lk_e" ;;
  esac
  [ -z "$m_mtime" ] || lk_try touch -c -m -t "$m_mtime" -- "$m_path" || lk_fail "Error while setting times: $lk_e"
  [ -z "$m_atime" ] || lk_try touch -c -a -t "$m_atime" -- "$m_path" || lk_fail "Error while setting times: $lk_e"
}

# A link at path, where it is to be followed: m_path becomes what it leads to.
file_follow() {
  [ "$p_follow" = 1 ] && [ "$f_type" = link ] && [ -z "$f_planned" ] || return 0
  lk_follow "$m_path" || return 0
  m_path=$lk_v
  lk_parent "$m_path"
  lk_state "$m_path" "$lk_v"
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
  file_enter
  if lk_checking; then
    f_type=absent
    lk_plan_path "$m_path"
  else
    if [ "$m_old" = directory ]; then
      lk_try rm -rf -- "$m_name" || lk_fail "rmtree failed: $lk_e"
    else
      lk_try rm -f -- "$m_name" || lk_fail "unlinking failed: $lk_e"
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
    [ "$p_recurse" != 1 ] || file_below "$m_path" 0 ;;
  absent)
    file_diff absent directory
    lk_make_directories "$m_path" "${p_mode-}"
    m_changed=1
    if lk_checking; then :; else lk_stat "$m_path"; fi ;;
  *) lk_fail "$m_path already exists as a $f_type" ;;
  esac
  file_result
}

# file_below DIRECTORY DEPTH: the attributes of everything in it.
file_below() {
  [ "$2" -lt 100 ] || lk_fail "$1 is nested too deeply"
  for m_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$m_entry" ] || [ -L "$m_entry" ]; then
      lk_stat "$m_entry" "$1"
      lk_want
      if [ -n "$w_attrs" ]; then
        m_changed=1
        lk_checking || lk_apply "$m_entry"
      fi
      if [ "$f_type" = directory ]; then
        file_below "$m_entry" $(($2 + 1))
      elif [ "$f_type" = link ] && [ "$p_follow" = 1 ] && lk_follow "$m_entry" && [ -e "$lk_v" ]; then
        m_target=$lk_v
        lk_parent "$m_target"
        lk_stat "$m_target" "$lk_v"
        lk_want
        if [ -n "$w_attrs" ]; then
          m_changed=1
          lk_checking || lk_apply "$m_target"
        fi
      fi
    fi
  done
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
    lk_is_directory "$m_dir" || lk_fail "Error, could not touch target: [Errno 2] No such file or directory: '$m_path'"
    lk_stat "$m_path" "$m_dir"
    file_enter
    if lk_checking; then
      lk_new file
      lk_want
      lk_will_be
      lk_plan_path "$m_path" ''
    else
      # Noclobber: what another made meanwhile is not opened. The function makes a failing redirection harmless.
      lk_e=$(set -C && file_nothing >"$m_name" 2>&1) || lk_fail "Error, could not touch target: $m_path"
      lk_stat "$m_path" "$m_dir"
      lk_want
      lk_apply "$m_path"
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
    file_enter
    if lk_checking; then
      [ "$f_type" = link ] || lk_new link
      f_target=$m_src
      file_plan
    else
      # ln -s under another name, then renamed over the old one, so that there is always one of the two.
      m_other=./.lk-$$-$lk_id.link
      lk_try ln -s -- "$m_src" "$m_other" || lk_fail "Error while linking: $lk_e"
      if [ "$m_before" = directory ]; then
        rmdir "$m_name" 2>/dev/null || { rm -f "$m_other" && lk_fail "Error while replacing $m_path"; }
      fi
      lk_try mv -fT -- "$m_other" "$m_name" || { rm -f "$m_name" && lk_try mv -f -- "$m_other" "$m_name"; } || {
        rm -f "$m_other"
        lk_fail "Error while replacing $m_path: $lk_e"
      }
      lk_stat "$m_path"
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
  if [ -n "$f_planned" ] || [ -n "$f_target" ]; then lk_put "$f_target"; else readlink -- "$m_path"; fi
}

# Owner and group go to the link itself, or with follow (the default) to what it leads to, and the mode too.
file_link_attributes() {
  [ -n "${p_owner-}${p_group-}${p_mode-}" ] || return 0
  m_link=$m_path m_link_planned=$f_planned
  if [ "$p_follow" != 1 ]; then
    file_set
    return
  fi
  [ -z "$f_planned" ] && lk_follow "$m_path" && [ -e "$lk_v" ] && [ "$lk_v" != "$m_path" ] || return 0
  m_path=$lk_v
  lk_parent "$m_path"
  lk_state "$m_path" "$lk_v"
  file_set
  m_path=$m_link
  lk_state "$m_path"
}

file_hard() {
  m_key=dest
  [ -n "${p_src-}" ] || [ "$f_type" = file ] || lk_fail 'src is required for creating new hardlinks'
  file_diff "$f_type" hard
  if [ -n "${p_src-}" ]; then
    lk_path "$p_src"
    m_src=$lk_v
    [ -e "$m_src" ] || lk_fail "src does not exist"
    lk_stat_as s "$m_src"
    case $f_type in
    absent) ;;
    file) [ "$f_id" = "$s_id" ] || [ "$p_force" = 1 ] || lk_fail "Cannot link, different hard link exists at destination" ;;
    link) [ "$p_force" = 1 ] || lk_fail "Cannot link, a link exists at destination" ;;
    *) lk_fail "Cannot link, $f_type exists at destination" ;;
    esac
    if [ "$f_id" != "$s_id" ] || [ "$f_type" != file ]; then
      m_changed=1
      file_enter
      if lk_checking; then
        f_type='file' f_uid=$s_uid f_gid=$s_gid f_owner=$s_owner f_group=$s_group f_mode=$s_mode f_bits=$s_bits
        f_size=$s_size f_nlink=$((s_nlink + 1))
        lk_plan_path "$m_path"
      else
        lk_absolute "$m_src"
        m_from=$lk_v
        m_other=./.lk-$$-$lk_id.link
        lk_try ln -- "$m_from" "$m_other" || lk_fail "Error while linking: $lk_e"
        lk_try mv -f -- "$m_other" "$m_name" || { rm -f "$m_other" && lk_fail "Error while replacing $m_path: $lk_e"; }
        lk_stat "$m_path"
      fi
    fi
  fi
  file_set
  file_result
}

lk_path "$p_path"
lk_absolute "$lk_v"
m_path=$lk_v m_named=$lk_v m_changed='' m_time_default=preserve
lk_parent "$m_path"
lk_state "$m_path" "$lk_v"
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
  lk_parent "$m_path"
  lk_state "$m_path" "$lk_v"
fi
case $p_state in
absent) file_absent ;;
directory) file_directory ;;
file) file_file ;;
touch) file_touch ;;
link) file_link ;;
hard) file_hard ;;
esac
