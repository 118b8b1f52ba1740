# Changing a text file in two steps, since only the controller knows Python's regular expressions: this body first sends
# the text, and then, given a new one (p_size is set), writes it if the file still is what it was.
# shellcheck disable=SC2034,SC2154

# Whether the file is still the one that was looked at.
edit_is_same() {
  [ -z "$f_planned" ] || return 0
  if [ "$p_was_absent" = 1 ]; then
    [ "$f_type" = absent ]
  else
    lk_holds "$lk_at" "$p_old_size" "$p_old_sha1" p_old
  fi
}

# Without sha1sum the size must do.
p_old() { lk_get "$lk_at" cat; }

edit_send() {
  lk_b edit.exists "$e_exists"
  lk_i edit.size "$f_size"
  if [ "$e_exists" = true ]; then
    lk_want
    [ -z "$w_attrs" ] || lk_b edit.attributes true
    if [ "${p_hex-}" != 1 ] && lk_read "$lk_at"; then
      lk_s edit.text "$lk_v"
    elif [ -n "$f_planned" ]; then
      lk_changed 'an earlier step would change this file; what would be left to do is not known in a dry run'
    else
      [ -r "$lk_at" ] || lk_fail "could not read $e_path"
      lk_v=$(lk_get "$lk_at" od -An -v -tx1 2>/dev/null) || lk_fail "could not read $e_path"
      lk_s edit.hex "$lk_v"
    fi
  fi
  lk_ok
}

edit_write() {
  e_msg=$p_msg
  if [ "$p_same" = 1 ]; then
    lk_want
    lk_v=${f_content-}
    if ! lk_checking; then
      lk_apply "$lk_at"
    elif [ -n "$f_planned" ]; then
      lk_will_be
      lk_plan_path "$e_path" "$lk_v"
    else
      lk_will_be
      lk_plan_path "$e_path"
    fi
  else
    if [ "$e_exists" = false ]; then
      # What is asked for is the file's; directories on the way to it are ordinary ones.
      e_owner=${p_owner-} e_group=${p_group-} p_owner='' p_group=''
      lk_make_directories "$e_dir" ''
      p_owner=$e_owner p_group=$e_group
      if [ -d "$e_dir" ]; then lk_look "$e_path"; fi
      f_type=absent f_planned=
    fi
    lk_write_file "$e_path" "$e_path" p_content "$p_size"
  fi
  [ -z "$w_attrs" ] || e_msg="$e_msg${e_msg:+ and }ownership, perms or SE linux context changed"
  lk_changed "$e_msg"
}

lk_path "$p_path"
lk_absolute "$lk_v"
e_path=$lk_v
if lk_is_directory "$e_path"; then
  lk_i rc 256
  lk_fail "Path $e_path is a directory !"
fi
lk_look "$e_path"
if [ "$f_type" = link ] && [ -z "$f_planned" ]; then
  lk_follow || lk_fail "the link $e_path leads nowhere"
  e_path=$lk_v
  lk_look "$e_path"
fi
lk_parent "$e_path"
e_dir=$lk_v
e_exists=true
case $f_type in
file) ;;
absent)
  e_exists=false
  if [ "${p_create-}" != 1 ]; then
    [ -z "${p_missing-}" ] || lk_ok "$p_missing"
    lk_i rc 257
    lk_fail "${p_subject-Path} $e_path does not exist !"
  fi ;;
*) lk_fail "refusing to edit $e_path: it is a $f_type" ;;
esac
if [ -n "${p_size-}" ] && edit_is_same; then edit_write; fi
edit_send
