# shellcheck disable=SC2034,SC2154 # variables of the libraries, and p_* that come with the program

# kn_parse LINE: takes a line of the file apart: kn_marker, kn_hosts, kn_type, kn_blob; status 1 where it holds no key.
kn_parse() {
  kn_marker=
  set -f
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $1
  set +f
  case ${1-} in
  '#'*) return 1 ;;
  @*) kn_marker=$1 && shift ;;
  esac
  [ $# -ge 3 ] || return 1
  # A carriage return at the line's end is no part of the key.
  kn_hosts=$1 kn_type=$2 kn_blob=${3%[!!-~]}
}

# kn_is_about: whether the parsed line is about the host, as ssh-keygen -F finds it.
kn_is_about() {
  case $kn_hosts in
  '|'*)
    [ -n "$kn_asked" ] || kn_ask
    case $kn_found in *"$kn_hosts"*) return 0 ;; *) return 1 ;; esac
    ;;
  *[A-Z]*) kn_list=$(lk_put "$kn_hosts" | tr '[:upper:]' '[:lower:]') ;;
  *) kn_list=$kn_hosts ;;
  esac
  kn_about=1 kn_list=$kn_list,
  while [ -n "$kn_list" ]; do
    kn_one=${kn_list%%,*} kn_list=${kn_list#*,}
    if kn_fits "${kn_one#!}"; then
      case $kn_one in !*) return 1 ;; esac
      kn_about=0
    fi
  done
  return "$kn_about"
}

# Which hashed names are the host's, only ssh-keygen can say. It prints the lines themselves.
kn_ask() {
  kn_asked=1
  lk_has ssh-keygen ||
    lk_fail "Failed to find required executable \"ssh-keygen\": $kn_path holds hashed names, which only it can read"
  kn_found=$(lk_put "$kn_text" | ssh-keygen -F "$p_name" -f /dev/stdin 2>/dev/null)
  case $? in 0 | 1) ;; *) lk_fail "ssh-keygen could not look for $p_name in $kn_path" ;; esac
}

# kn_fits PATTERN: `*` and `?` are special, and nothing else that a shell would take for a pattern.
kn_fits() {
  [ "$1" != "$p_name" ] || return 0
  case $1 in *[*?]*) ;; *) return 1 ;; esac
  case $1 in *[!]A-Za-z0-9.:_%@*?[-]*) return 1 ;; esac
  kn_rest=$1 kn_glob=
  while case $kn_rest in *'['*) ;; *) false ;; esac; do
    kn_glob=$kn_glob${kn_rest%%'['*}'[[]'
    kn_rest=${kn_rest#*'['}
  done
  kn_glob=$kn_glob$kn_rest
  # shellcheck disable=SC2254 # it is a pattern
  case $p_name in $kn_glob) return 0 ;; esac
  return 1
}

# kn_decide: of the lines about the host, those that go (kn_drop, a script of sed), and whether the new one is to be added
# (kn_add). As in Ansible the first line that is the same, or has a key of the same type, decides.
kn_decide() {
  kn_drop='' kn_add='' kn_number=0
  if [ "$p_state" = present ]; then kn_add=1; fi
  # Splitting leaves empty lines out, but they count.
  case $lk_nl$kn_text in
  *"$lk_nl$lk_nl"*) kn_lines=$(lk_put "$kn_text" | sed 's/^$/ /') ;;
  *) kn_lines=$kn_text ;;
  esac
  set -f
  IFS=$lk_nl
  # shellcheck disable=SC2086 # splitting is what it is for
  set -- $kn_lines
  unset IFS
  set +f
  for kn_line; do
    kn_number=$((kn_number + 1))
    if ! kn_parse "$kn_line" || ! kn_is_about; then continue; fi
    if [ -z "${p_text+set}" ]; then
      # ssh-keygen -R leaves authorities and revoked keys, too.
      [ -n "$kn_marker" ] || kn_drop="$kn_drop${kn_number}d;"
      continue
    fi
    [ "$kn_type" = "$p_type" ] || continue
    if [ "$kn_marker" != "$p_marker" ]; then
      lk_fail "$kn_path has a key of this type for $p_name with another marker (${kn_marker:-none}): take that line out first"
    fi
    if [ "$p_state" = present ] && kn_is_same; then
      kn_add=
    else
      kn_drop=${kn_number}d
    fi
    return
  done
}

# A name is hashed differently each time: any hash of it will do.
kn_is_same() {
  [ "$kn_blob" = "$p_blob" ] || return 1
  case $kn_hosts in
  '|'*) case $p_hash$p_hosts in 1* | ?'|'*) return 0 ;; esac ;;
  esac
  [ "$p_hash$kn_hosts" = "0$p_hosts" ]
}

# The new line, its name hashed where that is wanted. In a dry run, which makes no file, something else stands for a hash.
kn_compose() {
  kn_line=$p_text
  case $p_hash/$p_hosts in 0/* | 1/'|'*) return ;; esac
  lk_has ssh-keygen || lk_fail 'Failed to find required executable "ssh-keygen": without it no name can be hashed'
  if lk_checking; then
    lk_v='|1|saltsaltsaltsaltsaltsaltsal=|hashhashhashhashhashhashhas='
  else
    kn_hash
  fi
  kn_line="${p_marker:+$p_marker }$lk_v $p_type $p_blob$p_comment"
}

# Hashes the name; ssh-keygen only works on files.
kn_hash() {
  kn_dir_of_hash=${TMPDIR:-/tmp}/.lk-$$-$lk_id
  lk_try mkdir -m 700 "$kn_dir_of_hash" || lk_fail "could not make a temporary directory: $lk_e"
  trap 'exit 1' HUP INT PIPE TERM
  trap 'rm -rf -- "$kn_dir_of_hash"' EXIT
  { lk_put "$p_name $p_type $p_blob$lk_nl" >"$kn_dir_of_hash/line"; } 2>/dev/null ||
    lk_fail "could not write to $kn_dir_of_hash"
  # It cannot be run again for what it has to say: the name is hashed by then.
  lk_e=$(ssh-keygen -H -f "$kn_dir_of_hash/line" 2>&1 </dev/null) || lk_fail "ssh-keygen could not hash $p_name: $lk_e"
  IFS=' ' read -r lk_v _ <"$kn_dir_of_hash/line"
  rm -rf -- "$kn_dir_of_hash"
  trap - EXIT
  case $lk_v in '|1|'*) ;; *) lk_fail "ssh-keygen could not hash $p_name: $lk_e" ;; esac
}

# Ansible makes no directory; one's own ~/.ssh is made as ssh itself would.
kn_make_directory() {
  if lk_is_directory "$kn_dir"; then return; fi
  lk_absolute "${HOME:-/root}/.ssh"
  [ "$kn_dir" = "$lk_v" ] || lk_fail "Failed to write to file $kn_path: there is no directory $kn_dir"
  lk_make_directories "$kn_dir" 0700
  if [ -d "$kn_dir" ]; then lk_look "$kn_path"; fi
  f_type=absent f_planned=
}

kn_show_diff() {
  [ "${lk_diff-}" = 1 ] || return 0
  # Both texts are here: the library need not read them.
  lk_diff=
  if [ "$f_type" = absent ]; then lk_s diff.before_header /dev/null; else lk_s diff.before_header "$kn_path"; fi
  lk_s diff.after_header "$kn_path"
  if [ ${#kn_text} -gt 104448 ]; then lk_i diff.dst_larger 104448; else lk_s diff.before "$kn_text"; fi
  if [ ${#kn_new} -gt 104448 ]; then lk_i diff.src_larger 104448; else lk_s diff.after "$kn_new"; fi
}

kn_content() { lk_put "$kn_new"; }

lk_path "$p_path"
lk_absolute "$lk_v"
kn_path=$lk_v
lk_s path "$kn_path"
lk_look "$kn_path"
if [ "$f_type" = link ] && [ -z "$f_planned" ]; then
  lk_follow || lk_fail "the link $kn_path leads nowhere"
  kn_path=$lk_v
  lk_look "$kn_path"
fi
lk_parent "$kn_path"
kn_dir=$lk_v
kn_text=
case $f_type in
absent) ;;
file)
  if ! lk_read "$lk_at"; then
    [ -z "$f_planned" ] ||
      lk_changed 'an earlier step would change this file; what would be left to do is not known in a dry run'
    lk_fail "could not read $kn_path as a text"
  fi
  kn_text=$lk_v ;;
*) lk_fail "refusing to edit $kn_path: it is a $f_type" ;;
esac

kn_asked='' kn_found=
kn_decide
if [ -z "$kn_drop$kn_add" ]; then
  lk_fields
  lk_ok
fi

kn_new=$kn_text
if [ -n "$kn_drop" ]; then
  kn_new=$(lk_put "$kn_text" | sed "$kn_drop" && echo .) || lk_fail "sed could not take lines out of $kn_path"
  kn_new=${kn_new%.}
fi
if [ -n "$kn_add" ]; then
  kn_compose
  case $kn_new in '' | *"$lk_nl") ;; *) kn_new=$kn_new$lk_nl ;; esac
  kn_new=$kn_new$kn_line$lk_nl
fi
kn_show_diff
[ "$f_type" != absent ] || kn_make_directory
lk_write_file "$kn_path" "$kn_path" kn_content ${#kn_new}
if lk_checking; then
  # What the hash will be, nobody knows.
  case $p_hash$kn_add in 11) lk_plan_path "$kn_path" ;; esac
fi
lk_fields
lk_changed
