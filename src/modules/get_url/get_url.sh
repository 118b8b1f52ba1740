# Downloads to a private directory first, and only what is whole and checked takes the place of dest.
# shellcheck disable=SC2034,SC2154

# gu_digest: sets gu_sum to the digest of its input, by the algorithm that was asked for.
gu_digest() {
  lk_has "${p_algorithm}sum" || lk_fail "checksum: there is no ${p_algorithm}sum on this host"
  gu_sum=$("${p_algorithm}sum" 2>/dev/null)
  gu_sum=${gu_sum%% *}
}

# gu_tool: which program downloads; sets gu_with to curl or wget.
gu_tool() {
  gu_with=curl
  lk_has curl && return
  lk_has wget || lk_fail 'get_url needs curl or wget on this host, and there is neither'
  gu_with=wget
  [ -z "$p_only_curl" ] ||
    lk_fail "$p_only_curl needs curl on this host: there is only wget, which would show it to everybody in its arguments"
  case $p_scheme in
  http | https) ;;
  *) lk_fail "a url of $p_scheme needs curl on this host: there is only wget" ;;
  esac
  gu_help=$(wget --help 2>&1)
  gu_gnu=
  case $gu_help in *'GNU Wget'*) gu_gnu=1 ;; esac
  [ -n "$gu_gnu" ] || [ "$p_scheme" != https ] || [ "$p_validate_certs" = 0 ] ||
    lk_fail 'the wget of this host does not verify certificates: install curl, or give validate_certs: false'
}

# gu_curl and gu_wget: the request. Set gu_out to the server's headers and to what the program says of itself.
gu_curl() {
  set -- -q -K - -s -S -o "$gu_file" -D -
  [ -z "$gu_since" ] || set -- "$@" -H "If-Modified-Since: $gu_since"
  ! lk_checking || set -- "$@" -I
  gu_out=$(lk_put "$p_config" | curl "$@" 2>&1) || gu_rc=$?
}

gu_wget() {
  set -- -O "$gu_file" -U "$p_agent"
  if [ -n "$gu_gnu" ]; then set -- -nv -S --no-config -t 1 "$@"; else set -- -q "$@"; fi
  # Not every BusyBox was built with it.
  case $gu_help in *'-T SEC'* | *'-T,'*) set -- "$@" -T "$p_timeout" ;; esac
  [ "$p_validate_certs" = 1 ] || set -- "$@" --no-check-certificate
  [ -z "$gu_since" ] || set -- "$@" --header "If-Modified-Since: $gu_since"
  ! lk_checking || set -- "$@" --spider
  gu_out=$(wget "$@" "$p_url" 2>&1 </dev/null) || gu_rc=$?
}

# gu_ask: asks the server. Sets gu_status to 200, to 304 where it has no newer file, or for files and FTP to nothing; fails
# with any other answer.
gu_ask() {
  gu_file=/dev/null
  lk_checking || gu_directory
  [ "$p_use_proxy" = 1 ] ||
    unset http_proxy https_proxy ftp_proxy all_proxy HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY
  # bash tells of NUL bytes that it drops.
  { "gu_$gu_with"; } 2>/dev/null
  # Redirects and proxies answer before the server that counts.
  gu_line=$(lk_put "$gu_out$lk_nl" | sed -n 's|^[a-z: ]*HTTP/[0-9.]* *\([1-5][0-9][0-9]\)|\1|p' | tail -n 1 | tr -d '\r')
  gu_status=${gu_line%% *} gu_reason=
  case $gu_line in *' '*) gu_reason=${gu_line#* } ;; esac
  # BusyBox tells only of failures.
  [ "$gu_with:$gu_rc" != wget:0 ] || gu_status=200
  case $p_scheme:$gu_status in
  http*:304) [ -z "$gu_since" ] || return 0 && gu_refused ;;
  http*:200 | http*: | ftp:* | file:*) ;;
  *) gu_refused ;;
  esac
  [ "$gu_rc" = 0 ] || gu_failed
  case $p_scheme:$gu_status in http*:) gu_failed ;; esac
}

gu_directory() {
  lk_path "${p_tmp_dest:-${TMPDIR:-/tmp}}"
  lk_absolute "$lk_v"
  [ -e "$lk_v" ] || lk_fail "$lk_v directory does not exist."
  [ -d "$lk_v" ] || lk_fail "$lk_v is a file but should be a directory."
  trap 'exit 1' HUP INT PIPE TERM
  trap lk_discard EXIT
  w_private=$(umask 077 && mktemp -d "$lk_v/.latchkey.XXXXXX" 2>/dev/null) ||
    lk_fail "no temporary directory could be made in $lk_v"
  gu_file=$w_private/file
}

gu_failed() {
  lk_e=$(lk_put "$gu_out$lk_nl" | grep "^$gu_with: " | tail -n 1)
  gu_report
  lk_i status_code -1
  lk_fail "Request failed: ${lk_e:-$gu_with ended with status $gu_rc, and the server gave none}"
}

gu_refused() {
  gu_report
  lk_i status_code "$gu_status"
  lk_s response "HTTP Error $gu_status${gu_reason:+: $gu_reason}"
  lk_fail 'Request failed'
}

gu_report() {
  lk_s url "$p_url"
  lk_s dest "$gu_path"
  gu_end=$(date +%s)
  lk_i elapsed "$((gu_end - ${gu_start:-$gu_end}))"
}

gu_content() { cat "$gu_file"; }

# gu_keep MSG: the content stays; owner, group and mode may not.
gu_keep() {
  lk_want
  if [ -n "$w_attrs" ]; then
    if lk_checking; then
      lk_will_be
      if [ -n "$f_planned" ] && [ -n "${f_content+set}" ]; then
        lk_plan_path "$gu_path" "$f_content"
      else
        lk_plan_path "$gu_path"
      fi
    else
      lk_apply "$lk_at"
      lk_will_be
    fi
  fi
  gu_report
  lk_fields
  [ -z "$w_attrs" ] || lk_changed "$1"
  lk_ok "$1"
}

# A dry run that asked the server: what is there differs, for all that is known.
gu_plan() {
  gu_report
  lk_fields
  lk_i status_code "${gu_status:-200}"
  [ "$f_type" = file ] || lk_new file
  lk_want
  lk_will_be
  lk_plan_path "$gu_path"
  lk_changed 'OK (unknown bytes)'
}

lk_path "$p_dest"
gu_slash=
case $lk_v in */) gu_slash=1 ;; esac
lk_absolute "$lk_v"
gu_path=$lk_v gu_start='' gu_since='' gu_anyway=$p_force gu_rc=0
if lk_is_directory "$gu_path"; then
  gu_path=${gu_path%/}/$p_name gu_anyway=1
elif [ -n "$gu_slash" ]; then
  lk_fail "Destination $gu_path does not exist"
fi
lk_parent "$gu_path"
lk_is_directory "$lk_v" || lk_fail "Destination $lk_v does not exist"
lk_look "$gu_path"
case $f_type in
file | link | absent) ;;
*) lk_fail "refusing to replace $gu_path: it is a $f_type" ;;
esac

gu_fits=
if [ "$f_type" = file ] && [ -z "$f_planned" ]; then
  if [ -n "$p_digest" ]; then
    lk_get "$lk_at" gu_digest || lk_fail "could not read $gu_path"
    [ "$gu_sum" != "$p_digest" ] || gu_fits=1
    [ -z "$gu_fits" ] || [ "$p_force" = 1 ] || gu_keep 'file already exists'
  elif [ "$gu_anyway" = 0 ]; then
    # Where date cannot tell the time of a file, it is downloaded and compared.
    gu_since=$(date -u -r "$lk_at" '+%a, %d %b %Y %H:%M:%S GMT' 2>/dev/null) || gu_since=
  fi
fi

gu_tool
gu_start=$(date +%s)
gu_ask
if [ "$gu_status" = 304 ]; then
  lk_i status_code 304
  gu_keep 'HTTP Error 304: Not Modified'
fi
if lk_checking; then
  [ -z "$gu_fits" ] || gu_keep 'OK (unknown bytes)'
  gu_plan
fi
# A server may send nothing at all.
[ -e "$gu_file" ] || : >"$gu_file"
if [ -n "$p_digest" ]; then
  gu_digest <"$gu_file"
  if [ "$gu_sum" != "$p_digest" ]; then
    gu_report
    lk_fail "The checksum for $gu_path did not match $p_digest; it was $gu_sum."
  fi
fi
lk_stat_as g "$gu_file"
gu_sha1=$(sha1sum <"$gu_file" 2>/dev/null)
gu_sha1=${gu_sha1%% *}
gu_md5=$(md5sum <"$gu_file" 2>/dev/null)
[ -z "$gu_sha1" ] || lk_s checksum_src "$gu_sha1"
[ -z "$gu_sha1" ] || lk_s checksum_dest "$gu_sha1"
[ -z "$gu_md5" ] || lk_s md5sum "${gu_md5%% *}"
[ -z "$gu_status" ] || lk_i status_code "$gu_status"
gu_msg="OK ($g_size bytes)"
! lk_holds "$lk_at" "$g_size" "$gu_sha1" gu_content || gu_keep "$gu_msg"
# A grant's dry run asked with HEAD, which is not every server's word on GET.
[ -z "${j_dir-}" ] || lk_brings "$gu_path"
lk_diff=
lk_write_file "$gu_path" "$p_url" gu_content "$g_size"
gu_report
lk_fields
lk_changed "$gu_msg"
