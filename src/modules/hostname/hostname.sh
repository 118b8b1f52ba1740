# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program

# hn_read_kernel: sets hn_kernel to the name that the kernel has now.
hn_read_kernel() {
  hn_kernel=
  { read -r hn_kernel </proc/sys/kernel/hostname; } 2>/dev/null || hn_kernel=$(uname -n)
}

# hn_name_in TEXT: sets lk_v to the name that a text of /etc/hostname gives (hostname(5)): comments and blanks aside.
hn_name_in() {
  hn_rest=$1$lk_nl
  while [ -n "$hn_rest" ]; do
    lk_v=${hn_rest%%"$lk_nl"*} hn_rest=${hn_rest#*"$lk_nl"}
    set -f
    # shellcheck disable=SC2086 # blanks at both ends go
    set -- $lk_v
    set +f
    lk_v=$*
    case $lk_v in '' | '#'*) ;; *) return ;; esac
  done
  lk_v=
}

# hn_choose: sets hn_systemd where hostnamectl does the work. It is only of use where systemd runs: it is also in chroots
# and containers.
hn_choose() {
  hn_systemd=
  [ "$p_use" != alpine ] || return 0
  lk_e="this host does not run systemd"
  if [ -d /run/systemd/system ] && lk_has hostnamectl && lk_try hostnamectl --static status; then
    hn_systemd=1
  elif [ "$p_use" = systemd ]; then
    lk_fail "hostnamectl cannot be used: $lk_e"
  elif [ -f /etc/HOSTNAME ] && [ ! -L /etc/HOSTNAME ]; then
    lk_fail "this host has its name in /etc/HOSTNAME (the strategy sles), which is not supported"
  elif [ -r /etc/sysconfig/network ] && grep -q '^[[:space:]]*HOSTNAME=' /etc/sysconfig/network; then
    lk_fail "this host has its name in /etc/sysconfig/network (the strategy redhat), which is not supported"
  fi
}

# hn_plan_pretty: hostnamectl sets the pretty name, too, which is in another file.
hn_plan_pretty() {
  lk_look /etc/machine-info
  if [ "$f_type" = absent ]; then lk_new file; fi
  f_owner=root f_group=root f_mode=0644 f_type='file'
  lk_plan_path /etc/machine-info
}

# hn_plan_kernel: how the kernel's name is taken back: only where it is still the one of this step.
hn_plan_kernel() {
  lk_quote "$hn_kernel"
  hn_old=$lk_v
  lk_quote "$p_name"
  lk_undo_by "the host's name" "case \$(uname -n) in
$hn_old) ;;
$lk_v) hostname $hn_old 2>/dev/null || echo $hn_old >/proc/sys/kernel/hostname ;;
*) echo 'the host was given another name since' >&2; false ;;
esac"
}

hn_set_kernel() {
  if lk_has hostname && lk_try hostname "$p_name"; then return; fi
  { lk_put "$p_name$lk_nl" >/proc/sys/kernel/hostname; } 2>/dev/null ||
    lk_fail "could not set the host's name: ${lk_e:-/proc/sys/kernel/hostname cannot be written to}"
}

hn_control() {
  lk_run hostnamectl "$@"
  [ "$lk_rc" -eq 0 ] || lk_fail "Command failed rc=$lk_rc, out=, err=$lk_out"
}

# The result has what the facts are made of.
hn_facts() {
  case $p_name in *.*) return ;; esac
  hn_hosts=
  if [ -r /etc/hosts ]; then
    while IFS= read -r lk_v || [ -n "$lk_v" ]; do hn_hosts=$hn_hosts$lk_v$lk_nl; done </etc/hosts
  fi
  lk_s hosts "$hn_hosts"
  # Before the change it would be another host's name.
  if ! lk_checking && lk_has hostname; then lk_s resolved "$(hostname -f 2>/dev/null)"; fi
}

hn_content() { lk_put "$p_name$lk_nl"; }

lk_sbin
hn_file=/etc/hostname
hn_read_kernel
lk_look "$hn_file"
if [ "$f_type" = link ] && [ -z "$f_planned" ] && lk_follow; then
  hn_file=$lk_v
  lk_look "$hn_file"
fi
hn_permanent=
case $f_type in
absent) ;;
file)
  lk_read "$lk_at" || lk_fail "could not read $hn_file"
  hn_name_in "$lk_v"
  hn_permanent=$lk_v ;;
*) lk_fail "refusing to replace $hn_file: it is a $f_type" ;;
esac
if [ "$hn_kernel/$hn_permanent" = "$p_name/$p_name" ]; then
  hn_facts
  lk_ok
fi

hn_choose
if [ "${lk_diff-}" = 1 ]; then
  lk_diff=
  if [ "$hn_kernel" != "$p_name" ]; then lk_v=$hn_kernel; else lk_v=$hn_permanent; fi
  lk_s diff.before "hostname = $lk_v$lk_nl"
  lk_s diff.after "hostname = $p_name$lk_nl"
fi

# The kernel first: where it refuses the name, nothing has changed.
if lk_checking; then
  [ "$hn_kernel" = "$p_name" ] || hn_plan_kernel
elif [ -z "$hn_systemd" ] && [ "$hn_kernel" != "$p_name" ]; then
  hn_set_kernel
fi
if [ "$hn_permanent" != "$p_name" ]; then
  if [ -z "$hn_systemd" ] || lk_checking; then
    hn_size=$((${#p_name} + 1))
    if [ -n "$hn_systemd" ]; then p_owner=root p_group=root p_mode=0644; fi
    lk_write_file "$hn_file" "$hn_file" hn_content "$hn_size"
    [ -z "$hn_systemd" ] || hn_plan_pretty
  else
    hn_control --pretty --static set-hostname "$p_name"
  fi
fi
if ! lk_checking; then
  hn_read_kernel
  if [ -n "$hn_systemd" ] && [ "$hn_kernel" != "$p_name" ]; then
    hn_control --transient set-hostname "$p_name"
    hn_read_kernel
  fi
  [ "$hn_kernel" = "$p_name" ] || lk_fail "the host is still called $hn_kernel, although it was given the name $p_name"
fi
hn_facts
lk_changed
