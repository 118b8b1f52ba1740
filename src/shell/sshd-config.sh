# A change of sshd's configuration: where it is to stand, how it is written, and how sshd is told. Needs accounts.sh,
# dead-man.sh and write.sh; a body sets sc_drop, the file of its own in sc_folder, and sc_pidfile and sc_unit.
# shellcheck disable=SC2016,SC2034,SC2154 # variables are shared with the bodies

sc_main=/etc/ssh/sshd_config
sc_folder=/etc/ssh/sshd_config.d

# What tells sshd to read its settings anew. Its text is run here, by a grant's undo and by the switch: it needs nothing
# else. Of several sshds (other containers' are to be seen, too) the listener is the one of the PID file, or the only one;
# a session whose listener is gone is none, and a HUP would end it.
sc_words='PATH=$PATH:/usr/sbin:/sbin
sc_is_listener() {
  read -r sc_name <"/proc/$1/comm" && [ "$sc_name" = sshd ] || return 1
  [ "$(readlink "/proc/$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || return 1
  sc_line=$(tr "\000" " " <"/proc/$1/cmdline")
  case $sc_line in
  sshd:*"[listener]"*) ;;
  sshd:* | *" -R "*) return 1 ;;
  esac
} 2>/dev/null
sc_find() {
  sc_pid=
  [ ! -r "$1" ] || read -r sc_pid <"$1"
  case $sc_pid in
  "" | *[!0-9]*) ;;
  *) if sc_is_listener "$sc_pid"; then return; fi ;;
  esac
  sc_found=
  for sc_pid in /proc/[0-9]*; do
    sc_pid=${sc_pid#/proc/}
    if sc_is_listener "$sc_pid"; then sc_found="$sc_found $sc_pid"; fi
  done
  sc_pid=${sc_found# }
  case $sc_pid in "" | *" "*) sc_pid= && return 1 ;; esac
  sc_is_listener "$sc_pid"
}
sc_reload() {
  sc_said=$(sshd -t 2>&1 </dev/null) || { echo "sshd refuses its configuration: $sc_said" >&2 && return 1; }
  case $1 in
  *.socket)
    systemctl daemon-reload || return
    systemctl restart "$1" && return
    systemctl stop "${1%.socket}.service"
    systemctl start "$1"
    return
    ;;
  ?*) if systemctl reload "$1"; then return; fi ;;
  esac
  sc_find "$2" || { echo "no sshd was found that could be told to reload" >&2 && return 1; }
  kill -HUP "$sc_pid"
}
'

# sc_begin_lines TEXT, sc_next_line: sc_one is each of its lines in turn. A here-document would be a file in some shells.
sc_begin_lines() {
  sc_todo=${1%"$lk_nl"}
  [ -z "$sc_todo" ] || sc_todo=$sc_todo$lk_nl
}
sc_next_line() {
  [ -n "$sc_todo" ] || return 1
  sc_one=${sc_todo%%"$lk_nl"*}
  sc_todo=${sc_todo#*"$lk_nl"}
}

# sc_cut NAME: takes a block of ours out of sc_text; status 1 where it has none.
sc_cut() {
  sc_begin="# BEGIN Latchkey $1$lk_nl" sc_end="# END Latchkey $1$lk_nl"
  case $lk_nl$sc_text in *"$lk_nl$sc_begin"*"$sc_end"*) ;; *) return 1 ;; esac
  sc_rest=${sc_text#*"$sc_begin"}
  sc_text=${sc_text%%"$sc_begin"*}${sc_rest#*"$sc_end"}
}

# sc_scan: parts sc_text where the first Match begins, since what stands behind it counts for some logins only: sc_global
# and sc_matched. sc_included=1 where the drop-in is read from before it.
sc_scan() {
  sc_global='' sc_matched='' sc_included=
  sc_begin_lines "$sc_text"
  while sc_next_line; do
    sc_key=${sc_one#"${sc_one%%[! 	]*}"}
    case $sc_matched/$sc_key in
    /[Mm][Aa][Tt][Cc][Hh][!a-zA-Z]*) sc_matched=$sc_one$lk_nl && continue ;;
    /[Ii][Nn][Cc][Ll][Uu][Dd][Ee][!a-zA-Z]*) sc_include "${sc_key#???????}" ;;
    esac
    if [ -z "$sc_matched" ]; then sc_global=$sc_global$sc_one$lk_nl; else sc_matched=$sc_matched$sc_one$lk_nl; fi
  done
}
sc_include() {
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- ${1#=}
  set +f
  for sc_key in "$@"; do
    sc_key=${sc_key#\"} && sc_key=${sc_key%\"}
    case $sc_key in /*) ;; *) sc_key=/etc/ssh/$sc_key ;; esac
    # shellcheck disable=SC2254 # it is a pattern
    case $sc_drop in $sc_key) sc_included=1 ;; esac
  done
}

# sc_open FILE: its state, and sc_text what it holds.
sc_open() {
  sc_file=$1 sc_text=
  lk_look "$1"
  case $f_type in
  absent) ;;
  file)
    lk_read "$lk_at" || lk_fail "$1 is no text"
    sc_text=$lk_v
    ;;
  *) lk_fail "refusing to replace $1: it is a $f_type" ;;
  esac
}

sc_block() { lk_v="# BEGIN Latchkey $1$lk_nl$2# END Latchkey $1$lk_nl"; }

sc_content() { lk_put "$sc_text"; }

# sc_write: the file as it is to be; in a dry run only the plan.
sc_write() {
  if [ "$p_state" = absent ] && [ "$sc_file" = "$sc_drop" ] && [ -z "$sc_text" ]; then
    lk_here=$lk_at
    lk_show_diff "$sc_file" "$sc_file" sc_content 0
    if lk_checking; then
      lk_plan path "$sc_file" ''
    else
      lk_try rm -f -- "$lk_at" || sc_put_back "could not remove $sc_file: $lk_e"
    fi
    return
  fi
  if [ "$f_type" = absent ]; then p_owner=root p_group=root p_mode=0644; fi
  lk_write_file "$sc_file" "$sc_file" sc_content "${#sc_text}"
}

# sc_put_back REASON
sc_put_back() {
  lk_fire_switch || lk_fail "$1; and what was changed could not be put back: $lk_e"
  lk_fail "$1, so everything was put back"
}

# sc_require_sound: nothing is built on a configuration that sshd refuses already.
sc_require_sound() {
  lk_has sshd || lk_fail 'this host has no sshd of OpenSSH'
  lk_run sshd -t
  [ "$lk_rc" -eq 0 ] || lk_fail "sshd refuses its configuration as it is, so nothing was touched: $lk_out"
}

# sc_find_daemon: ends the step where there is no sshd that the files of sc_main and sc_folder count for.
sc_find_daemon() {
  sc_line=$(/bin/sh -c "$sc_words"'sc_find "$1" && echo "$sc_line"' sh "$sc_pidfile" 2>/dev/null </dev/null)
  case $sc_line/$sc_unit in
  /) lk_fail 'no sshd was found that listens on this host: it may be started by another program, or be another server' ;;
  *' -f'* | *' -p'*) lk_fail "sshd was started with settings of its own, which are left alone: $sc_line" ;;
  esac
}

# sc_choose_file: opens the drop-in where sshd_config includes such, else sshd_config: sc_method says which.
sc_choose_file() {
  sc_open "$sc_main"
  sc_scan
  sc_method=sshd_config
  if [ -n "$sc_included" ] && lk_is_directory "$sc_folder"; then
    sc_method=drop-in
    sc_open "$sc_drop"
  else
    # lk_is_directory may have said something about another path.
    sc_open "$sc_main"
  fi
}

# sc_warn_of_news: what somebody wrote there, and nobody tried yet, is not put back along with ours.
sc_warn_of_news() {
  if [ -f "$sc_pidfile" ] && [ -n "$(find "$sc_main" "$sc_folder" -newer "$sc_pidfile" 2>/dev/null)" ]; then
    lk_l warnings "sshd's files were changed since it read them last: from the reload on that counts, too"
  fi
}

# sc_prepare_reload: sets sc_tell to the program that has sshd read its configuration anew.
sc_prepare_reload() {
  lk_quote "$sc_unit"
  sc_tell=$lk_v
  lk_quote "$sc_pidfile"
  sc_tell="${sc_words}sc_reload $sc_tell $lk_v"
}

# sc_undo_by_reload WHAT SWITCH: a grant puts the files back, and then sshd reads them.
sc_undo_by_reload() {
  lk_undo_by "$1" "rm -rf -- $sw_root/$2
rmdir $sw_root ${sw_root%/*} 2>/dev/null
$sc_tell"
}

sc_check_new() {
  lk_run sshd -t
  [ "$lk_rc" -eq 0 ] || sc_put_back "sshd refuses the new configuration: $lk_out"
}

sc_reload_or_put_back() {
  lk_run /bin/sh -c "$sc_tell"
  [ "$lk_rc" -eq 0 ] || sc_put_back "sshd could not be told to reload: $lk_out"
}
