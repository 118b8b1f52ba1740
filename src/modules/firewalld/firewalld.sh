# shellcheck disable=SC2016,SC2034,SC2154 # texts of the undo; variables of the libraries, and p_* that come with the program
lk_sbin

# A text of the undo: a function, called with quoted words: runtime or permanent, whether it is to be there, the zone, the
# option and its value. What only ran has gone where firewalld runs no longer.
fd_undo='lk_u() {
c=firewall-cmd
[ "$1" = runtime ] || set -- --permanent "$2" "$3" "$4" "$5"
if ! firewall-cmd --state >/dev/null 2>&1; then
[ "$1" = --permanent ] || return 0
c=firewall-offline-cmd
fi
p=
if [ "$1" = --permanent ] && [ "$c" = firewall-cmd ]; then p=--permanent; fi
if "$c" $p "--zone=$3" "--query-$4=$5" >/dev/null 2>&1; then
[ "$2" = 1 ] || "$c" $p "--zone=$3" "--remove-$4=$5" >/dev/null
else
[ "$2" = 0 ] || "$c" $p "--zone=$3" "--add-$4=$5" >/dev/null
fi
}; lk_u'

fd_message=
fd_say() { fd_message=$fd_message${fd_message:+, }$1; }
fd_fail() {
  case $lk_out in
  *INVALID_SERVICE*)
    lk_fail "ERROR: Exception caught: ${lk_out#Error: } Services are defined by port/tcp relationship and named as they are in /etc/services (on most systems)" ;;
  esac
  lk_fail "ERROR: Exception caught: ${lk_out#Error: }"
}

fd_offline=
lk_has firewall-cmd || lk_has firewall-offline-cmd || lk_fail "Failed to find required executable \"firewall-cmd\" in paths: $PATH"
if ! firewall-cmd --state >/dev/null 2>&1; then
  [ "$p_immediate" = 0 ] || lk_fail 'firewall is not currently running, unable to perform immediate actions without a running firewall daemon'
  lk_has firewall-offline-cmd || lk_fail 'firewalld service must be running, or try with offline=true'
  fd_offline=1
fi

# fd_run runtime|permanent WORD...
fd_run() {
  fd_store=$1
  shift
  case $fd_store$fd_offline in
  runtime) lk_run firewall-cmd "$@" ;;
  permanent) lk_run firewall-cmd --permanent "$@" ;;
  *) lk_run firewall-offline-cmd "$@" ;;
  esac
}

fd_zone=${p_zone-}
if [ -z "$fd_zone" ]; then
  case $fd_offline in 1) lk_run firewall-offline-cmd --get-default-zone ;; *) lk_run firewall-cmd --get-default-zone ;; esac
  [ "$lk_rc" -eq 0 ] || fd_fail
  fd_zone=$lk_out
fi

case $p_state in enabled) fd_wanted=1 ;; *) fd_wanted=0 ;; esac

# fd_look runtime|permanent: sets fd_is to 1 where it is in the zone, to 0 where it is not.
fd_look() {
  fd_run "$1" "--zone=$fd_zone" "--query-$p_option=$p_value"
  case $lk_rc in
  0) fd_is=1 ;;
  1) fd_is=0 ;;
  *) fd_fail ;;
  esac
}
fd_stores=
if [ "$p_permanent" = 1 ]; then
  fd_look permanent
  [ "$fd_is" = "$fd_wanted" ] || fd_stores=permanent
fi
if [ "$p_immediate" = 1 ]; then
  fd_look runtime
  [ "$fd_is" = "$fd_wanted" ] || fd_stores="$fd_stores runtime"
fi
case $p_permanent$p_immediate in
11) fd_say 'Permanent and Non-Permanent(immediate) operation' ;;
10) fd_say 'Permanent operation' ;;
*) fd_say 'Non-permanent operation' ;;
esac

if [ -z "$fd_stores" ]; then
  [ -z "$fd_offline" ] || fd_say '(offline operation: only on-disk configs were altered)'
  lk_ok "$fd_message"
fi

if lk_checking; then
  for fd_store in $fd_stores; do
    lk_undo_words "$fd_store" "$((1 - fd_wanted))" "$fd_zone" "$p_option" "$p_value"
    lk_undo_by "$p_word $p_value in the zone $fd_zone ($fd_store)" "$fd_undo $lk_v"
  done
  lk_changed
fi

for fd_each in $fd_stores; do
  set -- "--zone=$fd_zone"
  if [ "$fd_wanted" = 0 ]; then
    set -- "$@" "--remove-$p_option=$p_value"
  else
    set -- "$@" "--add-$p_option=$p_value"
    case $fd_each/$p_option/$p_timeout in permanent/* | */source/* | */0) ;; *) set -- "$@" "--timeout=$p_timeout" ;; esac
  fi
  fd_run "$fd_each" "$@"
  [ "$lk_rc" -eq 0 ] || fd_fail
  fd_look "$fd_each"
  [ "$fd_is" = "$fd_wanted" ] || lk_fail "firewalld did not make the change although it said so"
done
fd_word=$p_word
[ "$p_option" != icmp-block ] || fd_word=icmp-block
case $p_option/$p_state in
source/enabled) fd_say "Added $p_value to zone $fd_zone" ;;
source/*) fd_say "Removed $p_value from zone $fd_zone" ;;
*) fd_say "Changed $fd_word $p_value to $p_state" ;;
esac
[ -z "$fd_offline" ] || fd_say '(offline operation: only on-disk configs were altered)'
lk_changed "$fd_message"
