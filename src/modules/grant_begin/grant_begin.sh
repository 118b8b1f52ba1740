# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'a grant is kept by root: give the play become: true'
j_dir=$j_root/$p_id
lk_s id "$p_id"
lk_s ticket "$p_ticket"
lk_s owner "${p_owner-}"
lk_s reason "${p_reason-}"
gb_tell() {
  lk_i expires "$1"
  lk_layers "$1" "$2"
  lk_s expiry_time "$lk_expiry_time"
  lk_s sudo_limits "$lk_sudo_limits"
  lk_s sudo_settings "$lk_sudo_settings"
  lk_s root_tool "$lk_root_tool"
  lk_i account_expires "$lk_last_day"
  if lk_has useradd; then
    gb_choose_id "$2"
    lk_i account_id "$gb_account_id"
  fi
  lk_b plain_keys "$gb_plain"
}

# gb_choose_id SEED: a number for an account and its group from a range that no program gives numbers from (systemd.io,
# UIDS-GIDS), so that files which were left behind never belong to somebody's next account. Another one for each grant.
gb_choose_id() {
  gb_account_id=$((60706 + $1 % 478))
  while lk_id_taken user /etc/passwd "$gb_account_id" || lk_id_taken group /etc/group "$gb_account_id"; do
    gb_account_id=$((gb_account_id + 1))
    [ "$gb_account_id" -le 61183 ] || gb_account_id=60706
  done
}

# Other servers than OpenSSH's refuse a key whose options they do not know.
gb_plain=false
lk_has sshd || gb_plain=true

if [ -n "${p_now-}" ]; then
  gb_skew=$(($(date +%s) - p_now))
  if [ "$gb_skew" -gt 120 ] || [ "$gb_skew" -lt -120 ]; then
    lk_fail "the host's clock is $gb_skew seconds from the controller's, so that the grant would not end in time: set the clock first"
  fi
fi

[ ! -e /etc/NIXOS ] ||
  lk_fail 'this is NixOS, which makes its accounts and sudo rules from its own configuration: let the customer put the account there'

gb_state=
[ ! -f "$j_dir/state" ] || gb_state=$(cat "$j_dir/state")
# Begun by an earlier play of this very run: it goes on, over a new connection perhaps.
gb_ours=
if [ "$gb_state" = arming ] && [ -n "${p_run-}" ] && lk_grant_value run && [ "$lk_v" = "$p_run" ]; then gb_ours=1; fi
if [ "$gb_state" = open ] || [ -n "$gb_ours" ]; then
  lk_grant_value ticket || :
  [ "$lk_v" = "$p_ticket" ] || lk_fail "there is a grant $p_id of another ticket ($lk_v) on this host"
  lk_grant_value armed && gb_since=$lk_v
  lk_grant_value expires
  gb_tell "$lk_v" "$gb_since"
  if [ -n "$gb_ours" ]; then
    lk_checking || lk_lock 1200 || lk_fail "$j_busy"
    lk_ok
  fi
  lk_ok 'the grant is open already; latchkey extend prolongs it'
fi
gb_now=$(date +%s)
gb_tell "$p_expires" "$gb_now"
if lk_checking; then
  # Another play of the same dry run would have begun it.
  if lk_planned grant "$p_id"; then lk_ok; fi
  lk_plan grant "$p_id" open
  lk_changed
fi

# The accounts' files and the reaper are there.
if lk_cannot_write /etc; then lk_fail "$lk_v, so the grant was not begun"; fi
umask 077
# gb_fail REASON: nothing of ours stays.
gb_fail() {
  rm -rf -- "$j_root/.new-$p_id" 2>/dev/null
  rmdir "$j_root" "${j_root%/*}" 2>/dev/null
  lk_fail "could not begin the grant, so nothing was changed: $1"
}
gb_lock() {
  lk_try mkdir -p "$j_root" || gb_fail "$lk_e"
  lk_lock 1200 || gb_fail "$j_busy"
}
gb_lock
if [ -n "$gb_state" ]; then
  # Cut off before it was confirmed: what it did is taken back before it begins anew.
  lk_unlock
  lk_try sh "$j_dir/undo" || lk_fail "grant $p_id was cut off before, and could not be taken back: $lk_e"
  gb_lock
fi

gb_new=$j_root/.new-$p_id
rm -rf -- "$j_root"/.new-*
gb_full() {
  lk_why "$j_root" || :
  rm -rf -- "$gb_new" 2>/dev/null
  lk_unlock
  gb_fail "its journal could not be written to $j_root: $lk_e"
}
mkdir "$gb_new" "$gb_new/backups" 2>/dev/null || gb_full
lk_since_boot
{ read -r gb_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
gb_grant() {
  lk_put "ticket $p_ticket${lk_nl}owner ${p_owner-}${lk_nl}reason ${p_reason-}${lk_nl}expires $p_expires$lk_nl"
  lk_put "armed $gb_now${lk_nl}confirm $p_confirm${lk_nl}boot ${gb_boot-}${lk_nl}uptime $lk_v${lk_nl}run ${p_run-}$lk_nl"
  [ -z "${p_longest-}" ] || lk_put "longest $p_longest$lk_nl"
}
{ gb_grant >"$gb_new/grant" && p_undo >"$gb_new/undo" && lk_put arming >"$gb_new/state"; } 2>/dev/null || gb_full
# What taking it back has to write has its place from now on, and its inodes, should there be none left by then.
dd if=/dev/zero of="$gb_new/reserve" bs=1024 count=256 2>/dev/null || gb_full
for gb_i in 1 2 3 4 5 6 7 8; do
  { : >"$gb_new/reserve.$gb_i.1" && : >"$gb_new/reserve.$gb_i.2" && : >"$gb_new/reserve.$gb_i.3"; } 2>/dev/null || gb_full
done
for gb_file in passwd shadow group gshadow subuid subgid; do
  [ ! -f "/etc/$gb_file-" ] || cp -a "/etc/$gb_file-" "$gb_new/backups/" 2>/dev/null || gb_full
done
lk_flush "$gb_new" "$gb_new"/*
mv -- "$gb_new" "$j_dir" 2>/dev/null || gb_full
lk_flush "$j_root"
if ! lk_arm "$p_id"; then
  lk_unlock
  gb_why=$lk_e
  lk_try sh "$j_dir/undo" || :
  gb_fail "what ends it could not be told to the host: $gb_why"
fi
lk_s reaper "$lk_v"
{ lk_put "reaper $lk_v$lk_nl" >>"$j_dir/grant"; } 2>/dev/null || {
  lk_why "$j_dir" || :
  lk_fail "the grant's journal could not be written to $j_dir: $lk_e"
}
case $lk_v in
'') lk_l warnings 'this host has neither systemd nor cron: nothing on it ends the grant in time' ;;
cron) lk_cron_runs || lk_l warnings 'cron does not run on this host: until it does, nothing on it takes the grant back in time' ;;
esac
# It came over a login, whose number is what tells afterwards who started something as root.
gb_login=
{ read -r gb_login </proc/self/loginuid; } 2>/dev/null
case $gb_login in
'' | 4294967295) lk_l warnings 'this host gives logins no number (pam_loginuid): what support starts as root through sudo does not end with the grant' ;;
esac
[ "$gb_plain" = false ] || lk_l warnings "this host's server is not OpenSSH's sshd, so that keys get no options: neither addresses nor a time bind them"
lk_changed
