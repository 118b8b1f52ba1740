# The groups of an account. A list of names has a comma before and after each.
# shellcheck disable=SC1003,SC2034,SC2154 # variables are shared with the body and the library of accounts

# Groups: u_groups is the wanted list of names, with a comma before and after each.
u_check_groups() {
  if [ -n "${p_group-}" ]; then
    lk_getgr_any "$p_group" || lk_fail "Group $p_group does not exist"
    u_gid=$lk_gr_gid
  fi
  u_groups=,
  u_i=0
  while [ "$u_i" -lt "${p_groups_n:-0}" ]; do
    u_i=$((u_i + 1))
    eval "u_one=\$p_groups_$u_i"
    lk_getgr_any "$u_one" || lk_fail "Group $u_one does not exist"
    case $u_groups in *",$lk_gr_name,"*) ;; *) u_groups=$u_groups$lk_gr_name, ;; esac
  done
}

# Collects the groups that have the account as a member.
u_current_groups() {
  u_current=,
  lk_each group /etc/group u_add_current
}

u_add_current() {
  case ,${1##*:}, in *,"$p_name",*) u_current=$u_current${1%%:*}, ;; esac
}

# u_differ A B: whether two such lists hold different names.
u_differ() { u_lacks "$1" "$2" || u_lacks "$2" "$1"; }

# u_lacks A B: whether some name of B is not in A.
u_lacks() {
  u_rest=${2#,}
  while [ -n "$u_rest" ]; do
    case $1 in *",${u_rest%%,*},"*) ;; *) return 0 ;; esac
    u_rest=${u_rest#*,}
  done
  return 1
}

# u_each_missing A B: sets lk_v to the list of what is in B and not in A.
u_each_missing() {
  lk_v=,
  u_rest=${2#,}
  while [ -n "$u_rest" ]; do
    case $1 in *",${u_rest%%,*},"*) ;; *) lk_v=$lk_v${u_rest%%,*}, ;; esac
    u_rest=${u_rest#*,}
  done
}

# u_plan_groups: in a dry run, the lines of group(5) as they would be.
u_plan_groups() { lk_each group /etc/group u_plan_membership; }

u_plan_membership() {
  case $u_groups in
  *",${1%%:*},"*)
    case ,${1##*:}, in
    *,"$p_name",*) ;;
    ,,) lk_plan group "${1%%:*}" "$1$p_name" ;;
    *) lk_plan group "${1%%:*}" "$1,$p_name" ;;
    esac
    ;;
  *) [ "$p_append" = 1 ] || u_plan_leaving "$1" ;;
  esac
}

# u_join LIST, u_leave LIST: BusyBox changes one membership at a time.
u_join() {
  u_rest=${1#,}
  while [ -n "$u_rest" ]; do
    u_run addgroup "$p_name" "${u_rest%%,*}"
    u_rest=${u_rest#*,}
  done
}

u_leave() {
  u_rest=${1#,}
  while [ -n "$u_rest" ]; do
    u_run delgroup "$p_name" "${u_rest%%,*}"
    u_rest=${u_rest#*,}
  done
}
