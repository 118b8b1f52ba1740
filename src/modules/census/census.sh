# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'much of it is for root alone to see: give the play become: true'
cn_account=false
if lk_getpw "$p_user"; then cn_account=true; fi
lk_b account "$cn_account"
lk_census "$p_user" "$lk_pw_uid" "$lk_pw_gid" "${lk_pw_home:-/home/$p_user}"
[ -z "${p_comment-}" ] || lk_census_firewall "$p_comment" "$p_hex"
lk_ok
