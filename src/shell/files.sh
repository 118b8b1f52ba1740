# Files (needs paths.sh): what is at a path, and who may do what with it. Written for few processes; every body about files uses it.
# shellcheck disable=SC2034,SC2154 # Variables are shared between this library and the bodies.
# Variables of this library: f_* a path's state, d_* its directory's, w_* what is wanted of it, lk_* passing ones.

# lk_stat PATH [DIRECTORY]: what is there now; of a link, the link itself. Sets
#   f_type    absent file directory link fifo socket char block
#   f_mode    0644     f_bits  the same as a number     f_size  f_nlink  f_id (device:inode)
#   f_uid f_gid f_owner f_group     (a number that has no name stands for itself)
# and d_* alike for DIRECTORY, links followed, in the same process. Where lk_stat_more is a format of stat(1), on one line, and
# that is there, f_more is what it says of PATH.
lk_stat() {
  f_planned='' f_content='' f_target='' d_uid='' d_bits=0
  if [ -e "$1" ] || [ -L "$1" ]; then
    lk_stat_as f "$@"
  else
    f_type=absent f_mode='' f_bits=0 f_size=0 f_nlink=0 f_id='' f_uid='' f_gid='' f_owner='' f_group=''
    if [ $# -eq 2 ] && [ -d "$2" ]; then lk_stat_as d "${2%/}/."; fi
  fi
}

# lk_stat_as PREFIX PATH [DIRECTORY]
lk_stat_as() {
  lk_sp=$1
  if lk_st=$(stat -c "%f$lk_nl%u$lk_nl%g$lk_nl%s$lk_nl%h$lk_nl%d:%i$lk_nl%U$lk_nl%G${lk_stat_more:+$lk_nl$lk_stat_more}" \
    -- "$2" ${3+"${3%/}/."} 2>/dev/null); then
    set -f
    IFS=$lk_nl
    # shellcheck disable=SC2086
    set -- $lk_st
    unset IFS
    set +f
    lk_stat_fields "$lk_sp" "$@"
    if [ -n "${lk_stat_more-}" ]; then
      f_more=$9
    elif [ $# -ne 8 ]; then
      shift 8
      lk_stat_fields d "$@"
    fi
  else
    lk_stat_by_ls "$1" "$2"
    [ $# -eq 2 ] || lk_stat_by_ls d "${3%/}/."
  fi
}

# lk_stat_fields PREFIX MODE(hexadecimal) UID GID SIZE LINKS ID OWNER GROUP
lk_stat_fields() {
  lk_sm=$((0x$2)) lk_so=$8 lk_sg=$9
  case $((lk_sm >> 12)) in
  8) lk_sk='file' ;;
  4) lk_sk=directory ;;
  10) lk_sk='link' ;;
  1) lk_sk=fifo ;;
  12) lk_sk=socket ;;
  2) lk_sk=char ;;
  *) lk_sk=block ;;
  esac
  lk_sm=$((lk_sm & 4095))
  [ "$lk_so" != UNKNOWN ] || lk_so=$3
  [ "$lk_sg" != UNKNOWN ] || lk_sg=$4
  lk_octal "$lk_sm"
  eval "$1_type=\$lk_sk $1_bits=\$lk_sm $1_mode=\$lk_v $1_uid=\$3 $1_gid=\$4 $1_size=\$5 $1_nlink=\$6 $1_id=\$7 \
    $1_owner=\$lk_so $1_group=\$lk_sg"
}

# Hosts without stat (small embedded ones): ls tells the same in another form, but for the device.
lk_stat_by_ls() {
  lk_sp=$1
  lk_st=$(ls -lnid -- "$2" 2>/dev/null) || lk_fail "cannot read the state of $2"
  lk_sn=$(ls -ld -- "$2" 2>/dev/null) || lk_fail "cannot read the state of $2"
  set -f
  # shellcheck disable=SC2086
  set -- $lk_st
  lk_bits_of_letters "$2"
  eval "$lk_sp"'_id=0:$1 '"$lk_sp"'_nlink=$3 '"$lk_sp"'_uid=$4 '"$lk_sp"'_gid=$5 '"$lk_sp"'_size=$6'
  lk_octal "$lk_sm"
  # shellcheck disable=SC2086
  set -- $lk_sn
  set +f
  eval "$lk_sp"'_type=$lk_sk '"$lk_sp"'_bits=$lk_sm '"$lk_sp"'_mode=$lk_v '"$lk_sp"'_owner=$3 '"$lk_sp"'_group=$4'
}

# `-rwsr-xr-t` to a type (lk_sk) and a number (lk_sm).
lk_bits_of_letters() {
  case $1 in
  -*) lk_sk='file' ;; d*) lk_sk=directory ;; l*) lk_sk='link' ;; p*) lk_sk=fifo ;;
  s*) lk_sk=socket ;; c*) lk_sk=char ;; *) lk_sk=block ;;
  esac
  lk_sl=${1#?} lk_sm=0
  for lk_sb in 256 128 64 32 16 8 4 2 1; do
    lk_sr=${lk_sl#?}
    case ${lk_sl%"$lk_sr"} in
    [rwx]) lk_sm=$((lk_sm + lk_sb)) ;;
    s) lk_sm=$((lk_sm + lk_sb + (lk_sb == 64 ? 2048 : 1024))) ;;
    S) lk_sm=$((lk_sm + (lk_sb == 64 ? 2048 : 1024))) ;;
    t) lk_sm=$((lk_sm + lk_sb + 512)) ;;
    T) lk_sm=$((lk_sm + 512)) ;;
    esac
    lk_sl=$lk_sr
  done
}

# lk_octal NUMBER: sets lk_v to four octal digits. printf would be a process in mksh.
lk_octal() { lk_v=$(($1 >> 9 & 7))$(($1 >> 6 & 7))$(($1 >> 3 & 7))$(($1 & 7)); }

# lk_number DIGITS: sets lk_v to the value of octal digits; mksh reads a leading zero as decimal.
lk_number() {
  lk_v=0 lk_or=$1
  while [ -n "$lk_or" ]; do
    lk_on=${lk_or#?}
    lk_v=$((lk_v * 8 + ${lk_or%"$lk_on"}))
    lk_or=$lk_on
  done
}

# lk_umask: sets lk_um to the umask in octal digits and lk_v to its value. Linux tells it since 4.7 (proc(5)), and no
# process is needed.
lk_umask() {
  lk_um=
  if [ -r /proc/self/status ]; then
    { read -r lk_uk && read -r lk_uk lk_um; } </proc/self/status
    [ "$lk_uk" = Umask: ] || lk_um=
  fi
  lk_number "${lk_um:=$(umask)}"
}

# lk_state PATH [DIRECTORY]: as lk_stat, but in a dry run with what earlier steps of it would have made: f_planned=1 then,
# and f_content the text that a file would have (unset where that is not known), f_target a link's target.
lk_state() {
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$1"; then return; fi
  lk_stat "$@"
}

# Status 1 where nothing is planned about the path.
lk_planned_path() {
  if lk_planned path "$1"; then
    lk_take_plan
    return
  fi
  lk_pp=$1
  while [ -n "${lk_pp%/*}" ]; do
    lk_pp=${lk_pp%/*}
    if lk_planned path "$lk_pp"; then
      # Nothing is below what will be gone, is a file, or will be made anew; otherwise it stays what it is.
      case $lk_v in
      'directory '*' new') ;;
      'directory '*) return 1 ;;
      esac
      lk_v=
      lk_take_plan
      return
    fi
  done
  return 1
}

lk_take_plan() {
  f_planned=1 f_target='' f_nlink=1 f_id='' f_size=0 d_uid='' d_bits=0
  unset f_content
  if [ -z "$lk_v" ]; then
    f_type=absent f_mode='' f_bits=0 f_uid='' f_gid='' f_owner='' f_group=''
    return
  fi
  lk_ph=${lk_v%%"$lk_nl"*}
  case $lk_v in *"$lk_nl"*) f_content=${lk_v#*"$lk_nl"} f_size=${#f_content} ;; esac
  f_type=${lk_ph%% *} lk_ph=${lk_ph#* }
  f_mode=${lk_ph%% *} lk_ph=${lk_ph#* }
  f_owner=${lk_ph%% *} lk_ph=${lk_ph#* }
  f_group=${lk_ph%% *}
  [ "$f_type" != link ] || f_target=$f_content
  lk_number "$f_mode"
  f_bits=$lk_v
  lk_uid "$f_owner" || :
  f_uid=$lk_v
  lk_gid "$f_group" || :
  f_gid=$lk_v
}

# lk_is_directory PATH: whether it is one, or a link to one; in a dry run with what is planned. Otherwise sets f_type to
# absent, or to something else.
lk_is_directory() {
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$1"; then
    [ "$f_type" = directory ]
    return
  fi
  [ ! -d "$1" ] || return 0
  f_type=absent
  if [ -L "$1" ]; then f_type='link'; elif [ -e "$1" ]; then f_type='file'; fi
  return 1
}

# lk_uid NAME and lk_gid NAME: set lk_v to the number of an account or group, and lk_an to its name; status 1 and an empty
# lk_v where there is none. A number is always one.
lk_uid() { lk_account "$1" user /etc/passwd; }
lk_gid() { lk_account "$1" group /etc/group; }
lk_account() {
  case $1 in
  '' | *[!0-9]*)
    if lk_checking && lk_planned "$2" "$1"; then
      lk_an=$1 lk_v=${lk_v#*:*:}
      lk_v=${lk_v%%:*}
      [ -n "$lk_v" ]
      return
    fi
    while IFS=: read -r lk_an lk_ax lk_v lk_ax; do
      [ "$lk_an" != "$1" ] || return 0
    done <"$3"
    lk_an=$1 lk_v=
    # Accounts of a directory service.
    if [ "$2" = user ]; then
      lk_v=$(id -u -- "$1" 2>/dev/null)
    else
      lk_v=$(getent group "$1" 2>/dev/null) && lk_v=${lk_v#*:*:} && lk_v=${lk_v%%:*}
    fi ;;
  *)
    while IFS=: read -r lk_an lk_ax lk_v lk_ax; do
      [ "$lk_v" != "$1" ] || return 0
    done <"$3"
    lk_v=$1 lk_an=$1 ;;
  esac
}

# lk_want: from what a path is, or would be when made (f_*), and p_owner p_group p_mode to what it is to be: w_uid w_gid
# w_owner w_group w_mode; w_attrs=1 where that differs. A name that is unknown fails the step, in a dry run too.
lk_want() {
  w_uid=$f_uid w_gid=$f_gid w_owner=$f_owner w_group=$f_group w_mode=$f_mode w_attrs=
  if [ -n "${p_owner-}" ] && [ "$p_owner" != "$f_owner" ]; then
    lk_uid "$p_owner" || lk_fail "chown failed: failed to look up user $p_owner"
    [ "$lk_v" = "$f_uid" ] && [ -n "$lk_v" ] || w_uid=$lk_v w_owner=$lk_an w_attrs=1
  fi
  if [ -n "${p_group-}" ] && [ "$p_group" != "$f_group" ]; then
    lk_gid "$p_group" || lk_fail "chgrp failed: failed to look up group $p_group"
    [ "$lk_v" = "$f_gid" ] && [ -n "$lk_v" ] || w_gid=$lk_v w_group=$lk_an w_attrs=1
  fi
  # A link has no permissions of its own on Linux.
  if [ -n "${p_mode-}" ] && [ "$f_type" != link ]; then
    lk_wanted_mode "$p_mode"
    w_mode=$lk_v
    [ "$w_mode" = "$f_mode" ] || w_attrs=1
  fi
}

# lk_wanted_mode SPEC: four octal digits as they are; `u=rw,g+X,o-w` applied to f_bits. Sets lk_v.
lk_wanted_mode() {
  lk_v=$1
  case $1 in *[!0-7]*) ;; *) return ;; esac
  lk_mb=$f_bits lk_mc=$1,
  while [ -n "$lk_mc" ]; do
    lk_m1=${lk_mc%%,*}
    lk_mc=${lk_mc#*,}
    lk_mw=${lk_m1%%[-+=]*} lk_mk=0
    lk_m1=${lk_m1#"$lk_mw"}
    case $lk_mw in
    '') lk_mw=ugo && lk_umask && lk_mk=$lk_v ;;
    *a*) lk_mw=ugo ;;
    esac
    while [ -n "$lk_m1" ]; do
      lk_mr=${lk_m1#?}
      lk_mo=${lk_m1%"$lk_mr"}
      lk_mp=${lk_mr%%[-+=]*}
      lk_m1=${lk_mr#"$lk_mp"}
      lk_mode_clause
    done
  done
  lk_octal "$lk_mb"
}

# One operation: who (lk_mw), operator (lk_mo), permissions (lk_mp), kept out by the umask (lk_mk), on lk_mb.
lk_mode_clause() {
  lk_m3=0 lk_ms=0 lk_mt=0
  case $lk_mp in *r*) lk_m3=$((lk_m3 | 4)) ;; esac
  case $lk_mp in *w*) lk_m3=$((lk_m3 | 2)) ;; esac
  case $lk_mp in *x*) lk_m3=$((lk_m3 | 1)) ;; esac
  case $lk_mp in *s*) lk_ms=1 ;; esac
  case $lk_mp in *t*) lk_mt=1 ;; esac
  # A copy of another's permissions is not held back by the umask, and X neither.
  lk_mx=0
  case $lk_mp in *X*)
    if [ "$f_type" = directory ] || [ $((lk_mb & 73)) -ne 0 ]; then lk_mx=1; fi ;;
  esac
  case $lk_mp in *u*) lk_mx=$((lk_mx | lk_mb >> 6 & 7)) ;; esac
  case $lk_mp in *g*) lk_mx=$((lk_mx | lk_mb >> 3 & 7)) ;; esac
  case $lk_mp in *o*) lk_mx=$((lk_mx | lk_mb & 7)) ;; esac
  lk_mv=0 lk_mm=0
  case $lk_mw in *u*) lk_mv=$((lk_mv | (lk_m3 & ~(lk_mk >> 6) | lk_mx) << 6 | lk_ms << 11)) lk_mm=$((lk_mm | 2496)) ;; esac
  case $lk_mw in *g*) lk_mv=$((lk_mv | (lk_m3 & ~(lk_mk >> 3) | lk_mx) << 3 | lk_ms << 10)) lk_mm=$((lk_mm | 1080)) ;; esac
  case $lk_mw in *o*) lk_mv=$((lk_mv | lk_m3 & ~lk_mk | lk_mx | lk_mt << 9)) lk_mm=$((lk_mm | 519)) ;; esac
  case $lk_mo in
  +) lk_mb=$((lk_mb | lk_mv)) ;;
  -) lk_mb=$((lk_mb & ~lk_mv)) ;;
  =) lk_mb=$((lk_mb & ~lk_mm | lk_mv)) ;;
  esac
}

# lk_new TYPE: f_* of something that this step would make, by the umask. Its owner and group are empty in a real run: they
# come with the thing itself. In a dry run they are the shell's own.
lk_new() {
  f_planned='' f_target='' f_type=$1 f_size=0 f_nlink=1 f_id='' f_uid='' f_gid='' f_owner='' f_group=''
  unset f_content
  if lk_checking; then
    lk_me
    f_uid=$me_uid f_gid=$me_gid f_owner=$me_owner f_group=$me_group
  fi
  lk_umask
  if [ "$1" = directory ]; then f_bits=$((511 & ~lk_v)); else f_bits=$((438 & ~lk_v)); fi
  # In a directory with the setgid bit the group is inherited, and by directories the bit too.
  if [ $((${d_bits:-0} & 1024)) -ne 0 ]; then
    f_gid=$d_gid f_group=$d_group
    [ "$1" != directory ] || f_bits=$((f_bits | 1024))
  fi
  [ "$1" != link ] || f_bits=511
  lk_octal "$f_bits"
  f_mode=$lk_v
}

# lk_me: who this shell is: me_uid me_gid me_owner me_group.
lk_me() {
  [ -z "${me_uid-}" ] || return 0
  lk_t=$(id)
  lk_me_part me_uid me_owner "${lk_t#uid=}"
  lk_me_part me_gid me_group "${lk_t#* gid=}"
}
# `1000(alice) …`, or only the number where it has no name.
lk_me_part() {
  lk_v=${3%%[!0-9]*}
  lk_t2=${3#"$lk_v"}
  case $lk_t2 in '('*) lk_t2=${lk_t2#?} lk_t2=${lk_t2%%')'*} ;; *) lk_t2=$lk_v ;; esac
  eval "$1=\$lk_v $2=\$lk_t2"
}

# lk_guarded: whether only root and this user can change names in the directory of d_*.
lk_guarded() {
  [ $((d_bits & 18)) -eq 0 ] || return 1
  [ "$d_uid" = 0 ] || { lk_me && [ "$d_uid" = "$me_uid" ]; }
}

# lk_try COMMAND...: status as the command's; where it fails, lk_e is what it printed. It must be one that may run again:
# the first time nobody listens, since that would take a copy of the shell.
lk_try() { "$@" >/dev/null 2>&1 </dev/null || lk_e=$("$@" 2>&1 </dev/null); }

# lk_why DIRECTORY: sets lk_e to why nothing can be written there; status 1 where something can.
lk_why() {
  rm -rf -- "$1/.lk-why" 2>/dev/null
  # A file system may have room for a name and none for what is in it.
  lk_e=$({ mkdir "$1/.lk-why" && dd if=/dev/zero of="$1/.lk-why/file" bs=8192 count=1; } 2>&1)
  rm -rf -- "$1/.lk-why" 2>/dev/null
  lk_e=${lk_e%%"$lk_nl"*}
  case $lk_e in
  *': '*) lk_e=${lk_e##*: } ;;
  *) lk_e='no space left, perhaps' && return 1 ;;
  esac
}

# lk_apply PATH: gives an existing path the owner, group and mode that lk_want asked for. Where d_* says that somebody
# else could swap the path for a link meanwhile, what was looked at is held open and changed through /proc.
lk_apply() {
  [ "$w_uid:$w_gid:$w_mode" != "$f_uid:$f_gid:$f_mode" ] || return 0
  case $f_type in
  file | directory)
    if lk_must_hold; then
      # shellcheck disable=SC2094 # It is opened for its attributes, and read by nobody.
      { { lk_apply_held "$1"; } 3<"$1" || lk_fail "could not open $1"; } 2>/dev/null
      return
    fi ;;
  esac
  if [ "$w_uid:$w_gid" != "$f_uid:$f_gid" ]; then
    lk_try chown -h "$w_uid:$w_gid" "$1" || lk_fail "chown failed: $lk_e"
    # chown takes the setuid and setgid bits away.
    [ $((f_bits & 3072)) -eq 0 ] || f_mode=
  fi
  # Five digits, since GNU chmod keeps a directory's setgid bit with four.
  if [ "$w_mode" != "$f_mode" ] && [ "$f_type" != link ]; then
    lk_try chmod "0$w_mode" "$1" || lk_fail "chmod failed: $lk_e"
  fi
}

lk_must_hold() { [ -n "${d_uid-}" ] && [ -d /proc/self/fd ] && ! lk_guarded; }

# Whether descriptor 3 is what f_* was told of. mksh closes its descriptors for commands: each one gets it anew.
lk_is_held() { [ "$(stat -L -c %d:%i /proc/self/fd/3 3<&3 2>/dev/null)" = "$f_id" ]; }

lk_apply_held() {
  lk_is_held || lk_fail "$1 was exchanged while it was looked at"
  lk_e=$(chown "$w_uid:$w_gid" /proc/self/fd/3 2>&1 3<&3) || lk_fail "chown failed: $lk_e"
  lk_e=$(chmod "0$w_mode" /proc/self/fd/3 2>&1 3<&3) || lk_fail "chmod failed: $lk_e"
}

# lk_get PATH COMMAND...: runs a command with the file of f_* as its input, and no other one that took its place.
lk_get() {
  lk_gp=$1
  shift
  if lk_must_hold; then
    { lk_is_held && "$@" <&3; } 3<"$lk_gp"
  else
    "$@" <"$lk_gp"
  fi
}

# lk_look PATH: the state of an absolute path, f_* and d_*, as seen from its directory, which becomes the current one:
# lk_at is the path from there on, so that nobody can lead the next steps elsewhere. Without such a directory the path is
# absent, lk_looked is empty, and lk_at is no path to use. In a dry run a plan counts first.
lk_look() {
  lk_parent "$1"
  lk_at=$1 lk_looked=
  if [ -d "$lk_v" ]; then
    lk_enter "$lk_v"
    lk_at=./${1##*/}
    lk_looked=$1
  fi
  if [ "${lk_planned_n:-0}" -gt 0 ] && lk_planned_path "$1"; then return; fi
  if [ -n "$lk_looked" ]; then lk_stat "$lk_at" .; else lk_stat ''; fi
}

# lk_cd DIRECTORY: goes there, and sets lk_pwd to where that really is. bash and mksh work that out from the name, before
# they go: in a directory of somebody else's it may be a lie by then, and only the kernel knows.
if [ -n "${BASH_VERSION-}${KSH_VERSION-}" ]; then
  lk_cd() { cd -P -- "$1" 2>/dev/null && lk_pwd=$(env pwd -P 2>/dev/null); }
else
  lk_cd() { cd -P -- "$1" 2>/dev/null && lk_pwd=$PWD; }
fi

# lk_enter DIRECTORY: goes there, and makes sure that root was not led astray by a link of somebody else's: from then on
# `.` is this directory, whatever its name comes to mean.
lk_enter() {
  lk_looked=
  lk_cd "$1" || lk_fail "could not enter the directory $1"
  [ "$lk_pwd" = "$1" ] || lk_walk "$1"
}

# The same step by step, where a link is on the way: each one is judged from within its own directory.
lk_walk() {
  lk_me
  [ "$me_uid" = 0 ] || return 0
  lk_lr=${1#/}/
  lk_cd /
  while [ -n "$lk_lr" ]; do
    lk_lc=${lk_lr%%/*} lk_lr=${lk_lr#*/} lk_lp=${lk_pwd%/}
    [ -n "$lk_lc" ] || continue
    lk_stat_as l "./$lk_lc" .
    lk_cd "./$lk_lc" || lk_fail "could not enter the directory $1"
    [ "$lk_pwd" != "$lk_lp/$lk_lc" ] || continue
    lk_stat_as t .
    lk_may_follow "$t_uid" || lk_fail "refusing to follow the symbolic link $lk_lp/$lk_lc of $l_owner as root"
  done
}

# lk_may_follow UID: whether root follows a link (l_*) in a directory (d_*) to something of UID: if only root can have put
# it there, or it leads its owner, who alone can have, to something of the same owner.
lk_may_follow() {
  if lk_guarded; then return 0; fi
  if [ $((d_bits & 512)) -ne 0 ] && [ "$l_uid" = 0 ]; then return 0; fi
  [ $((d_bits & 18)) -eq 0 ] && [ "$1" = "$d_uid" ]
}

# lk_follow: where the path of the last lk_look is a link, sets lk_v to where that leads in the end; status 1 where it
# leads in a circle. A link of somebody else's that root should not follow fails the step.
lk_follow() {
  if [ -e "$lk_at" ]; then
    lk_fw=$(readlink -f -- "$lk_at" 2>/dev/null)
  else
    # Where it leads nowhere, BusyBox's readlink -f gives a wrong answer.
    lk_follow_by_steps "${lk_pwd%/}/${lk_at#./}"
  fi
  [ -n "$lk_fw" ] || return 1
  lk_me
  if [ "$me_uid" = 0 ]; then
    t_uid=
    [ ! -e "$lk_fw" ] || lk_stat_as t "$lk_fw"
    l_uid=$f_uid
    lk_may_follow "${t_uid:-nobody}" || lk_fail "refusing to follow the symbolic link $lk_looked of $f_owner as root"
  fi
  lk_v=$lk_fw
}
lk_follow_by_steps() {
  lk_fw=$1 lk_fn=0
  while [ -L "$lk_fw" ]; do
    lk_fn=$((lk_fn + 1))
    [ "$lk_fn" -lt 40 ] || { lk_fw='' && return; }
    lk_ft=$(readlink -- "$lk_fw")
    case $lk_ft in /*) lk_fw=$lk_ft ;; *) lk_parent "$lk_fw" && lk_fw=${lk_v%/}/$lk_ft ;; esac
  done
}

# lk_fields: the keys that Ansible gives about a path, from f_*.
lk_fields() {
  [ "$f_type" != absent ] || { lk_s state absent && return; }
  lk_i uid "${f_uid:-0}"
  lk_i gid "${f_gid:-0}"
  lk_s owner "$f_owner"
  lk_s group "$f_group"
  case $f_mode in 0*) lk_s mode "$f_mode" ;; *) lk_s mode "0$f_mode" ;; esac
  lk_i size "$f_size"
  case $f_type in
  file) if [ "$f_nlink" -gt 1 ]; then lk_s state hard; else lk_s state file; fi ;;
  char | block | fifo | socket) lk_s state file ;;
  *) lk_s state "$f_type" ;;
  esac
}

# lk_will_be: f_* become what is wanted, for a dry run.
lk_will_be() {
  f_uid=$w_uid f_gid=$w_gid f_owner=$w_owner f_group=$w_group f_mode=$w_mode
}

# lk_made PREFIX: f_* become what was made: the state PREFIX_* with what was wanted.
lk_made() {
  eval "f_uid=\${w_uid:-\$$1_uid} f_gid=\${w_gid:-\$$1_gid} f_owner=\${w_owner:-\$$1_owner} \
    f_group=\${w_group:-\$$1_group} f_size=\$$1_size f_type=\$$1_type"
  f_mode=$w_mode f_nlink=1
}

# lk_plan_path PATH [CONTENT]: tells the dry run what the path will be, from f_*. A long text is not told.
lk_plan_path() {
  if [ "$f_type" = absent ]; then
    lk_plan path "$1" ''
  elif [ $# -eq 1 ] || [ ${#2} -gt 65536 ]; then
    lk_plan path "$1" "$f_type $f_mode $f_owner $f_group"
  else
    lk_plan path "$1" "$f_type $f_mode $f_owner $f_group$lk_nl$2"
  fi
}

# lk_make_directories PATH MODE: makes what is missing of a directory's path (absolute), each with p_owner, p_group and
# MODE (as p_mode) where given. In a dry run only tells the plan. Sets n_made to the number of directories.
lk_make_directories() {
  n_path=$1 n_rest='' n_made=0 n_mode=${p_mode-}
  p_mode=$2
  until lk_is_directory "$n_path"; do
    [ "$f_type" = absent ] || lk_fail "$n_path already exists as a $f_type"
    lk_v=${n_path##*/}
    n_rest=/$lk_v$n_rest
    lk_parent "$n_path"
    n_path=$lk_v
  done
  d_bits=0
  if [ -d "$n_path" ]; then
    lk_enter "$n_path"
    [ -z "$n_rest" ] || lk_stat_as d .
  fi
  while [ -n "$n_rest" ]; do
    n_rest=${n_rest#/}
    n_name=${n_rest%%/*}
    n_rest=${n_rest#"$n_name"}
    n_path=${n_path%/}/$n_name
    n_made=$((n_made + 1))
    lk_make_directory
    # It is the next one's parent.
    d_bits=$f_bits d_gid=$f_gid d_group=$f_group
  done
  p_mode=$n_mode
}

# One directory, in the current one. Made for its owner alone, entered, and only then handed over: `.` stays what it is.
lk_make_directory() {
  lk_new directory
  lk_want
  if lk_checking; then
    lk_will_be
    lk_number "$f_mode"
    f_bits=$lk_v lk_v=new
    [ -e "$n_path" ] || lk_v=
    lk_plan path "$n_path" "directory $f_mode $f_owner $f_group${lk_v:+ $lk_v}"
    return
  fi
  n_here=${lk_pwd%/}/$n_name
  lk_try mkdir -m 0700 "./$n_name" || lk_fail "There was an issue creating $n_path as requested: $lk_e"
  lk_cd "./$n_name" || lk_fail "could not enter the directory $n_path"
  [ "$lk_pwd" = "$n_here" ] || lk_fail "$n_path was exchanged while it was made"
  lk_stat_as f .
  w_uid=${w_uid:-$f_uid} w_gid=${w_gid:-$f_gid} w_owner=${w_owner:-$f_owner} w_group=${w_group:-$f_group}
  d_uid=
  lk_apply .
  lk_will_be
  lk_number "$f_mode"
  f_bits=$lk_v
}
