# shellcheck disable=SC2015,SC2034,SC2154 # variables of the libraries, and p_* that come with the program
lk_sbin
lk_is_root || lk_fail 'a grant is kept by root: give the play become: true'
j_dir=$j_root/$p_id
if ! lk_checking && [ ! -f "$j_dir/undo" ]; then lk_fail "there is no grant $p_id on this host: it ended, or was taken back"; fi
if lk_checking; then
  # In memory: a dry run leaves the disk as it is.
  ga_work=$(mktemp -d /dev/shm/lk.XXXXXX 2>/dev/null) || ga_work=$(mktemp -d) ||
    lk_fail 'could not make a directory for the time of this step'
else
  ga_work=$j_dir/adopting
  rm -rf -- "$ga_work"
  lk_try mkdir -m 700 "$ga_work" || lk_fail "could not make $ga_work: $lk_e"
fi
ga_fail() {
  rm -rf -- "$ga_work"
  lk_fail "$1"
}

# What there is: the accounts, and for each file its account, with the numbers of the lines.
ga_accounts=$lk_nl ga_files=$lk_nl ga_spared=' '
ga_hit() {
  [ "$ks_commented" = false ] && ks_is_known "$ak_blob" || return 0
  if ga_is_kept "$ks_file" "$1"; then return 0; fi
  if [ "$ks_uid" = "$ga_came" ] && ! ga_is_support "$ks_name" "$ks_gecos"; then
    ga_spare
    return 0
  fi
  case $ga_accounts in *"$lk_nl$ks_name$lk_nl"*) ;; *) ga_accounts=$ga_accounts$ks_name$lk_nl ;; esac
  # The first account to read a file is taken for its owner.
  case $ga_files in *" $ks_file$lk_nl"*) ;; *) ga_files="$ga_files$ks_name $ks_file$lk_nl" ;; esac
  ga_n=$(lk_put "$ga_files" | grep -nxF -- "$ks_name $ks_file") || return 0
  lk_put "$1d$lk_nl" >>"$ga_work/${ga_n%%:*}"
}
ga_spare() {
  case $ga_spared in *" $ks_name "*) return ;; esac
  ga_spared="$ga_spared$ks_name "
  lk_l warnings "the keys of $ks_name are left: it is the account by which this host is reached, and nobody would get in any more"
}
ga_is_support() { [ "$1" = "$p_user" ] || [ "$2" = "$p_comment" ]; }

# ga_is_kept FILE NUMBER: whether a grant takes this line away already.
ga_is_kept() {
  for ga_of in "$j_root"/*; do
    [ -f "$ga_of/undo" ] || continue
    if [ -f "$ga_of/claims" ] && grep -qxF -- "path $1" "$ga_of/claims"; then return 0; fi
    for ga_change in "$ga_of"/[0-9]*; do
      [ -f "$ga_change/kind" ] && [ "$(cat "$ga_change/kind")" = path ] || continue
      lk_j_read "$ga_change/key"
      [ "$lk_v" = "$1" ] || continue
      [ "$(cat "$ga_change/before")" != absent ] || return 0
      sed -n "$2p" "$1" >"$ga_work/line" 2>/dev/null
      if [ -f "$ga_change/left" ] && grep -qxF -f "$ga_work/line" "$ga_change/left" && ! grep -qxF -f "$ga_work/line" "$ga_change/copy"; then return 0; fi
    done
  done
  return 1
}

# ga_login: sets ga_came to the number of the account that this connection logged in with.
ga_login() {
  ga_came=${SUDO_UID:-0} ga_pid=$$
  while [ "$ga_came" = 0 ] && [ "$ga_pid" -gt 1 ]; do
    ga_came=$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$ga_pid/status" 2>/dev/null)
    ga_pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$ga_pid/status" 2>/dev/null)
    : "${ga_came:=0}" "${ga_pid:=0}"
  done
}

ga_refuse() { ga_refused="$ga_refused${ga_refused:+; }$1"; }

# ga_copy FILE: sets ga_left to a copy of the file in ga_file, ga_copy to one without the lines that are to go, and ga_rest
# where that holds lines that count.
ga_copy() {
  ga_n=$(lk_put "$ga_files" | grep -nxF -- "$ga_file")
  ga_numbers=$ga_work/${ga_n%%:*} ga_copy=$ga_work/${ga_n%%:*}.copy ga_left=$ga_work/${ga_n%%:*}.left ga_rest=
  # A link or a pipe that somebody put there since is copied as what it is, and not read.
  cp -a -- "$1" "$ga_left" 2>/dev/null || ga_fail "could not copy $1 to $j_root: no space left, perhaps"
  [ -f "$ga_left" ] && [ ! -L "$ga_left" ] || ga_fail "$1 is no regular file any more"
  sed 's/d$/p/' "$ga_numbers" >"$ga_work/show"
  sed -n -f "$ga_work/show" "$ga_left" >"$ga_work/lines"
  lk_put "$p_blobs$lk_nl" >"$ga_work/blobs"
  [ "$(grep -c '' "$ga_work/lines")" = "$(grep -cF -f "$ga_work/blobs" "$ga_work/lines")" ] || ga_fail "$1 was changed just now: do it again"
  cp -a -- "$ga_left" "$ga_copy" && sed -f "$ga_numbers" "$ga_left" >"$ga_copy" || ga_fail "could not write to $j_root: no space left, perhaps"
  ! grep -q '^[[:space:]]*[^#[:space:]]' "$ga_copy" || ga_rest=1
}

# ga_each_file NAME FUNCTION: calls it with each file of the account that has lines to take.
ga_each_file() {
  ga_todo=${ga_files#"$lk_nl"}
  while [ -n "$ga_todo" ]; do
    ga_file=${ga_todo%%"$lk_nl"*} ga_todo=${ga_todo#*"$lk_nl"}
    [ "${ga_file%% *}" != "$1" ] || "$2" "${ga_file#* }"
  done
}

# ---- whole accounts

# ga_judge: whether the account in ga_*, which has support's name, is one of the known shape; else ga_refuse says what is
# strange. Nothing but a key lets anybody in, so that no person can have it for their own.
ga_judge() {
  case $ga_name in
  [!a-z_]* | *[!a-z0-9_-]*) ga_refuse "its name is none that a grant would give" ;;
  esac
  lk_login_defs
  if [ "$ga_uid" -lt "$lk_def_UID_MIN" ] || [ "$ga_uid" -gt "$lk_def_UID_MAX" ]; then
    ga_refuse "its number $ga_uid is the system's"
  fi
  case $ga_home in
  /home/?*/../* | /home/. | /home/..) ga_refuse "its home $ga_home is not below /home" ;;
  /home/?*)
    if [ ! -d "$ga_home" ] || [ -L "$ga_home" ]; then
      ga_refuse "its home $ga_home is no directory"
    else
      lk_stat_as d "$ga_home"
      [ "$d_uid" = "$ga_uid" ] || ga_refuse "its home $ga_home belongs to $d_owner"
    fi
    ;;
  *) ga_refuse "its home $ga_home is not below /home" ;;
  esac
  ga_others=
  lk_each user /etc/passwd ga_shares
  [ -z "$ga_others" ] || ga_refuse "it shares its number or its home with$ga_others"
  lk_line_of /etc/shadow "$ga_name" && lk_cut "$lk_line" || lk_2=x
  case $lk_2 in
  '!'* | '*'*) ;;
  '') ga_refuse 'it needs no password' ;;
  *) ga_refuse 'it has a password' ;;
  esac
  ga_each_file "$ga_name" ga_judge_file
  for ga_sudoers in /etc/sudoers /etc/sudoers.d/*; do
    if [ -f "$ga_sudoers" ] && ga_rules; then ga_judge_rules; fi
  done
}
ga_shares() {
  case $1 in "$ga_name:"*) return ;; esac
  lk_cut "$1"
  if [ "$lk_3" = "$ga_uid" ] || [ "${lk_6%/}" = "$ga_home" ]; then ga_others="$ga_others $lk_1"; fi
}
ga_judge_file() {
  ga_copy "$1"
  [ -z "$ga_rest" ] || ga_refuse "$1 holds lines that are none of the known keys"
}

# ga_rules: whether ga_sudoers has rules of the account. sudoers(5): a rule ends with its line, unless that ends with \.
ga_rules() { grep -qE "$ga_rule" "$ga_sudoers" 2>/dev/null; }
ga_judge_rules() {
  if [ -L "$ga_sudoers" ] || [ ! -f "$ga_sudoers" ]; then
    ga_refuse "$ga_sudoers is a link"
  elif grep -qE '\\$' "$ga_sudoers"; then
    ga_refuse "$ga_sudoers has rules of more than one line: take those of $ga_name out by hand"
  fi
}

# ---- the journal

# ga_entry KIND KEY BEFORE [LEFT [COPY]]: one more change that this grant answers for, as if it had made it; of a file with
# what it found, and what is to be there afterwards.
ga_entry() {
  lk_j_open "$1" "$2"
  [ -z "$j_problem" ] || return 0
  lk_j_state "$1" "$2"
  if [ $# -gt 3 ]; then
    cp -a -- "$4" "$j_new/left" || lk_j_full
    j_state="$j_type $j_mode $j_uid $j_gid $(cksum <"$4")"
  fi
  [ $# -lt 5 ] || cp -a -- "$5" "$j_new/copy" || lk_j_full
  if [ "$1/$3" = path/file ]; then set -- "$1" "$2" "$j_type $j_mode $j_uid $j_gid $(cksum <"$5")"; fi
  lk_put "$3" >"$j_new/before" && lk_put "$j_state" >"$j_new/after" || lk_j_full
  [ -z "${ga_own-}" ] || : >"$j_new/home"
  lk_j_close
}

ga_next_step() {
  ga_step=$((ga_step + 1))
  j_step=$$.$lk_id.$ga_step
}

ga_adopt_account() {
  ga_next_step
  if ga_has_group; then
    ga_entry group "$ga_name" absent
    ga_tell "group $ga_name"
  fi
  ga_next_step
  ga_entry user "$ga_name" absent
  ga_own=1
  for ga_path in "/var/mail/$ga_name" "/var/spool/mail/$ga_name" "$ga_home"; do
    [ ! -d "${ga_path%/*}" ] || [ -L "${ga_path%/*}" ] || ga_entry path "$ga_path" absent
  done
  ga_own=
  ga_tell "account $ga_name"
  ga_each_file "$ga_name" ga_adopt_file
  for ga_sudoers in /etc/sudoers /etc/sudoers.d/*; do
    if [ -f "$ga_sudoers" ] && ga_rules; then ga_adopt_rules; fi
  done
  # The last version of the account files, as it is to be once the account is gone.
  for ga_backup in passwd shadow group gshadow subuid subgid; do
    ga_backup=$j_dir/backups/$ga_backup-
    if [ ! -f "$ga_backup" ] || ! grep -q "^$ga_name:" "$ga_backup"; then continue; fi
    cp -a -- "$ga_backup" "$ga_work/backup" && grep -v "^$ga_name:" "$ga_work/backup" >"$ga_backup" && touch -r "$ga_work/backup" -- "$ga_backup"
  done
}

# ga_has_group: whether the group of its name is its own: nobody else is in it.
ga_has_group() {
  lk_line_of /etc/group "$ga_name" || return 1
  lk_cut "$lk_line"
  [ "$lk_3" = "$ga_gid" ] || return 1
  case $lk_4 in '' | "$ga_name") ;; *) return 1 ;; esac
  ga_others=
  lk_each user /etc/passwd ga_in_group
  [ -z "$ga_others" ]
}
ga_in_group() {
  lk_cut "$1"
  if [ "$lk_4" = "$ga_gid" ] && [ "$lk_1" != "$ga_name" ]; then ga_others=1; fi
}

ga_adopt_file() {
  ga_copy "$1"
  ga_next_step
  ga_n=$(grep -c '' "$ga_numbers")
  # What is in a home that goes goes along, and nothing of it is to come back.
  if [ -n "$ga_whole" ] && [ -z "$ga_rest" ]; then
    ga_entry path "$1" absent "$ga_left"
  else
    ga_entry path "$1" 'file' "$ga_left" "$ga_copy"
  fi
  ga_tell "$ga_n of the keys in $1"
}

ga_adopt_rules() {
  ga_next_step
  cp -a -- "$ga_sudoers" "$ga_work/rules.left" && cp -a -- "$ga_sudoers" "$ga_work/rules" || lk_j_full
  grep -vE "$ga_rule" "$ga_work/rules.left" >"$ga_work/rules" || :
  if [ "$ga_sudoers" != /etc/sudoers ] && ! grep -q '^[[:space:]]*[^#[:space:]]' "$ga_work/rules"; then
    ga_entry path "$ga_sudoers" absent "$ga_work/rules.left"
  else
    ga_entry path "$ga_sudoers" 'file' "$ga_work/rules.left" "$ga_work/rules"
  fi
  ga_tell "the rules of $ga_name in $ga_sudoers"
}

ga_tell() { lk_l adopted "$1"; }

# ---- both

# ga_about NAME: sets ga_* to what there is of the account.
ga_about() {
  lk_line_of /etc/passwd "$1" || ga_fail "account $1 was removed just now: do it again"
  lk_cut "$lk_line"
  ga_name=$lk_1 ga_uid=$lk_3 ga_gid=$lk_4 ga_home=${lk_6%/} ga_whole=
  if ga_is_support "$ga_name" "$lk_5" && ! ga_is_made; then ga_whole=1; fi
  ga_rule=
  ! ga_has_group || ga_rule='%?'
  ga_rule="^[[:space:]]*(Defaults:)?$ga_rule$ga_name([[:space:]]|\$)"
}

# ga_is_made: whether a grant removes the account at its end already.
ga_is_made() {
  for ga_change in "$j_root"/*/[0-9]*; do
    [ -f "$ga_change/kind" ] && [ "$(cat "$ga_change/kind")/$(cat "$ga_change/key")" = "user/$ga_name" ] || continue
    [ "$(cat "$ga_change/before")" != absent ] || return 0
  done
  return 1
}

# ga_each FUNCTION: calls it for each account that has something to take.
ga_each() {
  ga_more=${ga_accounts#"$lk_nl"}
  while [ -n "$ga_more" ]; do
    ga_about "${ga_more%%"$lk_nl"*}"
    ga_more=${ga_more#*"$lk_nl"}
    "$1"
  done
}

ga_look() {
  ga_refused=
  if [ -n "$ga_whole" ]; then
    [ "$ga_uid" != "$ga_came" ] || ga_refuse 'it is the account by which this host is reached: come with another one'
    ga_judge
  fi
  [ -z "$ga_refused" ] || ga_problems="$ga_problems${ga_problems:+$lk_nl}account $ga_name: $ga_refused"
}
ga_adopt() {
  [ -z "$j_problem" ] || return 0
  if [ -n "$ga_whole" ]; then ga_adopt_account; else ga_each_file "$ga_name" ga_adopt_file; fi
}
ga_say() {
  [ -z "$ga_whole" ] || ga_tell "account $ga_name"
  ga_each_file "$ga_name" ga_say_file
}
ga_say_file() {
  ga_copy "$1"
  ga_tell "$(grep -c '' "$ga_numbers") of the keys in $1"
}

ga_login
ks_sweep ga_hit
ga_problems='' ga_step=0 j_problem=
ga_each ga_look
# All or nothing: what is refused is for somebody to look at.
[ -z "$ga_problems" ] || ga_fail "$ga_problems"
if [ "$ga_accounts" = "$lk_nl" ]; then
  rm -rf -- "$ga_work"
  ga_empty=true
  for ga_change in "$j_dir"/[0-9]* "$j_dir"/claims; do [ ! -e "$ga_change" ] || ga_empty=false; done
  lk_b empty "$ga_empty"
  lk_ok 'there is nothing to adopt'
fi
lk_b empty false
if lk_checking; then
  ga_each ga_say
  rm -rf -- "$ga_work"
  lk_changed
fi
ga_before=' '
for ga_change in "$j_dir"/[0-9]*; do ga_before="$ga_before${ga_change##*/} "; done
ga_each ga_adopt
if [ -n "$j_problem" ]; then
  for ga_change in "$j_dir"/[0-9]*; do
    case $ga_before in *" ${ga_change##*/} "*) ;; *) rm -rf -- "$ga_change" ;; esac
  done
  ga_fail "$j_problem"
fi
rm -rf -- "$ga_work"
lk_changed
