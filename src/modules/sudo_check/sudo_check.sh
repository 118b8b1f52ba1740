# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'only root may try what an account may: give the task become: true'
# sudo writes down, and mails, each try that fails: a dry run makes none.
if lk_checking; then lk_ok; fi
lk_line_of /etc/passwd "$p_user" || lk_fail "there is no account $p_user in /etc/passwd"
lk_cut "$lk_line"
sk_uid=$lk_3 sk_gid=$lk_4

# sk_as TEXT WORDS: has the account run it; sets lk_out to what that said. su asks PAM, which may have its own opinion of
# the account.
sk_as() {
  if setpriv --reuid "$sk_uid" --regid "$sk_gid" --init-groups true 2>/dev/null; then
    lk_run setpriv --reuid "$sk_uid" --regid "$sk_gid" --init-groups sh -c "$1" sh "$2"
  else
    lk_run su -s /bin/sh -c "$1" -- "$p_user" sh "$2"
  fi
}

# sk_refused: fails with the reason that is behind sudo's words.
sk_refused() {
  sk_said=${lk_out%%"$lk_nl"*} sk_said=${sk_said:+ ($sk_said)} sk_why='it reads no rule that allows it; sudo -l -U shows those that it does read' sk_rules=
  if [ "$sk_tool" = sudo ]; then
    sk_rules=$(sudo -n -l -U "$p_user" 2>/dev/null </dev/null)
    case $sk_rules in *"$lk_nl    "*) sk_rules=${sk_rules#*"$lk_nl    "} ;; *) sk_rules= ;; esac
    lk_s rules "$sk_rules"
  fi
  case $lk_out/$sk_rules in
  *xpired*/* | *'account validation'*/*) sk_why='the account is expired or locked' ;;
  *tty*/*) sk_why='the host wants a terminal for sudo (requiretty)' ;;
  *'assword is required'*/*NOPASSWD:*) sk_why='a rule of the host that comes later wants a password, and the last one counts' ;;
  esac
  lk_fail "$p_user cannot $1 through $sk_tool: $sk_why$sk_said"
}

if lk_has sudo; then
  sk_tool=sudo
elif lk_has doas; then
  sk_tool=doas
else
  lk_fail 'this host has neither sudo nor doas: let support come as root, or grant without support_sudo'
fi
lk_s tool "$sk_tool"
if [ "$p_all" = 1 ]; then
  # First what needs no try, which sudo would tell its administrator of by mail.
  if [ "$sk_tool" = sudo ]; then
    lk_run sudo -n -l -U "$p_user" true
    # Where a terminal is wanted, of root too, or sudo cannot be asked (sudo-rs), only the try tells.
    case $lk_rc/$lk_out in 1/ | 1/*'not allowed to run sudo'*) sk_refused 'become root' ;; esac
  fi
  # shellcheck disable=SC2016 # it is another shell that expands it
  sk_as 'exec "$1" -n true' "$sk_tool"
  [ "$lk_rc" -eq 0 ] || sk_refused 'become root'
  lk_ok
fi
[ "$sk_tool" = sudo ] || lk_ok 'doas is not asked about single commands'
# Only asked for: what they do is not ours to try. Whether sudo would want a password for them, it does not say.
sk_each() {
  for sk_command in "$@"; do
    # shellcheck disable=SC2016
    sk_as 'set -f; exec sudo -n -l $1' "$sk_command"
    [ "$lk_rc" -eq 0 ] || sk_refused "run $sk_command"
  done
}
lk_with command sk_each
lk_ok
