# The census: what an account that is gone could have left, looked for one by one. Needs accounts.sh.
# shellcheck disable=SC2034,SC2154 # variables are shared with the bodies

# ce_say WHAT FOUND: one more thing that was looked at; FOUND is empty where it is clean.
ce_say() {
  if [ -z "$2" ]; then
    lk_l checks "$1: clean"
  else
    lk_l checks "$1: $2"
    lk_l residue "$1: $2"
  fi
}

# ce_paths WHAT PATH...: none of them is to be there.
ce_paths() {
  ce_what=$1 ce_found=
  shift
  for ce_path in "$@"; do
    if [ -e "$ce_path" ] || [ -L "$ce_path" ]; then ce_found="$ce_found $ce_path"; fi
  done
  ce_say "$ce_what" "${ce_found:+there is$ce_found}"
}

# ce_named FILE NAME: no line of it begins with the name.
ce_named() {
  ce_found=
  if [ -f "$1" ] && grep -q "^$2:" "$1" 2>/dev/null; then ce_found="it names $2"; fi
  ce_say "$1" "$ce_found"
}

# lk_census NAME UID GID HOME: the numbers are empty where nobody knows them any more.
lk_census() {
  for ce_file in passwd shadow group gshadow subuid subgid passwd- shadow- group- gshadow- subuid- subgid-; do
    ce_named "/etc/$ce_file" "$1"
  done
  ce_found=
  ! grep -E "[:,]$1(,|\$)" /etc/group >/dev/null 2>&1 || ce_found="$1 is a member of a group"
  ce_say 'memberships of groups' "$ce_found"
  ce_lines 'rules of sudo and doas' "^[[:space:]]*(permit[[:space:]].*)?(Defaults:)?%?$1([[:space:]]|\$)" \
    /etc/sudoers /etc/sudoers.d/* /etc/doas.conf /etc/doas.d/*
  # A home that belongs to somebody else was never the account's alone, or is not any more.
  ce_home=$4
  [ -z "$2" ] || [ -n "$(find "$4" -prune -uid "$2" 2>/dev/null)" ] || ce_home=
  ce_paths 'home and mail' ${ce_home:+"$ce_home"} "/var/mail/$1" "/var/spool/mail/$1"
  ce_paths 'keys outside of the home' "/etc/ssh/authorized_keys/$1" "/etc/ssh/authorized_keys.d/$1" "/etc/ssh/keys/$1"
  ce_paths 'jobs of cron' "/var/spool/cron/crontabs/$1" "/var/spool/cron/$1" "/var/spool/cron/tabs/$1"
  # at(1) writes into each job whom to tell.
  ce_lines 'jobs of at' "^# mail +$1( |\$)" /var/spool/cron/atjobs/* /var/spool/at/[!s]* /var/spool/atjobs/*
  ce_lines 'units of systemd' "^[[:space:]]*User[[:space:]]*=[[:space:]]*$1[[:space:]]*\$" /etc/systemd/system/*.service \
    /etc/systemd/system/*.service.d/*.conf /run/systemd/system/*.service /run/systemd/transient/*.service
  ce_lines 'configuration of sshd' "^[[:space:]]*([Aa]llow[Uu]sers|[Dd]eny[Uu]sers|[Aa]llow[Gg]roups|[Mm]atch[[:space:]].*)[[:space:]](.*[[:space:],])?$1([[:space:],@]|\$)" \
    /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
  ce_paths 'lingering and time stamps' "/var/lib/systemd/linger/$1" "/run/sudo/ts/$1" "/var/lib/sudo/ts/$1" \
    "/var/lib/AccountsService/users/$1" ${2:+"/run/user/$2" "/run/sudo/ts/$2" "/var/lib/sudo/ts/$2"}
  ce_paths 'temporary files' "/run/screen/S-$1" ${2:+"/tmp/tmux-$2"}
  [ -n "$2" ] || return 0
  ce_found=$(lk_ipc "$2" | tr '\n' ' ')
  ce_say 'shared memory, semaphores and queues' "${ce_found:+there is $ce_found}"
  ce_processes "$2"
  ce_files "$2" "$3"
}

# lk_census_sudo: sudo's files are right, now that some of them are gone.
lk_census_sudo() {
  lk_has visudo || return 0
  ce_found=
  lk_run visudo -c
  [ "$lk_rc" -eq 0 ] || ce_found="${lk_out%%"$lk_nl"*}"
  ce_say 'visudo -c' "$ce_found"
}

# ce_lines WHAT PATTERN FILE...: none of the files has such a line.
ce_lines() {
  ce_what=$1 ce_pattern=$2
  shift 2
  ce_found=$(grep -lE -- "$ce_pattern" "$@" 2>/dev/null </dev/null | tr '\n' ' ')
  ce_say "$ce_what" "${ce_found:+it is named in ${ce_found% }}"
}

# lk_census_firewall COMMENT HEXADECIMAL: no rule of any firewall has it; ufw(8) keeps comments in the second form. Reads
# what there is: nothing of it makes a table or loads a module.
lk_census_firewall() {
  ce_found=
  for ce_save in 'nft list ruleset' iptables-save ip6tables-save iptables-legacy-save ip6tables-legacy-save; do
    lk_has "${ce_save%% *}" || continue
    # shellcheck disable=SC2086 # words
    ! $ce_save 2>/dev/null </dev/null | grep -F -e "comment \"$1\"" -e "--comment $1 " >/dev/null || ce_found="$ce_found $ce_save"
  done
  for ce_file in /etc/ufw/user.rules /etc/ufw/user6.rules; do
    ! grep -q " comment=$2\$" "$ce_file" 2>/dev/null || ce_found="$ce_found $ce_file"
  done
  ce_say "rules of the firewall with the comment \"$1\"" "${ce_found:+there are some:$ce_found}"
}

# By number, and by the number of the login.
ce_processes() {
  ce_found=$({
    find /proc/[0-9]* -prune -user "$1"
    grep -lx -- "$1" /proc/[0-9]*/loginuid
  } 2>/dev/null | sed 's:^/proc/\([0-9]*\).*:\1:' | while read -r ce_pid; do [ ! -d "/proc/$ce_pid" ] || lk_put "$ce_pid "; done)
  ce_say "processes of user $1" "${ce_found:+there is $ce_found}"
}

# Files of the account's numbers, on all of this host's own disks.
ce_files() {
  ce_found='' ce_cut='' ce_whole=' '
  ce_search / "$1" "$2"
  while read -r _ _ ce_disk ce_root ce_at ce_rest; do
    case $ce_rest in
    *' - ext'[234]' '* | *' - xfs '* | *' - btrfs '* | *' - zfs '* | *' - f2fs '* | *' - bcachefs '* | *' - jfs '* | *' - overlay '* | *' - tmpfs '*) ;;
    *) continue ;;
    esac
    # A part of a disk that was searched whole.
    case $ce_whole in *" $ce_disk "*) continue ;; esac
    [ "$ce_root" != / ] || ce_whole="$ce_whole$ce_disk "
    # The name is written as proc(5) says, with octal numbers.
    case $ce_at in
    / | /var/lib/docker/* | /var/lib/containers/* | /run/docker/* | /run/containerd/*) ;;
    *) ce_search "$(lk_bytes "$ce_at")" "$1" "$2" ;;
    esac
  done </proc/self/mountinfo
  [ -z "$ce_cut" ] || ce_found="${ce_found}not all directories could be searched in time$lk_nl"
  ce_say "files of user $1 and group $2" "$(lk_put "$ce_found" | head -n 5 | tr '\n' ' ')"
}

# ce_search DIRECTORY UID GID: within 30 s, as far as its disk reaches. What containers keep has numbers of their own.
ce_search() {
  ce_limit=
  ! lk_has timeout || ce_limit='timeout 30'
  # shellcheck disable=SC2086 # two words, or none
  ce_here=$($ce_limit find "$1" -xdev \( -path /var/lib/docker -o -path /var/lib/containers -o -path /var/lib/containerd \
    -o -path /var/lib/lxc -o -path /var/lib/lxd \) -prune -o \( -uid "$2" -o -gid "$3" \) -print 2>/dev/null </dev/null)
  [ $? -ne 124 ] || ce_cut=1
  [ -z "$ce_here" ] || ce_found=$ce_found$ce_here$lk_nl
}
