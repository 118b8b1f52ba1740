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
  [ -f "$j_dir/claims" ] || return 0
  while IFS=' ' read -r gs_kind gs_key; do
    "$1" "$gs_kind" "$gs_key"
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
    [ -f "$2" ] && [ ! -L "$2" ] || return 0
    ! grep -q 'expiry-time="' "$2" 2>/dev/null || gs_key=key
    ! grep -q 'NOTAFTER=' "$2" 2>/dev/null || gs_sudo=sudo
    ;;
  esac
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
  gs_n=$(find /proc/[0-9]* -prune -user "$lk_3" 2>/dev/null | grep -c '')
  if lk_line_of /etc/shadow "$1"; then
    lk_cut "$lk_line"
    [ -z "$lk_8" ] || gs_day=account
  fi
  lk_l "grants.$gs_id.accounts" "$1"
  lk_i "grants.$gs_id.processes" "$gs_n"
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
    lk_i "grants.$gs_id.$gs_name" "$lk_v"
  done
  if lk_is_over; then
    lk_b "grants.$gs_id.overdue" true
    gs_overdue=$((gs_overdue + 1))
  else
    lk_b "grants.$gs_id.overdue" false
  fi
  gs_seen=' ' gs_files=$lk_nl gs_key='' gs_sudo='' gs_day=
  gs_each gs_tell
  gs_tell_ends
done
# Accounts with the comment of a grant's account that no grant on this host knows of.
gs_named=' '
gs_name() { [ "$1" != user ] || gs_named="$gs_named$2 "; }
for j_dir in "$j_root"/*; do
  [ ! -f "$j_dir/undo" ] || gs_each gs_name
done
while IFS= read -r gs_line || [ -n "$gs_line" ]; do
  lk_cut "$gs_line"
  [ "$lk_5" = "$p_comment" ] || continue
  case $gs_named in *" $lk_1 "*) ;; *) lk_l leftovers "$lk_1" ;; esac
done </etc/passwd
lk_i overdue "$gs_overdue"
lk_ok
