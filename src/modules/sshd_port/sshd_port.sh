# shellcheck disable=SC2015,SC2016,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
sp_main=/etc/ssh/sshd_config
sp_folder=/etc/ssh/sshd_config.d
sp_drop=$sp_folder/00-latchkey-port.conf

# What tells sshd to read its settings anew. Its text is run here, by a grant's undo and by the switch: it needs nothing
# else. Of several sshds (other containers' are to be seen, too) the listener is the one of the PID file, or the only one;
# a session whose listener is gone is none, and a HUP would end it.
sp_words='PATH=$PATH:/usr/sbin:/sbin
sp_is_listener() {
  read -r sp_name <"/proc/$1/comm" && [ "$sp_name" = sshd ] || return 1
  [ "$(readlink "/proc/$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || return 1
  sp_line=$(tr "\000" " " <"/proc/$1/cmdline")
  case $sp_line in
  sshd:*"[listener]"*) ;;
  sshd:* | *" -R "*) return 1 ;;
  esac
} 2>/dev/null
sp_find() {
  sp_pid=
  [ ! -r "$1" ] || read -r sp_pid <"$1"
  case $sp_pid in
  "" | *[!0-9]*) ;;
  *) if sp_is_listener "$sp_pid"; then return; fi ;;
  esac
  sp_found=
  for sp_pid in /proc/[0-9]*; do
    sp_pid=${sp_pid#/proc/}
    if sp_is_listener "$sp_pid"; then sp_found="$sp_found $sp_pid"; fi
  done
  sp_pid=${sp_found# }
  case $sp_pid in "" | *" "*) sp_pid= && return 1 ;; esac
  sp_is_listener "$sp_pid"
}
sp_reload() {
  sp_said=$(sshd -t 2>&1 </dev/null) || { echo "sshd refuses its configuration: $sp_said" >&2 && return 1; }
  case $1 in
  *.socket)
    systemctl daemon-reload || return
    systemctl restart "$1" && return
    systemctl stop "${1%.socket}.service"
    systemctl start "$1"
    return
    ;;
  ?*) if systemctl reload "$1"; then return; fi ;;
  esac
  sp_find "$2" || { echo "no sshd was found that could be told to reload" >&2 && return 1; }
  kill -HUP "$sp_pid"
}
'

# sp_begin_lines TEXT, sp_next_line: sp_one is each of its lines in turn. A here-document would be a file in some shells.
sp_begin_lines() {
  sp_todo=${1%"$lk_nl"}
  [ -z "$sp_todo" ] || sp_todo=$sp_todo$lk_nl
}
sp_next_line() {
  [ -n "$sp_todo" ] || return 1
  sp_one=${sp_todo%%"$lk_nl"*}
  sp_todo=${sp_todo#*"$lk_nl"}
}

# sp_words_of LINE: sp_1 … sp_4 its first words; sp_others those behind the fifth.
sp_words_of() {
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $1
  set +f
  sp_1=${1-} sp_2=${2-} sp_3=${3-} sp_4=${4-}
  [ $# -lt 5 ] || shift 5
  sp_others=$*
}

# sp_ask [-o OPTION]...: what sshd makes of its configuration: sp_now where it listens, sp_now_ports, sp_now_pidfile, and
# sp_now_other all the rest.
sp_ask() {
  sp_now='' sp_now_ports='' sp_now_pidfile='' sp_now_other=
  sp_out=$(sshd -T -C user=root,host=h,addr=127.0.0.1 "$@" 2>/dev/null </dev/null) || return 1
  sp_begin_lines "$sp_out"
  while sp_next_line; do
    sp_key=${sp_one%% *} sp_value=${sp_one#* }
    case $sp_key in
    port) sp_now_ports="$sp_now_ports$sp_value " ;;
    listenaddress) sp_now=$sp_now$sp_value$lk_nl ;;
    *)
      [ "$sp_key" != pidfile ] || sp_now_pidfile=$sp_value
      sp_now_other=$sp_now_other$sp_one$lk_nl
      ;;
    esac
  done
}

# sp_has LINES LINE
sp_has() { case $lk_nl$1 in *"$lk_nl$2$lk_nl"*) ;; *) return 1 ;; esac; }

# sp_same LINES LINES: whether they are the same places, in any order.
sp_same() { sp_within "$1" "$2" && sp_within "$2" "$1"; }
sp_within() {
  sp_rest=$1
  while [ -n "$sp_rest" ]; do
    sp_has "$2" "${sp_rest%%"$lk_nl"*}" || return 1
    sp_rest=${sp_rest#*"$lk_nl"}
  done
}

# sp_port_of PLACE: sets lk_v to the port of `address:port`, which may have a routing domain behind it.
sp_port_of() {
  lk_v=${1%% *}
  lk_v=${lk_v##*:}
}

# sp_decide: from where it listens (sp_at) to where it is to listen: sp_wanted, sp_missing of that, sp_ports of that.
sp_decide() {
  sp_wanted='' sp_missing='' sp_ports=' ' sp_rest=$sp_at sp_there=
  while [ -n "$sp_rest" ]; do
    sp_one=${sp_rest%%"$lk_nl"*} sp_rest=${sp_rest#*"$lk_nl"}
    sp_port_of "$sp_one"
    if [ "$lk_v" = "$p_port" ]; then sp_there=1; fi
    [ "$p_state/$lk_v" = "absent/$p_port" ] || sp_want_place "$sp_one"
    [ "$p_state" = present ] || continue
    sp_place=${sp_one%% *}
    sp_place=${sp_place%:*}:$p_port${sp_one#"$sp_place"}
    sp_has "$sp_at$sp_missing" "$sp_place" || sp_missing=$sp_missing$sp_place$lk_nl
  done
  sp_rest=$sp_missing
  while [ -n "$sp_rest" ]; do
    sp_want_place "${sp_rest%%"$lk_nl"*}"
    sp_rest=${sp_rest#*"$lk_nl"}
  done
}
sp_want_place() {
  sp_wanted=$sp_wanted$1$lk_nl
  sp_port_of "$1"
  case $sp_ports in *" $lk_v "*) ;; *) sp_ports="$sp_ports$lk_v " ;; esac
}

# sp_is_open PORT: whether something listens there; sets sp_who to what, where that can be told.
sp_is_open() {
  sp_who=
  if lk_has ss && sp_out=$(ss -ltnp 2>/dev/null </dev/null); then
    sp_begin_lines "$sp_out"
    while sp_next_line; do
      sp_words_of "$sp_one"
      case $sp_4 in *":$1") sp_who=$sp_others && return 0 ;; esac
    done
    return 1
  fi
  for sp_table in /proc/net/tcp /proc/net/tcp6; do
    [ -r "$sp_table" ] || continue
    while read -r _ sp_place _ sp_key _; do
      if [ "$sp_key" = 0A ] && [ $((0x${sp_place##*:})) -eq "$1" ]; then return 0; fi
    done <"$sp_table"
  done
  return 1
}

# sp_await: until it listens where it is to, for at most 5 s: sshd closes its sockets and opens them anew.
sp_await() {
  sp_tries=50
  until sp_listens; do
    sp_tries=$((sp_tries - 1))
    [ "$sp_tries" -gt 0 ] || return 1
    sleep 0.1 2>/dev/null || sleep 1
  done
}
sp_listens() {
  for sp_port in $sp_ports; do sp_is_open "$sp_port" || return 1; done
  [ "$p_state" = present ] || ! sp_is_open "$p_port"
}

# sp_cut NAME: takes a block of ours out of sp_text; status 1 where it has none.
sp_cut() {
  sp_begin="# BEGIN Latchkey $1$lk_nl" sp_end="# END Latchkey $1$lk_nl"
  case $lk_nl$sp_text in *"$lk_nl$sp_begin"*"$sp_end"*) ;; *) return 1 ;; esac
  sp_rest=${sp_text#*"$sp_begin"}
  sp_text=${sp_text%%"$sp_begin"*}${sp_rest#*"$sp_end"}
}

# sp_scan: parts sp_text where the first Match begins, since what stands behind it counts for some logins only: sp_global
# and sp_matched. sp_included=1 where the drop-in is read from before it.
sp_scan() {
  sp_global='' sp_matched='' sp_included=
  sp_begin_lines "$sp_text"
  while sp_next_line; do
    sp_key=${sp_one#"${sp_one%%[! 	]*}"}
    case $sp_matched/$sp_key in
    /[Mm][Aa][Tt][Cc][Hh][!a-zA-Z]*) sp_matched=$sp_one$lk_nl && continue ;;
    /[Ii][Nn][Cc][Ll][Uu][Dd][Ee][!a-zA-Z]*) sp_include "${sp_key#???????}" ;;
    esac
    if [ -z "$sp_matched" ]; then sp_global=$sp_global$sp_one$lk_nl; else sp_matched=$sp_matched$sp_one$lk_nl; fi
  done
}
sp_include() {
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- ${1#=}
  set +f
  for sp_key in "$@"; do
    sp_key=${sp_key#\"} && sp_key=${sp_key%\"}
    case $sp_key in /*) ;; *) sp_key=/etc/ssh/$sp_key ;; esac
    # shellcheck disable=SC2254 # it is a pattern
    case $sp_drop in $sp_key) sp_included=1 ;; esac
  done
}

# sp_open FILE: its state, and sp_text what it holds.
sp_open() {
  sp_file=$1 sp_text=
  lk_look "$1"
  case $f_type in
  absent) ;;
  file) lk_read "$lk_at" && sp_text=$lk_v || lk_fail "$1 is no text" ;;
  *) lk_fail "refusing to replace $1: it is a $f_type" ;;
  esac
}

# sp_lines_for: which lines bring sshd to where it is to listen: sshd itself is asked. Port adds to other Ports, but takes
# the place of the default; a ListenAddress with a port of its own heeds no Port.
sp_lines_for() {
  sp_former='' sp_lines="Port $p_port$lk_nl"
  if sp_fits -o "Port=$p_port"; then return; fi
  set -- -o "Port=$p_port"
  for sp_port in $sp_had_ports; do
    sp_former="${sp_former}Port $sp_port$lk_nl"
    set -- "$@" -o "Port=$sp_port"
  done
  if sp_fits "$@"; then return; fi
  set --
  sp_former='' sp_lines='' sp_left=$sp_missing
  while [ -n "$sp_left" ]; do
    sp_lines="${sp_lines}ListenAddress ${sp_left%%"$lk_nl"*}$lk_nl"
    set -- "$@" -o "ListenAddress=${sp_left%%"$lk_nl"*}"
    sp_left=${sp_left#*"$lk_nl"}
  done
  sp_fits "$@" || lk_fail "found no way to have sshd listen on port $p_port besides where it listens now"
}
sp_fits() { sp_ask "$@" && sp_same "$sp_now" "$sp_wanted" && [ "$sp_now_other" = "$sp_had_other" ]; }

sp_block() { lk_v="# BEGIN Latchkey $1$lk_nl$2# END Latchkey $1$lk_nl"; }

# sp_compose: the file to change, its state, and sp_text as it is to be.
sp_compose() {
  if [ "$p_state" = absent ]; then
    sp_take_out
    return
  fi
  if [ "$sp_method" = ssh.socket ]; then
    sp_former='' sp_lines="[Socket]$lk_nl" sp_rest=$sp_missing
    while [ -n "$sp_rest" ]; do
      sp_lines="${sp_lines}ListenStream=${sp_rest%%"$lk_nl"*}$lk_nl"
      sp_rest=${sp_rest#*"$lk_nl"}
    done
    sp_open "$sp_drop"
  else
    sp_lines_for
    sp_open "$sp_main"
    sp_scan
    sp_method=sshd_config
    if [ -n "$sp_included" ] && lk_is_directory "$sp_folder"; then
      sp_method=drop-in
      sp_open "$sp_drop"
    else
      # lk_is_directory may have said something about another path.
      sp_open "$sp_main"
    fi
  fi
  if [ "$sp_method" != sshd_config ]; then sp_global=$sp_text sp_matched=; fi
  if [ -n "$sp_former" ]; then
    sp_block 'former ports' "$sp_former"
    sp_global=$sp_global$lk_v
  fi
  sp_block "port $p_port" "$sp_lines"
  sp_text=$sp_global$lk_v$sp_matched
}

sp_take_out() {
  sp_open "$sp_drop"
  if sp_cut "port $p_port"; then
    sp_method=${sp_method:-drop-in}
  else
    [ "$sp_method" = ssh.socket ] || sp_open "$sp_main"
    sp_cut "port $p_port" ||
      lk_fail "sshd listens on port $p_port by a configuration that is not this module's: it is left alone"
    sp_method=sshd_config
  fi
  case $sp_text in *'# BEGIN Latchkey port '*) ;; *) sp_cut 'former ports' || : ;; esac
}

# sp_socket_places: where the socket of systemd listens: `Listen=[::]:22 (Stream)`.
sp_socket_places() {
  sp_at=
  sp_out=$(systemctl show -p Listen "$sp_unit" 2>/dev/null </dev/null)
  sp_begin_lines "$sp_out"
  while sp_next_line; do
    sp_words_of "$sp_one"
    sp_place=${sp_1#Listen=}
    case $sp_2/$sp_place in '(Stream)'/*/*) ;; '(Stream)'/*:*) sp_at=$sp_at$sp_place$lk_nl ;; esac
  done
  [ -n "$sp_at" ] || lk_fail "$sp_unit does not say where it listens"
}

# sp_choose: who listens: a unit of systemd, its socket, or a process alone.
sp_choose() {
  sp_unit='' sp_method=
  if [ -d /run/systemd/system ] && lk_has systemctl; then
    for sp_one in ssh.socket sshd.socket ssh.service sshd.service; do
      if systemctl is-active --quiet "$sp_one" >/dev/null 2>&1 </dev/null; then sp_unit=$sp_one && break; fi
    done
  fi
  case $sp_unit in
  *.socket)
    # Where a generator makes the socket of sshd_config, that is what counts.
    for sp_one in /usr/lib /lib /etc /usr/local/lib; do
      [ ! -x "$sp_one/systemd/system-generators/sshd-socket-generator" ] || return 0
    done
    sp_method=ssh.socket sp_drop=/etc/systemd/system/$sp_unit.d/latchkey-port.conf
    sp_socket_places
    return
    ;;
  esac
  sp_line=$(/bin/sh -c "$sp_words"'sp_find "$1" && echo "$sp_line"' sh "$sp_pidfile" 2>/dev/null </dev/null)
  case $sp_line/$sp_unit in
  /) lk_fail 'no sshd was found that listens on this host: it may be started by another program, or be another server' ;;
  *' -f'* | *' -p'*) lk_fail "sshd was started with settings of its own, which are left alone: $sp_line" ;;
  esac
}

# sp_find_label: sp_label=1 where SELinux has to be told of the port.
sp_find_label() {
  sp_label='' sp_enforcing=0
  { read -r sp_enforcing </sys/fs/selinux/enforce; } 2>/dev/null
  [ "$p_state/$sp_enforcing" = present/1 ] && [ "$p_port" != 22 ] || return 0
  lk_has semanage ||
    lk_fail "SELinux is enforcing on this host, and semanage is missing, which could let sshd listen on port $p_port"
  sp_out=$(semanage port -l 2>/dev/null </dev/null)
  sp_begin_lines "$sp_out"
  while sp_next_line; do
    sp_words_of "$sp_one"
    [ "$sp_1/$sp_2" = ssh_port_t/tcp ] || continue
    set -f
    IFS=', '
    for sp_key in ${sp_one#*tcp}; do
      if [ "$p_port" -ge "${sp_key%-*}" ] && [ "$p_port" -le "${sp_key#*-}" ]; then sp_enforcing=allowed; fi
    done
    unset IFS
    set +f
  done
  [ "$sp_enforcing" = allowed ] || sp_label=1
}

sp_content() { lk_put "$sp_text"; }

# sp_write: the file as it is to be; in a dry run only the plan.
sp_write() {
  if [ "$p_state" = absent ] && [ "$sp_file" = "$sp_drop" ] && [ -z "$sp_text" ]; then
    lk_here=$lk_at
    lk_show_diff "$sp_file" "$sp_file" sp_content 0
    if lk_checking; then
      lk_plan path "$sp_file" ''
    else
      lk_try rm -f -- "$lk_at" || sp_put_back "could not remove $sp_file: $lk_e"
    fi
    return
  fi
  if [ "$f_type" = absent ]; then p_owner=root p_group=root p_mode=0644; fi
  lk_write_file "$sp_file" "$sp_file" sp_content "${#sp_text}"
}

# sp_put_back REASON
sp_put_back() {
  lk_fire_switch || lk_fail "$1; and what was changed could not be put back: $lk_e"
  lk_fail "$1, so everything was put back"
}

sp_tell() {
  for sp_port in $sp_ports; do lk_l ports "$sp_port"; done
}

lk_is_root || lk_fail 'only root can change where sshd listens: give the task become: true'
lk_i port "$p_port"
lk_has sshd || lk_fail 'this host has no sshd of OpenSSH'
lk_run sshd -t
[ "$lk_rc" -eq 0 ] || lk_fail "sshd refuses its configuration as it is, so nothing was touched: $lk_out"
sp_ask || lk_fail 'sshd does not tell its configuration (sshd -T)'
sp_at=$sp_now sp_had_ports=$sp_now_ports sp_had_other=$sp_now_other sp_pidfile=$sp_now_pidfile
sp_choose
sp_decide
sp_tell
sp_write_wanted=1
case $p_state/$sp_there/$sp_missing in
absent//) lk_ok ;;
present/1/)
  if sp_is_open "$p_port"; then
    # It may be one that nobody has confirmed yet.
    if ! lk_checking && lk_switch_waits sshd-port; then lk_s switch "$lk_v"; fi
    # A grant that finds the file of another one needs it from now on: it is the path that was looked at last.
    if [ -f "$sp_drop" ]; then lk_look "$sp_drop"; fi
    lk_ok
  fi
  # sshd was not told to read its settings since.
  sp_write_wanted=
  ;;
esac
[ -n "$sp_wanted" ] || lk_fail "without port $p_port sshd would listen nowhere"
lk_quote "$sp_unit"
sp_undo=$lk_v
lk_quote "$sp_pidfile"
sp_undo="${sp_words}sp_reload $sp_undo $lk_v"

if [ -z "$sp_write_wanted" ]; then
  lk_s method reload
  if lk_checking; then lk_changed; fi
  lk_run /bin/sh -c "$sp_undo"
  [ "$lk_rc" -eq 0 ] || lk_fail "sshd could not be told to reload: $lk_out"
  sp_await || lk_fail "sshd is to listen on port $p_port by its configuration, but does not"
  lk_changed
fi

if lk_switch_waits sshd-port; then
  lk_fail 'an earlier change of where sshd listens waits for its confirmation, and is taken back without it: try again then'
fi
if [ "$p_state" = present ] && [ -z "$sp_there" ] && sp_is_open "$p_port"; then
  lk_fail "another program listens on port $p_port already${sp_who:+: $sp_who}"
fi
sp_find_label
if [ -f "$sp_pidfile" ] && [ -n "$(find "$sp_main" "$sp_folder" -newer "$sp_pidfile" 2>/dev/null)" ]; then
  # What somebody wrote there, and nobody tried yet, is not put back along with ours.
  lk_l warnings "sshd's files were changed since it read them last: from the reload on that counts, too"
fi
sp_compose
lk_s method "$sp_method"
sp_unlabel="semanage port -d -t ssh_port_t -p tcp $p_port"

if lk_checking; then
  # A grant takes back what was told last first: the files, then sshd reads them, then SELinux is told.
  [ -z "$sp_label" ] || lk_undo_by "SELinux's label of port $p_port" "PATH=\$PATH:/usr/sbin:/sbin
if semanage port -l | grep -q '^ssh_port_t .*[ ,]$p_port\\(,\\|\$\\)'; then $sp_unlabel; fi"
  lk_undo_by "sshd's ports" "rm -rf -- $sw_root/sshd-port
rmdir $sw_root ${sw_root%/*} 2>/dev/null
$sp_undo"
fi
if [ "$sp_method" = ssh.socket ] && [ "$p_state" = present ]; then
  lk_parent "$sp_file"
  lk_make_directories "$lk_v" 0755
  lk_look "$sp_file"
fi
if lk_checking; then
  sp_write
  lk_changed
fi

lk_switch sshd-port
lk_switch_keeps "$sp_file"
lk_arm_switch "$p_confirm" "$sp_undo${sp_label:+ && $sp_unlabel}"
if [ -n "$sp_label" ]; then
  lk_run semanage port -a -t ssh_port_t -p tcp "$p_port"
  [ "$lk_rc" -eq 0 ] || sp_put_back "SELinux could not be told to let sshd listen on port $p_port: $lk_out"
fi
sp_write
lk_run sshd -t
[ "$lk_rc" -eq 0 ] || sp_put_back "sshd refuses the new configuration: $lk_out"
sp_ask || sp_put_back 'sshd does not tell its new configuration'
[ "$sp_now_other" = "$sp_had_other" ] || sp_put_back 'more would have changed than where sshd listens'
if [ "$sp_method" != ssh.socket ]; then
  sp_same "$sp_now" "$sp_wanted" || sp_put_back 'sshd would not listen where it is to'
fi
lk_run /bin/sh -c "$sp_undo"
[ "$lk_rc" -eq 0 ] || sp_put_back "sshd could not be told to reload: $lk_out"
if ! sp_await; then
  if [ "$p_state" = present ]; then sp_put_back "nothing listens on port $p_port after sshd was told to"; fi
  sp_put_back "something still listens on port $p_port after sshd was told not to"
fi
lk_s switch "$sw_token"
lk_changed
