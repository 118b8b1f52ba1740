# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'grants are known to root alone: give the play become: true'
gs_overdue=0
# gs_each FUNCTION: calls it with the kind and the key of all that the grant made or uses.
gs_each() {
  for gs_change in "$j_dir"/[0-9]*; do
    [ -f "$gs_change/kind" ] || continue
    lk_j_read "$gs_change/key"
    "$1" "$(cat "$gs_change/kind")" "$lk_v"
  done
  gs_change=
  [ -f "$j_dir/claims" ] || return 0
  while IFS=' ' read -r gs_kind gs_claimed; do
    "$1" "$gs_kind" "$gs_claimed"
  done <"$j_dir/claims"
}
# The accounts of a grant, how many processes each has, and its files.
gs_tell() {
  case $1 in
  user) gs_account "$2" ;;
  path)
    case $gs_files in *"$lk_nl$2$lk_nl"*) return 0 ;; esac
    gs_files=$gs_files$2$lk_nl
    lk_l "grants.$gs_id.files" "$2"
    [ ! -f "${gs_change-}/left" ] || gs_keys "$2"
    [ -f "$2" ] && [ ! -L "$2" ] || return 0
    ! grep -q 'expiry-time="' "$2" 2>/dev/null || gs_key=key
    ! grep -q 'NOTAFTER=' "$2" 2>/dev/null || gs_sudo=sudo
    ;;
  esac
}
# gs_keys FILE: the keys and authorities that the grant brought into it, and that are there still.
gs_keys() {
  if [ -f "$gs_change/copy" ]; then gs_lines=$(grep -vxF -f "$gs_change/copy" "$gs_change/left"); else gs_lines=$(cat "$gs_change/left"); fi
  [ -f "$1" ] && [ ! -L "$1" ] || return 0
  gs_lines=$(lk_put "$gs_lines$lk_nl" | grep -xF -f "$1" | head -n 50)$lk_nl
  while [ -n "$gs_lines" ]; do
    gs_line=${gs_lines%%"$lk_nl"*} gs_lines=${gs_lines#*"$lk_nl"}
    ak_parse "$gs_line" || continue
    ak_split_options "$ak_options"
    case $lk_nl$ak_items in
    *"${lk_nl}cert-authority$lk_nl"*) lk_l "grants.$gs_id.authorities" "$ak_blob $1" ;;
    *) lk_l "grants.$gs_id.keys" "$ak_blob $1" ;;
    esac
  done
}
# gs_tell_ends: what on the host ends the grant, and the least that is sure to end.
gs_tell_ends() {
  lk_grant_value reaper || :
  gs_reaper=
  case $lk_v in
  cron) if [ -f "/etc/cron.d/latchkey-$gs_id" ] && lk_cron_runs; then gs_reaper=cron; fi ;;
  systemd) [ ! -f "$lk_units/latchkey-$gs_id.timer" ] || gs_reaper=systemd ;;
  esac
  for gs_end in $gs_reaper $gs_key $gs_sudo $gs_day; do lk_l "grants.$gs_id.ends" "$gs_end"; done
  if [ -n "$gs_reaper" ]; then
    lk_s "grants.$gs_id.guaranteed" everything
  elif [ -n "$gs_key" ]; then
    lk_s "grants.$gs_id.guaranteed" 'new logins'
  elif [ -n "$gs_day" ]; then
    lk_s "grants.$gs_id.guaranteed" 'new logins, a day later'
  else
    lk_s "grants.$gs_id.guaranteed" nothing
  fi
}
gs_account() {
  case $gs_seen in *" $1 "*) return 0 ;; esac
  gs_seen="$gs_seen$1 "
  lk_line_of /etc/passwd "$1" || return 0
  lk_cut "$lk_line"
  gs_uid=$lk_3
  gs_count
  gs_last_login "$1"
  if lk_line_of /etc/shadow "$1"; then
    lk_cut "$lk_line"
    [ -z "$lk_8" ] || gs_day=account
  fi
  lk_l "grants.$gs_id.accounts" "$1"
}
# Adds the account's processes to gs_processes, and those that are a login's end of a connection to gs_sessions: the one of
# sshd's that has the account's rights.
gs_count() {
  for gs_process in $(find /proc/[0-9]* -prune -user "$gs_uid" 2>/dev/null | tr '\n' ' '); do
    gs_processes=$((gs_processes + 1))
    gs_command=
    { read -r gs_command <"$gs_process/comm"; } 2>/dev/null
    case $gs_command in
    sshd | sshd-session)
      gs_sessions=$((gs_sessions + 1))
      gs_later "$(stat -c %Y "$gs_process" 2>/dev/null)"
      ;;
    esac
  done
}
# gs_last_login NAME: sets gs_login to its time where that is later: of lastlog, whose record of an account has 292 bytes
# (lastlog(5)), of the journal, or of syslog's file. A login without a terminal is in the last two alone.
gs_last_login() {
  gs_text=$(od -An -td4 -j $((gs_uid * 292)) -N 4 /var/log/lastlog 2>/dev/null)
  gs_later "${gs_text##* }"
  gs_accepted="Accepted [a-z/-]* for $1 from "
  if [ -d /run/systemd/system ] && lk_has journalctl; then
    gs_text=$(journalctl -q -r -t sshd -t sshd-session --since "@$gs_armed" -o short-unix 2>/dev/null | grep -m 1 "$gs_accepted")
    gs_later "${gs_text%%.*}"
  fi
  for gs_log in /var/log/auth.log /var/log/secure; do
    [ -f "$gs_log" ] || continue
    gs_text=$(tail -c 4194304 "$gs_log" | grep -a "$gs_accepted" | tail -n 1)
    # RFC 3339, or `Nov  3 18:07:41`.
    case $gs_text in [0-9]*) gs_text=${gs_text%% *} ;; *) gs_text=$(lk_put "$gs_text" | cut -c 1-15) ;; esac
    [ -z "$gs_text" ] || gs_later "$(date -d "$gs_text" +%s 2>/dev/null)"
  done
}
gs_later() {
  case $1 in '' | *[!0-9]*) return ;; esac
  [ "$1" -le "$gs_login" ] || gs_login=$1
}
for j_dir in "$j_root"/*; do
  [ -f "$j_dir/undo" ] || continue
  gs_id=${j_dir##*/}
  [ "${p_id-$gs_id}" = "$gs_id" ] || continue
  lk_s "grants.$gs_id.state" "$(cat "$j_dir/state" 2>/dev/null)"
  for gs_name in ticket owner reason; do
    lk_grant_value "$gs_name" || :
    lk_s "grants.$gs_id.$gs_name" "$lk_v"
  done
  for gs_name in armed expires; do
    lk_grant_value "$gs_name" || lk_v=0
    [ "$gs_name" != armed ] || gs_armed=$lk_v
    lk_i "grants.$gs_id.$gs_name" "$lk_v"
  done
  if lk_is_over; then
    lk_b "grants.$gs_id.overdue" true
    gs_overdue=$((gs_overdue + 1))
  else
    lk_b "grants.$gs_id.overdue" false
  fi
  gs_seen=' ' gs_files=$lk_nl gs_key='' gs_sudo='' gs_day='' gs_processes=0 gs_sessions=0 gs_login=0
  gs_each gs_tell
  lk_i "grants.$gs_id.processes" "$gs_processes"
  lk_i "grants.$gs_id.sessions" "$gs_sessions"
  [ "$gs_login" -eq 0 ] || lk_i "grants.$gs_id.last_login" "$gs_login"
  gs_tell_ends
done
# Accounts with the comment of a grant's account that no grant on this host knows of.
gs_named=' '
gs_paths=$lk_nl
gs_name() {
  case $1 in
  user) gs_named="$gs_named$2 " ;;
  path) gs_paths=$gs_paths$2$lk_nl ;;
  esac
}
for j_dir in "$j_root"/*; do
  [ ! -f "$j_dir/undo" ] || gs_each gs_name
done
while IFS= read -r gs_line || [ -n "$gs_line" ]; do
  lk_cut "$gs_line"
  [ "$lk_5" = "$p_comment" ] || continue
  case $gs_named in *" $lk_1 "*) ;; *) lk_l leftovers "$lk_1" ;; esac
done </etc/passwd
# What a grant has on a host besides, without a journal that knows of it.
for gs_path in "$j_root"/* /etc/cron.d/latchkey-* "$lk_units"/latchkey-*.timer "$lk_units"/*.d/latchkey-*.conf /etc/ssh/sshd_config.d/*-latchkey-*.conf; do
  [ -e "$gs_path" ] || [ -L "$gs_path" ] || continue
  gs_id=${gs_path##*/latchkey-}
  gs_id=${gs_id%.timer}
  [ ! -f "$j_root/$gs_id/undo" ] && [ ! -f "$gs_path/undo" ] || continue
  case $gs_paths in *"$lk_nl$gs_path$lk_nl"*) continue ;; esac
  lk_l remains "$gs_path"
done
lk_i overdue "$gs_overdue"
lk_ok
