# Paths as texts: no process, no look at the disk but for the names of homes.
# shellcheck disable=SC2034,SC2154 # lk_v is the answer.

# lk_path TEXT: sets lk_v to a path as Ansible reads one: `~`, `~user` and `$NAME` expanded, trailing slashes kept.
lk_path() {
  lk_v=$1
  case $lk_v in
  \~) lk_v=${HOME:-/root} ;;
  \~/*) lk_v=${HOME:-/root}/${lk_v#\~/} ;;
  \~*) lk_home_of "${lk_v#\~}" ;;
  esac
  case $lk_v in *'$'*) lk_expand_variables ;; esac
}

# `~user/rest`: from /etc/passwd, else from getent; as it is where there is no such user.
lk_home_of() {
  lk_hu=${1%%/*}
  lk_hr=${1#"$lk_hu"}
  while IFS=: read -r lk_hn _ _ _ _ lk_hd _; do
    [ "$lk_hn" = "$lk_hu" ] && lk_v=$lk_hd$lk_hr && return
  done </etc/passwd
  lk_hd=$(getent passwd "$lk_hu" 2>/dev/null) || return 0
  lk_hd=${lk_hd%:*}
  lk_v=${lk_hd##*:}$lk_hr
}

# `$NAME` and `${NAME}` where the environment has it; anything else stays.
lk_expand_variables() {
  lk_xr=$lk_v
  lk_v=
  while :; do
    case $lk_xr in *'$'*) ;; *) break ;; esac
    lk_v=$lk_v${lk_xr%%'$'*}
    lk_xr=${lk_xr#*'$'}
    case $lk_xr in
    '{'[A-Za-z_]*'}'*) lk_xn=${lk_xr#?} lk_xn=${lk_xn%%'}'*} lk_xt=${lk_xr#*'}'} lk_xs="\${$lk_xn}" ;;
    [A-Za-z_]*) lk_xn=${lk_xr%%[!A-Za-z0-9_]*} lk_xt=${lk_xr#"$lk_xn"} lk_xs="\$$lk_xn" ;;
    *) lk_v=$lk_v'$' && continue ;;
    esac
    case $lk_xn in
    # Our own variables are not in the environment.
    *[!A-Za-z0-9_]* | lk_* | p_*) lk_v=$lk_v'$' && continue ;;
    esac
    lk_xr=$lk_xt
    eval "lk_v=\$lk_v\${$lk_xn-\$lk_xs}"
  done
  lk_v=$lk_v$lk_xr
}

# lk_absolute PATH: sets lk_v to the path from the root, without doubled or trailing slashes.
lk_absolute() {
  lk_v=$1
  case $lk_v in /*) ;; *) lk_v=$PWD/$lk_v ;; esac
  while :; do
    case $lk_v in
    *//*) lk_v=${lk_v%%//*}/${lk_v#*//} ;;
    */./*) lk_v=${lk_v%%/./*}/${lk_v#*/./} ;;
    ?*/ | */.) lk_v=${lk_v%/*} ;;
    *) break ;;
    esac
  done
  lk_v=${lk_v:-/}
}

# lk_parent PATH: sets lk_v to the directory of an absolute path.
lk_parent() {
  lk_v=${1%/*}
  lk_v=${lk_v:-/}
}
