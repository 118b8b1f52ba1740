# What a host's own rules do to a new TCP connection: read, never guessed from what is installed.
# shellcheck disable=SC2016,SC2034,SC2154 # a program of awk; variables are shared with the body

# Reads rules as `nft -nn -a list ruleset` (kind nft), `iptables -S` (ipt) or ufw's user.rules (ufw) has them. Variables:
# source (an address or a network), port, comment, and now, a time such as 2027-01-01T00:00:00 for iptables.
#   mode=judge  for each base chain of input `FAMILY TABLE CHAIN VERDICT COMMENT`: allow, block, or perhaps where only
#               conditions decide that nobody can foresee; COMMENT is the deciding rule's
#   mode=zone   of `firewall-cmd --get-active-zones` (firewalld) the zone that has the source, or a network that it is in
#   mode=own    for each accepting rule for that port and source, of all sources where `source` is empty, and of all
#               comments where `comment` is: `FAMILY TABLE CHAIN HANDLE SET SOURCE UNTIL ACTION COMMENT`
# A condition holds for certain (2), never (0), or it depends (1). Sources are texts of bits after the family's number.
fw_awk='
function bits(n, width, s) {
  s = ""
  while (length(s) < width) { s = (n % 2) s; n = int(n / 2) }
  return s
}
function hex(text, i, n) {
  n = 0
  for (i = 1; i <= length(text); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
  return n
}
function groups(text, part, i, n, s) {
  s = ""
  n = split(text, part, ":")
  for (i = 1; i <= n; i++) s = s bits(hex(part[i]), 16)
  return s
}
function prefix(text, i, length_, s, tail, part) {
  length_ = 128
  if ((i = index(text, "/")) > 0) { length_ = substr(text, i + 1) + 0; text = substr(text, 1, i - 1) }
  if (text ~ /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/) {
    if ((i = index(text, "::")) > 0) {
      s = groups(substr(text, 1, i - 1))
      tail = groups(substr(text, i + 2))
      while (length(s) + length(tail) < 128) s = s "0"
      s = s tail
    } else s = groups(text)
    return "6" substr(s, 1, length_)
  }
  if (text !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) return "?"
  split(text, part, ".")
  return "4" substr(bits(part[1], 8) bits(part[2], 8) bits(part[3], 8) bits(part[4], 8), 1, length_)
}
function from(list, part, n, i, b, m) {
  m = 0
  n = split(list, part, " ")
  for (i = 1; i <= n; i++) {
    b = prefix(part[i])
    if (b == "?") m = m ? m : 1
    else if (index(src, b) == 1) m = 2
    else if (index(b, src) == 1) m = m ? m : 1
  }
  return NOT ? 2 - m : m
}
function ports(list, part, n, i, m, ends, k) {
  m = 0
  n = split(list, part, " ")
  for (i = 1; i <= n; i++) {
    if (part[i] == "any") return 2
    if (part[i] == "ssh") part[i] = 22
    if (part[i] !~ /^[0-9]*[-:]?[0-9]*$/) { m = m ? m : 1; continue }
    k = split(part[i], ends, /[-:]/)
    if (k == 1) ends[2] = ends[1]
    if (ends[2] == "") ends[2] = 65535
    if (ends[1] + 0 <= port + 0 && port + 0 <= ends[2] + 0) m = 2
  }
  return NOT ? 2 - m : m
}
function among(list, wanted, part, n, i, m) {
  m = 0
  n = split(list, part, " ")
  for (i = 1; i <= n; i++) {
    if (index(" " wanted " ", " " part[i] " ") > 0) m = 2
    else if (part[i] == "?") m = m ? m : 1
  }
  return NOT ? 2 - m : m
}
function outside(list, part, n, i, m) {
  m = 0
  n = split(list, part, " ")
  for (i = 1; i <= n; i++) if (part[i] != "lo") m = 1
  if (NOT) return m ? 1 : 2
  return m
}
function also(m) { if (m < M) M = m }
function begin_rule() { M = 2; V = T = C = H = SET = FROM = PORTS = UNTIL = ACTION = ""; NOT = OFTEN = 0 }

# The value of a condition of nftables as a list of words; named sets are looked up.
function take(v) {
  NOT = 0
  if (W[I] == "!=") { NOT = 1; I++ }
  if (W[I] == "==") I++
  if (W[I] == "vmap") {
    v = ""
    for (I++; I <= N; I++) v = v " " W[I]
    V = v ~ /drop|reject|jump|goto|@/ ? "drop" : "accept"
    gsub(/[{},:]/, " ", v)
    return v " ?"
  }
  v = ""
  if (W[I] == "{") {
    for (I++; I <= N && W[I] != "}"; I++) v = v " " W[I]
    I++
  } else v = W[I++]
  gsub(/,/, " ", v)
  if (v !~ /^@/) return v
  SET = substr(v, 2)
  return ((OF, SET) in elements) ? elements[OF, SET] : "?"
}
function parse_nft(id, text, i, t, v) {
  split(id, i, " ")
  OF = i[1] " " i[2]
  if (match(text, / # handle [0-9]+$/)) { H = substr(text, RSTART + 10); text = substr(text, 1, RSTART - 1) }
  if (match(text, / comment "[^"]*"$/)) { C = substr(text, RSTART + 10, RLENGTH - 11); text = substr(text, 1, RSTART - 1) }
  gsub(/ prefix "[^"]*"/, "", text)
  OFTEN = text ~ /(limit rate|ct count) over/
  gsub(/"/, "", text)
  N = split(text, W, " ")
  for (I = 1; I <= N;) {
    t = W[I++]
    if (t == "counter") { if (W[I] == "packets") I += 4 }
    else if (t == "log") { while (W[I] ~ /^(level|group|snaplen|queue-threshold|flags)$/) I += 2 }
    else if (t == "meta" || t == "th") continue
    else if (t == "tcp") also(W[I] == "dport" ? 2 : 1)
    else if (t ~ /^(udp|udplite|sctp|dccp|icmp|icmpv6|igmp|esp|ah|arp|ether|vlan)$/) { M = 0; return }
    else if (t == "dport") { PORTS = take(); also(ports(PORTS)) }
    else if (t == "ip" || t == "ip6") {
      if (substr(src, 1, 1) != (t == "ip" ? "4" : "6")) { M = 0; return }
      if (W[I] == "saddr") { I++; FROM = take(); also(from(FROM)) }
      else if (W[I] == "protocol" || W[I] == "nexthdr") { I++; v = take(); also(among(v, "tcp 6")) }
      else { also(1); I++; take() }
    }
    else if (t == "l4proto") { v = take(); also(among(v, "tcp 6")) }
    else if (t == "nfproto") { v = take(); also(among(v, substr(src, 1, 1) == "4" ? "ipv4 2" : "ipv6 10")) }
    else if (t == "protocol") { v = take(); also(among(v, substr(src, 1, 1) == "4" ? "ip 0x0800" : "ip6 0x86dd")) }
    else if (t == "iif" || t == "iifname") { v = take(); also(outside(v)) }
    else if (t == "ct" && W[I] == "state") { I++; v = take(); sub(/\?$/, "", v); also(among(v, "new 0x8 0x00000008")) }
    else if (t == "limit") { also(1); I += W[I + 1] == "over" ? 3 : 2 }
    else if (t == "accept") { V = "accept"; return }
    else if (t == "drop" || t == "reject") { V = "drop"; return }
    else if (t == "return") { V = "return"; return }
    else if (t == "jump" || t == "goto") { V = t; T = OF " " W[I]; return }
    else also(1)
  }
}
function words(text, rest, w) {
  N = 0
  while (text != "") {
    sub(/^ +/, "", text)
    if (substr(text, 1, 1) == "\"") { match(text, /^"([^"\\]|\\.)*"/); w = substr(text, 2, RLENGTH - 2) }
    else { match(text, /^[^ ]*/); w = substr(text, 1, RLENGTH) }
    if (RLENGTH < 1) break
    text = substr(text, RLENGTH + 1)
    W[++N] = w
  }
}
function parse_ipt(id, text, o, v) {
  words(text)
  for (I = 3; I <= N;) {
    NOT = 0
    if (W[I] == "!") { NOT = 1; I++ }
    o = W[I++]
    v = W[I]
    gsub(/,/, " ", v)
    if (o == "-s") { FROM = v; also(from(v)); I++ }
    else if (o == "-p") { also(among(v, "tcp 6 all 0")); I++ }
    else if (o == "-i") { also(outside(v)); I++ }
    else if (o == "--dport" || o == "--dports") { PORTS = v; also(ports(v)); I++ }
    else if (o == "--state" || o == "--ctstate") { also(among(v, "NEW")); I++ }
    else if (o == "--tcp-flags") {
      # A connection begins with SYN alone.
      o = W[I + 1] == (v ~ /SYN|ALL/ ? "SYN" : "NONE") ? 2 : 0
      also(NOT ? 2 - o : o)
      I += 2
    }
    else if (o == "--syn") also(NOT ? 0 : 2)
    else if (o == "--comment") { C = W[I]; I++ }
    else if (o == "--datestop" && !NOT) { UNTIL = v; also(now < v ? 2 : 0); I++ }
    else if (o == "-m") {
      if (v ~ /^(limit|hashlimit|recent|connlimit)$/) { OFTEN = 1; also(1) }
      I++
    }
    else if (o == "--match-set") { OFTEN = !NOT; also(1); I += 2 }
    else if (o == "-g") { V = "goto"; T = OF " " v; return }
    else if (o == "-j") {
      if (v == "ACCEPT") V = "accept"
      else if (v == "DROP" || v == "REJECT") V = "drop"
      else if (v == "RETURN") V = "return"
      else if ((OF " " v) in known) { V = "jump"; T = OF " " v }
      return
    }
    else if (o ~ /^-/) { also(1); while (I <= N && W[I] !~ /^-|^!$/) I++ }
  }
}
function parse_ufw(id, text, i) {
  N = split(text, W, " ")
  NOT = 0
  ACTION = W[1]
  sub(/_log(-all)?$/, "", ACTION)
  PORTS = W[3]
  gsub(/,/, " ", PORTS)
  FROM = W[6]
  for (i = 7; i <= N; i++) {
    if (W[i] ~ /^comment=/) C = substr(W[i], 9)
    else if (W[i] ~ /^in_/) also(1)
    else if (W[i] ~ /^out/) M = 0
  }
  if (W[1] ~ /^route:/ || (W[2] != "tcp" && W[2] != "any")) M = 0
  if ((W[4] != "0.0.0.0/0" && W[4] != "::/0") || W[5] != "any") also(1)
  also(ports(PORTS))
  also(from(FROM))
  if (ACTION == "limit") also(1)
  V = ACTION ~ /^(allow|limit)$/ ? "accept" : "drop"
  H = W[2] == "tcp" && W[4] W[5] ~ /^(0\.0\.0\.0\/0|::\/0)any$/ && W[7] == "in" ? "same" : "other"
}
function parse(id, text) {
  begin_rule()
  if (kind == "nft") parse_nft(id, text)
  else if (kind == "ipt") parse_ipt(id, text)
  else parse_ufw(id, text)
}
function run(id, depth, i, m, v, t, c, x, often) {
  if (depth > 16) return ""
  for (i = 1; i <= count[id]; i++) {
    parse(id, rule[id, i])
    m = M; v = V; t = T; c = C; often = OFTEN
    if (m == 0 || v == "") continue
    if (v == "accept") { if (m == 2) { BY = c; return "allow" } }
    else if (v == "drop") {
      if (m == 2) return "block"
      if (!often) PERHAPS = 1
    }
    else if (v == "return") { if (m == 2) return "" }
    else {
      x = run(t, depth + 1)
      if (m == 2 && x != "") return x
      if (m == 1 && x == "block") PERHAPS = 1
      if (m == 2 && v == "goto") return ""
    }
  }
  return ""
}
function add(id, text) { rule[id, ++count[id]] = text; if (!(id in known)) { known[id] = 1; order[++chains] = id } }
function holds(list, wanted_, part, n, i) {
  n = split(list, part, " ")
  for (i = 1; i <= n; i++) if (prefix(part[i]) == wanted_) return 1
  return n == 0
}
function base(id, policy_) { policy[id] = policy_; bases[++inputs] = id }

BEGIN { src = prefix(source); if (kind == "ufw") { id = "- ufw -"; base(id, default_policy) } else if (kind == "ipt") OF = family " filter" }

kind == "firewalld" {
  if (/^[^ ]/) zone = $1
  else if (sub(/^ +sources: /, "") && from($0) == 2) { print zone; exit }
  next
}
kind == "ufw" { if (sub(/^### tuple ### /, "")) add(id, $0); next }

kind == "ipt" {
  id = OF " " $2
  if (!(id in known)) { known[id] = 1; order[++chains] = id }
  if ($1 == "-P" && $2 == "INPUT") base(id, tolower($3))
  else if ($1 == "-A") add(id, $0)
  next
}

$1 == "table" { of = $2 " " $3; next }
$1 == "}" { chain = inset = ""; next }
$1 == "set" { inset = $2; listing = 0; elements[of, inset] = ""; next }
$1 == "chain" { chain = of " " $2; known[chain] = 1; order[++chains] = chain; next }
$1 ~ /^(map|flowtable|counter|quota|limit|secmark|synproxy)$/ && $NF ~ /[{0-9]/ && chain == "" { inset = ""; next }
inset != "" {
  text = $0
  if (sub(/.*elements = \{/, "", text)) listing = 1
  if (!listing) next
  gsub(/"[^"]*"/, "", text)
  closes = sub(/\}.*/, "", text)
  n = split(text, part, ",")
  for (i = 1; i <= n; i++) if (split(part[i], word, " ") > 0) elements[of, inset] = elements[of, inset] " " word[1]
  if (closes) listing = 0
  next
}
chain != "" && $1 == "type" {
  if ($2 == "filter" && $4 == "input" && $3 == "hook") base(chain, $0 ~ /policy drop/ ? "drop" : "accept")
  next
}
chain != "" && NF > 0 { sub(/^[ \t]+/, ""); rule[chain, ++count[chain]] = $0 }

END {
  if (mode == "judge") {
    for (b = 1; b <= inputs; b++) {
      id = bases[b]
      split(id, part, " ")
      if (kind != "ufw" && part[1] != "inet" && part[1] != (src ~ /^4/ ? "ip" : "ip6")) continue
      PERHAPS = 0
      BY = ""
      verdict = run(id, 0)
      if (verdict == "") verdict = policy[id] ~ /^(drop|deny|reject)$/ ? "block" : PERHAPS ? "perhaps" : "allow"
      print id, verdict, BY
    }
    exit
  }
  wanted = src
  for (k = 1; k <= chains; k++) {
    id = order[k]
    for (r = 1; r <= count[id]; r++) {
      src = wanted == "?" ? "4" : wanted
      parse(id, rule[id, r])
      if (wanted == "?" && M == 0) { src = "6"; parse(id, rule[id, r]) }
      if (comment != "" && C != comment) continue
      if (kind != "ufw" && V != "accept") continue
      own = SET ~ ("^latchkey_" port "_")
      gsub(/ /, "", PORTS)
      if (!own && (PORTS != port || (M == 0 && UNTIL == ""))) continue
      gsub(/^ +| +$/, "", FROM)
      if (wanted != "?" && !own && prefix(FROM == "" ? (wanted ~ /^4/ ? "0.0.0.0/0" : "::/0") : FROM) != wanted) continue
      if (wanted != "?" && own && (SET !~ ("_p?" substr(wanted, 1, 1) "_") || !holds(FROM, wanted))) continue
      gsub(/ /, ",", FROM)
      print id, (H == "" ? "-" : H), (own ? SET : "-"), (FROM == "" ? "-" : FROM), (UNTIL == "" ? "-" : UNTIL), (ACTION == "" ? "-" : ACTION), C
    }
  }
}
'

# fw_judge MODE KIND SOURCE [NAME=VALUE...] <rules
fw_judge() {
  fw_mode=$1 fw_of=$2 fw_from=$3
  shift 3
  for fw_arg in "$@"; do set -- "$@" -v "$fw_arg"; shift; done
  awk -v "mode=$fw_mode" -v "kind=$fw_of" -v "source=$fw_from" -v "port=$p_port" "$@" "$fw_awk"
}
