# shellcheck disable=SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
sc_drop=$sc_folder/00-latchkey-allow.conf

# sa_ask [-o OPTION]...: what sshd makes of its configuration for a login of the account: the patterns of AllowUsers and
# AllowGroups, each with a space around it, sa_pidfile, and sa_other all the rest.
sa_ask() {
  sa_users=' ' sa_groups=' ' sa_pidfile='' sa_other=
  sa_out=$(sshd -T -C "user=$p_user,host=h,addr=$p_address" "$@" 2>/dev/null </dev/null) || return 1
  sc_begin_lines "$sa_out"
  while sc_next_line; do
    case $sc_one in
    'allowusers '*) sa_users="$sa_users${sc_one#* } " ;;
    'allowgroups '*) sa_groups="$sa_groups${sc_one#* } " ;;
    *) sa_other=$sa_other$sc_one$lk_nl ;;
    esac
    case $sc_one in 'pidfile '*) sa_pidfile=${sc_one#* } ;; esac
  done
}

# sa_lets_in NAME PATTERNS: whether a pattern without a place fits the name.
sa_lets_in() {
  set -f
  for sa_pattern in $2; do
    case $sa_pattern in *[!A-Za-z0-9._*?-]*) continue ;; esac
    # shellcheck disable=SC2254 # it is a pattern
    case $1 in $sa_pattern) set +f && return 0 ;; esac
  done
  set +f
  return 1
}

# sa_decide: sa_lines, what the configuration lacks; none where it lets in everybody.
sa_decide() {
  sa_missing='' sa_lines='' sa_i=0
  while [ "$sa_i" -lt "$p_patterns_n" ]; do
    sa_i=$((sa_i + 1))
    eval "sa_pattern=\$p_patterns_$sa_i"
    case $sa_users in *" $sa_pattern "*) ;; *) sa_missing="$sa_missing $sa_pattern" ;; esac
  done
  if [ "$sa_users" != ' ' ] && [ -n "$sa_missing" ] && ! sa_lets_in "$p_user" "$sa_users"; then
    sa_lines="AllowUsers$sa_missing$lk_nl"
  fi
  if [ "$sa_groups" != ' ' ] && ! sa_lets_in "$p_login_group" "$sa_groups"; then
    sa_lines="${sa_lines}AllowGroups $p_login_group$lk_nl"
  fi
}

# sa_would_do: ends the step where the lines would not count: a Match block that names the same settings replaces them.
sa_would_do() {
  sa_wanted=$sa_lines
  set --
  sc_begin_lines "$sa_lines"
  while sc_next_line; do set -- "$@" -o "$sc_one"; done
  sa_ask "$@" || lk_fail 'sshd does not tell its configuration (sshd -T)'
  sa_decide
  [ -z "$sa_lines" ] ||
    lk_fail "a Match block of sshd's configuration says for itself who may log in, and does not let $p_user in: it is left alone"
  sa_lines=$sa_wanted
}

# sa_find_unit: what is to be told. A socket of systemd alone needs nothing: what it starts reads the files then.
sa_find_unit() {
  sc_unit=
  if [ -d /run/systemd/system ] && lk_has systemctl; then
    for sc_one in ssh.service sshd.service ssh.socket sshd.socket; do
      if systemctl is-active --quiet "$sc_one" >/dev/null 2>&1 </dev/null; then sc_unit=$sc_one && break; fi
    done
  fi
  sc_tell=:
  case $sc_unit in *.socket) return ;; esac
  sc_find_daemon
  sc_prepare_reload
}

# sa_take_out: sc_text without the account's blocks; status 1 where there is none.
sa_take_out() {
  sc_method=drop-in
  sc_open "$sc_drop"
  if ! sc_cut "allow $p_user"; then
    sc_method=sshd_config
    sc_open "$sc_main"
    sc_cut "allow $p_user" || return 1
  fi
  while sc_cut "allow $p_user"; do :; done
}

sa_put_in() {
  sc_choose_file
  if [ "$sc_method" = drop-in ]; then sc_global=$sc_text sc_matched=; fi
  sc_block "allow $p_user" "$sa_lines"
  sc_text=$sc_global$lk_v$sc_matched
}

# sa_already: nothing is to be done.
sa_already() {
  # It may be one that nobody has confirmed yet.
  if ! lk_checking && lk_switch_waits sshd-allow; then lk_s switch "$lk_v"; fi
  # A grant that finds the file of another one needs it from now on: it is the path that was looked at last.
  if [ "$p_state" = present ] && grep -q "^# BEGIN Latchkey allow $p_user\$" "$sc_drop" 2>/dev/null; then
    lk_look "$sc_drop"
  fi
  lk_ok
}

lk_is_root || lk_fail "only root can change sshd's configuration: give the task become: true"
sc_require_sound
sa_ask || lk_fail 'sshd does not tell its configuration (sshd -T)'
sa_had_other=$sa_other sc_pidfile=$sa_pidfile
if [ "$p_state" = present ]; then
  sa_decide
  [ -n "$sa_lines" ] || sa_already
  sa_would_do
  sa_find_unit
  sc_warn_of_news
  sa_put_in
else
  sa_take_out || sa_already
  sa_find_unit
  sc_warn_of_news
fi
lk_s method "$sc_method"
if lk_checking; then
  sc_undo_by_reload "whom sshd lets in" sshd-allow
  sc_write
  lk_changed
fi
if lk_switch_waits sshd-allow; then
  lk_fail 'an earlier change of whom sshd lets in waits for its confirmation, and is taken back without it: try again then'
fi
lk_switch sshd-allow
lk_switch_keeps "$sc_file"
lk_arm_switch "$p_confirm" "$sc_tell"
sc_write
sc_check_new
sa_ask || sc_put_back 'sshd does not tell its new configuration'
[ "$sa_other" = "$sa_had_other" ] || sc_put_back 'more would have changed than whom sshd lets in'
sc_reload_or_put_back
lk_s switch "$sw_token"
lk_changed
