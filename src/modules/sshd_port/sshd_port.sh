# shellcheck disable=SC2015,SC2016,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
sc_drop=$sc_folder/00-latchkey-port.conf

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
  sc_begin_lines "$sp_out"
  while sc_next_line; do
    sc_key=${sc_one%% *} sp_value=${sc_one#* }
    case $sc_key in
    port) sp_now_ports="$sp_now_ports$sp_value " ;;
    listenaddress) sp_now=$sp_now$sp_value$lk_nl ;;
    *)
      [ "$sc_key" != pidfile ] || sp_now_pidfile=$sp_value
      sp_now_other=$sp_now_other$sc_one$lk_nl
      ;;
    esac
  done
}

# sp_has LINES LINE
sp_has() { case $lk_nl$1 in *"$lk_nl$2$lk_nl"*) ;; *) return 1 ;; esac; }

# sp_same LINES LINES: whether they are the same places, in any order.
sp_same() { sp_within "$1" "$2" && sp_within "$2" "$1"; }
sp_within() {
  sc_rest=$1
  while [ -n "$sc_rest" ]; do
    sp_has "$2" "${sc_rest%%"$lk_nl"*}" || return 1
    sc_rest=${sc_rest#*"$lk_nl"}
  done
}

# sp_port_of PLACE: sets lk_v to the port of `address:port`, which may have a routing domain behind it.
sp_port_of() {
  lk_v=${1%% *}
  lk_v=${lk_v##*:}
}

# sp_decide: from where it listens (sp_at) to where it is to listen: sp_wanted, sp_missing of that, sp_ports of that.
sp_decide() {
  sp_wanted='' sp_missing='' sp_ports=' ' sc_rest=$sp_at sp_there=
  while [ -n "$sc_rest" ]; do
    sc_one=${sc_rest%%"$lk_nl"*} sc_rest=${sc_rest#*"$lk_nl"}
    sp_port_of "$sc_one"
    if [ "$lk_v" = "$p_port" ]; then sp_there=1; fi
    [ "$p_state/$lk_v" = "absent/$p_port" ] || sp_want_place "$sc_one"
    [ "$p_state" = present ] || continue
    sp_place=${sc_one%% *}
    sp_place=${sp_place%:*}:$p_port${sc_one#"$sp_place"}
    sp_has "$sp_at$sp_missing" "$sp_place" || sp_missing=$sp_missing$sp_place$lk_nl
  done
  sc_rest=$sp_missing
  while [ -n "$sc_rest" ]; do
    sp_want_place "${sc_rest%%"$lk_nl"*}"
    sc_rest=${sc_rest#*"$lk_nl"}
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
    sc_begin_lines "$sp_out"
    while sc_next_line; do
      sp_words_of "$sc_one"
      case $sp_4 in *":$1") sp_who=$sp_others && return 0 ;; esac
    done
    return 1
  fi
  for sp_table in /proc/net/tcp /proc/net/tcp6; do
    [ -r "$sp_table" ] || continue
    while read -r _ sp_place _ sc_key _; do
      if [ "$sc_key" = 0A ] && [ $((0x${sp_place##*:})) -eq "$1" ]; then return 0; fi
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

# sp_compose: the file to change, its state, and sc_text as it is to be.
sp_compose() {
  if [ "$p_state" = absent ]; then
    sp_take_out
    return
  fi
  if [ "$sc_method" = ssh.socket ]; then
    sp_former='' sp_lines="[Socket]$lk_nl" sc_rest=$sp_missing
    while [ -n "$sc_rest" ]; do
      sp_lines="${sp_lines}ListenStream=${sc_rest%%"$lk_nl"*}$lk_nl"
      sc_rest=${sc_rest#*"$lk_nl"}
    done
    sc_open "$sc_drop"
  else
    sp_lines_for
    sc_choose_file
  fi
  if [ "$sc_method" != sshd_config ]; then sc_global=$sc_text sc_matched=; fi
  if [ -n "$sp_former" ]; then
    sc_block 'former ports' "$sp_former"
    sc_global=$sc_global$lk_v
  fi
  sc_block "port $p_port" "$sp_lines"
  sc_text=$sc_global$lk_v$sc_matched
}

sp_take_out() {
  sc_open "$sc_drop"
  if sc_cut "port $p_port"; then
    sc_method=${sc_method:-drop-in}
  else
    [ "$sc_method" = ssh.socket ] || sc_open "$sc_main"
    sc_cut "port $p_port" ||
      lk_fail "sshd listens on port $p_port by a configuration that is not this module's: it is left alone"
    sc_method=sshd_config
  fi
  case $sc_text in *'# BEGIN Latchkey port '*) ;; *) sc_cut 'former ports' || : ;; esac
}

# sp_socket_places: where the socket of systemd listens: `Listen=[::]:22 (Stream)`.
sp_socket_places() {
  sp_at=
  sp_out=$(systemctl show -p Listen "$sc_unit" 2>/dev/null </dev/null)
  sc_begin_lines "$sp_out"
  while sc_next_line; do
    sp_words_of "$sc_one"
    sp_place=${sp_1#Listen=}
    case $sp_2/$sp_place in '(Stream)'/*/*) ;; '(Stream)'/*:*) sp_at=$sp_at$sp_place$lk_nl ;; esac
  done
  [ -n "$sp_at" ] || lk_fail "$sc_unit does not say where it listens"
}

# sp_choose: who listens: a unit of systemd, its socket, or a process alone.
sp_choose() {
  sc_unit='' sc_method=
  if [ -d /run/systemd/system ] && lk_has systemctl; then
    for sc_one in ssh.socket sshd.socket ssh.service sshd.service; do
      if systemctl is-active --quiet "$sc_one" >/dev/null 2>&1 </dev/null; then sc_unit=$sc_one && break; fi
    done
  fi
  case $sc_unit in
  *.socket)
    # Where a generator makes the socket of sshd_config, that is what counts.
    for sc_one in /usr/lib /lib /etc /usr/local/lib; do
      [ ! -x "$sc_one/systemd/system-generators/sshd-socket-generator" ] || return 0
    done
    sc_method=ssh.socket sc_drop=/etc/systemd/system/$sc_unit.d/latchkey-port.conf
    sp_socket_places
    return
    ;;
  esac
  sc_find_daemon
}

# sp_find_label: sp_label=1 where SELinux has to be told of the port.
sp_find_label() {
  sp_label='' sp_enforcing=0
  { read -r sp_enforcing </sys/fs/selinux/enforce; } 2>/dev/null
  [ "$p_state/$sp_enforcing" = present/1 ] && [ "$p_port" != 22 ] || return 0
  lk_has semanage ||
    lk_fail "SELinux is enforcing on this host, and semanage is missing, which could let sshd listen on port $p_port"
  sp_out=$(semanage port -l 2>/dev/null </dev/null)
  sc_begin_lines "$sp_out"
  while sc_next_line; do
    sp_words_of "$sc_one"
    [ "$sp_1/$sp_2" = ssh_port_t/tcp ] || continue
    set -f
    IFS=', '
    for sc_key in ${sc_one#*tcp}; do
      if [ "$p_port" -ge "${sc_key%-*}" ] && [ "$p_port" -le "${sc_key#*-}" ]; then sp_enforcing=allowed; fi
    done
    unset IFS
    set +f
  done
  [ "$sp_enforcing" = allowed ] || sp_label=1
}

sp_tell() {
  for sp_port in $sp_ports; do lk_l ports "$sp_port"; done
}

lk_is_root || lk_fail 'only root can change where sshd listens: give the task become: true'
lk_i port "$p_port"
sc_require_sound
sp_ask || lk_fail 'sshd does not tell its configuration (sshd -T)'
sp_at=$sp_now sp_had_ports=$sp_now_ports sp_had_other=$sp_now_other sc_pidfile=$sp_now_pidfile
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
    if [ -f "$sc_drop" ]; then lk_look "$sc_drop"; fi
    lk_ok
  fi
  # sshd was not told to read its settings since.
  sp_write_wanted=
  ;;
esac
[ -n "$sp_wanted" ] || lk_fail "without port $p_port sshd would listen nowhere"
sc_prepare_reload

if [ -z "$sp_write_wanted" ]; then
  lk_s method reload
  if lk_checking; then lk_changed; fi
  lk_run /bin/sh -c "$sc_tell"
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
sc_warn_of_news
sp_compose
lk_s method "$sc_method"
# It may be gone by then, or never have come.
sp_unlabel="PATH=\$PATH:/usr/sbin:/sbin
if semanage port -l | grep -q '^ssh_port_t .*[ ,]$p_port\\(,\\|\$\\)'; then semanage port -d -t ssh_port_t -p tcp $p_port; fi"

if lk_checking; then
  # A grant takes back what was told last first: the files, then sshd reads them, then SELinux is told.
  [ -z "$sp_label" ] || lk_undo_by "SELinux's label of port $p_port" "$sp_unlabel"
  sc_undo_by_reload "sshd's ports" sshd-port
fi
if [ "$sc_method" = ssh.socket ] && [ "$p_state" = present ]; then
  lk_parent "$sc_file"
  lk_make_directories "$lk_v" 0755
  lk_look "$sc_file"
fi
if lk_checking; then
  sc_write
  lk_changed
fi

lk_switch sshd-port
lk_switch_keeps "$sc_file"
lk_arm_switch "$p_confirm" "$sc_tell${sp_label:+ || exit$lk_nl$sp_unlabel}"
if [ -n "$sp_label" ]; then
  lk_run semanage port -a -t ssh_port_t -p tcp "$p_port"
  [ "$lk_rc" -eq 0 ] || sc_put_back "SELinux could not be told to let sshd listen on port $p_port: $lk_out"
fi
sc_write
sc_check_new
sp_ask || sc_put_back 'sshd does not tell its new configuration'
[ "$sp_now_other" = "$sp_had_other" ] || sc_put_back 'more would have changed than where sshd listens'
if [ "$sc_method" != ssh.socket ]; then
  sp_same "$sp_now" "$sp_wanted" || sc_put_back 'sshd would not listen where it is to'
fi
sc_reload_or_put_back
if ! sp_await; then
  if [ "$p_state" = present ]; then sc_put_back "nothing listens on port $p_port after sshd was told to"; fi
  sc_put_back "something still listens on port $p_port after sshd was told not to"
fi
lk_s switch "$sw_token"
lk_changed
