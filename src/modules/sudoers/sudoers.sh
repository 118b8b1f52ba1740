# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_absolute "$p_path"
su_dir=$lk_v
su_file=$su_dir/$p_name
lk_is_directory "$su_dir" || [ "$p_state" = absent ] || lk_fail "$su_dir is not a directory: is sudo installed on this host?"
lk_state "$su_file" "$su_dir"

if [ "$p_state" = absent ]; then
  [ "$f_type" != absent ] || lk_ok
  [ "$f_type" != directory ] || lk_fail "$su_file is a directory"
  if [ "${lk_diff-}" = 1 ]; then
    lk_s diff.before_header "$su_file"
    lk_s diff.after_header "$su_file"
    lk_read "$su_file" || lk_v=
    lk_s diff.before "$lk_v"
    lk_s diff.after ''
  fi
  if lk_checking; then
    lk_plan path "$su_file" ''
    lk_changed
  fi
  lk_try rm -f -- "$su_file" || lk_fail "could not remove $su_file: $lk_e"
  lk_changed
fi

case $f_type in
file | link | absent) ;;
*) lk_fail "refusing to replace $su_file: it is a $f_type" ;;
esac
su_old=
if [ "$f_type" = file ] && lk_read "$su_file"; then
  su_old=$lk_v
  lk_want
  if [ "$su_old" = "$p_content" ] && [ -z "$w_attrs" ]; then lk_ok; fi
fi
su_was=$f_type

su_visudo=1
if [ "$p_validation" = absent ]; then
  su_visudo=
elif ! lk_has visudo; then
  [ "$p_validation" = detect ] || lk_fail "Failed to find required executable \"visudo\" in paths: $PATH"
  su_visudo=
fi

su_content() { lk_put "$p_content"; }
su_old_content() { lk_put "$su_old"; }

# The rule alone. A dry run makes no file, and visudo of sudo-rs reads nothing else.
su_validate_dry() {
  case $(visudo -V 2>&1 </dev/null) in 'visudo version '*) ;; *) return 0 ;; esac
  lk_out=$(su_content | visudo -cf - 2>&1) || su_refuse stdin "$lk_out"
}
# Called by lk_replace: the new file is in place but for its name, which sudo does not read.
su_validate() {
  lk_try visudo -cf "$PWD/${lk_wt#./}" || su_refuse "$PWD/${lk_wt#./}" "$lk_e"
}

# su_refuse NAME TEXT: what visudo said, about the file's own name instead of NAME.
su_refuse() {
  su_rest=$2 su_text=
  while case $su_rest in *"$1:"*) ;; *) false ;; esac; do
    su_text=$su_text${su_rest%%"$1:"*}$su_file:
    su_rest=${su_rest#*"$1:"}
  done
  lk_fail "Failed to validate sudoers rule:$lk_nl$su_text$su_rest"
}

# All files together: a rule that is right alone can clash with others (an alias that is there twice).
su_check_all() {
  [ "$su_dir" = /etc/sudoers.d ] || return 0
  if lk_try visudo -c; then return; fi
  su_said=$lk_e p_validate_n=
  su_undo
  if lk_try visudo -c; then lk_fail "sudo's files are wrong with this rule, so it was taken back: $su_said"; fi
  su_said=$lk_e
  # They were wrong before. sudo leaves out wrong lines, so that the rule still counts.
  lk_state "$su_file" "$su_dir"
  lk_want
  lk_replace "$su_file" su_content "$p_size"
  lk_l warnings "sudo's files were wrong before, and still are: $su_said"
}

su_undo() {
  if [ "$su_was" = file ]; then
    lk_state "$su_file" "$su_dir"
    lk_want
    lk_replace "$su_file" su_old_content
  else
    rm -f -- "$su_file"
  fi
}

if [ -z "$su_visudo" ]; then
  p_validate_n=
elif lk_checking; then
  su_validate_dry
else
  p_validate_n=1 w_validate=su_validate
fi
lk_write_file "$su_file" "$su_file" su_content "$p_size"
if [ -n "$su_visudo" ] && ! lk_checking; then su_check_all; fi
lk_changed
