#!/bin/sh
# Throw-away hosts with a real OpenSSH server on one Linux machine. Needs root.
#
#   lab.sh up DIR N [--user NAME] [--user-sudo nopasswd|password|none]
#                   [--base DIR|SUITE] [--mode auto|namespaces|chroots]
#                   [--init sshd|systemd]
#   lab.sh exec DIR HOST -- COMMAND [ARGUMENT...]
#   lab.sh mark DIR                   remember every host's files as they are now
#   lab.sh changed DIR HOST [--touched]   list what differs since the mark
#   lab.sh down DIR
#   lab.sh probe DIR                  whether --init systemd is possible here, and why not
#   lab.sh base SUITE                 make a Debian base of that suite, print its path
#
# Process 1 of a host is its sshd, or with --init systemd a systemd that has
# booted the host, and may be told to reboot it.
# Hosts are vm1 ... vmN. DIR then holds inventory.ini, known_hosts, id_ed25519 and
# lab.env; all of it, and every process, mount and link, goes with `down`.
# `up` marks the hosts when they are ready. A host's own changes since a mark are
# listed one a line: added, changed, deleted, and with --touched also files of
# which only the modification time differs.

# shellcheck disable=SC2034,SC2153 # shared with the parts that are sourced below
set -eu
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL

LAB_HERE=$(cd -- "$(dirname -- "$0")" && pwd -P)
LAB_CACHE=/var/cache/latchkey-lab

# shellcheck source=/dev/null
. "$LAB_HERE/bulk.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/seed.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/network.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/namespaces.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/chroots.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/base.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/systemd.sh"
# shellcheck source=/dev/null
. "$LAB_HERE/changes.sh"

die() {
    printf 'lab: %s\n' "$*" >&2
    exit 1
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$LAB_HERE/lab.sh" >&2
    exit 5
}

# use_dir DIR: sets LAB_DIR to the absolute path. The name becomes part of mount
# options, so that only plain characters are accepted.
use_dir() {
    case $1 in /*) LAB_DIR=$1 ;; *) LAB_DIR=$(pwd -P)/$1 ;; esac
    while :; do
        case $LAB_DIR in ?*/) LAB_DIR=${LAB_DIR%/} ;; *) break ;; esac
    done
    case $LAB_DIR in
        / | *[!A-Za-z0-9_./-]* | */../* | */.. | */./* | */.)
            die "$LAB_DIR cannot hold a lab: use a plain path of letters, digits and _ . -" ;;
    esac
}

# use_lab DIR: as use_dir, for a lab that is up.
use_lab() {
    use_dir "$1"
    [ -f "$LAB_DIR/lab.env" ] || die "there is no lab in $LAB_DIR"
    # shellcheck source=/dev/null
    . "$LAB_DIR/lab.env"
}

# use_host HOST: sets LAB_N, the number of one of the lab's hosts.
use_host() {
    LAB_N=${1#vm}
    case $LAB_N in '' | *[!0-9]*) die "no host $1 in $LAB_DIR: hosts are vm1 to vm$LAB_HOSTS" ;; esac
    [ -d "$LAB_DIR/fs/hosts/$LAB_N" ] || die "no host $1 in $LAB_DIR: hosts are vm1 to vm$LAB_HOSTS"
}

lab_up() {
    [ $# -ge 2 ] || usage
    use_dir "$1"
    LAB_HOSTS=$2 LAB_USER=debian LAB_SUDO=nopasswd LAB_BASE='' LAB_MODE=auto LAB_INIT=sshd
    shift 2
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || usage
        case $1 in
            --user) LAB_USER=$2 ;;
            --user-sudo) LAB_SUDO=$2 ;;
            --base) LAB_BASE=$2 ;;
            --mode) LAB_MODE=$2 ;;
            --init) LAB_INIT=$2 ;;
            *) usage ;;
        esac
        shift 2
    done
    case $LAB_HOSTS in '' | 0* | *[!0-9]* | ????*) die "N is a number of hosts, 1 to 999" ;; esac
    case $LAB_USER in '' | [!a-z_]* | *[!a-z0-9_-]*) die "--user $LAB_USER is no account name" ;; esac
    case $LAB_SUDO in nopasswd | password | none) ;; *) usage ;; esac
    case $LAB_MODE in auto | namespaces | chroots) ;; *) usage ;; esac
    case $LAB_INIT/$LAB_MODE in
        sshd/*) ;;
        systemd/auto | systemd/namespaces) LAB_MODE=namespaces ;;
        *) usage ;;
    esac
    [ ! -e "$LAB_DIR/.latchkey-lab" ] || die "a lab is in $LAB_DIR already: $0 down $LAB_DIR"
    if [ -e "$LAB_DIR" ] && [ -n "$(ls -A -- "$LAB_DIR")" ]; then
        die "$LAB_DIR is not empty"
    fi
    for command in sshd ssh-keygen sudo; do
        command -v "$command" >/dev/null ||
            die "$command is missing: apt-get install openssh-server openssh-client sudo"
    done

    trap 'lab_abort' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$LAB_DIR"
    : >"$LAB_DIR/.latchkey-lab"
    choose_mode
    ssh-keygen -q -t ed25519 -N '' -C "$LAB_USER@lab" -f "$LAB_DIR/id_ed25519"
    "${LAB_MODE}_up"
    write_environment
    write_inventory
    lab_mark
    if [ -n "${SUDO_UID-}" ]; then
        # The person who called sudo is the one who logs in to the hosts.
        ( cd "$LAB_DIR" && chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" . ./* .latchkey-lab && chown 0:0 fs )
    fi
    trap - EXIT INT TERM HUP
}

# Where something of `up` failed, or it was interrupted: nothing stays behind.
lab_abort() {
    status=$?
    trap - EXIT INT TERM HUP
    [ "$status" -ne 0 ] || status=1
    lab_down
    exit "$status"
}

# choose_mode: what this machine permits, unless the caller said what to use.
choose_mode() {
    if [ "$LAB_MODE" != chroots ]; then
        if reason=$(namespaces_probe 2>&1); then
            LAB_MODE=namespaces
            return
        fi
        [ "$LAB_MODE" = auto ] || die "namespaces, overlay mounts or links are not permitted here: $reason"
        LAB_MODE=chroots
        printf 'lab: no namespaces here (%s)\n' "$(printf %s "$reason" | head -n 1)" >&2
    fi
    chroots_limits >&2
}

write_environment() {
    cat >"$LAB_DIR/lab.env" <<END
LAB_MODE=$LAB_MODE
LAB_HOSTS=$LAB_HOSTS
LAB_USER=$LAB_USER
LAB_SUDO=$LAB_SUDO
LAB_BASE=$LAB_BASE
LAB_NETWORK=$LAB_NETWORK
LAB_CONTROLLER=$LAB_CONTROLLER
LAB_LINK=$LAB_LINK
LAB_PORT=$LAB_PORT
END
}

# The inventory and the known_hosts file, in Ansible's and OpenSSH's formats.
write_inventory() {
    {
        echo '[lab]'
        n=1
        while [ "$n" -le "$LAB_HOSTS" ]; do
            host_address "$n"
            echo "vm$n ansible_host=$LAB_ADDRESS"
            n=$((n + 1))
        done
        echo
        echo '[lab:vars]'
        echo "ansible_user=$LAB_USER"
        [ "$LAB_PORT" = 22 ] || echo "ansible_port=$LAB_PORT"
        echo "ansible_ssh_private_key_file=$LAB_DIR/id_ed25519"
        echo "ansible_ssh_common_args='-o UserKnownHostsFile=$LAB_DIR/known_hosts'"
    } >"$LAB_DIR/inventory.ini"
    n=1
    while [ "$n" -le "$LAB_HOSTS" ]; do
        host_address "$n"
        host_files "$n"
        read -r type key _ <"$LAB_FILES/etc/ssh/ssh_host_ed25519_key.pub"
        case $LAB_PORT in
            22) echo "$LAB_ADDRESS $type $key" ;;
            *) echo "[$LAB_ADDRESS]:$LAB_PORT $type $key" ;;
        esac
        n=$((n + 1))
    done >"$LAB_DIR/known_hosts"
}

# host_files N: sets LAB_FILES to where the files of the host's own are seen.
host_files() {
    case $LAB_MODE in
        namespaces) LAB_FILES=$LAB_DIR/fs/hosts/$1/upper ;;
        chroots) LAB_FILES=$LAB_DIR/fs/hosts/$1/root ;;
    esac
}

# lab_down: by what is there, not by what was written down, so that it also
# clears up after a crash; done twice it does nothing.
lab_down() {
    [ -e "$LAB_DIR/.latchkey-lab" ] || {
        [ ! -e "$LAB_DIR" ] || die "$LAB_DIR holds no lab"
        return 0
    }
    # An impatient second Ctrl-C would leave half of it.
    trap '' INT TERM HUP
    # First the processes: as they end, their connections are closed at both ends.
    while down_processes; do
        # A host that was just starting may show itself only now.
        umount -l "$LAB_DIR/fs" 2>/dev/null || :
    done
    rm -rf --one-file-system -- "$LAB_DIR"
    while down_processes; do :; done
    down_cgroups
    down_links
}

# down_processes: ends what runs in or for this lab's hosts, and waits for the
# end of it. True when a file system is still mounted or something was running.
down_processes() {
    found=1 patience=300
    while :; do
        pids=$(lab_processes)
        [ -n "$pids" ] || break
        found=0
        for pid in $pids; do
            kill -9 "$pid" 2>/dev/null || :
        done
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || die "these processes do not end: $pids"
        sleep 0.01
    done
    ! umount "$LAB_DIR/fs" 2>/dev/null || found=0
    return "$found"
}

# lab_processes: the process ids of this lab, found by three exact marks: an
# argument "lab=DIR", an overlay of this lab's, a root directory inside it.
lab_processes() {
    {
        # shellcheck disable=SC2062 # the pattern is on standard input, so that grep does not find itself
        printf 'lab=%s' "$LAB_DIR" | grep -lszxF -f - /proc/[0-9]*/cmdline || :
        grep -lsF -- "upperdir=$LAB_DIR/fs/hosts/" /proc/[0-9]*/mountinfo || :
        find /proc/[0-9]*/root -maxdepth 0 -lname "$LAB_DIR/fs/hosts/*" 2>/dev/null || :
    } | sed 's,^/proc/\([0-9]*\)/.*,\1,' | sort -u
}

lab_exec() {
    if [ $# -lt 4 ] || [ "$3" != -- ]; then usage; fi
    use_lab "$1"
    use_host "$2"
    shift 3
    "${LAB_MODE}_exec" "$@"
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
    up | down | exec | mark | changed | probe | base) ;;
    *) usage ;;
esac
[ "$(id -u)" = 0 ] || die "root is needed: sudo $0 $command"
case $command in
    up) lab_up "$@" ;;
    exec) lab_exec "$@" ;;
    mark)
        [ $# -eq 1 ] || usage
        use_lab "$1"
        lab_mark
        ;;
    changed)
        [ $# -ge 2 ] || usage
        use_lab "$1"
        use_host "$2"
        lab_changed "${3-}"
        ;;
    probe)
        [ $# -eq 1 ] || usage
        use_dir "$1"
        LAB_BASE=''
        namespaces_probe && systemd_probe
        ;;
    base)
        [ $# -eq 1 ] || usage
        debian_base "$1"
        printf '%s\n' "$LAB_BASE"
        ;;
    down)
        [ $# -eq 1 ] || usage
        use_dir "$1"
        lab_down
        ;;
esac
