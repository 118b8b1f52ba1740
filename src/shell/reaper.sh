# The reaper: what ends a grant on its host with no controller alive. A timer of systemd, else cron.
# shellcheck disable=SC2034,SC2154 # variables are shared with the libraries

lk_units=/etc/systemd/system

# lk_grant_value NAME: sets lk_v to a value of the grant in $j_dir.
lk_grant_value() {
  lk_v=
  [ -r "$j_dir/grant" ] || return 1
  while read -r lk_gk lk_gv; do
    [ "$lk_gk" != "$1" ] || { lk_v=$lk_gv && return 0; }
  done <"$j_dir/grant"
  return 1
}

# lk_since_boot: sets lk_v to the seconds since this system started, which no clock can be turned back.
lk_since_boot() {
  lk_v=0
  { read -r lk_v _ </proc/uptime; } 2>/dev/null
  lk_v=${lk_v%%.*}
}

# lk_arm ID: sets lk_v to the name of what will look after the grant; empty where the host has nothing of the kind. Status 1
# where it has and cannot be told: lk_e says why.
lk_arm() {
  # It outlives the journal, should that be cut off in its last moment: then it clears away what is empty, and itself.
  lk_tick="[ ! -e $j_root/$1 ] || exec /bin/sh $j_root/$1/undo --tick; rm -rf $j_root/.new-$1;"
  lk_tick="$lk_tick rmdir $j_root ${j_root%/*} 2>/dev/null; rm -f /etc/cron.d/latchkey-$1;"
  lk_tick="$lk_tick systemctl disable --now latchkey-$1.timer 2>/dev/null; rm -f $lk_units/latchkey-$1.*"
  lk_grant_value expires
  lk_v=$(date -u -d "@$lk_v" '+%Y-%m-%d %H:%M:%S UTC' 2>/dev/null)
  if [ -d /run/systemd/system ] && lk_has systemctl; then
    lk_put "[Unit]
Description=Takes grant $1 of support access back at its end
After=remote-fs.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c '$lk_tick'
" >"$lk_units/latchkey-$1.service"
    lk_put "[Unit]
Description=Looks whether grant $1 of support access is over
[Timer]
${lk_v:+OnCalendar=$lk_v$lk_nl}OnActiveSec=60
OnBootSec=1
OnUnitActiveSec=60
AccuracySec=1s
[Install]
WantedBy=timers.target
" >"$lk_units/latchkey-$1.timer"
    # systemd warns of units that not everybody may read.
    chmod 644 "$lk_units/latchkey-$1.service" "$lk_units/latchkey-$1.timer"
    lk_flush "$lk_units/latchkey-$1.service" "$lk_units/latchkey-$1.timer"
    lk_v=
    if systemctl daemon-reload && systemctl enable --now "latchkey-$1.timer"; then lk_v=systemd; fi >/dev/null 2>&1
    [ -z "$lk_v" ] || return 0
    lk_remove_units "$1"
  fi
  lk_v=
  if [ ! -d /etc/cron.d ] || { ! lk_has cron && ! lk_has crond; }; then return 0; fi
  {
    lk_put "* * * * * root { $lk_tick; } >/dev/null 2>&1$lk_nl" >"/etc/cron.d/latchkey-$1" && chmod 644 "/etc/cron.d/latchkey-$1" &&
      lk_flush "/etc/cron.d/latchkey-$1"
  } 2>/dev/null && lk_v=cron && return
  lk_why /etc/cron.d || :
  rm -f -- "/etc/cron.d/latchkey-$1"
  return 1
}

# lk_cron_runs: whether cron is there to look after a grant.
lk_cron_runs() {
  for lk_comm in /proc/[0-9]*/comm; do
    { read -r lk_comm <"$lk_comm"; } 2>/dev/null || continue
    case $lk_comm in cron | crond) return 0 ;; esac
  done
  return 1
}

# un_disarm: the last thing that a grant does.
un_disarm() {
  rm -f -- "/etc/cron.d/latchkey-$un_id"
  [ ! -e "$lk_units/latchkey-$un_id.timer" ] || lk_remove_units "$un_id"
}

lk_remove_units() {
  systemctl disable --now "latchkey-$1.timer" >/dev/null 2>&1
  rm -f -- "$lk_units/latchkey-$1.timer" "$lk_units/latchkey-$1.service" "$lk_units/timers.target.wants/latchkey-$1.timer"
  systemctl daemon-reload >/dev/null 2>&1
  # One that failed is remembered beyond its file.
  systemctl reset-failed "latchkey-$1.service" >/dev/null 2>&1
}

# lk_is_over: whether the grant in $j_dir has come to its end: its time is up by either clock, nobody confirmed it, or its
# end was begun.
lk_is_over() {
  lk_gs=$(cat "$j_dir/state" 2>/dev/null)
  [ "$lk_gs" != revoking ] || return 0
  lk_now=$(date +%s)
  lk_grant_value expires && lk_ge=$lk_v
  lk_grant_value armed && lk_ga=$lk_v
  lk_grant_value confirm && lk_gc=$lk_v
  lk_grant_value boot && lk_gb=$lk_v
  lk_grant_value uptime && lk_gu=$lk_v
  lk_passed=$((lk_now - lk_ga))
  { read -r lk_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  lk_since_boot
  # A clock that was turned back does not prolong a grant.
  if [ "${lk_boot-}" = "$lk_gb" ] && [ $((lk_v - lk_gu)) -gt "$lk_passed" ]; then lk_passed=$((lk_v - lk_gu)); fi
  [ "$lk_now" -lt "$lk_ge" ] && [ "$lk_passed" -lt $((lk_ge - lk_ga)) ] || return 0
  [ "$lk_gs" = arming ] && [ "$lk_passed" -ge "$lk_gc" ]
}

# lk_undo_main ID [--tick | --keys]: the program that lies beside the journal.
lk_undo_main() {
  lk_alone
  lk_sbin
  j_dir=$j_root/$1
  if [ "${2-}" = --tick ] && ! lk_is_over; then return 0; fi
  lk_take_back "$@"
}

# lk_layers EXPIRES SINCE: what ends access by itself at that time, in the form of this host's own programs:
#   lk_expiry_time  an option of authorized_keys (sshd(8)), in the form of its version; empty where it would lock out
#   lk_root_tool    by which an account becomes root: sudo, doas, or nothing
#   lk_sudo_settings what sudoers(5) has to set for it: !requiretty where the host sets the contrary
#   lk_sudo_limits  options of a rule of sudoers(5) that the host's visudo accepts
#   lk_last_day     the first moment of the day after, for chage(1): sshd without PAM counts days
lk_layers() {
  lk_expiry_time='' lk_sudo_limits='' lk_last_day=$((($1 / 86400 + 1) * 86400))
  lk_root_by
  lk_utc=$(date -u -d "@$1" +%Y%m%d%H%M%S 2>/dev/null) || lk_utc=$(date -u -D %s -d "$1" +%Y%m%d%H%M%S 2>/dev/null) || lk_utc=
  case $lk_utc in *[!0-9]* | '') return 0 ;; esac
  lk_openssh
  if [ "$lk_v" -ge 901 ]; then
    lk_expiry_time=expiry-time=\"${lk_utc}Z\"
  elif [ "$lk_v" -ge 707 ]; then
    # Without a zone sshd takes it for local standard time, even in summer.
    lk_local=$(TZ=$(lk_standard_zone "$1") date -d "@$1" +%Y%m%d%H%M%S 2>/dev/null) || lk_local=
    case $lk_local in *[!0-9]* | '') ;; *) lk_expiry_time=expiry-time=\"$lk_local\" ;; esac
  fi
  lk_has visudo || return 0
  lk_left=$(($1 - $2))
  [ "$lk_left" -lt 28800 ] || lk_left=28800
  for lk_limits in "NOTAFTER=${lk_utc}Z TIMEOUT=${lk_left}s" "NOTAFTER=${lk_utc}Z"; do
    if lk_put "root ALL=(ALL) $lk_limits NOPASSWD: ALL$lk_nl" | visudo -cf - >/dev/null 2>&1; then
      lk_sudo_limits=$lk_limits
      return
    fi
  done
}

lk_root_by() {
  lk_root_tool='' lk_sudo_settings=
  if lk_has sudo; then lk_root_tool=sudo; elif lk_has doas; then lk_root_tool=doas; fi
  if grep -qsE '^[[:space:]]*Defaults[^#!]*[[:space:],]requiretty' /etc/sudoers /etc/sudoers.d/* && lk_has visudo &&
    lk_put "Defaults:root !requiretty$lk_nl" | visudo -cf - >/dev/null 2>&1; then
    lk_sudo_settings=!requiretty
  fi
}

# lk_openssh: sets lk_v to the version of the host's OpenSSH server, 901 for 9.1; 0 where it is another one.
lk_openssh() {
  lk_v=0
  lk_has sshd || return 0
  # Its server has no option for it everywhere; the client that comes along does.
  lk_sshd=$(ssh -V 2>&1 </dev/null)
  case $lk_sshd in *OpenSSH_[0-9]*) ;; *) return 0 ;; esac
  lk_sshd=${lk_sshd#*OpenSSH_}
  lk_sshd_major=${lk_sshd%%.*} lk_sshd=${lk_sshd#*.}
  lk_sshd_minor=${lk_sshd%%[!0-9]*}
  case $lk_sshd_major in *[!0-9]*) ;; *) lk_v=$((lk_sshd_major * 100 + lk_sshd_minor)) ;; esac
}

# lk_standard_zone EPOCH: the host's offset from UTC in winter, as TZ takes it: the smaller of January's and July's.
lk_standard_zone() {
  # sshd's time is the system's, whatever this login was given.
  unset TZ
  lk_year=$(date -d "@$1" +%Y)
  lk_winter=$(date -d "$lk_year-01-15" +%z) lk_summer=$(date -d "$lk_year-07-15" +%z)
  lk_offset "$lk_summer"
  lk_so=$lk_v
  lk_offset "$lk_winter"
  [ "$lk_v" -le "$lk_so" ] || lk_winter=$lk_summer
  case $lk_winter in
  +*) lk_winter=-${lk_winter#+} ;;
  -*) lk_winter=+${lk_winter#-} ;;
  esac
  # A name of fewer letters than three is none (tzset(3)), and then it is UTC without a word.
  lk_put "LKT${lk_winter%??}:${lk_winter#???}"
}

# lk_offset ZONE: sets lk_v to an offset such as -0330 as a number; with its zeros it would be octal.
lk_offset() {
  lk_v=$((1${1#?} - 10000))
  case $1 in -*) lk_v=$((-lk_v)) ;; esac
}
