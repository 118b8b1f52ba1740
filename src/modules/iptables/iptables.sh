# shellcheck disable=SC2016,SC2034,SC2154 # texts of the undo; variables of the libraries, and p_* that come with the program
lk_sbin
lk_has "$p_command" || lk_fail "Failed to find required executable \"$p_command\" in paths: $PATH"

# Texts of the undo: each is a function, called with quoted words. None holds a single quote.
ip_undo_add='lk_u() {
c=$1 t=$2 h=$3; shift 3
! "$c" $W -t "$t" -C "$h" "$@" >/dev/null 2>&1 || "$c" $W -t "$t" -D "$h" "$@"
}; lk_u'
# Back to where it stood: the first place at which the rules of then and now differ.
ip_undo_remove='lk_u() {
c=$1 t=$2 h=$3 b=$4; shift 4
! "$c" $W -t "$t" -C "$h" "$@" >/dev/null 2>&1 || return 0
a=$("$c" $W -t "$t" -S "$h") || return
i=0
while [ "${a%%"$N"*}" = "${b%%"$N"*}" ] && [ "$a" != "${a#*"$N"}" ]; do a=${a#*"$N"} b=${b#*"$N"} i=$((i + 1)); done
[ "$a" != "${b%%"$N"*}" ] || i=$((i + 1))
"$c" $W -t "$t" -I "$h" "$i" "$@"
}; lk_u'
ip_undo_policy='lk_u() {
p=$("$1" $W -t "$2" -S "$3") || return
case "$p$N" in
"-P $3 $5$N"*) return 0 ;;
"-P $3 $4$N"*) "$1" $W -t "$2" -P "$3" "$5" ;;
*) echo "$1: somebody else has changed the policy of $3, so it stays" >&2; return 1 ;;
esac
}; lk_u'
ip_undo_flush='lk_u() {
a=$("$1" $W -t "$2" -S $3 | grep "^-A") || :
[ "$a" != "$4" ] || return 0
[ -z "$a" ] || { echo "$1: there are other rules now in $2 $3, so those of before are not brought back" >&2; return 1; }
printf "*%s\n%s\nCOMMIT\n" "$2" "$4" | "$1-restore" --noflush
}; lk_u'
ip_undo_chain='lk_u() { ! "$1" $W -t "$2" -S "$3" >/dev/null 2>&1 || "$1" $W -t "$2" -X "$3"; }; lk_u'
ip_undo_no_chain='lk_u() { "$1" $W -t "$2" -S "$3" >/dev/null 2>&1 || "$1" $W -t "$2" -N "$3"; }; lk_u'

# Versions before 1.6 do not know how long to wait.
ip_version=$("$p_command" --version 2>/dev/null) || ip_version=
ip_version=${ip_version#*v}
case $ip_version in 0.* | 1.[0-5].* | 1.[0-5]) ip_wait= ;; *) ip_wait=${p_wait:-5} ;; esac
# ip_run ACTION WORD...: runs iptables on the table.
ip_run() { lk_run "$p_command" ${ip_wait:+-w "$ip_wait"} -t "$p_table" "$@"; }
ip_must() {
  ip_run "$@"
  [ "$lk_rc" -eq 0 ] && return
  lk_i rc "$lk_rc"
  lk_fail "$lk_out"
}
# ip_list [CHAIN]: sets lk_out to the rules. iptables may warn beside them that there are legacy tables.
ip_list() {
  lk_out=$("$p_command" ${ip_wait:+-w "$ip_wait"} -t "$p_table" -S "$@" 2>/dev/null </dev/null) || ip_must -S "$@"
}
# ip_undo WHAT FUNCTION WORD...
ip_undo() {
  ip_what=$1 ip_function=$2
  shift 2
  lk_undo_words "$@"
  lk_undo_by "$ip_what" "W=${ip_wait:+-w$ip_wait} N='$lk_nl'; $ip_function $lk_v"
}
ip_chain_exists() {
  ip_run -S "$p_chain"
  [ "$lk_rc" -eq 0 ]
}

if [ "$p_flush" = 1 ]; then
  if lk_checking; then
    ip_list ${p_chain+"$p_chain"}
    ip_rules=
    lk_out=$lk_out$lk_nl
    while [ -n "$lk_out" ]; do
      case $lk_out in '-A '*) ip_rules=$ip_rules${ip_rules:+$lk_nl}${lk_out%%"$lk_nl"*} ;; esac
      lk_out=${lk_out#*"$lk_nl"}
    done
    ip_undo "the rules of ${p_chain:-$p_table}" "$ip_undo_flush" "$p_command" "$p_table" "${p_chain-}" "$ip_rules"
    lk_changed
  fi
  ip_must -F ${p_chain+"$p_chain"}
  lk_changed
fi

if [ -n "${p_policy-}" ]; then
  ip_list "$p_chain"
  ip_policy=${lk_out%%"$lk_nl"*}
  case $ip_policy in
  "-P $p_chain "*) ip_policy=${ip_policy##* } ;;
  *) lk_fail "Can't detect current policy" ;;
  esac
  [ "$ip_policy" != "$p_policy" ] || lk_ok
  if lk_checking; then
    ip_undo "the policy of $p_chain" "$ip_undo_policy" "$p_command" "$p_table" "$p_chain" "$p_policy" "$ip_policy"
    lk_changed
  fi
  ip_must -P "$p_chain" "$p_policy"
  lk_changed
fi

if [ "$p_rule_n" -eq 0 ]; then
  if ip_chain_exists; then ip_there=present; else ip_there=absent; fi
  [ "$ip_there" != "$p_state" ] || lk_ok
  if [ "$p_state" = present ]; then
    if lk_checking; then
      ip_undo "the chain $p_chain" "$ip_undo_chain" "$p_command" "$p_table" "$p_chain"
      lk_changed
    fi
    ip_must -N "$p_chain"
  else
    if lk_checking; then
      ip_undo "the end of the chain $p_chain" "$ip_undo_no_chain" "$p_command" "$p_table" "$p_chain"
      lk_changed
    fi
    ip_must -X "$p_chain"
  fi
  lk_changed
fi

lk_with rule ip_run -C "$p_chain"
ip_there=absent
[ "$lk_rc" -ne 0 ] || ip_there=present
[ "$ip_there" != "$p_state" ] || lk_ok
# A dry run cannot know the chains that earlier steps would make, but what iptables does not understand stays wrong.
if [ "$lk_rc" -eq 2 ]; then
  case $lk_out in
  *'does not exist'* | *'No chain'* | *"Couldn't load target"*) ;;
  *) lk_i rc 2; lk_fail "$lk_out" ;;
  esac
fi

if [ "$p_state" = absent ]; then
  if lk_checking; then
    ip_list "$p_chain"
    lk_with rule ip_undo "the end of a rule of $p_chain" "$ip_undo_remove" "$p_command" "$p_table" "$p_chain" "$lk_out"
    lk_changed
  fi
  lk_with rule ip_must -D "$p_chain"
  lk_changed
fi

ip_new=
if [ "$p_chain_management" = 1 ] && ! ip_chain_exists; then ip_new=1; fi
if lk_checking; then
  [ -z "$ip_new" ] || ip_undo "the chain $p_chain" "$ip_undo_chain" "$p_command" "$p_table" "$p_chain"
  lk_with rule ip_undo "a rule of $p_chain" "$ip_undo_add" "$p_command" "$p_table" "$p_chain"
  lk_changed
fi
[ -z "$ip_new" ] || ip_must -N "$p_chain"
if [ "$p_insert" = 1 ]; then
  lk_with rule ip_must -I "$p_chain" ${p_rule_num:+"$p_rule_num"}
else
  lk_with rule ip_must -A "$p_chain"
fi
lk_changed
