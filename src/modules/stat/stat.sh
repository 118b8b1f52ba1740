# Everything about a path. In a dry run a planned path is as the plan has it.
# shellcheck disable=SC2034,SC2154

lk_path "$p_path"
s_path=$lk_v
case $s_path in /*) lk_absolute "$s_path" && s_path=$lk_v ;; esac

s_file=$s_path
lk_stat_more='%i %D %.6X %.6Y %.6Z %b %o %t %T' f_more=
lk_state "$s_path"
if [ "$p_follow" = 1 ] && [ "$f_type" = link ]; then
  lk_v=$(readlink -f -- "$s_path") || lk_v=
  [ -e "$lk_v" ] || { lk_b stat.exists false && lk_ok; }
  s_file=$lk_v
  lk_state "$s_file"
fi
if [ "$f_type" = absent ]; then
  lk_b stat.exists false
  lk_ok
fi

lk_b stat.exists true
lk_s stat.path "$s_path"
lk_s stat.mode "$f_mode"
for s_is in directory:isdir file:isreg link:islnk char:ischr block:isblk fifo:isfifo socket:issock; do
  if [ "$f_type" = "${s_is%%:*}" ]; then lk_b "stat.${s_is#*:}" true; else lk_b "stat.${s_is#*:}" false; fi
done
s_bit=256
for s_is in rusr wusr xusr rgrp wgrp xgrp roth woth xoth; do
  if [ $((f_bits & s_bit)) -ne 0 ]; then lk_b "stat.$s_is" true; else lk_b "stat.$s_is" false; fi
  s_bit=$((s_bit / 2))
done
if [ $((f_bits & 2048)) -ne 0 ]; then lk_b stat.isuid true; else lk_b stat.isuid false; fi
if [ $((f_bits & 1024)) -ne 0 ]; then lk_b stat.isgid true; else lk_b stat.isgid false; fi
lk_i stat.uid "${f_uid:-0}"
lk_i stat.gid "${f_gid:-0}"
lk_i stat.size "$f_size"
lk_i stat.nlink "$f_nlink"
[ "$f_owner" = "$f_uid" ] || lk_s stat.pw_name "$f_owner"
[ "$f_group" = "$f_gid" ] || lk_s stat.gr_name "$f_group"

if [ -n "$f_planned" ]; then
  [ "$f_type" != link ] || lk_s stat.lnk_target "$f_target"
  lk_ok
fi

for s_is in readable:r writeable:w executable:x; do
  if test "-${s_is#*:}" "$s_file"; then lk_b "stat.${s_is%%:*}" true; else lk_b "stat.${s_is%%:*}" false; fi
done
if [ -n "$f_more" ]; then
  # shellcheck disable=SC2086
  set -- $f_more
  lk_i stat.inode "$1"
  lk_i stat.dev "$((0x$2))"
  lk_i stat.atime "$3"
  lk_i stat.mtime "$4"
  lk_i stat.ctime "$5"
  lk_i stat.blocks "$6"
  lk_i stat.block_size "$7"
  lk_i stat.device_type "$((0x$8 << 8 | 0x$9))"
fi
if [ "$f_type" = link ]; then
  lk_v=$(readlink -- "$s_file") && lk_s stat.lnk_target "$lk_v"
  lk_v=$(readlink -f -- "$s_file") && lk_s stat.lnk_source "$lk_v"
elif [ "$f_type" = file ] && [ -r "$s_file" ]; then
  if [ "$p_get_checksum" = 1 ]; then
    lk_v=$("${p_checksum_algorithm}sum" <"$s_file" 2>/dev/null) && lk_s stat.checksum "${lk_v%% *}"
  fi
fi
if [ "$p_get_mime" = 1 ]; then
  s_mime='unknown; charset=unknown'
  if lk_has file; then s_mime=$(file -b --mime-type --mime-encoding -- "$s_file" 2>/dev/null) || s_mime=; fi
  lk_s stat.mimetype "${s_mime%%;*}"
  lk_s stat.charset "${s_mime##*charset=}"
fi
if [ "$p_get_attributes" = 1 ] && lk_has lsattr && lk_v=$(lsattr -vd -- "$s_file" 2>/dev/null); then
  # shellcheck disable=SC2086
  set -- $lk_v
  lk_s stat.version "$1"
  lk_s stat.attr_flags "$2"
fi
lk_ok
