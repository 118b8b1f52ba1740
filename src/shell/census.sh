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

# lk_census NAME UID GID HOME
lk_census() {
  for ce_file in passwd shadow group gshadow subuid subgid passwd- shadow- group- gshadow- subuid- subgid-; do
    ce_named "/etc/$ce_file" "$1"
  done
  ce_found=
  ! grep -E "[:,]$1(,|\$)" /etc/group >/dev/null 2>&1 || ce_found="$1 is a member of a group"
  ce_say 'memberships of groups' "$ce_found"
  ce_found=$(grep -lE "^[[:space:]]*%?$1[[:space:]]" /etc/sudoers /etc/sudoers.d/* /etc/doas.conf 2>/dev/null | tr '\n' ' ')
  ce_say 'rules of sudo and doas' "${ce_found:+$1 stands in $ce_found}"
  if lk_has visudo; then
    ce_found=
    lk_run visudo -c
    [ "$lk_rc" -eq 0 ] || ce_found="${lk_out%%"$lk_nl"*}"
    ce_say 'visudo -c' "$ce_found"
  fi
  # A home that belongs to somebody else was never the account's alone, or is not any more.
  ce_home=$4
  [ -n "$(find "$4" -prune -uid "$2" 2>/dev/null)" ] || ce_home=
  ce_paths 'home and mail' ${ce_home:+"$ce_home"} "/var/mail/$1" "/var/spool/mail/$1"
  ce_paths 'jobs of cron' "/var/spool/cron/crontabs/$1" "/var/spool/cron/$1" "/var/spool/cron/tabs/$1"
  ce_paths 'lingering and time stamps' "/var/lib/systemd/linger/$1" "/run/sudo/ts/$1" "/var/lib/sudo/ts/$1" "/run/user/$2"
  ce_paths 'places of the desktop and of screen' "/var/lib/AccountsService/users/$1" "/run/screen/S-$1"
  ce_found=$(lk_ipc "$2" | tr '\n' ' ')
  ce_say 'shared memory, semaphores and queues' "${ce_found:+there is $ce_found}"
  ce_processes "$2"
  ce_files "$2" "$3"
}

# By number, and by the number of the login.
ce_processes() {
  ce_found=$({
    find /proc/[0-9]* -prune -user "$1"
    grep -lx -- "$1" /proc/[0-9]*/loginuid
  } 2>/dev/null | sed 's:^/proc/\([0-9]*\).*:\1:' | while read -r ce_pid; do [ ! -d "/proc/$ce_pid" ] || lk_put "$ce_pid "; done)
  ce_say "processes of user $1" "${ce_found:+there is $ce_found}"
}

# Files of the account's numbers, wherever on this host's own disks; within 30 s each.
ce_files() {
  ce_limit='' ce_found='' ce_cut=
  ! lk_has timeout || ce_limit='timeout 30'
  for ce_at in / /home /var /tmp /var/tmp /opt /srv /dev/shm /run; do
    # What is no disk of its own was searched with the one above it.
    [ "$ce_at" = / ] || grep -q " $ce_at " /proc/self/mounts 2>/dev/null || continue
    # shellcheck disable=SC2086 # two words, or none
    ce_here=$($ce_limit find "$ce_at" -xdev \( -uid "$1" -o -gid "$2" \) -print 2>/dev/null)
    [ $? -ne 124 ] || ce_cut=1
    [ -z "$ce_here" ] || ce_found=$ce_found$ce_here$lk_nl
  done
  [ -z "$ce_cut" ] || ce_found="${ce_found}not all directories could be searched in time$lk_nl"
  ce_say "files of user $1 and group $2" "$(lk_put "$ce_found" | head -n 5 | tr '\n' ' ')"
}
