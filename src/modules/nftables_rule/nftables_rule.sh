# shellcheck disable=SC2016,SC2034,SC2154 # texts of the undo; variables of the libraries, and p_* that come with the program
lk_sbin
lk_has nft || lk_fail "Failed to find required executable \"nft\" in paths: $PATH"
# Times of rules are read and written in the zone of nft's process.
TZ=UTC
export TZ

# Texts of the undo: each is a function, called with quoted words. None holds a single quote.
nr_undo_add='lk_u() {
nft -nn -s -a list chain "$1" "$2" "$3" 2>/dev/null | while read -r l; do
case $l in *" comment \"$4\" # handle "*) nft delete rule "$1" "$2" "$3" handle "${l##* }" || exit 1 ;; esac
done
}; lk_u'
nr_undo_replace='export TZ=UTC; lk_u() {
nft -nn -s -a list chain "$1" "$2" "$3" 2>/dev/null | while read -r l; do
case $l in
"$5 # handle "*) ;;
*" comment \"$4\" # handle "*) nft replace rule "$1" "$2" "$3" handle "${l##* }" "$5" || exit 1 ;;
esac
done
}; lk_u'
nr_undo_delete='export TZ=UTC; lk_u() {
case $(nft -nn -s list chain "$1" "$2" "$3" 2>/dev/null) in *" comment \"$4\""*) return 0 ;; esac
nft insert rule "$1" "$2" "$3" index "$6" "$5" 2>/dev/null || nft add rule "$1" "$2" "$3" "$5"
}; lk_u'

nr_list() { nft -nn -s -a list chain "$p_family" "$p_table" "$p_chain" 2>/dev/null; }
# nr_find: sets nr_handle, nr_index and nr_old (with its comment) of the rule with the comment; status 1 where there is none.
nr_find() {
  nr_handle='' nr_index=0 nr_old=''
  nr_rest=$1$lk_nl
  while [ -n "$nr_rest" ]; do
    nr_line=${nr_rest%%"$lk_nl"*}
    nr_rest=${nr_rest#*"$lk_nl"}
    while case $nr_line in [\ \	]*) ;; *) false ;; esac; do nr_line=${nr_line#?}; done
    case $nr_line in
    *" comment \"$p_comment\" # handle "*)
      nr_handle=${nr_line##* }
      nr_old=${nr_line% # handle *}
      return ;;
    table\ *\{* | chain\ *\{* | type\ *policy*) ;;
    *' # handle '*) nr_index=$((nr_index + 1)) ;;
    esac
  done
  return 1
}
nr_undo() {
  nr_function=$1
  shift
  lk_undo_words "$p_family" "$p_table" "$p_chain" "$p_comment" "$@"
  lk_undo_by "the rule \"$p_comment\" of $p_chain" "$nr_function $lk_v"
}
# nr_nft WORD...: makes the change, or has nft check whether it could be made.
nr_nft() {
  if lk_checking; then set -- -c "$@"; fi
  lk_run nft "$@"
  [ "$lk_rc" -eq 0 ] || lk_fail "$lk_out"
}

if ! nr_rules=$(nr_list); then
  lk_run nft list chain "$p_family" "$p_table" "$p_chain"
  if [ "$p_state" = absent ]; then
    case $lk_out in *'No such file or directory'*) lk_ok "there is no chain $p_chain" ;; esac
  fi
  lk_fail "$lk_out"
fi
nr_find "$nr_rules" || :

if [ "$p_state" = absent ]; then
  [ -n "$nr_handle" ] || lk_ok "there is no rule \"$p_comment\""
  if lk_checking; then
    nr_undo "$nr_undo_delete" "$nr_old" "$nr_index"
    lk_changed
  fi
  # Between two looks the rules may have been loaded anew, with other handles.
  nr_find "$(nr_list)" || lk_ok "there is no rule \"$p_comment\""
  nr_nft delete rule "$p_family" "$p_table" "$p_chain" handle "$nr_handle"
  lk_changed
fi

nr_until=
if [ -n "${p_timeout-}" ]; then
  nr_until=$(date -u -d "@$(($(date +%s) + p_timeout))" '+%Y-%m-%d %H:%M:%S' 2>/dev/null) || nr_until=
  [ -n "$nr_until" ] || lk_fail "this host's date cannot compute the end of the rule"
fi
nr_new="${nr_until:+meta time < \"$nr_until\" }$p_rule comment \"$p_comment\""

# The rule as nft prints it: in a network of its own, so that nothing is touched. Rules that need sets or other chains of the
# host cannot be there, and count as they are written.
nr_normal() {
  nr_printed=$p_rule
  lk_has unshare || return 0
  nr_there=$(unshare -n sh -c 'nft add table "$1" t && nft add chain "$1" t c && nft add rule "$1" t c "$2" comment "\"$3\"" &&
nft -nn -s -a list chain "$1" t c' sh "$p_family" "$p_rule" "$p_comment" 2>/dev/null </dev/null) || return 0
  nr_keep="$nr_handle $nr_index" nr_kept=$nr_old
  if nr_find "$nr_there"; then nr_printed=${nr_old% comment *}; fi
  nr_handle=${nr_keep% *} nr_index=${nr_keep#* } nr_old=$nr_kept
}
nr_is_wanted() {
  nr_have=${nr_old% comment *}
  case $nr_have in
  'meta time < "'*)
    [ -n "${p_timeout-}" ] || return 1
    nr_have=${nr_have#'meta time < "'}
    nr_end=${nr_have%%\"*}
    nr_have=${nr_have#*\" }
    # The earlier of the two stands first. A rule whose time is over is made anew.
    nr_now=$(date -u '+%Y-%m-%d %H:%M:%S')
    [ "$(printf '%s\n' "$nr_end" "$nr_now" | sort | sed 1q)" = "$nr_now" ] || return 1 ;;
  *) [ -z "${p_timeout-}" ] || return 1 ;;
  esac
  [ "$nr_have" != "$p_rule" ] || return 0
  nr_normal
  [ "$nr_have" = "$nr_printed" ]
}

if [ -n "$nr_handle" ]; then
  lk_s rule "$nr_old"
  if nr_is_wanted; then lk_ok "the rule \"$p_comment\" is there"; fi
  lk_r=
  lk_s rule "$nr_new"
  nr_nft replace rule "$p_family" "$p_table" "$p_chain" handle "$nr_handle" "$nr_new"
  if lk_checking; then nr_undo "$nr_undo_replace" "$nr_old"; fi
  lk_changed
fi
lk_s rule "$nr_new"
case $p_position in first) nr_verb=insert ;; *) nr_verb=add ;; esac
nr_nft "$nr_verb" rule "$p_family" "$p_table" "$p_chain" "$nr_new"
if lk_checking; then
  nr_undo "$nr_undo_add"
  lk_changed
fi
nr_find "$(nr_list)" || lk_fail "the rule is not there although nft said that it made it"
lk_changed
