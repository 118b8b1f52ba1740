# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'a grant is kept by root: give the play become: true'
gu_changed='' gu_failed='' gu_gone=
# What a cut-off grant of this very session holds is its own.
if lk_holds_lock; then lk_unlock; fi
for gu_dir in "$j_root"/*; do
  [ -f "$gu_dir/undo" ] || continue
  gu_id=${gu_dir##*/} j_dir=$gu_dir
  if [ -n "${p_id-}" ]; then
    [ "$gu_id" = "$p_id" ] || continue
  elif [ -n "${p_ticket-}" ]; then
    lk_grant_value ticket && [ "$lk_v" = "$p_ticket" ] || continue
  fi
  gu_changed=1
  # One is taken back when nothing of it is left.
  if [ -z "$p_keys" ]; then
    lk_l grants "$gu_id"
    lk_grant_value ticket || :
    lk_l tickets "$lk_v"
  fi
  if lk_checking; then continue; fi
  # What it says: a word, and a text.
  # shellcheck disable=SC2086 # one word, or none
  gu_said=$(sh "$gu_dir/undo" $p_keys 2>&1 </dev/null) || gu_failed=1
  gu_said=$gu_said$lk_nl
  while [ -n "$gu_said" ]; do
    gu_line=${gu_said%%"$lk_nl"*} gu_said=${gu_said#*"$lk_nl"}
    case $gu_line in
    'gone '*) gu_gone="$gu_gone${gu_line#gone }$lk_nl" ;;
    'undone '*) lk_l undone "${gu_line#undone }" ;;
    'kept '*) lk_l kept "${gu_line#kept }" ;;
    'failed '*) lk_l problems "${gu_line#failed }" && gu_problem=${gu_line#failed } ;;
    ?*) lk_l problems "$gu_line" && gu_problem=${gu_problem:-$gu_line} ;;
    esac
  done
done
# One that was cut off in its last moment.
if ! lk_checking && [ -d "$j_root" ] && lk_lock 1; then
  rm -rf -- "$j_root"/.new-*
  lk_unlock
fi
if ! lk_checking; then
  rmdir "$j_root" "${j_root%/*}" 2>/dev/null
  for gu_of in /etc/cron.d/latchkey-* "$lk_units"/latchkey-*.timer; do
    [ -f "$gu_of" ] || continue
    un_id=${gu_of##*/latchkey-}
    un_id=${un_id%.timer}
    [ -e "$j_root/$un_id" ] || un_disarm
  done
fi
# What looks after a grant whose journal is gone.
for gu_path in /etc/cron.d/latchkey-* "$lk_units"/latchkey-*.timer; do
  gu_id=${gu_path##*/latchkey-}
  gu_id=${gu_id%.timer}
  [ -e "$gu_path" ] && [ -z "${p_id-}${p_ticket-}" ] && [ ! -e "$j_root/$gu_id" ] || continue
  gu_changed=1
  if lk_checking; then continue; fi
  rm -f -- "/etc/cron.d/latchkey-$gu_id"
  [ ! -e "$lk_units/latchkey-$gu_id.timer" ] || lk_remove_units "$gu_id"
  lk_l undone "$gu_path removed"
done
# The accounts that are gone: what is left of them?
[ -z "$gu_gone" ] || lk_census_sudo
while [ -n "$gu_gone" ]; do
  gu_line=${gu_gone%%"$lk_nl"*} gu_gone=${gu_gone#*"$lk_nl"}
  lk_cut "$gu_line"
  lk_census "$lk_1" "$lk_2" "$lk_3" "$lk_4"
done
# A rule of another grant that is open has the same comment.
if [ -n "$gu_changed" ] && ! lk_checking && [ ! -d "$j_root" ]; then lk_census_firewall "$p_comment" "$p_hex"; fi
[ -z "$gu_failed" ] || lk_fail "something of the grant could not be taken back: ${gu_problem-no reason given}"
[ -z "$gu_changed" ] || lk_changed
lk_ok 'there is no such grant on this host'
