# shellcheck disable=SC2016,SC2034,SC2154 # texts of the undo; variables of the libraries, and p_* that come with the program
lk_sbin
[ "$(id -u)" = 0 ] || lk_fail 'firewalls are read and changed as root: use become'
lk_has awk || lk_fail 'this host has no awk, with which its rules are read'

# Texts of the undo: each is a function, called with quoted words. None holds a single quote.
fw_undo_nft='lk_u() {
nft -nn -a list chain "$1" "$2" "$3" 2>/dev/null | while read -r l; do
case $l in *"$4 accept comment \"$5\" # handle "*|*"$7 accept comment \"$5\" # handle "*) nft delete rule "$1" "$2" "$3" handle "${l##* }" || exit 1 ;; esac
done || return
[ -z "$6" ] || ! nft list set "$1" "$2" "$6" >/dev/null 2>&1 || nft delete set "$1" "$2" "$6"
}; lk_u'
fw_undo_element='lk_u() { ! nft get element "$1" "$2" "$3" "{ $4 }" >/dev/null 2>&1 || nft delete element "$1" "$2" "$3" "{ $4 }"; }; lk_u'
fw_undo_end='lk_u() {
case $(nft list chain "$1" "$2" "$3" 2>/dev/null; nft -nn list chain "$1" "$2" "$3" 2>/dev/null) in *"$4"*) ;; *) nft insert rule "$1" "$2" "$3" "$4" ;; esac
}; lk_u'
fw_undo_ipt='lk_u() {
c=$1 w=$2; shift 2
command -v "$c" >/dev/null 2>&1 || return 0
"$c" "$w" -S INPUT 2>/dev/null | while read -r l; do
set -- "$@"
case $l in
*" --datestop "*) d=${l##* --datestop }; d=${d%% *}; "$c" "$w" -C INPUT "$@" -m time --datestop "$d" -j ACCEPT 2>/dev/null </dev/null || continue
"$c" "$w" -D INPUT "$@" -m time --datestop "$d" -j ACCEPT </dev/null || exit 1 ;;
esac
done || return
! "$c" "$w" -C INPUT "$@" -j ACCEPT 2>/dev/null || "$c" "$w" -D INPUT "$@" -j ACCEPT
}; lk_u'
fw_undo_ufw='lk_u() {
command -v ufw >/dev/null 2>&1 || return 0
for f in /etc/ufw/user.rules /etc/ufw/user6.rules /lib/ufw/user.rules /lib/ufw/user6.rules /var/lib/ufw/user.rules /var/lib/ufw/user6.rules; do
[ -f "$f" ] || continue
while read -r a b c l; do
case "$a $b $c $l" in
"### tuple ### $1 in comment=$2") ufw delete allow from "$3" to any port "$4" proto tcp >/dev/null </dev/null || return ;;
"### tuple ### $1 in"|"### tuple ### $1 in "*) echo "ufw: the rule for $3 is not ours any more, so it stays" >&2; return 1 ;;
esac
done <"$f"
done
}; lk_u'
fw_undo_firewalld='lk_u() {
firewall-cmd --state >/dev/null 2>&1 || return 0
firewall-cmd "--zone=$1" "--query-rich-rule=$2" >/dev/null 2>&1 || return 0
! firewall-cmd --permanent "--zone=$1" "--query-rich-rule=$2" >/dev/null 2>&1 || { echo "firewalld: the rule for $3 is permanent, so it is not ours and stays" >&2; return 1; }
firewall-cmd "--zone=$1" "--remove-rich-rule=$2" >/dev/null
}; lk_u'

# What gives an opening another end: behind the words come the seconds until then, and since 1970.
fw_extend_nft='lk_x() {
{
! nft get element "$1" "$2" "$3" "{ $4 }" >/dev/null 2>&1 || echo "delete element $1 $2 $3 { $4 }"
echo "add element $1 $2 $3 { $4 timeout ${5}s }"
} | nft -f -
}; lk_x'
fw_extend_ipt='d=$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%S) || exit
lk_x() { c=$1 w=$2; shift 2; "$c" "$w" -I INPUT 1 "$@" -m time --datestop "$d" -j ACCEPT; }; lk_x'
fw_extend_firewalld='lk_x() {
! firewall-cmd "--zone=$1" "--query-rich-rule=$2" >/dev/null 2>&1 || firewall-cmd "--zone=$1" "--remove-rich-rule=$2" >/dev/null || return
firewall-cmd "--zone=$1" "--add-rich-rule=$2" "--timeout=$3" >/dev/null
}; lk_x'

fw_needs='' fw_found='' fw_ours='' fw_changed='' fw_name=''
fw_now=$(date -u +%Y-%m-%dT%H:%M:%S)

# fw_each FUNCTION: calls it with each source and `4` or `6`.
fw_each() {
  fw_i=0
  while [ "$fw_i" -lt "$p_sources_n" ]; do
    fw_i=$((fw_i + 1))
    eval "fw_source=\$p_sources_$fw_i"
    case $fw_source in *:*) fw_v=6 ;; *) fw_v=4 ;; esac
    "$1" "$fw_source" "$fw_v"
  done
}

# fw_lines FUNCTION LINES: calls it with the words of each line.
fw_lines() {
  set -- "$1" "$2$lk_nl"
  while [ -n "$2" ]; do
    fw_line=${2%%"$lk_nl"*}
    if [ -n "$fw_line" ]; then fw_with_words "$1" "$fw_line"; fi
    set -- "$1" "${2#*"$lk_nl"}"
  done
}
fw_with_words() {
  set -f
  # shellcheck disable=SC2086 # its words
  set -- "$1" $2
  set +f
  "$@"
}

# fw_is NAME: the first firewall that is found, or the first that blocks, names the result.
fw_is() { fw_name=${fw_name:-$1}; }

# fw_run WHAT COMMAND...: makes a change.
fw_run() {
  fw_what=$1
  shift
  lk_run "$@"
  [ "$lk_rc" -eq 0 ] || lk_fail "could not change $fw_what: $lk_out"
}

# --- Which rules there are ---

fw_read_netfilter() {
  fw_ruleset=
  if lk_has nft; then
    fw_ruleset=$(nft -nn -a list ruleset 2>/dev/null) || lk_fail "could not read the rules: $(nft list ruleset 2>&1 >/dev/null)"
  fi
  # The legacy tables are looked at only where they are loaded: reading them would load them.
  fw_legacy=
  fw_legacy6=
  if fw_has_line filter /proc/net/ip_tables_names; then fw_legacy=1; fi
  if fw_has_line filter /proc/net/ip6_tables_names; then fw_legacy6=1; fi
}
fw_has_line() {
  [ -r "$2" ] || return 1
  while read -r fw_line; do [ "$fw_line" != "$1" ] || return 0; done <"$2"
  return 1
}

# fw_commands 4|6: sets fw_cmds to the commands of iptables whose tables are in use, nft before legacy.
fw_commands() {
  fw_cmds=
  case $1 in 4) fw_base=iptables fw_fam=ip fw_in=$fw_legacy ;; *) fw_base=ip6tables fw_fam=ip6 fw_in=$fw_legacy6 ;; esac
  fw_nftc=
  if lk_has "$fw_base-nft"; then
    fw_nftc=$fw_base-nft
  elif lk_has "$fw_base"; then
    case $("$fw_base" --version 2>/dev/null) in *nf_tables*) fw_nftc=$fw_base ;; esac
  fi
  if [ -n "$fw_nftc" ]; then
    # Where nft is there to say so, tables that nobody made are not looked at.
    case $lk_nl$fw_ruleset in
    *"${lk_nl}table $fw_fam filter "*) if "$fw_nftc" -S INPUT >/dev/null 2>&1; then fw_cmds=$fw_nftc; else fw_nftc=; fi ;;
    *) if lk_has nft; then fw_nftc=; else fw_cmds=$fw_nftc; fi ;;
    esac
  fi
  [ -n "$fw_in" ] || return 0
  if lk_has "$fw_base-legacy"; then
    fw_cmds="$fw_cmds $fw_base-legacy"
  elif lk_has "$fw_base" && [ "$fw_cmds" != "$fw_base" ]; then
    fw_cmds="$fw_cmds $fw_base"
  fi
}

# --- What they do to a source ---

# fw_take KIND FAMILY TABLE CHAIN VERDICT [COMMENT]: one base chain's answer.
fw_take() {
  fw_kind=$1
  case $2:$fw_compat in
  ip:*ip*|ip6:*ip*) [ "$fw_kind/$4" != nftables/INPUT ] || return 0 ;;
  esac
  fw_found=${fw_found:-$fw_kind}
  case $5 in
  allow)
    shift 5
    [ "$*" != "$p_comment" ] && [ "$*" != "$p_hex" ] || fw_ours=${fw_ours:-$fw_kind} ;;
  *) fw_needs="$fw_needs$fw_kind $2 $3 $4 $fw_source$lk_nl" ;;
  esac
}
fw_take_nft() { fw_take nftables "$@"; }
fw_take_ipt() {
  shift 2
  fw_take iptables "$fw_cmd" filter "$@"
}
fw_take_ufw() { fw_take ufw "$@"; }

fw_judge_netfilter() {
  fw_commands "$2"
  fw_compat=${fw_nftc:+ip}
  fw_lines fw_take_nft "$(lk_put "$fw_ruleset$lk_nl" | fw_judge judge nft "$1" "comment=$p_comment")"
  fw_compat=
  for fw_cmd in $fw_cmds; do
    fw_dump=$("$fw_cmd" -S 2>/dev/null) || lk_fail "could not read the rules of $fw_cmd: $("$fw_cmd" -S 2>&1 >/dev/null)"
    fw_lines fw_take_ipt "$(lk_put "$fw_dump$lk_nl" | fw_judge judge ipt "$1" "comment=$p_comment" "now=$fw_now" "family=$fw_fam")"
  done
}

fw_setting() {
  lk_v=
  [ -r /etc/default/ufw ] || return 0
  while read -r fw_line; do
    case $fw_line in "$1="*) lk_v=${fw_line#*=} ;; esac
  done </etc/default/ufw
  lk_v=${lk_v#\"}
  lk_v=${lk_v%\"}
}
# fw_ufw_rules 4|6: sets fw_file to the file with ufw's rules, or nothing where it has none.
fw_ufw_rules() {
  case $1 in 4) fw_file=user.rules ;; *) fw_file=user6.rules ;; esac
  for fw_dir in /etc/ufw /var/lib/ufw /lib/ufw; do
    if [ -f "$fw_dir/$fw_file" ]; then
      fw_file=$fw_dir/$fw_file
      return
    fi
  done
  fw_file=/dev/null
}
fw_judge_ufw() {
  fw_ufw_rules "$2"
  fw_setting IPV6
  case $2/$lk_v in
  6/no)
    [ "$1" = ::/0 ] || lk_fail "ufw does not filter IPv6 on this host (IPV6=no), so that there is no opening for $1 to make"
    return 0 ;;
  esac
  fw_setting DEFAULT_INPUT_POLICY
  case $lk_v in ACCEPT) fw_policy=accept ;; REJECT) fw_policy=reject ;; *) fw_policy=drop ;; esac
  fw_compat=
  fw_lines fw_take_ufw "$(fw_judge judge ufw "$1" "default_policy=$fw_policy" <"$fw_file")"
}

# fw_zone_of SOURCE: sets fw_zone to the zone that its packets come in by: of the address, of the interface, the default.
fw_zone_of() {
  # Asked for the zone of a source, it knows only what it was given itself: no address of a network.
  fw_zone=$(firewall-cmd --get-active-zones 2>/dev/null | fw_judge zone firewalld "$1")
  [ -z "$fw_zone" ] || return 0
  if lk_has ip; then
    fw_route=$(ip route get "${1%/*}" 2>/dev/null) || fw_route=
    case $fw_route in
    *' dev '*)
      fw_route=${fw_route#* dev }
      fw_zone=$(firewall-cmd "--get-zone-of-interface=${fw_route%% *}" 2>/dev/null) || fw_zone= ;;
    esac
  fi
  [ -n "$fw_zone" ] || fw_zone=$(firewall-cmd --get-default-zone 2>/dev/null) || lk_fail 'firewalld does not name its default zone'
}
# fw_rich_rule SOURCE 4|6: sets fw_rule.
fw_rich_rule() {
  fw_rule="rule family=\"ipv$2\" source address=\"$1\" port port=\"$p_port\" protocol=\"tcp\" accept"
  case $1 in */0) fw_rule="rule family=\"ipv$2\" port port=\"$p_port\" protocol=\"tcp\" accept" ;; esac
}
# fw_has_port WORDS: whether a list such as `22/tcp 60000-60010/udp` has the port.
fw_has_port() {
  for fw_word in $1; do
    case $fw_word in */tcp) ;; *) continue ;; esac
    fw_word=${fw_word%/tcp}
    case $fw_word in *[!0-9-]* | '') continue ;; esac
    [ "${fw_word%-*}" -le "$p_port" ] && [ "$p_port" -le "${fw_word#*-}" ] && return
  done
  return 1
}
fw_is_open_in_zone() {
  case $(firewall-cmd "--info-zone=$fw_zone" 2>/dev/null) in *'target: ACCEPT'*) return 0 ;; esac
  fw_has_port "$(firewall-cmd "--zone=$fw_zone" --list-ports 2>/dev/null)" && return
  for fw_service in $(firewall-cmd "--zone=$fw_zone" --list-services 2>/dev/null); do
    fw_has_port "$(firewall-cmd --permanent "--service=$fw_service" --get-ports 2>/dev/null)" && return
  done
  return 1
}
fw_judge_firewalld() {
  fw_found=firewalld
  fw_zone_of "$1"
  fw_rich_rule "$1" "$2"
  if firewall-cmd "--zone=$fw_zone" "--query-rich-rule=$fw_rule" >/dev/null 2>&1; then
    firewall-cmd --permanent "--zone=$fw_zone" "--query-rich-rule=$fw_rule" >/dev/null 2>&1 || fw_ours=firewalld
  elif ! fw_is_open_in_zone; then
    fw_needs="${fw_needs}firewalld - - $fw_zone $1$lk_nl"
  fi
}

# --- An opening ---

fw_time_words() {
  fw_until=
  [ -n "${p_timeout-}" ] || return 0
  fw_then=$(($(date -u +%s) + p_timeout))
  [ "$fw_then" -le 2147483647 ] || lk_fail 'iptables knows no time after January 2038: give a shorter timeout'
  fw_until=$(date -u -d "@$fw_then" +%Y-%m-%dT%H:%M:%S 2>/dev/null) || fw_until=
  [ -n "$fw_until" ] || lk_l warnings "this host's date cannot compute the end of the opening, so iptables sets it no time limit"
}

# fw_open KIND FAMILY TABLE CHAIN SOURCE: makes an opening, or says in a dry run what it would make.
fw_open() {
  fw_source=$5
  case $5 in *:*) fw_v=6 ;; *) fw_v=4 ;; esac
  fw_is "$1"
  "fw_open_$1" "$2" "$3" "$4" "$5"
}

fw_open_nftables() {
  case $fw_v in 4) fw_fam=ip fw_type=ipv4_addr ;; *) fw_fam=ip6 fw_type=ipv6_addr ;; esac
  fw_set='' fw_flags=timeout
  case $4 in
  */0) fw_match='' fw_element=$p_port fw_type=inet_service ;;
  */*) fw_match="$fw_fam saddr $4 " fw_element=$4 fw_flags='interval, timeout' ;;
  *) fw_match="$fw_fam saddr $4 " fw_element=$4 ;;
  esac
  fw_port=$p_port
  if [ -n "${p_timeout-}" ]; then
    case $fw_type in
    inet_service) fw_set=latchkey_${p_port}_p${fw_v}_$p_tag fw_port=@$fw_set ;;
    *)
      # A set of networks and one of addresses are of two kinds.
      case $4 in */*) fw_set=latchkey_${p_port}_${fw_v}_n$p_tag ;; *) fw_set=latchkey_${p_port}_${fw_v}_$p_tag ;; esac
      fw_match="$fw_fam saddr @$fw_set " ;;
    esac
  fi
  case $1/$fw_match in inet/) fw_match="meta nfproto ipv$fw_v " ;; esac
  fw_rule="${fw_match}tcp dport $fw_port accept"
  lk_l rules "$1 $2 $3 $fw_rule comment \"$p_comment\"${p_timeout:+ (for ${p_timeout} s: $fw_element)}"
  fw_there=
  if [ -n "$fw_set" ] && nft list set "$1" "$2" "$fw_set" >/dev/null 2>&1; then fw_there=1; fi
  # As nft prints it with numbers for names; its versions differ in how far they go.
  case $fw_match in
  *ipv4*) fw_printed='meta nfproto 2 ' ;;
  *ipv6*) fw_printed='meta nfproto 10 ' ;;
  *) fw_printed=$fw_match ;;
  esac
  if lk_checking; then
    fw_extend=
    if [ -n "$fw_set" ]; then
      lk_undo_words "$1" "$2" "$fw_set" "$fw_element"
      fw_extend="$fw_extend_nft $lk_v \"\$1\""
    fi
    lk_undo_words "$1" "$2" "$3" "${fw_printed}tcp dport $fw_port" "$p_comment" "$fw_set" "${fw_match}tcp dport $fw_port"
    if [ -n "$fw_there" ]; then
      lk_undo_words "$1" "$2" "$fw_set" "$fw_element"
      lk_undo_by "the opening of port $p_port for $4 (nftables)" "$fw_undo_element $lk_v" "$fw_extend"
    else
      lk_undo_by "the opening of port $p_port for $4 (nftables)" "$fw_undo_nft $lk_v" "$fw_extend"
    fi
    return
  fi
  fw_text=
  if [ -n "$fw_set" ]; then
    [ -n "$fw_there" ] || fw_text="add set $1 $2 $fw_set { type $fw_type; flags $fw_flags; }$lk_nl"
    fw_text="${fw_text}add element $1 $2 $fw_set { $fw_element timeout ${p_timeout}s }$lk_nl"
  fi
  # Its rule may be there already: of another source, or of an opening whose time is over.
  case $(nft -nn list chain "$1" "$2" "$3" 2>/dev/null) in
  *"${fw_match}tcp dport $fw_port accept comment \"$p_comment\""* | *"${fw_printed}tcp dport $fw_port accept comment \"$p_comment\""*) [ -n "$fw_set" ] || fw_text="${fw_text}insert rule $1 $2 $3 $fw_rule comment \"$p_comment\"$lk_nl" ;;
  *) fw_text="${fw_text}insert rule $1 $2 $3 $fw_rule comment \"$p_comment\"$lk_nl" ;;
  esac
  # One transaction: all of it, or nothing.
  lk_out=$(lk_put "$fw_text" | nft -f - 2>&1) || lk_fail "could not change nftables: $lk_out"
}

# fw_open_iptables COMMAND TABLE CHAIN SOURCE
fw_open_iptables() {
  fw_wait=-w5
  "$1" "$fw_wait" -S INPUT >/dev/null 2>&1 || fw_wait=-w
  fw_time_words
  lk_l rules "$1 -I INPUT 1 -s $4 -p tcp --dport $p_port -m comment --comment \"$p_comment\"${fw_until:+ -m time --datestop $fw_until} -j ACCEPT"
  set -- "$1" "$fw_wait" -s "$4" -p tcp -m tcp --dport "$p_port" -m comment --comment "$p_comment"
  lk_undo_words "$@"
  fw_undo="$fw_undo_ipt $lk_v" fw_extend="$fw_undo_ipt $lk_v || exit$lk_nl$fw_extend_ipt $lk_v"
  if lk_checking; then
    lk_undo_by "the opening of port $p_port for $fw_source ($1)" "$fw_undo" "${fw_until:+$fw_extend}"
    return
  fi
  # One of ours whose time is over, or that stands behind what blocks.
  lk_out=$(sh -c "$fw_undo" 2>&1) || lk_fail "could not change iptables: $lk_out"
  fw_cmd=$1
  shift 2
  if [ -n "$fw_until" ]; then
    lk_run "$fw_cmd" "$fw_wait" -I INPUT 1 "$@" -m time --datestop "$fw_until" -j ACCEPT
    [ "$lk_rc" -ne 0 ] || return 0
    lk_l warnings "this host's iptables cannot match a time, so the opening has no end of its own: $lk_out"
  fi
  fw_run iptables "$fw_cmd" "$fw_wait" -I INPUT 1 "$@" -j ACCEPT
}

# fw_open_ufw - - - SOURCE. A rule with the same match is the same rule to ufw, whatever its comment and action: adding ours
# would take theirs away.
fw_open_ufw() {
  fw_ufw_rules "$fw_v"
  fw_same=
  fw_lines fw_refuse_same "$(fw_judge own ufw "$4" comment= <"$fw_file")"
  lk_l rules "ufw prepend allow from $4 to any port $p_port proto tcp comment '$p_comment'"
  [ -z "${p_timeout-}" ] || lk_l warnings 'rules of ufw have no time limit, and outlast a restart: it stays until it is removed'
  if lk_checking; then
    case $fw_v in 4) fw_any=0.0.0.0/0 ;; *) fw_any=::/0 ;; esac
    lk_undo_words "allow tcp $p_port $fw_any any $4" "$p_hex" "$4" "$p_port"
    lk_undo_by "the opening of port $p_port for $4 (ufw)" "$fw_undo_ufw $lk_v"
    return
  fi
  fw_run ufw ufw prepend allow from "$4" to any port "$p_port" proto tcp comment "$p_comment"
}
fw_refuse_same() {
  [ "$4" = same ] || return 0
  case $8 in
  allow | limit) lk_fail "an equal rule is there already, but behind one that blocks: ufw cannot have it twice" ;;
  *) lk_fail "the host's own rule is to $8 exactly this: with ufw the opening would take that rule's place" ;;
  esac
}

# fw_open_firewalld - - ZONE SOURCE
fw_open_firewalld() {
  fw_rich_rule "$4" "$fw_v"
  lk_l rules "zone $3: $fw_rule${p_timeout:+ (for $p_timeout s)}"
  if lk_checking; then
    lk_undo_words "$3" "$fw_rule"
    fw_extend="$fw_extend_firewalld $lk_v \"\$1\""
    lk_undo_words "$3" "$fw_rule" "$4"
    lk_undo_by "the opening of port $p_port for $4 (firewalld)" "$fw_undo_firewalld $lk_v" "${p_timeout:+$fw_extend}"
    return
  fi
  fw_run firewalld firewall-cmd "--zone=$3" "--add-rich-rule=$fw_rule" ${p_timeout:+"--timeout=$p_timeout"}
}

# --- An end of it ---

# fw_drop_KIND FAMILY TABLE CHAIN HANDLE SET SOURCE UNTIL ACTION COMMENT...
fw_drop_nft() {
  fw_is nftables
  fw_changed=1
  lk_l rules "$1 $2 $3 handle $4: $p_comment"
  if lk_checking; then
    lk_undo_words "$1" "$2" "$3" "$(nft -nn -a list chain "$1" "$2" "$3" 2>/dev/null | fw_rule_of "$4")"
    fw_undo="$fw_undo_end $lk_v"
    [ "$5" = - ] || fw_undo='echo "nftables: an opening that has an end of its own is not made again" >&2'
    lk_undo_by "the end of an opening of port $p_port (nftables)" "$fw_undo"
    return
  fi
  if [ "$5" = - ]; then
    fw_run nftables nft delete rule "$1" "$2" "$3" handle "$4"
  elif [ "$fw_wanted" = all ]; then
    fw_text="delete rule $1 $2 $3 handle $4${lk_nl}delete set $1 $2 $5$lk_nl"
    lk_out=$(lk_put "$fw_text" | nft -f - 2>&1) || lk_fail "could not change nftables: $lk_out"
  else
    fw_drop_element "$@"
  fi
}
fw_rule_of() {
  while read -r fw_line; do
    case $fw_line in *" # handle $1") lk_put "${fw_line% # handle *}" ;; esac
  done
}
# The element of one source, and with the last one the rule and its set.
fw_drop_element() {
  case $6 in
  *,*)
    case $5 in *_p[46]_*) fw_element=$p_port ;; *) fw_element=$fw_wanted ;; esac
    lk_try nft delete element "$1" "$2" "$5" "{ $fw_element }" || lk_fail "could not change nftables: $lk_e" ;;
  *)
    fw_text="delete rule $1 $2 $3 handle $4${lk_nl}delete set $1 $2 $5$lk_nl"
    lk_out=$(lk_put "$fw_text" | nft -f - 2>&1) || lk_fail "could not change nftables: $lk_out" ;;
  esac
}
fw_drop_ipt() {
  fw_is iptables
  fw_changed=1
  fw_s=$6 fw_d=$7
  [ "$fw_s" != - ] || case $fw_v in 4) fw_s=0.0.0.0/0 ;; *) fw_s=::/0 ;; esac
  lk_l rules "$fw_cmd -s $fw_s --dport $p_port: $p_comment"
  set -- -s "$fw_s" -p tcp -m tcp --dport "$p_port" -m comment --comment "$p_comment"
  [ "$fw_d" = - ] || set -- "$@" -m time --datestop "$fw_d"
  if lk_checking; then
    lk_undo_words "$fw_cmd" -w5 -C INPUT "$@" -j ACCEPT
    fw_undo="$lk_v 2>/dev/null || "
    lk_undo_words "$fw_cmd" -w5 -I INPUT 1 "$@" -j ACCEPT
    lk_undo_by "the end of an opening of port $p_port ($fw_cmd)" "$fw_undo$lk_v"
    return
  fi
  fw_wait=-w5
  "$fw_cmd" "$fw_wait" -S INPUT >/dev/null 2>&1 || fw_wait=-w
  fw_run iptables "$fw_cmd" "$fw_wait" -D INPUT "$@" -j ACCEPT
}
fw_drop_ufw() {
  case $4/$8 in same/allow) ;; *) return 0 ;; esac
  fw_is ufw
  fw_changed=1
  fw_s=$6
  lk_l rules "ufw allow from $fw_s to any port $p_port proto tcp: $p_comment"
  if lk_checking; then
    lk_undo_words ufw prepend allow from "$fw_s" to any port "$p_port" proto tcp comment "$p_comment"
    lk_undo_by "the end of an opening of port $p_port (ufw)" "$lk_v"
    return
  fi
  fw_run ufw ufw delete allow from "$fw_s" to any port "$p_port" proto tcp
}

fw_close_netfilter() {
  fw_commands "$2"
  case $1 in 0.0.0.0/0 | ::/0) [ "$p_all" = 0 ] && fw_wanted=$1 || fw_wanted=all ;; *) fw_wanted=$1 ;; esac
  fw_from=$1
  if [ "$fw_wanted" = all ]; then fw_from=; fi
  # With no sources given, those of both families are found at once.
  if [ "$fw_wanted/$2" != all/6 ] && [ -n "$fw_ruleset" ]; then
    fw_lines fw_drop_nft "$(lk_put "$fw_ruleset$lk_nl" | fw_judge own nft "$fw_from" "comment=$p_comment")"
  fi
  for fw_cmd in $fw_cmds; do
    fw_dump=$("$fw_cmd" -S 2>/dev/null) || continue
    fw_lines fw_drop_ipt "$(lk_put "$fw_dump$lk_nl" | fw_judge own ipt "$fw_from" "comment=$p_comment" "now=$fw_now" "family=$fw_fam")"
  done
}
fw_close_ufw() {
  fw_ufw_rules "$2"
  fw_from=$1
  [ "$p_all" = 0 ] || fw_from=
  fw_lines fw_drop_ufw "$(fw_judge own ufw "$fw_from" "comment=$p_hex" <"$fw_file")"
}
# A rich rule has no comment: ours are never permanent.
fw_close_firewalld() {
  fw_zone_of "$1"
  fw_rich_rule "$1" "$2"
  firewall-cmd "--zone=$fw_zone" "--query-rich-rule=$fw_rule" >/dev/null 2>&1 || return 0
  if firewall-cmd --permanent "--zone=$fw_zone" "--query-rich-rule=$fw_rule" >/dev/null 2>&1; then return 0; fi
  fw_is firewalld
  fw_changed=1
  lk_l rules "zone $fw_zone: $fw_rule"
  if lk_checking; then
    lk_undo_words firewall-cmd "--zone=$fw_zone" "--add-rich-rule=$fw_rule"
    lk_undo_by "the end of an opening of port $p_port (firewalld)" "$lk_v"
    return
  fi
  fw_run firewalld firewall-cmd "--zone=$fw_zone" "--remove-rich-rule=$fw_rule"
}

# --- The work ---

# Asked without `ufw status`, which writes to its lock even in a dry run.
fw_has_ufw() { lk_has ufw && fw_has_line ENABLED=yes /etc/ufw/ufw.conf && iptables -S ufw-user-input >/dev/null 2>&1; }

fw_ruleset=
if lk_has firewall-cmd && firewall-cmd --state >/dev/null 2>&1; then
  fw_charge=firewalld
else
  fw_charge=netfilter
  if fw_has_ufw; then fw_charge=ufw; fi
fi
[ "$fw_charge" != netfilter ] || fw_read_netfilter

if [ "$p_state" = absent ]; then
  fw_each "fw_close_$fw_charge"
  if [ -n "$fw_changed" ]; then
    lk_s firewall "$fw_name"
    lk_changed
  fi
  case $fw_charge/${fw_cmds-}/$fw_ruleset in
  netfilter//) fw_charge=none ;;
  netfilter//*) fw_charge=nftables ;;
  netfilter/*) fw_charge=iptables ;;
  esac
  lk_s firewall "$fw_charge"
  lk_ok "there is no opening of port $p_port with the comment \"$p_comment\""
fi

fw_each "fw_judge_$fw_charge"
if [ -z "$fw_needs" ]; then
  lk_s firewall "${fw_ours:-${fw_found:-none}}"
  [ -z "$fw_ours" ] || lk_ok "port $p_port is open already, by this rule of ours"
  [ -z "$fw_found" ] || lk_ok "port $p_port is already allowed, and not by a rule of ours: nothing to do"
  lk_ok "this host has no firewall that could block port $p_port: nothing to do"
fi
fw_lines fw_open "$fw_needs"
lk_s firewall "$fw_name"
if lk_checking; then lk_changed; fi

[ "$fw_charge" != netfilter ] || fw_read_netfilter
fw_wanted=$fw_needs fw_needs='' fw_now=$(date -u +%Y-%m-%dT%H:%M:%S)
fw_each "fw_judge_$fw_charge"
[ -z "$fw_needs" ] || lk_fail "port $p_port is not allowed although the rules were made: $fw_needs"
lk_changed
