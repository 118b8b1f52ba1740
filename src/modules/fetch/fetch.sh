# Sends a file's content, in base64 or, without that, in hexadecimal. First only its checksum is told: the controller may
# have it already. p_stage: look, send, same.
# shellcheck disable=SC2154

# fe_refuse MSG: there is nothing to send.
fe_refuse() {
  [ "$p_fail" = 0 ] || lk_fail "$1"
  lk_s file "$fe_path"
  lk_ok "$1, not transferring, ignored"
}

lk_path "$p_src"
fe_path=$lk_v
if [ -d "$fe_path" ]; then fe_refuse 'remote file is a directory, fetch cannot work on directories'; fi
[ -e "$fe_path" ] || fe_refuse 'the remote file does not exist'
# A pipe or a device might never end.
[ -f "$fe_path" ] || fe_refuse 'the remote file is no regular file'
[ -r "$fe_path" ] || fe_refuse 'the remote file cannot be read: the user has no permission, and become may help'
fe_size=$(wc -c <"$fe_path")
fe_most=49283072
fe_base64=1
lk_has base64 || fe_base64='' fe_most=20971520
[ "$fe_size" -le "$fe_most" ] ||
  lk_fail "$fe_path has $((fe_size)) bytes, and no more than $fe_most can be fetched: compress or split it first"
lk_s source "$fe_path"
lk_s stage "$p_stage"
fe_sum=$(sha1sum 2>/dev/null <"$fe_path") || fe_sum=
[ -z "$fe_sum" ] || lk_s remote_checksum "${fe_sum%% *}"
[ "$p_stage" = send ] || lk_ok
if [ -n "$fe_base64" ]; then
  lk_v=$(base64 <"$fe_path") || lk_fail "$fe_path cannot be read"
  lk_s content "$lk_v"
else
  lk_v=$(od -An -v -tx1 <"$fe_path") || lk_fail "$fe_path cannot be read"
  lk_s hex "$lk_v"
fi
lk_changed
