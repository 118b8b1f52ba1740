# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin

# Which manager. systemd is only one where it runs: its programs are also in chroots and containers.
sv_manager=$p_use
if [ "$p_use" = auto ]; then
  if [ -d /run/systemd/system ] && lk_has systemctl; then
    sv_manager=systemd
  elif lk_has rc-service; then
    sv_manager=openrc
  else
    sv_manager=sysvinit
  fi
fi
if [ "$sv_manager" = systemd ]; then lk_unit_bring "$p_name"; fi

sv_script=/etc/init.d/$p_name
sv_planned=
if lk_checking && lk_planned path "$sv_script" && [ -n "$lk_v" ]; then
  sv_planned=1
elif [ ! -e "$sv_script" ]; then
  [ -d /etc/init.d ] || lk_fail "this host runs no service manager that is known here (systemd, OpenRC, init scripts)"
  lk_fail "Could not find the requested service $p_name: host"
fi

# sv_act WITH VERB: through the manager's own command where there is one, which gives the script a clean environment. WITH
# is lk_run, or lk_undo_words for the words alone.
sv_act() {
  set -- "$1" "$2" "$p_name"
  if [ "$sv_manager" = openrc ]; then
    "$1" rc-service "$3" "$2"
  elif lk_has service; then
    lk_with words "$1" service "$3" "$2"
  else
    lk_with words "$1" "$sv_script" "$2"
  fi
}
sv_do() {
  sv_changed=1
  if lk_checking; then
    case $1 in
    start) sv_undo_run stop ;;
    stop) sv_undo_run start ;;
    esac
    return
  fi
  if [ "$1" = restart ] && [ -n "${p_sleep-}" ]; then
    sv_act lk_run stop
    sleep "$p_sleep"
    sv_act lk_run start
  else
    sv_act lk_run "$1"
  fi
  [ "$lk_rc" -eq 0 ] || lk_fail "Unable to $1 service $p_name: $lk_out"
}

# sv_undo_by [TEST...]: the words of lk_v take the change back, where TEST says that there is something to do.
sv_undo_by() {
  sv_text=$lk_v
  if [ $# -gt 0 ]; then
    lk_undo_words "$@"
    sv_text="! $lk_v || $sv_text"
  fi
  # Who runs it need not have the directories of such commands in its path.
  lk_undo_by "service $p_name" "PATH=\$PATH:/usr/sbin:/sbin; $sv_text"
}

# Starting what runs, and stopping what does not, is a success of each script (LSB).
sv_undo_run() {
  sv_act lk_undo_words "$1"
  case $1 in
  stop) sv_undo_by [ -e "$sv_script" ] ;;
  start) sv_undo_by ;;
  esac
}

# Exit status of `status` (LSB): 0 runs, 1 to 3 does not, 4 unknown.
sv_is_running() {
  [ -z "$sv_planned" ] || return 1
  sv_act lk_run status
  case $lk_rc in
  0) case $lk_out in *'not running'* | *stopped*) return 1 ;; esac ;;
  1 | 2 | 3) return 1 ;;
  *) lk_fail "the state of service $p_name is not known: ${lk_out:-status $lk_rc}" ;;
  esac
}

sv_is_enabled() {
  [ -z "$sv_planned" ] || return 1
  if [ "$sv_manager" = openrc ]; then
    [ -e "/etc/runlevels/$p_runlevel/$p_name" ]
    return
  fi
  for sv_link in /etc/rc[2345].d/S[0-9][0-9]"$p_name" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$p_name"; do
    [ ! -L "$sv_link" ] || return 0
  done
  return 1
}

# sv_enable 1|0
sv_enable() {
  sv_changed=1
  if lk_checking; then
    sv_undo_enable "$1"
    return
  fi
  case $sv_manager/$1 in
  openrc/1) lk_run rc-update add "$p_name" "$p_runlevel" ;;
  openrc/0) lk_run rc-update del "$p_name" "$p_runlevel" ;;
  */*) sv_enable_script "$1" ;;
  esac
  [ "$lk_rc" -eq 0 ] || lk_fail "could not change when service $p_name starts: $lk_out"
}

# sv_undo_enable 1|0
sv_undo_enable() {
  if [ "$sv_manager" = openrc ]; then
    sv_link=/etc/runlevels/$p_runlevel/$p_name
    case $1 in
    1) lk_undo_words rc-update del "$p_name" "$p_runlevel" && sv_undo_by [ -L "$sv_link" ] ;;
    0) lk_undo_words rc-update add "$p_name" "$p_runlevel" && sv_undo_by [ ! -L "$sv_link" ] ;;
    esac
    return
  fi
  # A script that no runlevel knew, neither to start nor to stop it, is to be unknown again.
  sv_known=
  for sv_link in /etc/rc?.d/[SK][0-9][0-9]"$p_name" /etc/rc.d/rc?.d/[SK][0-9][0-9]"$p_name"; do
    [ ! -L "$sv_link" ] || sv_known=1
  done
  if lk_has update-rc.d; then
    case $1/$sv_known in
    0/*) lk_undo_words update-rc.d "$p_name" enable ;;
    1/1) lk_undo_words update-rc.d "$p_name" disable ;;
    *) lk_undo_words update-rc.d -f "$p_name" remove ;;
    esac
  else
    case $1/$sv_known in
    0/*) lk_undo_words chkconfig "$p_name" on ;;
    1/1) lk_undo_words chkconfig "$p_name" off ;;
    *) lk_undo_words chkconfig --del "$p_name" ;;
    esac
  fi
  case $1 in
  1) sv_undo_by [ -e "$sv_script" ] ;;
  0) sv_undo_by ;;
  esac
}
sv_enable_script() {
  if lk_has update-rc.d; then
    if [ "$1" = 0 ]; then
      lk_run update-rc.d "$p_name" disable
    else
      # Without links of any kind there is nothing yet that could be enabled.
      lk_run update-rc.d "$p_name" defaults
      [ "$lk_rc" -ne 0 ] || lk_run update-rc.d "$p_name" enable
    fi
  elif lk_has chkconfig; then
    if [ "$1" = 0 ]; then lk_run chkconfig "$p_name" off; else lk_run chkconfig "$p_name" on; fi
  else
    lk_fail "this host has neither update-rc.d nor chkconfig to change when $p_name starts"
  fi
}

sv_changed=
lk_s name "$p_name"
if [ -n "${p_enabled-}" ]; then
  if [ "$p_enabled" = 1 ]; then lk_b enabled true; else lk_b enabled false; fi
  if sv_is_enabled; then sv_now=1; else sv_now=0; fi
  [ "$sv_now" = "$p_enabled" ] || sv_enable "$p_enabled"
fi
if [ -n "${p_state-}" ]; then
  case $p_state in stopped) lk_s state stopped ;; *) lk_s state started ;; esac
  if sv_is_running; then sv_now=running; else sv_now=stopped; fi
  case $p_state/$sv_now in
  started/running | stopped/stopped) ;;
  restarted/running) sv_do restart ;;
  reloaded/running) sv_do reload ;;
  stopped/running) sv_do stop ;;
  *) sv_do start ;;
  esac
fi
[ -z "$sv_changed" ] || lk_changed
lk_ok
