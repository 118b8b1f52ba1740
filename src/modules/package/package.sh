# Brings packages to a state. The managers tell what a call comes to in their last lines; a dry run of theirs tells the same.
# shellcheck disable=SC2154

# pk_manager: the one of the host's distribution, or the first that is there.
pk_manager() {
  pk_family=$(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null)
  case $pk_family in
  *debian* | *ubuntu*) set -- apt ;;
  *alpine*) set -- apk ;;
  *suse*) set -- zypper ;;
  *fedora* | *rhel* | *centos*) set -- dnf dnf5 yum ;;
  *) set -- ;;
  esac
  for pk_use in "$@" apt dnf dnf5 yum zypper apk; do
    ! pk_is_there || return 0
  done
  lk_fail 'this host has none of the package managers apk, apt, dnf, yum and zypper'
}

pk_is_there() {
  case $pk_use in
  apt) lk_has apt-get && lk_has dpkg-query ;;
  *) lk_has "$pk_use" ;;
  esac
}

# pk_run COMMAND...: sets pk_rc and pk_out.
pk_run() {
  pk_rc=0
  if lk_checking; then
    pk_out=$("$@" 2>&1 </dev/null) || pk_rc=$?
  else
    # What a package's scripts start may outlive them and keep their output open: nobody waits for the end of a file.
    "$@" >"$pk_log" 2>&1 </dev/null || pk_rc=$?
    pk_out=$(cat "$pk_log")
  fi
  pk_all=$pk_all${pk_all:+$lk_nl}$pk_out
}

# pk_installed NAME: whether the manager has it.
pk_installed() {
  case $pk_use in
  apt) pk_installed_deb "$1" ;;
  apk) [ -n "$(apk info -e "$1" 2>/dev/null)" ] ;;
  # Groups, files and addresses are for the manager to judge.
  *)
    case $1 in @* | *.rpm | *://*) return 1 ;; esac
    rpm -q "$1" >/dev/null 2>&1 || rpm -q --whatprovides "$1" >/dev/null 2>&1
    ;;
  esac
}

# pk_installed_deb NAME[=VERSION]: the package itself, or where there is none of that name, one that provides it.
pk_installed_deb() {
  pk_name=${1%%=*} pk_version=
  case $1 in *=*) pk_version=${1#*=} ;; esac
  case $pk_name in /* | ./* | *[*?^]*) return 1 ;; esac
  pk_there=$(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$pk_name" 2>/dev/null | sed -n 's/^installed //p')
  if [ -n "$pk_there" ]; then
    [ -n "$pk_version" ] || return 0
    # shellcheck disable=SC2254 # a version may be a pattern (1.2*), as with apt-get
    case $pk_there in $pk_version) return 0 ;; esac
    return 1
  fi
  [ -z "$pk_version" ] || return 1
  dpkg-query -W -f '${db:Status-Status}, ${Provides}, \n' 2>/dev/null |
    awk -v name="$pk_name" '$1 == "installed," { for (i = 2; i <= NF; i++) if ($i == name || $i == name ",") { found = 1; exit } } END { exit !found }'
}

# pk_call ACTION LINES: has the manager do it (install, upgrade, remove) with the names, if there are any; fails where it does.
pk_call() {
  [ -n "$2" ] || return 0
  pk_action=$1
  set -f
  IFS=$lk_nl
  # shellcheck disable=SC2086 # a name may have spaces (groups of dnf), and no line break
  set -- $2
  unset IFS
  set +f
  pk_failed=
  "pk_call_$pk_style" "$@" || pk_failed=1
  lk_i rc "$pk_rc"
  lk_s stdout "$pk_all"
  [ "$pk_action" = remove ] || pk_refuse_missing
  [ -z "$pk_failed" ] || lk_fail "$pk_use failed with status $pk_rc: $(pk_complaint)"
}

# pk_complaint: what a manager calls an error, or else the last that it said.
pk_complaint() { lk_put "$pk_out$lk_nl" | grep -i '^e\(rr\(or\)\{0,1\}\)\{0,1\}:' || lk_put "$pk_out" | tail -n 5; }

# What each manager says of a package that no repository has.
pk_refuse_missing() {
  case $pk_out in
  *'Unable to locate package '*) pk_missing=${pk_out#*'Unable to locate package '} ;;
  *'No match for argument: '*) pk_missing=${pk_out#*'No match for argument: '} ;;
  *'No package '*' available'*) pk_missing=${pk_out#*'No package '} ;;
  *"No provider of '"*"' found"*) pk_missing=${pk_out#*"No provider of '"} ;;
  *' (no such package)'*) pk_missing=${pk_out%%' (no such package)'*} pk_missing=${pk_missing##*[" $lk_nl"]} ;;
  *) return 0 ;;
  esac
  lk_fail "No package matching '${pk_missing%%[" '$lk_nl"]*}' is available: see how it is called here, or set update_cache"
}

# pk_call_MANAGER NAME...: status 0 where it is done; sets pk_changed where that came to something.
pk_call_apt() {
  case $pk_action in
  remove) set -- remove "$@" ;;
  upgrade) set -- install "$@" ;;
  # What a pattern names and is here already stays as it is. A version is a reason to change it.
  *) case " $*" in *=*) set -- install "$@" ;; *) set -- --no-upgrade install "$@" ;; esac ;;
  esac
  ! lk_checking || set -- -s "$@"
  pk_run env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none apt-get -y -o DPkg::Lock::Timeout=60 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
  case $lk_nl$pk_out in
  *"${lk_nl}0 upgraded, 0 newly installed, 0 to remove "*) ;;
  *) pk_changed=1 ;;
  esac
  [ "$pk_rc" = 0 ]
}

pk_call_dnf() {
  [ "$pk_action" != remove ] || set -- --setopt=clean_requirements_on_remove=False "$@"
  ! lk_checking || set -- --assumeno "$@"
  pk_run "$pk_use" -y "$pk_action" "$@"
  case $pk_out in
  *'Nothing to do'* | *'No packages marked for '* | *'No Packages marked for '*) ;;
  *) pk_changed=1 ;;
  esac
  case $pk_rc:$pk_out in
  0:* | 1:*'peration aborted'* | 1:*'xiting on user '*) ;;
  *) return 1 ;;
  esac
}

pk_call_apk() {
  case $pk_action in
  remove) set -- del "$@" ;;
  upgrade) set -- add --upgrade "$@" ;;
  *) set -- add "$@" ;;
  esac
  ! lk_checking || set -- "$@" --simulate
  pk_run apk --no-progress "$@"
  case $lk_nl$pk_out in *"$lk_nl("[0-9]*/[0-9]*') '*) pk_changed=1 ;; esac
  [ "$pk_rc" = 0 ]
}

pk_call_zypper() {
  case $pk_action in
  remove) set -- remove "$@" ;;
  *) set -- install --auto-agree-with-licenses "$@" ;;
  esac
  ! lk_checking || set -- "$@" --dry-run
  pk_run zypper --non-interactive "$@"
  case $pk_out in *'Nothing to do'*) ;; *) pk_changed=1 ;; esac
  # Done, and: restart the host, restart zypper, some repositories were left out.
  case $pk_rc in 0 | 102 | 103 | 106) ;; *) return 1 ;; esac
}

pk_update() {
  case $pk_use in
  apt) pk_run apt-get -o DPkg::Lock::Timeout=60 update ;;
  apk) pk_run apk update ;;
  zypper) pk_run zypper --non-interactive refresh ;;
  *) pk_run "$pk_use" -y makecache ;;
  esac
  [ "$pk_rc" = 0 ] ||
    lk_fail "$pk_use could not read what the repositories have (status $pk_rc): $(pk_complaint)"
  pk_all=
}

PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin
pk_use=$p_use pk_all='' pk_changed=
if [ "$pk_use" = auto ]; then
  pk_manager
elif ! pk_is_there; then
  lk_fail "this host has no $pk_use"
fi
case $pk_use in dnf5 | yum) pk_style=dnf ;; *) pk_style=$pk_use ;; esac
lk_s manager "$pk_use"
if ! lk_checking; then
  trap 'exit 1' HUP INT PIPE TERM
  trap '[ -z "${pk_log-}" ] || rm -f -- "$pk_log"' EXIT
  pk_log=$(umask 077 && mktemp "${TMPDIR:-/tmp}/.latchkey.XXXXXX") || lk_fail 'no temporary file could be made'
fi
if [ "$p_update_cache" = 1 ] && ! lk_checking; then
  pk_update
  lk_b cache_updated true
else
  lk_b cache_updated false
fi

# Those that are here, and those that are not.
pk_here='' pk_gone='' pk_i=0
while [ "$pk_i" -lt "$p_names_n" ]; do
  pk_i=$((pk_i + 1))
  eval "pk_one=\$p_names_$pk_i"
  # What goes goes in any version.
  case $p_state:$pk_use in absent:apt) pk_one=${pk_one%%=*} ;; esac
  if pk_installed "$pk_one"; then pk_here=$pk_here$pk_one$lk_nl; else pk_gone=$pk_gone$pk_one$lk_nl; fi
done

case $p_state in
present) pk_call install "$pk_gone" ;;
absent) pk_call remove "$pk_here" ;;
latest)
  pk_call install "$pk_gone"
  pk_call upgrade "$pk_here"
  ;;
esac
[ -z "$pk_changed" ] || lk_changed
lk_ok
