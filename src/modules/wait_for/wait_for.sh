# lk_now: sets lk_v to a count of whole seconds, without starting a process where the host has /proc.
lk_now() {
  lk_v=
  { read -r lk_v _ </proc/uptime; } 2>/dev/null || lk_v=$(date +%s)
  lk_v=${lk_v%%.*}
}

# Runs a command for at most so long as one attempt may take.
lk_limited() {
  if lk_has timeout; then timeout "$p_connect_timeout" "$@"; else "$@"; fi
}

# lk_connect WORDS: whether the port accepts a connection; with `read`, what it says goes to standard output.
lk_connect() {
  if lk_has bash; then
    # shellcheck disable=SC2016 # the inner bash expands them
    lk_limited bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 1; [ "$3" != read ] || cat <&3' bash "$p_host" "$p_port" "$1"
  elif lk_has nc; then
    # Not every nc knows -z; one without it connects and ends when there is nothing more to send or to hear.
    if [ "$1" != read ] && nc -z -w "$p_connect_timeout" "$p_host" "$p_port"; then return; fi
    lk_limited nc -w "$p_connect_timeout" "$p_host" "$p_port"
  elif lk_has python3; then
    lk_limited python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while sys.argv[3] == "read":
    d = s.recv(4096)
    if not d:
        break
    sys.stdout.buffer.write(d)
    sys.stdout.flush()
' "$p_host" "$p_port" "$1"
  else
    lk_fail 'no way to try a port: the host has neither bash nor nc nor python3'
  fi </dev/null 2>/dev/null
}

# Whether the port is open. On the host itself the kernel's list of listening sockets tells without a connection.
lk_is_open() {
  if [ "$p_is_local" = 1 ] && [ -r /proc/net/tcp ]; then
    lk_v='(00000000|0100007F|0{32}|0{24}01000000)'
    grep -qE "^ *[0-9]+: $lk_v:$p_hex [0-9A-F]+:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
  else
    lk_connect try >/dev/null
  fi
}

# lk_match [FILE]: the first line that matches.
lk_match() {
  grep ${p_ignore_case:+-i} -m 1 -E -e "$p_pattern" "$@" 2>/dev/null
}

# Connections of the port that count: of some states, and not with excluded peers.
lk_is_drained() {
  ! grep -E "^ *[0-9]+: [0-9A-F]+:$p_hex [0-9A-F]+:[0-9A-F]+ ($p_states) " /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    grep -qvE ":$p_hex ($p_excluded):"
}

lk_is_there() {
  if [ -n "${p_port+x}" ]; then
    if [ -z "${p_pattern+x}" ]; then lk_is_open; else lk_line=$(lk_connect read | lk_match); fi
    return
  fi
  [ -e "$lk_at" ] && { [ -z "${p_pattern+x}" ] || lk_line=$(lk_match -- "$lk_at"); }
}

lk_is_reached() {
  case $p_state in
  started | present) lk_is_there ;;
  drained) lk_is_drained ;;
  *) if [ -n "${p_port+x}" ]; then ! lk_is_open; else [ ! -e "$lk_at" ]; fi ;;
  esac
}

if [ -n "${p_path+x}" ]; then
  lk_path "$p_path"
  lk_at=$lk_v
fi
lk_now
lk_start=$lk_v
[ "$p_delay" -le 0 ] || sleep "$p_delay"
if [ -z "${p_port+x}${p_path+x}" ]; then
  [ "$p_timeout" -le 0 ] || sleep "$p_timeout"
  lk_now
  lk_i elapsed $((lk_v - lk_start))
  lk_ok
fi
until lk_is_reached; do
  lk_now
  if [ $((lk_v - lk_start + p_sleep)) -ge "$((p_timeout + p_delay))" ]; then
    [ "$((p_timeout + p_delay - lk_v + lk_start))" -le 0 ] || sleep "$((p_timeout + p_delay - lk_v + lk_start))"
    if lk_is_reached; then break; fi
    lk_now
    lk_i elapsed $((lk_v - lk_start))
    lk_fail timeout
  fi
  sleep "$p_sleep"
done
lk_now
lk_i elapsed $((lk_v - lk_start))
if [ -n "${p_path+x}" ]; then
  if [ -d "$lk_at" ]; then lk_s kind directory; elif [ -e "$lk_at" ]; then lk_s kind file; else lk_s kind absent; fi
fi
[ -z "${lk_line+x}" ] || lk_s line "$lk_line"
lk_ok
