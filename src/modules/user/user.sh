# shellcheck disable=SC1003,SC2034,SC2154 # variables of the library, and p_* that come with the program
lk_sbin
lk_s name "$p_name"
lk_s state "$p_state"
# useradd looks for an account of this name wherever the host does.
u_parent=${p_home-}
if [ "$p_state" = present ] && ! lk_checking && lk_has useradd && [ -d "${u_parent%/*}/" ]; then lk_later=1; fi
lk_getpw "$p_name" || :
u_unasked=${lk_unasked-} lk_later=

# Runs a tool that changes accounts; its complaint is the module's.
u_run() {
  u_said=
  lk_run_account "$@"
  u_said=$lk_out
  [ "$lk_rc" -eq 0 ] && return
  case $1/$lk_rc/$u_unasked in useradd/9/1) if lk_getpw "$p_name"; then u_modify; fi ;; esac
  lk_i rc "$lk_rc"
  lk_fail "${lk_out:-$1 failed with status $lk_rc}"
}

u_bool() { case $2 in 1) lk_b "$1" true ;; *) lk_b "$1" false ;; esac; }

u_finish() {
  lk_i uid "$lk_pw_uid"
  lk_i group "$lk_pw_gid"
  lk_s comment "$lk_pw_gecos"
  lk_s home "$lk_pw_home"
  lk_s shell "$lk_pw_shell"
  [ -z "${p_groups_given+x}" ] || lk_s groups "$p_groups_given"
  u_home
  [ "$p_generate_ssh_key" = 0 ] || u_ssh_key
  u_ageing
  u_plan_shadow
  [ -z "${u_stderr-}" ] || lk_s stderr "$u_stderr"
  [ -z "$u_changed" ] || lk_changed
  lk_ok
}

if [ "$p_state" = absent ]; then
  u_remove
elif [ -n "$lk_pw" ]; then
  u_modify
else
  u_create
fi
