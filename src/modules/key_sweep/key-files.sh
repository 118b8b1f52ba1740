# Looks into files of keys with the rights of an account alone: run by another shell, without the prelude.
#
#   PATTERNS HOME FILE...
#
# Answers for each file the lines that hold a pattern, as `NUMBER:LINE`, and then `=WHAT`: absent, read, or why it was not
# read; after the last file `=end`. No line is longer than 8200 bytes, and of no file are there more than 51.
patterns=$1 home=${2%/}
shift 2

# Never opens what would block or has no end, nor what a link of the account's making leads to.
inspect() {
  if [ ! -e "$f" ] && [ ! -L "$f" ]; then
    what=absent
    return 1
  fi
  rest=${f#"$home"/} part=$home
  [ "$rest" != "$f" ] || part=${f%/*} rest=${f##*/}
  while [ -n "$rest" ]; do
    part=$part/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    [ ! -L "$part" ] || { what="$part is a symbolic link" && return 1; }
  done
  [ -f "$f" ] || { what='it is not a regular file' && return 1; }
  [ -r "$f" ] || { what='the account itself cannot read it' && return 1; }
  # shellcheck disable=SC2012 # the name comes after the size
  size=$(ls -ldn "$f" | { read -r _ _ _ _ size _ && echo "$size"; })
  # sshd reads such a file, but no account needs one.
  [ "$size" -le 4194304 ] || { what='it is larger than 4 MiB' && return 1; }
}

for f; do
  what='read'
  # A NUL byte would make it no text. It may have grown meanwhile.
  ! inspect || head -c 4194304 "$f" | tr '\000' ' ' | grep -anFi -e "$patterns" | head -n 51 | cut -b 1-8200
  echo "=$what"
done
echo '=end'
