# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_has systemctl || lk_fail 'Failed to find required executable "systemctl": this host has no systemd'
sd_reload() {
  if lk_checking; then return; fi
  lk_systemctl "$1"
  [ "$lk_rc" -eq 0 ] || lk_fail "failure $lk_rc during $1: $lk_out"
}
[ "$p_daemon_reload" = 0 ] || sd_reload daemon-reload
[ "$p_daemon_reexec" = 0 ] || sd_reload daemon-reexec
[ -n "${p_name-}" ] || lk_ok
lk_unit_bring "$p_name"
