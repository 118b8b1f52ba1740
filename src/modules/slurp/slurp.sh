# A file's bytes as text: base64, or hexadecimal where the host has no base64, since od is in POSIX.
# shellcheck disable=SC2154
lk_path "$p_src"
s_path=$lk_v
if lk_is_directory "$s_path"; then lk_fail "source is a directory and must be a file: $s_path"; fi
lk_state "$s_path"
[ "$f_type" != absent ] || lk_fail "file not found: $s_path"
lk_s source "$s_path"
lk_s encoding base64
if [ -n "$f_planned" ]; then
  [ -n "${f_content+set}" ] || lk_fail "the content that an earlier step would give $s_path is not known in a dry run"
  lk_s text "$f_content"
  lk_ok
fi
[ -r "$s_path" ] || lk_fail "file is not readable: $s_path"
if lk_v=$(base64 <"$s_path" 2>/dev/null); then
  lk_s content "$lk_v"
else
  lk_v=$(od -An -v -tx1 <"$s_path") || lk_fail "file is not readable: $s_path"
  lk_s hex "$lk_v"
fi
lk_ok
