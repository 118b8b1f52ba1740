# shellcheck disable=SC2034,SC2154 # variables of the library, and p_* that come with the program
ge_missing() {
  ge_why='One or more supplied key could not be found in the database.'
  if [ "$p_fail_key" = 0 ]; then lk_ok "$ge_why"; fi
  lk_fail "$ge_why"
}

# A dry run knows the accounts that its earlier steps would have made.
case $p_database in
passwd) ge_kind=user ;;
group) ge_kind=group ;;
*) ge_kind= ;;
esac
if [ -n "${p_key-}" ] && [ -n "$ge_kind" ] && lk_planned "$ge_kind" "$p_key"; then
  [ -n "$lk_v" ] || ge_missing
  lk_s output "$lk_v"
  lk_ok
fi

if lk_has getent; then
  set -- "$p_database"
  [ -z "${p_key+x}" ] || set -- "$@" "$p_key"
  [ -z "${p_service-}" ] || set -- -s "$p_service" -- "$@"
  [ -n "${p_service-}" ] || set -- -- "$@"
  set -- getent "$@"
  # A directory may hang.
  lk_sources "$p_database"
  if [ -n "${p_key+x}" ] && [ "$lk_source" = other ] && lk_has timeout; then set -- timeout 10 "$@"; fi
  lk_run "$@"
  case $lk_rc in
  0)
    lk_s output "$lk_out"
    lk_ok
    ;;
  1) lk_fail 'Missing arguments, or database unknown.' ;;
  2) ge_missing ;;
  124 | 143) lk_fail "no name service of this host said within 10 s whether there is $p_key (nsswitch.conf)" ;;
  3) lk_fail 'Enumeration not supported on this database.' ;;
  *) lk_fail "getent ended with status $lk_rc: $lk_out" ;;
  esac
fi

# Small hosts have the files alone.
case $p_database in
passwd | group | shadow | gshadow) ;;
*) lk_fail 'Failed to find required executable "getent" on this host' ;;
esac
[ -r "/etc/$p_database" ] || lk_fail 'Missing arguments, or database unknown.'
if [ -n "${p_key+x}" ]; then
  lk_line_of "/etc/$p_database" "$p_key" || ge_missing
  lk_s output "$lk_line"
else
  lk_s output "$(cat "/etc/$p_database")"
fi
lk_ok
