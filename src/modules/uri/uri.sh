# Asks a web service; what it answers goes into a private directory, and from there to the controller or to dest.
# shellcheck disable=SC2034,SC2154

ur_refuse() {
  lk_s refused "skipped, since '$1' $2"
  lk_ok
}

# ur_tool: which program asks; sets ur_with to curl or wget.
ur_tool() {
  ur_with=curl
  lk_has curl && return
  lk_has wget || lk_fail 'uri needs curl or wget on this host, and there is neither'
  ur_with=wget
  [ -z "$p_only_curl" ] || lk_fail "$p_only_curl needs curl on this host: there is only wget"
  ur_help=$(wget --help 2>&1)
  case $ur_help in *'GNU Wget'*) return ;; esac
  ur_with=busybox
  case $p_method:$p_sends in
  GET:0) ;;
  *) lk_fail "method $p_method, or a body, needs curl on this host: there is only BusyBox's wget" ;;
  esac
  [ "$p_redirects" = 1 ] || lk_fail "follow_redirects none needs curl on this host: there is only BusyBox's wget"
  [ "$p_is_https" = 0 ] || [ "$p_validate_certs" = 0 ] ||
    lk_fail 'the wget of this host does not verify certificates: install curl, or give validate_certs: false'
}

# ur_curl, ur_wget, ur_busybox: the request. They write ur_heads and ur_file, set ur_said to what the program says of itself,
# and ur_rc to its status.
ur_curl() {
  set -- -q -K - -s -S -o "$ur_file" -D "$ur_heads"
  [ "$p_sends" = 0 ] || set -- "$@" --data-binary "@$ur_body"
  ur_said=$(lk_put "$p_config" | curl "$@" 2>&1) || ur_rc=$?
}

ur_wget() {
  set -- --no-config -nv -S -t 1 -T "$p_timeout" -U "$p_agent" --content-on-error --method="$p_method" -O "$ur_file"
  [ "$p_sends" = 0 ] || set -- "$@" --body-file="$ur_body"
  [ -z "${p_type-}" ] || set -- "$@" --header "Content-Type: $p_type"
  [ "$p_redirects" = 1 ] || set -- "$@" --max-redirect=0
  [ "$p_validate_certs" = 1 ] || set -- "$@" --no-check-certificate
  ur_said=$(wget "$@" "$p_url" 2>&1 </dev/null) || ur_rc=$?
  lk_put "$ur_said$lk_nl" >"$ur_heads"
  # 8: the server's answer was an error, which is an answer.
  [ "$ur_rc" != 8 ] || ur_rc=0
}

ur_busybox() {
  set -- -q -O "$ur_file" -U "$p_agent"
  case $ur_help in *'-T SEC'* | *'-T,'*) set -- "$@" -T "$p_timeout" ;; esac
  case $ur_help in *-S*) set -- "$@" -S ;; esac
  [ "$p_validate_certs" = 1 ] || set -- "$@" --no-check-certificate
  ur_said=$(wget "$@" "$p_url" 2>&1 </dev/null) || ur_rc=$?
  lk_put "$ur_said$lk_nl" | sed 's/^wget: server returned error: //' >"$ur_heads"
  # Where it does not tell what the server said, it tells of failures alone.
  if ! grep -q '^ *HTTP/' "$ur_heads"; then
    [ "$ur_rc" != 0 ] || echo 'HTTP/1.1 200 OK' >"$ur_heads"
  else
    ur_rc=0
  fi
}

# ur_send: the answer's content, for the controller.
ur_send() {
  ur_size=$(wc -c <"$ur_file")
  ur_most=49283072
  lk_has base64 || ur_most=20971520
  [ "$ur_size" -le "$ur_most" ] || lk_fail "the answer has $((ur_size)) bytes, and a result holds no more than $ur_most: give dest"
  if lk_v=$(base64 <"$ur_file" 2>/dev/null); then
    lk_s content "$lk_v"
  else
    lk_s hex "$(od -An -v -tx1 <"$ur_file")"
  fi
}

ur_content() { cat "$ur_file"; }

# ur_destination: sets ur_path to the file that the answer becomes, with its state in f_*.
ur_destination() {
  lk_path "$p_dest"
  lk_absolute "$lk_v"
  ur_path=$lk_v
  if lk_is_directory "$ur_path"; then ur_path=${ur_path%/}/$p_name; fi
  lk_parent "$ur_path"
  lk_is_directory "$lk_v" || lk_fail "Destination dir '$lk_v' not found"
  lk_look "$ur_path"
  case $f_type in
  file | link | absent) ;;
  *) lk_fail "refusing to replace $ur_path: it is a $f_type" ;;
  esac
}

# ur_keep: the answer becomes the file, unless it is that already.
ur_keep() {
  lk_s path "$ur_path"
  lk_stat_as g "$ur_file"
  ur_sha1=$(sha1sum <"$ur_file" 2>/dev/null)
  if lk_holds "$lk_at" "$g_size" "${ur_sha1%% *}" ur_content; then
    lk_want
    [ -z "$w_attrs" ] || { lk_apply "$lk_at" && lk_will_be; }
    lk_fields
    [ -z "$w_attrs" ] || lk_changed
    lk_ok
  fi
  # A grant's dry run asks nobody. Where its author said how the step is taken back, that counts.
  [ "${j_kept+set}" != set ] || lk_brings "$ur_path"
  lk_diff=
  lk_write_file "$ur_path" "$p_url" ur_content "$g_size"
  lk_fields
  lk_changed
}

# Before a step of a grant, what it would change is looked at: a request must not go out twice.
! lk_checking || lk_ok
if [ -n "${p_creates+x}" ] && lk_run_exists "$p_creates"; then ur_refuse "$p_creates" exists; fi
if [ -n "${p_removes+x}" ] && ! lk_run_exists "$p_removes"; then ur_refuse "$p_removes" 'does not exist'; fi
[ -z "${p_dest+x}" ] || ur_destination
ur_tool
trap 'exit 1' HUP INT PIPE TERM
trap lk_discard EXIT
w_private=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/.latchkey.XXXXXX" 2>/dev/null) ||
  lk_fail "no temporary directory could be made in ${TMPDIR:-/tmp}"
ur_file=$w_private/file ur_heads=$w_private/heads ur_body=$w_private/body ur_rc=0
: >"$ur_file"
: >"$ur_heads"
if [ -n "${p_src+x}" ]; then
  lk_path "$p_src"
  if [ ! -f "$lk_v" ] || [ ! -r "$lk_v" ]; then lk_fail "Unable to open source file $lk_v"; fi
  lk_absolute "$lk_v"
  ur_body=$lk_v p_sends=1
elif [ "$p_sends" = 1 ]; then
  p_content >"$ur_body" || lk_fail 'the body could not be written to a temporary file'
fi
[ "$p_use_proxy" = 1 ] || unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
ur_start=$(date +%s)
# bash tells of NUL bytes that it drops.
{ "ur_$ur_with"; } 2>/dev/null
ur_end=$(date +%s)
lk_i elapsed "$((ur_end - ur_start))"
lk_s heads "$(cat "$ur_heads")"
ur_status=$(sed -n 's|^ *HTTP/[0-9.]* *\([1-5][0-9][0-9]\).*|\1|p' "$ur_heads" | tail -n 1)
if [ "$ur_rc" != 0 ] || [ -z "$ur_status" ]; then
  lk_e=$(lk_put "$ur_said$lk_nl" | grep -v '^ ' | grep . | tail -n 1)
  lk_s problem "${lk_e:-${ur_with} ended with status $ur_rc}"
  lk_fail 'Request failed'
fi
if [ "$p_return_content" = 1 ] || grep -qi '^ *content-type:.*\(json\|javascript\)' "$ur_heads"; then ur_send; fi
ur_i=0
while [ "$ur_i" -lt "$p_statuses_n" ]; do
  ur_i=$((ur_i + 1))
  eval "ur_wanted=\$p_statuses_$ur_i"
  [ "$ur_wanted" != "$ur_status" ] || {
    [ -z "${p_dest+x}" ] || ur_keep
    lk_ok
  }
done
lk_fail "Status code was $ur_status"
