# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
j_dir=$j_root/$p_id
if lk_checking && [ ! -f "$j_dir/state" ]; then lk_changed; fi
[ -f "$j_dir/state" ] || lk_fail "there is no grant $p_id on this host: it was taken back meanwhile"
gc_state=$(cat "$j_dir/state")
case $gc_state in
open) lk_ok ;;
arming) ;;
*) lk_fail "grant $p_id is being taken back" ;;
esac
if lk_checking; then lk_changed; fi
{ lk_put open >"$j_dir/state.new" && lk_flush "$j_dir/state.new" && mv -- "$j_dir/state.new" "$j_dir/state"; } 2>/dev/null || {
  lk_why "$j_dir" || :
  lk_fail "could not confirm the grant: $lk_e"
}
lk_unlock
lk_changed
