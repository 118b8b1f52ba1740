# A file or directory with a name of the moment, for its owner alone.
# shellcheck disable=SC2034,SC2154

# tf_name: sets tf_path to a path that nothing has. od is in POSIX, mktemp is not.
tf_name() {
  # shellcheck disable=SC2046 # its words are what is wanted
  set -- $(od -An -N4 -tx1 /dev/urandom)
  [ $# -eq 4 ] || lk_fail 'could not read /dev/urandom for a new name'
  tf_path=${tf_dir%/}/$p_prefix$1$2$3$4$p_suffix
  lk_look "$tf_path"
}

tf_make() {
  # Neither follows a link, nor takes what somebody else put there meanwhile.
  if [ "$p_state" = directory ]; then mkdir -- "$lk_at"; else set -C && : >"$lk_at"; fi
}

lk_path "${p_path-}"
tf_dir=$lk_v
if [ -z "$tf_dir" ]; then
  tf_dir=${TMPDIR-}
  [ -d "$tf_dir" ] || tf_dir=/tmp
fi
lk_absolute "$tf_dir"
tf_dir=$lk_v
lk_is_directory "$tf_dir" || lk_fail "there is no directory $tf_dir for a temporary $p_state: make it first, or give another path"
umask 077
tf_name
tf_tries=100
while [ "$f_type" != absent ]; do
  tf_tries=$((tf_tries - 1))
  [ "$tf_tries" -gt 0 ] || lk_fail "no free name was found in $tf_dir"
  tf_name
done

if lk_checking; then
  lk_new "$p_state"
  # The real run will choose another name: nothing for a journal.
  [ -n "${lk_journaling-}" ] || lk_plan_path "$tf_path"
else
  [ -z "${j_dir-}" ] || lk_brings "$tf_path" temporary
  lk_e=$(tf_make 2>&1) || lk_fail "could not make a temporary $p_state in $tf_dir: ${lk_e##*: }"
  lk_stat "$lk_at"
fi
lk_fields
lk_s path "$tf_path"
lk_changed
