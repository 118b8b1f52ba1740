# Reads and writes the file of keys, with the rights of the account alone: run by another shell, without the prelude.
#
#   read  FILE FOLLOW                       answers `absent` or `file CRC SIZE`, what would keep it from being written
#                                           (or an empty line), the file's real path, its bytes and a dot
#   write FILE MAKE_DIR OWNER SEEN EDIT GLUE
#         keeps what EDIT says (all, none, or a script of sed), adds standard input, and renames the whole into place
#
# A refusal is `refused REASON`, and status 3. `raced`: the file is not what was SEEN, and nothing was done; status 4.
refuse() {
  echo "refused $1"
  exit 3
}

# Never opens what would block or has no end, nor what a link points to.
look() {
  [ ! -L "$d" ] || refuse "$d is a symbolic link"
  [ ! -e "$d" ] || [ -d "$d" ] || refuse "$d is not a directory"
  [ ! -L "$f" ] || refuse "$f is a symbolic link"
  seen=absent
  [ -e "$f" ] || return 0
  [ -f "$f" ] || refuse "$f is not a regular file"
  [ -r "$f" ] || refuse "$f cannot be read"
  seen=$(cksum <"$f") || refuse "$f cannot be read"
}

# The file that a link leads to; it need not exist, so that readlink -f of BusyBox would not tell.
follow() {
  hops=0
  while [ -L "$f" ]; do
    hops=$((hops + 1))
    [ "$hops" -le 40 ] || refuse "the links of $f have no end"
    target=$(readlink "$f") || refuse "$f cannot be read"
    case $target in /*) f=$target ;; *) f=${f%/*}/$target ;; esac
  done
  d=$(cd -P "${f%/*}/" && pwd -P) || refuse "${f%/*} cannot be entered"
  f=$d/${f##*/}
}

read_it() {
  if [ "$1" = 1 ]; then
    follow
  fi
  look
  case $seen in
  absent) echo absent ;;
  *)
    # sshd reads such a file, but no account needs one.
    [ "${seen#* }" -le 4194304 ] || refuse "$f is larger than 4 MiB"
    echo "file $seen"
    ;;
  esac
  if [ -d "$d" ]; then
    [ -w "$d" ] && [ -x "$d" ] && echo || echo "$d cannot be written to"
  else
    [ -w "${d%/*}/" ] && echo || echo "Failed to create directory $d"
  fi
  echo "$f"
  [ "$seen" = absent ] || cat "$f"
  echo .
}

claim() {
  set -C
  why=$({ true >"$t"; } 2>&1)
  claimed=$?
  set +C
  return "$claimed"
}

# The temporary name is always the same, and made only where it does not exist: it is the lock, too. Whoever holds it for
# 10 s was killed.
lock() {
  t=$d/.${f##*/}.latchkey
  tries=0 missing=0
  while ! claim; do
    if [ ! -e "$t" ] && [ ! -L "$t" ]; then
      # Either it was just removed, or it cannot be made.
      missing=$((missing + 1))
      [ "$missing" -lt 10 ] || refuse "could not write to $d: ${why##*: }"
    fi
    tries=$((tries + 1))
    [ "$tries" -ne 100 ] || rm -f "$t"
    [ "$tries" -lt 300 ] || refuse "$t stays, so that another program seems to change the file"
    sleep 0.1 2>/dev/null || sleep 1
  done
  trap '[ ! -e "$t" ] || rm -f "$t"' EXIT
  trap 'exit 5' HUP INT PIPE TERM
}

make_dir() {
  if [ -d "$d" ]; then
    [ "$1" = 1 ] || return 0
    chmod 700 "$d" || refuse "$d cannot be given mode 0700"
  elif [ "$1" = 1 ]; then
    mkdir -m 700 "$d" || refuse "Failed to create directory $d"
  else
    (umask 022 && mkdir -p "$d") || refuse "Failed to create directory $d"
    return
  fi
  [ -z "$owner" ] || chown "$owner" "$d" || refuse "$d cannot be given to the account"
}

compose() {
  case $edit in
  none) ;;
  all) cat "$f" ;;
  -n*) sed -n -e "${edit#-n}" "$f" ;;
  *) sed -e "$edit" "$f" ;;
  esac || return
  [ "$glue" = 0 ] || echo || return
  while IFS= read -r line; do
    printf '%s\n' "$line" || return
  done
}

write_it() {
  make=$1 owner=$2 want=$3 edit=$4 glue=$5
  umask 077
  [ ! -L "$d" ] || refuse "$d is a symbolic link"
  make_dir "$make"
  lock
  look
  if [ "$seen" != "$want" ]; then
    echo raced
    exit 4
  fi
  [ -z "$owner" ] || chown "$owner" "$t" || refuse "$t cannot be given to the account"
  compose >>"$t" || refuse "could not write $f"
  dd if=/dev/null of="$t" conv=notrunc,fsync 2>/dev/null
  e=$(mv -f "$t" "$f" 2>&1) || refuse "could not replace $f: ${e##*: }"
  echo written
}

what=$1 f=$2 d=${2%/*}
shift 2
case $what in
read) read_it "$@" ;;
write) write_it "$@" ;;
esac
