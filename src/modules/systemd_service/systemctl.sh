# Units of systemd: what a unit is like, and bringing it to another state.
# shellcheck disable=SC2034,SC2154 # variables come from other files, and go there

# lk_systemctl ARGUMENT...: in the manager of p_scope.
lk_systemctl() {
  case ${p_scope-system} in
  user)
    lk_find_user_manager
    lk_run systemctl --user "$@"
    ;;
  global) lk_run systemctl --global "$@" ;;
  *) lk_run systemctl "$@" ;;
  esac
}

lk_find_user_manager() {
  [ -z "${XDG_RUNTIME_DIR-}" ] || return 0
  XDG_RUNTIME_DIR=/run/user/$(id -u)
  export XDG_RUNTIME_DIR
}

# lk_unit NAME: sets lk_load and lk_active to what systemd knows of a unit, lk_show to all its properties.
lk_unit() {
  lk_systemctl show -- "$1"
  [ "$lk_rc" -eq 0 ] || case $lk_out in
  *'not been booted with systemd'* | *'Failed to connect to bus'* | *'ignoring'*) lk_fail "Service is in unknown state: $lk_out" ;;
  *) lk_fail "Error loading unit file '$1': $lk_out" ;;
  esac
  lk_show=$lk_out lk_load='' lk_active=
  lk_rest=$lk_nl$lk_show$lk_nl
  case $lk_rest in *"${lk_nl}LoadState="*) lk_load=${lk_rest#*"$lk_nl"LoadState=} lk_load=${lk_load%%"$lk_nl"*} ;; esac
  case $lk_rest in *"${lk_nl}ActiveState="*) lk_active=${lk_rest#*"$lk_nl"ActiveState=} lk_active=${lk_active%%"$lk_nl"*} ;; esac
  lk_unit_planned=
  case $lk_load in not-found | '') if lk_checking && lk_is_unit_planned "$1"; then lk_unit_planned=1 lk_load=loaded lk_active=inactive; fi ;; esac
}

# A dry run knows the units whose files its earlier steps would have written.
lk_is_unit_planned() {
  case $1 in *.*) lk_unit_file=$1 ;; *) lk_unit_file=$1.service ;; esac
  for lk_unit_dir in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system /run/systemd/system; do
    lk_planned path "$lk_unit_dir/$lk_unit_file" && [ -n "$lk_v" ] && return
  done
  return 1
}

# lk_unit_act VERB NAME: does it; a dry run only says how it is taken back.
lk_unit_act() {
  lk_unit_changed=1
  if lk_checking; then
    # Most dry runs are not a grant's. What is told last is taken back first: unmasked before it is started.
    case ${lk_journaling:-0}/$1 in
    0/*) ;;
    */mask) lk_unit_masks=1 ;;
    *) lk_unit_undo "$1" "$2" ;;
    esac
    return 0
  fi
  case $1 in
  start | stop | restart | reload)
    if [ "${p_no_block-0}" = 1 ]; then lk_systemctl --no-block "$1" -- "$2"; else lk_systemctl "$1" -- "$2"; fi
    ;;
  *) if [ "${p_force-0}" = 1 ]; then lk_systemctl "$1" --force -- "$2"; else lk_systemctl "$1" -- "$2"; fi ;;
  esac
  [ "$lk_rc" -eq 0 ] || lk_fail "Unable to $1 service $2: $lk_out"
}

# lk_unit_undo VERB NAME: what takes the verb back. It asks first: a unit whose file is gone by then needs nothing.
lk_unit_undo() {
  case $1/$lk_active in
  start/*) lk_unit_undo_by "$2" stop is-active "inactive | failed | unknown" ;;
  stop/active | stop/activating | stop/reloading) lk_unit_undo_by "$2" start is-active "active | activating | reloading" ;;
  enable/*)
    # It may have been enabled in a lesser way, which stays.
    lk_quote "$lk_enabled_as"
    lk_unit_undo_by "$2" disable is-enabled "$lk_v | disabled | not-found | ''"
    ;;
  disable/*) lk_unit_undo_by "$2" enable is-enabled enabled ;;
  mask/*) lk_unit_undo_by "$2" unmask ;;
  unmask/*) lk_unit_undo_by "$2" mask ;;
  esac
}

# lk_unit_undo_by NAME VERB [QUESTION ANSWERS]: the verb, but where the answer to a question is one of these already.
lk_unit_undo_by() {
  lk_unit_scope=
  case ${p_scope-system} in system) ;; *) lk_unit_scope=--$p_scope ;; esac
  lk_undo_words systemctl ${lk_unit_scope:+"$lk_unit_scope"} "$2" -- "$1"
  lk_unit_text=$lk_v
  if [ $# -eq 4 ]; then
    lk_undo_words systemctl ${lk_unit_scope:+"$lk_unit_scope"} "$3" -- "$1"
    lk_unit_text="case \$($lk_v 2>/dev/null) in $4) ;; *) $lk_unit_text ;; esac"
  fi
  [ "$lk_unit_scope" != --user ] || lk_unit_as_user "$2"
  lk_undo_by "unit $1" "$lk_unit_text"
}

# lk_unit_as_user VERB: lk_unit_text for root, who is to act in the manager of the one who runs this now. Where that is gone,
# nothing runs any more that could be stopped.
lk_unit_as_user() {
  lk_find_user_manager
  lk_quote "$XDG_RUNTIME_DIR"
  lk_unit_text="XDG_RUNTIME_DIR=$lk_v; export XDG_RUNTIME_DIR; $lk_unit_text"
  lk_quote "$XDG_RUNTIME_DIR/systemd/private"
  [ "$1" != stop ] || lk_unit_text="[ ! -S $lk_v ] || { $lk_unit_text; }"
  lk_unit_user=$(id -un)
  [ "$lk_unit_user" != root ] || return 0
  lk_undo_words su -s /bin/sh -c "$lk_unit_text" -- "$lk_unit_user"
  lk_unit_text=$lk_v
  lk_quote "$lk_unit_user"
  lk_unit_text="! id $lk_v >/dev/null 2>&1 || $lk_unit_text"
}

# lk_unit_bring NAME: the unit as p_masked, p_enabled and p_state say; ends the step.
lk_unit_bring() {
  lk_unit_changed='' lk_unit_masks=
  lk_unit "$1"
  if [ -n "${p_masked-}" ]; then
    case $p_masked/$lk_load in
    1/masked | 0/[!m]* | 0/) ;;
    1/*) lk_unit_act mask "$1" ;;
    0/*) lk_unit_act unmask "$1" && { lk_checking || lk_unit "$1"; } ;;
    esac
  fi
  case ${p_enabled-}${p_state-}/$lk_load in
  /*) ;;
  */not-found) lk_fail "Could not find the requested service $1: host" ;;
  # Without a running systemd (chroots) units can be enabled for the next boot, and nothing more.
  */) [ -z "${p_state-}" ] || lk_fail "Service is in unknown state: $lk_show" ;;
  esac
  if [ -n "${p_enabled-}" ]; then
    lk_unit_is_enabled "$1"
    [ "$p_enabled" = 0 ] || lk_b enabled true
    [ "$p_enabled" = 1 ] || lk_b enabled false
    case $p_enabled/$lk_enabled in
    1/0) lk_unit_act enable "$1" ;;
    0/1) lk_unit_act disable "$1" ;;
    esac
  fi
  [ -z "${p_state-}" ] || lk_unit_bring_state "$1"
  [ -z "$lk_unit_masks" ] || lk_unit_undo mask "$1"
  lk_s name "$1"
  lk_s show "$lk_show"
  [ -z "$lk_unit_changed" ] || lk_changed
  lk_ok
}

# Enabled at the next boot: not what is enabled until then, or through another unit's name.
lk_unit_is_enabled() {
  lk_enabled=0 lk_enabled_as=
  [ -z "$lk_unit_planned" ] || return 0
  lk_systemctl is-enabled -- "$1"
  lk_enabled_as=${lk_out##*"$lk_nl"}
  case $lk_rc/$lk_out in
  */*'No such file'* | */not-found) lk_fail "Could not find the requested service $1: host" ;;
  0/enabled-runtime | 0/indirect | 0/alias) ;;
  0/*) lk_enabled=1 ;;
  esac
}

lk_unit_bring_state() {
  lk_unit_verb=
  case $p_state/$lk_active in
  started/active | started/activating | started/reloading | stopped/inactive | stopped/failed) ;;
  started/*) lk_unit_verb=start ;;
  stopped/*) lk_unit_verb=stop ;;
  restarted/active | restarted/activating) lk_unit_verb=restart ;;
  reloaded/active | reloaded/activating) lk_unit_verb=reload ;;
  *) lk_unit_verb=start ;;
  esac
  case $p_state in stopped) lk_s state stopped ;; *) lk_s state started ;; esac
  [ -z "$lk_unit_verb" ] || lk_unit_act "$lk_unit_verb" "$1"
}
