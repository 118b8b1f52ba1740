# A dead man's switch: what could cut the controller off is taken back by the host itself, unless somebody who could
# connect anew says in time that it is well. Needs paths.sh, files.sh and undo.sh.
# shellcheck disable=SC2034,SC2154 # variables are shared with the bodies
#
# A switch lives in a directory of root's alone: `text`, what takes the change back, with copies of the files that were
# there; `armed` for as long as it waits. Whoever renames `armed` first, to `fired` or to `confirmed`, has decided.

sw_root=/var/lib/latchkey/switches

# lk_switch_waits NAME: whether a switch waits for its confirmation; sets lk_v to its token. One from before a restart of
# the system waits no more.
lk_switch_waits() {
  lk_v='' sw_booted='' sw_ends=0 sw_boot='' sw_up=0
  [ -f "$sw_root/$1/armed" ] || return 1
  { read -r lk_v && read -r sw_booted && read -r sw_ends; } <"$sw_root/$1/armed"
  sw_now
  [ "$sw_boot" = "$sw_booted" ] && [ "$sw_up" -le "$sw_ends" ]
} 2>/dev/null

sw_now() {
  { read -r sw_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  { read -r sw_up _ </proc/uptime; } 2>/dev/null
  sw_up=${sw_up%%.*}
}

# lk_switch NAME: begins one, which is not armed yet. The name is part of paths.
lk_switch() {
  sw_dir=$sw_root/$1 sw_token=$1.$$-$lk_id sw_kept=0
  rm -rf -- "$sw_dir"
  lk_umask
  umask 077
  sw_try mkdir -p "$sw_root" "$sw_dir"
  umask "$lk_um"
}

# sw_try COMMAND...: what fails before the switch is armed ends the step; nothing has been touched by then.
sw_try() {
  if lk_try "$@"; then return; fi
  sw_said=$lk_e
  lk_end_switch
  lk_fail "could not prepare how the change is taken back, so nothing was changed: $sw_said"
}

# lk_switch_keeps PATH: the switch puts back what is there now, or that nothing is.
lk_switch_keeps() {
  sw_kept=$((sw_kept + 1))
  lk_quote "$1"
  sw_path=$lk_v
  lk_parent "$1"
  lk_quote "${lk_v%/}/.lk-switch"
  if [ -e "$1" ] || [ -L "$1" ]; then
    sw_try cp -a -- "$1" "$sw_dir/$sw_kept"
    lk_put "cp -a -- $sw_dir/$sw_kept $lk_v && mv -f -- $lk_v $sw_path || exit$lk_nl" >>"$sw_dir/text"
  else
    lk_put "rm -f -- $sw_path || exit$lk_nl" >>"$sw_dir/text"
  fi
}

# What waits, apart from the session: DIRECTORY SECONDS. It is one line at its end, since its own file goes before.
# shellcheck disable=SC2016 # it is another shell that expands it
sw_run='main() {
cd "$1" || exit
while [ "$2" -gt 0 ]; do
sleep 1
[ -f armed ] || exit 0
set -- "$1" $(($2 - 1))
done
mv armed fired 2>/dev/null || exit 0
sh ./text >said 2>&1 </dev/null || exit
cd / && rm -rf -- "$1"
rmdir "${1%/*}" "${1%/*/*}" 2>/dev/null
}
main "$@"; exit
'

# lk_arm_switch SECONDS TEXT: from now on the host puts the kept files back and then runs TEXT, unless it is disarmed.
lk_arm_switch() {
  sw_now
  { lk_put "$2$lk_nl" >>"$sw_dir/text" && lk_put "$sw_run" >"$sw_dir/run"; } 2>/dev/null || sw_try false
  { lk_put "$sw_token$lk_nl$sw_boot$lk_nl$((sw_up + $1))$lk_nl" >"$sw_dir/armed"; } 2>/dev/null || sw_try false
  # What logind ends along with a session would not outlive it.
  if [ -d /run/systemd/system ] && lk_has systemd-run &&
    systemd-run --quiet --unit="latchkey-switch-$sw_token" /bin/sh "$sw_dir/run" "$sw_dir" "$1" >/dev/null 2>&1 </dev/null; then
    return
  fi
  if lk_has setsid; then
    (setsid /bin/sh "$sw_dir/run" "$sw_dir" "$1" </dev/null >/dev/null 2>&1 &)
  else
    # In bash and mksh a group of its own, so that what ends this step's group passes it by; the others need a terminal for that.
    (set -m && nohup /bin/sh "$sw_dir/run" "$sw_dir" "$1" </dev/null >/dev/null 2>&1 &) 2>/dev/null
  fi
}

# lk_fire_switch: at once, where the step itself sees that it went wrong. Status 1 where that failed: lk_e says why.
lk_fire_switch() {
  mv -- "$sw_dir/armed" "$sw_dir/fired" 2>/dev/null || return 0
  lk_e=$(/bin/sh "$sw_dir/text" 2>&1 </dev/null) || return 1
  lk_end_switch
}

# lk_disarm_switch TOKEN: status 1 where the switch has fired, or is another one by now.
lk_disarm_switch() {
  case $1 in '' | .* | */*) return 1 ;; esac
  sw_dir=$sw_root/${1%.*} lk_v=
  { read -r lk_v <"$sw_dir/armed"; } 2>/dev/null
  [ "$lk_v" = "$1" ] && mv -- "$sw_dir/armed" "$sw_dir/confirmed" 2>/dev/null || return 1
  lk_end_switch
}

lk_end_switch() {
  rm -rf -- "$sw_dir"
  rmdir "$sw_root" 2>/dev/null && rmdir "${sw_root%/*}" 2>/dev/null
  :
}
