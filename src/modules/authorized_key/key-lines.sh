# The lines of authorized_keys (sshd(8)): which of them hold the keys of the task.
# shellcheck disable=SC2034,SC2154 # variables are shared with the body

# ak_parse LINE: takes a line of the file apart: ak_options, ak_type, ak_blob, ak_comment; status 1 where it holds no key.
ak_parse() {
  : "${ak_cr:=$(printf '\r')}"
  ak_rest=${1%"$ak_cr"}
  ak_options=
  while case $ak_rest in [' 	']*) ;; *) false ;; esac; do ak_rest=${ak_rest#?}; done
  case $ak_rest in '#'*) return 1 ;; esac
  ak_is_type "${ak_rest%%[ 	]*}" || ak_cut_options
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $ak_rest
  set +f
  [ $# -ge 2 ] && ak_is_type "$1" || return 1
  ak_type=$1 ak_blob=$2
  shift 2
  ak_comment=$*
}
ak_is_type() {
  case $1 in
  ssh-rsa | ssh-dss | ssh-ed25519 | ecdsa-sha2-nistp256 | ecdsa-sha2-nistp384 | ecdsa-sha2-nistp521) ;;
  sk-ssh-ed25519@openssh.com | sk-ecdsa-sha2-nistp256@openssh.com | webauthn-sk-* | *-cert-v01@openssh.com) ;;
  *) return 1 ;;
  esac
}

# Moves the options from ak_rest to ak_options: all up to the first blank outside of quotes.
ak_cut_options() {
  while :; do
    ak_piece=${ak_rest%%[\" 	]*}
    ak_options=$ak_options$ak_piece
    ak_rest=${ak_rest#"$ak_piece"}
    case $ak_rest in '"'*) ;; *) return ;; esac
    ak_quoted '"'
    ak_options=$ak_options$ak_piece
  done
}

# Takes a quoted text off ak_rest into ak_piece. A backslash keeps a quote from ending it.
ak_quoted() {
  ak_piece='"'
  ak_rest=${ak_rest#?}
  while case $ak_rest in *'"'*) ;; *) false ;; esac; do
    ak_part=${ak_rest%%'"'*}
    ak_rest=${ak_rest#*'"'}
    ak_piece=$ak_piece$ak_part'"'
    case $ak_part in *\\) ;; *) return ;; esac
  done
  ak_piece=$ak_piece$ak_rest
  ak_rest=
}

# ak_same_options A B: whether two texts of options hold the same ones, in whatever order.
ak_same_options() {
  [ "$1" != "$2" ] || return 0
  [ ${#1} -eq ${#2} ] || return 1
  ak_split_options "$1"
  ak_left=$ak_items
  ak_split_options "$2"
  while [ -n "$ak_left" ]; do
    ak_item=${ak_left%%"$lk_nl"*}
    ak_left=${ak_left#*"$lk_nl"}
    case $lk_nl$ak_items in *"$lk_nl$ak_item$lk_nl"*) ;; *) return 1 ;; esac
    ak_items=$lk_nl$ak_items
    ak_items=${ak_items%%"$lk_nl$ak_item$lk_nl"*}$lk_nl${ak_items#*"$lk_nl$ak_item$lk_nl"}
    ak_items=${ak_items#"$lk_nl"}
  done
}

# ak_same_principals A B: whether two texts of options do not name different principals.
ak_same_principals() {
  case $1/$2 in *principals=*/*principals=*) ;; *) return 0 ;; esac
  ak_principals "$1"
  ak_left=$ak_item
  ak_principals "$2"
  [ "$ak_left" = "$ak_item" ]
}
# Sets ak_item to the principals among the options.
ak_principals() {
  ak_split_options "$1"
  ak_item=${lk_nl}$ak_items
  ak_item=${ak_item#*"${lk_nl}principals="}
  ak_item=${ak_item%%"$lk_nl"*}
}

# Sets ak_items to the options, one a line.
ak_split_options() {
  ak_items='' ak_rest=$1
  while [ -n "$ak_rest" ]; do
    ak_piece=${ak_rest%%[\",]*}
    ak_items=$ak_items$ak_piece
    ak_rest=${ak_rest#"$ak_piece"}
    case $ak_rest in
    ,*) ak_items=$ak_items$lk_nl ak_rest=${ak_rest#?} ;;
    '"'*) ak_quoted && ak_items=$ak_items$ak_piece ;;
    esac
  done
  ak_items=$ak_items$lk_nl
}

# Lines that hold one of the keys: ak_lines_N their numbers, ak_last_N the last of them, ak_equal_N whether that one is as
# wanted, ak_loose_N whether another has other options.
ak_find() {
  ak_i=0
  set --
  while [ "$ak_i" -lt "$p_blob_n" ]; do
    ak_i=$((ak_i + 1))
    eval "ak_lines_$ak_i=' ' ak_last_$ak_i='' ak_equal_$ak_i='' ak_loose_$ak_i='' ak_blob=\$p_blob_$ak_i"
    set -- "$@" -e "$ak_blob"
  done
  [ $# -gt 0 ] && [ -n "$ak_text" ] || return 0
  ak_hits=$(lk_put "$ak_text" | grep -nF "$@") || return 0
  ak_hits=$ak_hits$lk_nl
  while [ -n "$ak_hits" ]; do
    ak_hit=${ak_hits%%"$lk_nl"*}
    ak_hits=${ak_hits#*"$lk_nl"}
    ak_parse "${ak_hit#*:}" && ak_note "${ak_hit%%:*}"
  done
}

# ak_note NUMBER: notes the parsed line for the key that it holds.
ak_note() {
  ak_i=0
  while [ "$ak_i" -lt "$p_blob_n" ]; do
    ak_i=$((ak_i + 1))
    eval "ak_wanted=\$p_blob_$ak_i"
    [ "$ak_wanted" = "$ak_blob" ] || continue
    eval "ak_t=\$p_type_$ak_i ak_o=\$p_option_$ak_i ak_c=\$p_comment_$ak_i ak_was=\$ak_last_$ak_i"
    # Two grants may trust one authority, each for certificates of its own.
    [ -z "${j_dir-}" ] || ak_same_principals "$ak_options" "$ak_o" || return 0
    eval "[ -z \"\$ak_was\" ] || [ -n \"\$ak_equal_$ak_i\" ] || ak_loose_$ak_i=1"
    eval "ak_lines_$ak_i=\"\${ak_lines_$ak_i}$1 \" ak_last_$ak_i=$1 ak_equal_$ak_i="
    ak_their_options=$ak_options
    if [ "$ak_t" = "$ak_type" ] && [ "$ak_c" = "$ak_comment" ] && ak_same_options "$ak_their_options" "$ak_o"; then
      eval "ak_equal_$ak_i=1"
    fi
    return
  done
}

# ak_holds_any: whether a line holds one of the keys.
ak_holds_any() {
  ak_i=0
  while [ "$ak_i" -lt "$p_blob_n" ]; do
    ak_i=$((ak_i + 1))
    eval "ak_was=\$ak_last_$ak_i"
    [ -z "$ak_was" ] || return 0
  done
  return 1
}
