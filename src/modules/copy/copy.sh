# Makes dest hold a content: from the controller (p_content), or from a file of the host (p_remote).
# shellcheck disable=SC2034,SC2154

# copy_file DEST NAME WRITER SIZE SHA1: one file. Sets c_changed where something is, or would be, different.
copy_file() {
  lk_look "$1"
  c_path=$1
  if [ "$f_type" = link ] && [ "$p_follow" = 1 ] && [ -z "$f_planned" ]; then
    lk_follow || lk_fail "the link $1 leads nowhere"
    c_path=$lk_v
    lk_look "$c_path"
  fi
  case $f_type in
  file | link | absent) ;;
  *) lk_fail "refusing to replace $c_path: it is a $f_type" ;;
  esac
  if [ "$f_type" != absent ] && [ "$p_force" = 0 ]; then
    c_msg='file already exists'
  elif lk_holds "$lk_at" "$4" "$5" "$3"; then
    lk_want
    [ -z "$w_attrs" ] || copy_attributes
  elif [ "$3" = p_content ] && [ "$p_has_content" = 0 ]; then
    lk_b need_content true
    lk_ok
  else
    lk_write_file "$c_path" "$2" "$3" "$4"
    c_changed=1 c_written=1
  fi
}

copy_attributes() {
  c_changed=1
  if lk_checking; then
    lk_v=$f_content
    lk_will_be
    if [ -n "$f_planned" ]; then lk_plan_path "$c_path" "$lk_v"; else lk_plan_path "$c_path"; fi
  else
    lk_apply "$lk_at"
    lk_will_be
  fi
}

# copy_directory PATH: made where it is missing.
copy_directory() {
  if lk_is_directory "$1"; then return; fi
  lk_make_directories "$1" "${p_directory_mode-}"
  c_changed=1
}

copy_host_content() {
  if [ -n "$c_from_plan" ]; then lk_put "$c_from_content"; else cat -- "$c_from"; fi
}

# copy_from_host SOURCE DEST: a file of the host.
copy_from_host() {
  lk_state "$1"
  c_from_plan=$f_planned c_from_content=${f_content-} c_from=$1 c_from_size=$f_size
  if [ "$f_type" = link ]; then
    lk_v=$(readlink -f -- "$1") || lk_fail "Source $1 not found"
    c_from=$lk_v
    lk_stat "$lk_v"
    c_from_size=$f_size
  fi
  [ "$f_type" != absent ] || lk_fail "Source $1 not found"
  [ -r "$c_from" ] || [ -n "$c_from_plan" ] || lk_fail "Source $1 not readable"
  c_from_mode=$f_mode
  c_sum=$(copy_host_content | sha1sum 2>/dev/null)
  c_sum=${c_sum%% *}
  c_keep_mode=${p_mode-}
  [ "${p_preserve-}" != 1 ] || p_mode=$c_from_mode
  copy_file "$2" "$1" copy_host_content "$c_from_size" "$c_sum"
  p_mode=$c_keep_mode
}

# copy_tree SOURCE DEST: a directory of the host. Positional parameters are a function's own, so that it can call itself.
copy_tree() {
  copy_directory "$2"
  for c_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -d "$c_entry" ]; then
      copy_tree "$c_entry" "$2/${c_entry##*/}"
    elif [ -e "$c_entry" ]; then
      copy_from_host "$c_entry" "$2/${c_entry##*/}"
    fi
  done
}

lk_path "$p_dest"
c_slash='' c_changed='' c_written='' c_msg='' w_refused='failed to validate'
case $lk_v in */) c_slash=1 ;; esac
lk_absolute "$lk_v"
c_dest=$lk_v
if [ "${p_remote-}" = 1 ]; then
  lk_path "$p_src"
  case $lk_v in /*) c_src=$lk_v ;; *) c_src=$PWD/$lk_v ;; esac
fi

if [ -n "${p_folders_n-}" ]; then
  # A folder of the controller: directories first, then its files, whose contents are p_content_1 and so on.
  c_dest=${c_dest%/}${p_base:+/$p_base}
  copy_directory "$c_dest"
  c_n=0
  while [ "$c_n" -lt "$p_folders_n" ]; do
    c_n=$((c_n + 1))
    eval "copy_directory \"\$c_dest/\$p_folders_$c_n\""
  done
  c_n=0 lk_diff=
  while [ "$c_n" -lt "$p_files_n" ]; do
    c_n=$((c_n + 1))
    eval "[ \"\$p_preserve\" != 1 ] || p_mode=\$p_modes_$c_n
      copy_file \"\$c_dest/\$p_files_$c_n\" \"\$p_files_$c_n\" p_content_$c_n \"\$p_sizes_$c_n\" \"\$p_sums_$c_n\""
  done
elif [ -n "${c_src-}" ] && [ -d "$c_src" ]; then
  case $c_src in */) ;; *) c_dest=${c_dest%/}/${c_src##*/} ;; esac
  lk_diff=
  copy_tree "${c_src%/}" "$c_dest"
else
  if lk_is_directory "$c_dest"; then
    [ -n "${p_name-}" ] || lk_fail 'can not use content with a dir as dest'
    c_dest=${c_dest%/}/$p_name
  elif [ -n "$c_slash" ]; then
    copy_directory "$c_dest"
    c_dest=$c_dest/$p_name
  fi
  lk_parent "$c_dest"
  c_dir=$lk_v
  [ -n "$c_changed" ] || lk_is_directory "$c_dir" || lk_fail "Destination directory $c_dir does not exist"
  if [ -n "${c_src-}" ]; then
    copy_from_host "$c_src" "$c_dest"
    p_sha1=$c_sum
  else
    copy_file "$c_dest" "$p_src" p_content "$p_size" "$p_sha1"
  fi
  c_dest=$c_path
  lk_fields
  lk_s checksum "$p_sha1"
  if [ -z "$c_written" ]; then lk_s path "$c_dest"; elif [ -n "${c_src-}" ]; then
    # Where there is no md5sum, the result has none.
    c_md5=$(md5sum <"$c_src" 2>/dev/null) && lk_s md5sum "${c_md5%% *}"
  elif [ -n "${p_md5-}" ]; then
    lk_s md5sum "$p_md5"
  fi
fi
lk_s dest "$c_dest"
[ -z "${p_src-}" ] || lk_s src "$p_src"
[ -z "$c_msg" ] || lk_s msg "$c_msg"
[ -n "$c_changed" ] || lk_ok
lk_changed
