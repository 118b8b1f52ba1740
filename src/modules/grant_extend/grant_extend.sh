# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'a grant is kept by root: give the play become: true'
j_dir=$j_root/$p_id
lk_s id "$p_id"
lk_i expires "$p_expires"
[ -f "$j_dir/state" ] || lk_fail "there is no grant $p_id on this host"
[ "$(cat "$j_dir/state")" = open ] || lk_fail "grant $p_id is not open"
lk_grant_value armed && ge_since=$lk_v
lk_grant_value expires && ge_former=$lk_v
# The policy that it was made by counts for as long as it lasts.
if lk_grant_value longest; then p_longest=$lk_v; fi
[ "$ge_former" != "$p_expires" ] || lk_ok
if [ $((p_expires - ge_since)) -gt "$p_longest" ]; then
  lk_fail "a grant lasts $((p_longest / 3600)) hours at most, and this one began $((($(date +%s) - ge_since) / 3600)) hours ago: make a new one"
fi
[ "$p_expires" -gt "$(date +%s)" ] || lk_fail 'the new end is over already'
if lk_checking; then lk_changed; fi
lk_lock 600 || lk_fail "$j_busy"

# The reaper first: should this be cut off, the earlier of two ends is what the others still say.
ge_write() {
  sed "s/^expires .*/expires $p_expires/" "$j_dir/grant" >"$j_dir/grant.new" && lk_flush "$j_dir/grant.new" &&
    mv -- "$j_dir/grant.new" "$j_dir/grant"
}
ge_write || { lk_unlock && lk_fail 'could not write the new end to the journal'; }
ge_failed=
lk_arm "$p_id" || ge_failed=1
lk_layers "$ge_former" "$ge_since"
ge_key=$lk_expiry_time ge_sudo=$lk_sudo_limits ge_day=$lk_last_day
lk_layers "$p_expires" "$ge_since"

# ge_in FILE FORMER NEW: exchanges a text in a file of the grant's, by another file beside it.
ge_in() {
  [ -n "$2" ] && [ "$2" != "$3" ] && grep -qF -- "$2" "$1" || return 0
  lk_parent "$1"
  lk_enter "$lk_v"
  lk_stat_as d .
  lk_wd=$lk_pwd lk_wn=${1##*/}
  lk_temporary
  cp -a -- "$lk_wb$lk_wn" "$lk_wt" && sed "s/$2/$3/" "$lk_wb$lk_wn" >"$lk_wt" && lk_flush "$lk_wt" &&
    mv -f -- "$lk_wt" "$lk_wb$lk_wn" || ge_failed=1
  lk_discard
}

for j_one in "$j_dir"/[0-9]*; do
  [ -f "$j_one/after" ] || continue
  lk_j_read "$j_one/key"
  ge_what=$lk_v
  case $(cat "$j_one/kind") in
  path)
    [ -f "$ge_what" ] && [ ! -L "$ge_what" ] || continue
    ge_in "$ge_what" "$ge_key" "$lk_expiry_time"
    ge_in "$ge_what" "$ge_sudo" "$lk_sudo_limits"
    ;;
  user)
    if lk_has chage && [ "$ge_day" != "$lk_last_day" ]; then chage -E $((lk_last_day / 86400)) "$ge_what" >/dev/null 2>&1 || ge_failed=1; fi
    ;;
  command)
    if [ -f "$j_one/extend" ] && ! lk_try /bin/sh "$j_one/extend" $((p_expires - $(date +%s))) "$p_expires"; then ge_failed=1; fi
    continue
    ;;
  *) continue ;;
  esac
  # It is as the grant left it, still.
  rm -f -- "$j_one/after"
done
lk_j_done || ge_failed=1
lk_unlock
[ -z "$ge_failed" ] || lk_fail 'not everything that ends the grant by itself could be given the new time; the reaper has it'
lk_changed
