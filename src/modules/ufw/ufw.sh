# shellcheck disable=SC2016,SC2034,SC2154 # texts of the undo; variables of the libraries, and p_* that come with the program
lk_sbin
[ "$(id -u)" = 0 ] || lk_fail 'ufw works as root only: use become'
lk_has ufw || lk_fail "Failed to find required executable \"ufw\" in paths: $PATH"

# Texts of the undo: each is a function, called with quoted words. None holds a single quote.
# A rule of ours has exactly this line: with the same match and another comment it is somebody else's.
uf_undo_add='lk_u() {
a=$1 b=$2 x= o=; shift 2
for f in /etc/ufw /var/lib/ufw /lib/ufw; do
for f in "$f/user.rules" "$f/user6.rules"; do
[ -f "$f" ] || continue
while read -r l; do
case $l in
"### tuple ### "*) l=${l#"### tuple ### "} ;;
*) continue ;;
esac
if [ "$l" = "$a" ] || [ "$l" = "$b" ]; then x=1; elif [ "${l%% comment=*}" = "${a%% comment=*}" ] || [ "${l%% comment=*}" = "${b%% comment=*}" ]; then o=1; fi
done <"$f"
done
done
if [ -n "$o" ]; then echo "ufw: the rule has another comment now, so it is not ours and stays: $a" >&2; return 1; fi
[ -z "$x" ] || ufw "$@" </dev/null >/dev/null
}; lk_u'
uf_undo_delete='lk_u() {
a=$1 b=$2 n=$3; shift 3
for f in /etc/ufw /var/lib/ufw /lib/ufw; do
for f in "$f/user.rules" "$f/user6.rules"; do
[ -f "$f" ] || continue
while read -r l; do
l=${l#"### tuple ### "}
if [ "${l%% comment=*}" = "${a%% comment=*}" ] || [ "${l%% comment=*}" = "${b%% comment=*}" ]; then return 0; fi
done <"$f"
done
done
r=
if [ "$1" = route ]; then r=route; shift; fi
ufw $r insert "$n" "$@" </dev/null >/dev/null 2>&1 || ufw $r "$@" </dev/null >/dev/null
}; lk_u'
uf_undo_setting='lk_u() {
f=$1 k=$2 n=$3; shift 3
while read -r l; do
case $l in "$k=$n"|"$k=\"$n\"") ufw "$@" </dev/null >/dev/null; return ;; esac
done <"$f"
}; lk_u'
uf_undo_state='lk_u() {
case $(ufw status) in *"Status: active"*) s=active ;; *) s=inactive ;; esac
[ "$s" != "$1" ] || ufw -f "$2" </dev/null >/dev/null
}; lk_u'

# Which rules a dry run of ufw would leave, beside those that there are: lines `new`, `other` (the same but for its comment),
# `was` (the same but for its action) and `gone`, each with the family, and `gone` with its number, and the rule's text.
uf_compare='
function bare(l) { sub(/ comment=[0-9a-f]*$/, "", l); return l }
function key(l) { l = bare(l); sub(/^(route:)?[a-z]+(_log(-all)?)? /, "", l); return l }
/^@/ { section++; next }
section == 2 && /^:ufw-user-input/ { family = 4; seen[4] = 1 }
section == 2 && /^:ufw6-user-input/ { family = 6; seen[6] = 1 }
sub(/^### tuple ### /, "") {
  if (section < 2) { of = section ? 6 : 4; is[of, ++n[of]] = $0; full[of, $0] = plain[of, bare($0)] = 1; like[of, key($0)] = $0 }
  else { d[family, ++m[family]] = $0; left[family, bare($0)] = 1 }
}
END {
  for (f = 4; f <= 6; f += 2) {
    if (!seen[f]) continue
    for (i = 1; i <= m[f]; i++) {
      if ((f, d[f, i]) in full) continue
      if ((f, bare(d[f, i])) in plain) { print "other", f, d[f, i]; continue }
      print "new", f, d[f, i]
      if ((f, key(d[f, i])) in like) print "was", f, like[f, key(d[f, i])]
    }
    for (i = 1; i <= n[f]; i++) if (!((f, bare(is[f, i])) in left)) print "gone", f, (f == 6 ? n[4] + i : i), is[f, i]
  }
}
'

uf_changed=
# uf_run WORD...: runs ufw.
uf_run() {
  lk_l commands "ufw $*"
  lk_run ufw "$@"
  [ "$lk_rc" -eq 0 ] || lk_fail "$lk_out"
}
# A dry run of ufw writes temporary files: in memory, so that the disk stays as it is.
uf_ask() {
  if [ -d /dev/shm ]; then
    lk_run env TMPDIR=/dev/shm ufw --dry-run "$@"
  else
    lk_run ufw --dry-run "$@"
  fi
}
# uf_undo WHAT FUNCTION WORD...
uf_undo() {
  uf_text=$1 uf_function=$2
  shift 2
  lk_undo_words "$@"
  lk_undo_by "$uf_text" "$uf_function $lk_v"
}
# uf_setting FILE NAME: sets lk_v to what a file of settings says last.
uf_setting() {
  lk_v=
  [ -r "$1" ] || return 0
  while read -r uf_line; do
    case $uf_line in "$2="*) lk_v=${uf_line#*=} ;; esac
  done <"$1"
  lk_v=${lk_v#[\"\']}
  lk_v=${lk_v%[\"\']}
}
uf_is_active() { case $lk_nl$(ufw status 2>/dev/null) in *"${lk_nl}Status: active"*) ;; *) return 1 ;; esac }

uf_state() {
  case $p_state in
  enabled) uf_is_active && return; uf_verb=enable ;;
  disabled) uf_is_active || return 0; uf_verb=disable ;;
  reloaded) uf_verb=reload ;;
  reset) uf_verb=reset ;;
  esac
  uf_changed=1
  if ! lk_checking; then
    uf_run -f "$uf_verb"
    return
  fi
  case $p_state in
  enabled) uf_undo 'that ufw works' "$uf_undo_state" active disable ;;
  disabled) uf_undo 'that ufw does not work' "$uf_undo_state" inactive enable ;;
  reloaded) lk_undo_by 'that ufw read its rules anew' : ;;
  reset) [ -z "${lk_journaling-}" ] || lk_fail 'a grant cannot take back that all rules of ufw are deleted' ;;
  esac
}

uf_policy() {
  case ${p_direction:-incoming} in incoming) uf_key=INPUT ;; outgoing) uf_key=OUTPUT ;; *) uf_key=FORWARD ;; esac
  uf_key=DEFAULT_${uf_key}_POLICY
  uf_setting /etc/default/ufw "$uf_key"
  case $lk_v in ACCEPT) uf_old=allow ;; REJECT) uf_old=reject ;; *) uf_old=deny ;; esac
  [ "$uf_old" != "$p_policy" ] || return 0
  uf_changed=1
  if lk_checking; then
    case $p_policy in allow) uf_new=ACCEPT ;; reject) uf_new=REJECT ;; *) uf_new=DROP ;; esac
    uf_undo "the policy of ${p_direction:-incoming} packets" "$uf_undo_setting" \
      /etc/default/ufw "$uf_key" "$uf_new" default "$uf_old" "${p_direction:-incoming}"
    return
  fi
  uf_run default "$p_policy" ${p_direction:+"$p_direction"}
}

uf_logging() {
  uf_setting /etc/ufw/ufw.conf LOGLEVEL
  uf_old=${lk_v:-off}
  case $p_logging/$uf_old in
  "$uf_old/$p_logging") return 0 ;;
  on/off) ;;
  on/*) return 0 ;;
  esac
  uf_changed=1
  if lk_checking; then
    uf_new=$p_logging
    [ "$uf_new" != on ] || uf_new=low
    uf_undo "what ufw logs" "$uf_undo_setting" /etc/ufw/ufw.conf LOGLEVEL "$uf_new" logging "$uf_old"
    return
  fi
  uf_run logging "$p_logging"
}

# --- A rule ---

# uf_words ACTION LOG COMMENT: appends its words to those before, and calls them as a command: uf_words A L C -- COMMAND...
uf_words() {
  uf_action=$1 uf_log=$2 uf_comment=$3
  shift 4
  lk_with where uf_words_log "$@" "$uf_action"
}
uf_words_log() { lk_with what uf_words_comment "$@" ${uf_log:+"$uf_log"}; }
uf_words_comment() {
  [ -z "$uf_comment" ] || set -- "$@" comment "$uf_comment"
  "$@"
}
uf_route=
[ "$p_route" = 0 ] || uf_route=route

# Sets uf_at to the number for `insert`, or nothing for the last place.
uf_place() {
  uf_at=
  [ -n "${p_insert-}" ] && [ "$p_gone" = 0 ] || return 0
  uf_at=$p_insert
  [ "$p_relative" != zero ] || return 0
  uf_last=0 uf_last4=0
  uf_lines=$(ufw status numbered 2>/dev/null)$lk_nl
  while [ -n "$uf_lines" ]; do
    uf_line=${uf_lines%%"$lk_nl"*}
    uf_lines=${uf_lines#*"$lk_nl"}
    case $uf_line in
    '['*[0-9]']'*)
      uf_last=$((uf_last + 1))
      case $uf_line in *'(v6)'*) ;; *) uf_last4=$uf_last ;; esac ;;
    esac
  done
  case $p_relative in
  first-ipv4) uf_at=$((p_insert + 1)) ;;
  last-ipv4) uf_at=$((p_insert + (uf_last4 > 0 ? uf_last4 : 1))) ;;
  first-ipv6) uf_at=$((p_insert + uf_last4 + 1)) ;;
  last-ipv6) uf_at=$((p_insert + (uf_last > uf_last4 ? uf_last : uf_last + 1))) ;;
  esac
  # ufw refuses a number behind its last rule.
  [ "$uf_at" -le "$uf_last" ] || uf_at=
}

uf_tuples() {
  for uf_dir in /etc/ufw /var/lib/ufw /lib/ufw; do
    [ ! -f "$uf_dir/$1" ] || { cat "$uf_dir/$1"; return; }
  done
}
# uf_text_of HEX: sets lk_v to the text.
uf_text_of() {
  lk_v='' uf_hex=$1
  while [ -n "$uf_hex" ]; do
    uf_rest=${uf_hex#??}
    uf_octet=${uf_hex%"$uf_rest"}
    uf_octal=$(printf %03o "0x$uf_octet")
    # shellcheck disable=SC2059 # the byte
    lk_v=$lk_v$(printf "\\$uf_octal.")
    lk_v=${lk_v%.}
    uf_hex=$uf_rest
  done
}
# uf_old_rule LINE: sets uf_old_action, uf_old_log and uf_old_comment.
uf_old_rule() {
  uf_old_action=${1%% *} uf_old_log='' uf_old_comment=''
  uf_old_action=${uf_old_action#route:}
  case $uf_old_action in
  *_log) uf_old_log=log ;;
  *_log-all) uf_old_log=log-all ;;
  esac
  uf_old_action=${uf_old_action%%_*}
  case $1 in
  *' comment='*)
    uf_text_of "${1##* comment=}"
    uf_old_comment=$lk_v ;;
  esac
}

uf_rule() {
  uf_place
  uf_log=
  [ "$p_log" = 0 ] || uf_log=log
  set -- ${uf_route:+route}
  [ "$p_gone" = 0 ] || set -- "$@" delete
  [ -z "$uf_at" ] || set -- "$@" insert "$uf_at"
  uf_words "$p_rule" "$uf_log" "${p_comment-}" -- uf_ask "$@"
  # ufw ends with 0 here in spite of its mistakes.
  case $lk_nl$lk_out in *"${lk_nl}ERROR: "*) lk_fail "$lk_out" ;; esac
  [ "$lk_rc" -eq 0 ] || lk_fail "$lk_out"
  uf_found=$({ uf_tuples user.rules; echo @; uf_tuples user6.rules; echo @; lk_put "$lk_out$lk_nl"; } | awk "$uf_compare")

  uf_news='' uf_new4='' uf_new6='' uf_was='' uf_others='' uf_gone4='' uf_gone6='' uf_number=''
  uf_found=$uf_found$lk_nl
  while [ -n "$uf_found" ]; do
    uf_line=${uf_found%%"$lk_nl"*}
    uf_found=${uf_found#*"$lk_nl"}
    case $uf_line in
    'new 4 '*) uf_new4=${uf_line#new 4 } uf_news=${uf_news}4 ;;
    'new 6 '*) uf_new6=${uf_line#new 6 } uf_news=${uf_news}6 ;;
    'was '*) uf_was=${uf_was:-${uf_line#was ? }} ;;
    'other '*) uf_others=1 ;;
    'gone '*)
      uf_line=${uf_line#gone }
      uf_family=${uf_line%% *}
      uf_line=${uf_line#? }
      uf_number=${uf_number:-${uf_line%% *}}
      case $uf_family in 4) uf_gone4=${uf_line#* } ;; *) uf_gone6=${uf_line#* } ;; esac ;;
    esac
  done

  if [ "$p_gone" = 1 ]; then
    [ -n "$uf_gone4$uf_gone6" ] || return 0
    uf_changed=1
    if lk_checking; then
      uf_old_rule "${uf_gone4:-$uf_gone6}"
      uf_words "$uf_old_action" "$uf_old_log" "$uf_old_comment" -- uf_undo 'the end of a rule of ufw' "$uf_undo_delete" \
        "${uf_gone4:-$uf_gone6}" "${uf_gone6:-$uf_gone4}" "$uf_number" ${uf_route:+route}
      return
    fi
  else
    # An equal rule is somebody's: ufw would only write our comment over theirs.
    [ -n "$uf_news" ] || return 0
    [ -z "$uf_others" ] || lk_fail 'the rule is there for one of IPv4 and IPv6, with a comment that ufw would overwrite: name the addresses'
    uf_changed=1
    if lk_checking; then
      if [ -n "$uf_was" ]; then
        uf_old_rule "$uf_was"
        uf_words "$uf_old_action" "$uf_old_log" "$uf_old_comment" -- uf_undo 'another action of a rule of ufw' "$uf_undo_add" \
          "${uf_new4:-$uf_new6}" "${uf_new6:-$uf_new4}" ${uf_route:+route}
      else
        uf_words "$p_rule" "$uf_log" "${p_comment-}" -- uf_undo 'a rule of ufw' "$uf_undo_add" \
          "${uf_new4:-$uf_new6}" "${uf_new6:-$uf_new4}" ${uf_route:+route} delete
      fi
      return
    fi
  fi
  uf_words "$p_rule" "$uf_log" "${p_comment-}" -- uf_run "$@"
}

[ -z "${p_state-}" ] || uf_state
[ -z "${p_policy-}" ] || uf_policy
[ -z "${p_rule-}" ] || uf_rule
[ -z "${p_logging-}" ] || uf_logging
lk_checking || lk_s msg "$(ufw status verbose 2>&1)"
[ -z "$uf_changed" ] || lk_changed
lk_ok
