# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'grants are known to root alone: give the play become: true'
gs_overdue=0
# gs_accounts: the accounts that the grant made or uses, and how many processes each has.
gs_accounts() {
  gs_seen=' '
  for gs_change in "$j_dir"/[0-9]*; do
    [ -f "$gs_change/kind" ] && [ "$(cat "$gs_change/kind")" = user ] || continue
    gs_account "$(cat "$gs_change/key")"
  done
  [ -f "$j_dir/claims" ] || return 0
  while read -r gs_kind gs_key; do
    [ "$gs_kind" != user ] || gs_account "$gs_key"
  done <"$j_dir/claims"
}
gs_account() {
  case $gs_seen in *" $1 "*) return 0 ;; esac
  gs_seen="$gs_seen$1 "
  lk_line_of /etc/passwd "$1" || return 0
  lk_cut "$lk_line"
  gs_n=$(find /proc/[0-9]* -prune -user "$lk_3" 2>/dev/null | grep -c '')
  lk_l "grants.$gs_id.accounts" "$1"
  lk_i "grants.$gs_id.processes" "$gs_n"
}
for j_dir in "$j_root"/*; do
  [ -f "$j_dir/undo" ] || continue
  gs_id=${j_dir##*/}
  [ "${p_id-$gs_id}" = "$gs_id" ] || continue
  lk_s "grants.$gs_id.state" "$(cat "$j_dir/state" 2>/dev/null)"
  for gs_name in ticket owner reason reaper; do
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
  gs_accounts
done
lk_i overdue "$gs_overdue"
lk_ok
