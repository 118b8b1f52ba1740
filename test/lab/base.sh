# shellcheck shell=sh
# The root file system below the hosts. Sourced by lab.sh.

# use_base: makes LAB_BASE the absolute path of the base, or empty for the machine's own root.
use_base() {
    case $LAB_BASE in
        '' | /) LAB_BASE='' ;;
        */*) LAB_BASE=$(cd -- "$LAB_BASE" && pwd -P) ;;
        *) debian_base "$LAB_BASE" ;;
    esac
    [ -x "$LAB_BASE/usr/sbin/sshd" ] || die "${LAB_BASE:-/} has no OpenSSH server"
    [ -x "$LAB_BASE/usr/bin/sudo" ] || die "${LAB_BASE:-/} has no sudo"
}

# debian_base SUITE: sets LAB_BASE to a small Debian of that suite, made on first use
# (about a minute).
debian_base() {
    case $1 in '' | *[!a-z0-9]*) die "$1 is no Debian suite" ;; esac
    LAB_BASE=$LAB_CACHE/$1
    [ ! -f "$LAB_BASE/.complete" ] || return 0
    command -v debootstrap >/dev/null || die 'debootstrap is missing: apt-get install debootstrap'
    echo "lab: making a base of Debian $1 in $LAB_BASE" >&2
    rm -rf --one-file-system -- "$LAB_BASE"
    mkdir -p "$LAB_CACHE"
    # python3 is for Ansible, to compare with; Latchkey's hosts need none.
    debootstrap --variant=minbase \
        --include=openssh-server,openssh-sftp-server,sudo,procps,passwd,adduser,iproute2,nftables,python3 \
        "$1" "$LAB_BASE" >"$LAB_CACHE/$1.log" 2>&1 || die "debootstrap of $1 failed: see $LAB_CACHE/$1.log"
    rm -rf -- "$LAB_BASE"/var/cache/apt/archives/*.deb "$LAB_BASE"/var/lib/apt/lists/*
    : >"$LAB_BASE/.complete"
}
