# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail "the keys of all accounts are root's alone to read: give the play become: true"

ks_tell() {
  ks_found=$((ks_found + 1))
  [ "$ks_found" -le 1000 ] || return 0
  [ ${#ks_options} -le 500 ] || ks_options=$(printf %.500s "$ks_options")...
  lk_s "found.$ks_found.account" "$ks_name"
  lk_s "found.$ks_found.gecos" "$ks_gecos"
  lk_s "found.$ks_found.file" "$ks_file"
  lk_i "found.$ks_found.line" "$1"
  lk_s "found.$ks_found.blob" "$ak_blob"
  lk_s "found.$ks_found.options" "$ks_options"
  lk_b "found.$ks_found.authority" "$ks_authority"
  lk_b "found.$ks_found.commented" "$ks_commented"
}

ks_found=0
ks_sweep ks_tell
[ "$ks_found" -le 1000 ] || ks_note "$((ks_found - 1000)) more lines were found"
lk_i accounts "$ks_accounts"
lk_ok
