# One file of many: those of the controller come as one content, which is copied. Of those of the host this body first sends
# the names, since only the controller knows Python's regular expressions and in which order they are meant.
# shellcheck disable=SC2034,SC2154

# as_is_file PATH: links followed; in a dry run with what is planned.
as_is_file() {
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$1"; then
    [ "$f_type" != link ] || lk_fail "where the link $1 would lead is not known in a dry run"
    [ "$f_type" = file ]
    return
  fi
  [ -f "$1" ]
}

as_list() {
  if ! lk_is_directory "$as_src"; then
    [ "$f_type" != absent ] || lk_fail "Source ($p_src) does not exist on the host: one of the controller needs remote_src: false"
    lk_fail "Source ($p_src) is not a directory"
  fi
  if [ -d "$as_src" ] && [ ! -r "$as_src" ]; then lk_fail "Source ($p_src) is not readable"; fi
  lk_b listed true
  for as_one in "$as_dir"/* "$as_dir"/.[!.]* "$as_dir"/..?*; do
    if as_is_file "$as_one"; then lk_l entries "${as_one##*/}"; fi
  done
  as_n=0
  while [ "$as_n" -lt "${lk_planned_n:-0}" ]; do
    as_n=$((as_n + 1))
    eval "as_kind=\$lk_planned_${as_n}_kind as_one=\$lk_planned_${as_n}_key"
    if [ "$as_kind ${as_one%/*}" = "path $as_dir" ] && as_is_file "$as_one"; then lk_l entries "${as_one##*/}"; fi
  done
  lk_ok
}

# as_each FUNCTION: calls it for each fragment, as_one, by number, as_n.
as_each() {
  as_n=0
  while [ "$as_n" -lt "$p_fragments_n" ]; do
    as_n=$((as_n + 1))
    eval "as_one=\$as_dir/\$p_fragments_$as_n"
    "$1" || return 1
  done
}

# as_is_planned: whether an earlier step of the dry run would make it; its content is f_content then.
as_is_planned() { [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$as_one"; }

# What comes before the next one, as_gap_N: an end of the line where it has none. An empty one has none, either.
as_look() {
  if as_is_planned; then
    [ -n "${f_content+set}" ] || lk_fail "the content that an earlier step would give $as_one is not known in a dry run"
    case $f_content in *"$lk_nl") lk_v= ;; *) lk_v=$lk_nl ;; esac
  else
    as_is_file "$as_one" || lk_fail "Source $as_one not found"
    [ -r "$as_one" ] || lk_fail "Source $as_one not readable"
    lk_v=
    [ "$(tail -c 1 -- "$as_one" | wc -l)" -eq 1 ] || lk_v=$lk_nl
  fi
  eval "as_gap_$as_n=\$lk_v"
}

as_write_one() {
  if [ "$as_n" -gt 1 ]; then
    eval "lk_put \"\$as_gap_$((as_n - 1))\""
    p_delimiter
  fi
  if as_is_planned; then lk_put "$f_content"; else cat -- "$as_one"; fi
}

lk_path "$p_dest"
lk_absolute "$lk_v"
as_dest=$lk_v
if lk_is_directory "$as_dest"; then lk_fail "dest is the file that is made, and $as_dest is a directory"; fi
if [ "${p_remote_src-}" = 1 ]; then
  lk_path "$p_src"
  lk_absolute "$lk_v"
  as_src=$lk_v as_dir=${lk_v%/}
  [ -n "${p_fragments_n-}" ] || as_list
  as_each as_look
  # From here on it is a content as the controller sends one.
  p_content() { as_each as_write_one; }
  p_size=$(($(p_content | wc -c))) p_has_content=1
  p_sha1=$(p_content | sha1sum 2>/dev/null)
  p_sha1=${p_sha1%% *}
  p_md5=$(p_content | md5sum 2>/dev/null)
  p_md5=${p_md5%% *}
fi
# Unlike copy's it is told of a file that is so already, too.
[ -z "${p_md5-}" ] || lk_s md5sum "$p_md5"
p_md5=
m_copy
