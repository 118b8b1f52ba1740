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
[ "$ge_former" != "$p_expires" ] || lk_ok
# The policy by which it was granted.
if lk_grant_value longest; then p_longest=$lk_v; fi
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

# ge_in FILE: the new end in a file, by another file beside it.
ge_in() {
  [ -f "$1" ] && [ ! -L "$1" ] || return 0
  ge_exchange "$1" "$ge_key" "$lk_expiry_time"
  ge_exchange "$1" "$ge_sudo" "$lk_sudo_limits"
}
ge_exchange() {
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

# ge_path: the new text in what the journal keeps of a file, of other grants that have lines in it as well: so the lines of
# each are still told from all others. Then in the file itself, where it is this grant's.
ge_path() {
  lk_j_read "$j_one/after"
  case $lk_v in file*) ;; *) return 0 ;; esac
  ge_attributes=${lk_v% * *}
  # Should this be cut off: nobody else is at it in this moment.
  rm -f -- "$j_one/after"
  ge_in "$j_one/copy"
  ge_in "$j_one/left"
  case $j_one in "$j_dir"/*) ge_in "$ge_what" ;; esac
  lk_put "$ge_attributes $(cksum <"$j_one/left")" >"$j_one/after.new" && mv -- "$j_one/after.new" "$j_one/after"
  lk_flush "$j_one" "$j_one/after"
}

# ge_user: the account's last day; of its password and ages the journal keeps what the grant left.
ge_user() {
  lk_has chage && [ "$ge_day" != "$lk_last_day" ] && lk_line_of /etc/shadow "$ge_what" || return 0
  ge_line=$lk_line
  chage -E $((lk_last_day / 86400)) "$ge_what" >/dev/null 2>&1 || ge_failed=1
  lk_j_read "$j_one/left"
  if [ "${lk_v%"$lk_nl"}" != "$ge_line" ]; then return; fi
  (umask 077 && lk_line_of /etc/shadow "$ge_what" && lk_put "$lk_line" >"$j_one/left.new" && mv -- "$j_one/left.new" "$j_one/left") || :
  lk_flush "$j_one" "$j_one/left"
}

for j_one in "$j_root"/*/[0-9]*; do
  [ -f "$j_one/after" ] || continue
  lk_j_read "$j_one/key"
  ge_what=$lk_v
  case $(cat "$j_one/kind")/$j_one in
  path/*) ge_path ;;
  user/"$j_dir"/*) ge_user ;;
  command/"$j_dir"/*)
    [ ! -f "$j_one/extend" ] || lk_try /bin/sh "$j_one/extend" $((p_expires - $(date +%s))) "$p_expires" || ge_failed=1
    ;;
  esac
done
lk_unlock
[ -z "$ge_failed" ] || lk_fail 'not everything that ends the grant by itself could be given the new time; the reaper has it'
lk_changed
