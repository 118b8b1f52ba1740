#!/bin/sh
# A real OpenStack on loopback for tests: Keystone, Neutron in two regions, and
# Nova's API, from Debian 12's packages in a root file system of their own. Needs root.
#
#   openstack.sh probe                what is missing on this machine, if anything
#   openstack.sh install              make the root and the seeded state, once a machine
#   openstack.sh start DIR            a cloud of its own in DIR, as it was seeded
#   openstack.sh reset DIR            the same cloud as it was seeded
#   openstack.sh stop DIR
#   openstack.sh client DIR admin|demo|ro ARGUMENT...   the stock `openstack` client
#   openstack.sh servers DIR          add servers: see servers.py for the JSON on standard input
#
# DIR then holds admin.env, demo.env and ro.env (OS_* variables, a line each), ca.pem
# for the HTTPS listener of Keystone, secure-url with its address, and logs. Each DIR
# has a loopback address of its own, so that clouds do not meet. `stop` removes DIR;
# the root stays in LATCHKEY_CACHE, which is /var/cache/latchkey unless it is set.

set -eu
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL

OS_HERE=$(cd -- "$(dirname -- "$0")" && pwd -P)
OS_SUITE=bookworm
OS_PACKAGES='python3-keystone neutron-common nova-api uwsgi-plugin-python3 openssl'
OS_CACHE=${LATCHKEY_CACHE:-/var/cache/latchkey}
# The packages take a minute, the state half of one: each is made anew only when what it is made of has changed.
OS_HOME=$OS_CACHE/openstack-$(printf '%s' "$OS_SUITE $OS_PACKAGES" | cksum | cut -d ' ' -f 1)
OS_ROOT=$OS_HOME/root
OS_STATE=$OS_HOME/state-$(cat "$OS_HERE"/*.sh "$OS_HERE"/*.py | cksum | cut -d ' ' -f 1).tar
# Where the state is seeded; no DIR gets this address.
OS_SEED_ADDRESS=127.15.0.1

# shellcheck source=/dev/null
. "$OS_HERE/services.sh"
# shellcheck source=/dev/null
. "$OS_HERE/seed.sh"

die() {
    printf 'openstack: %s\n' "$*" >&2
    exit 1
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$OS_HERE/openstack.sh" >&2
    exit 5
}

# use_dir DIR: sets OS_DIR to the absolute path, which becomes part of command lines.
use_dir() {
    case $1 in /*) OS_DIR=$1 ;; *) OS_DIR=$(pwd -P)/$1 ;; esac
    case $OS_DIR in
        / | */ | *[!A-Za-z0-9_./-]* | */../* | */.. | */./* | */.)
            die "$OS_DIR cannot hold a cloud: use a plain path of letters, digits and _ . -" ;;
    esac
}

# use_cloud DIR: as use_dir, for a cloud that was started.
use_cloud() {
    use_dir "$1"
    [ -f "$OS_DIR/.latchkey-openstack" ] || die "there is no cloud in $OS_DIR"
}

# os_missing: why no cloud can run here, with the cure; nothing where it can.
os_missing() {
    [ "$(uname -s)" = Linux ] || { echo 'it needs Linux' && return; }
    for command in mmdebstrap unshare flock; do
        command -v "$command" >/dev/null || {
            echo "$command is missing: apt-get install mmdebstrap util-linux"
            return
        }
    done
    # A root that is there already needs neither Debian's key nor its mirror.
    if [ ! -d "$OS_ROOT" ] && [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
        echo "Debian's keys are missing: apt-get install debian-archive-keyring"
        return
    fi
    # shellcheck disable=SC2016 # the other shell's
    reason=$(unshare -m sh -c 'mount -t tmpfs tmpfs /mnt && mount --bind / /mnt' 2>&1) ||
        echo "mounts are not permitted here: $(printf %s "$reason" | head -n 1)"
}

# debian_sources: the machine's own mirrors of the suite, else Debian's.
debian_sources() {
    # shellcheck disable=SC2016 # apt's variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' 2>/dev/null |
        awk -v suite="$OS_SUITE" '
            $2 == suite || $2 == suite "-updates" || $2 == suite "-security" { lines = lines "deb " $1 " " $2 " main\n" }
            $2 == suite { found = 1 }
            END {
                if (!found) lines = "deb http://deb.debian.org/debian " suite " main\n" \
                    "deb http://deb.debian.org/debian-security " suite "-security main\n"
                printf "%s", lines
            }' | sort -u
}

# install: what an interrupted one left is made anew; two at once wait for each other, and for what such a one still runs.
install() {
    missing=$(os_missing)
    [ -z "$missing" ] || die "$missing"
    mkdir -p "$OS_HOME"
    exec 9>"$OS_HOME/lock"
    flock 9
    [ -d "$OS_ROOT" ] || install_root
    [ -f "$OS_STATE" ] || ( install_state )
    exec 9>&-
}

# install_root: py3compile would compile ten times more than is ever loaded; Python keeps what it loads.
install_root() {
    echo "openstack: installing Debian's packages in $OS_ROOT" >&2
    rm -rf --one-file-system -- "$OS_ROOT.new"
    debian_sources >"$OS_HOME/sources"
    set -- --mode=root --variant=apt --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=path-exclude=/usr/bin/py3compile \
        --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
        --include="$(echo "$OS_PACKAGES" | tr ' ' ,)"
    mmdebstrap "$@" "$OS_SUITE" "$OS_ROOT.new" "$OS_HOME/sources" >"$OS_HOME/install.log" 2>&1 ||
        die "the packages could not be installed: $(tail -n 5 "$OS_HOME/install.log"): see $OS_HOME/install.log"
    mkdir "$OS_ROOT.new/srv/cloud"
    mv "$OS_ROOT.new" "$OS_ROOT"
}

# install_state: databases as they are after the seed, as one file, so that a cloud starts with a copy of it.
install_state() {
    echo "openstack: making the databases in $OS_HOME" >&2
    OS_DIR=$OS_HOME/seed
    stop_cloud
    # Other checkouts may have states of their own.
    find "$OS_HOME" -maxdepth 1 -name 'state-*' -mtime +7 -delete
    mkdir "$OS_DIR"
    trap 'stop_cloud' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    OS_ADDRESS=$OS_SEED_ADDRESS
    make_databases
    start_services
    seed
    stop_services
    rm -f -- "$OS_DIR"/*.log
    tar -C "$OS_DIR" -cf "$OS_STATE.new" .
    mv "$OS_STATE.new" "$OS_STATE"
    trap - EXIT INT TERM HUP
    stop_cloud
}

# choose_address: sets OS_ADDRESS, which is the same for the same DIR.
choose_address() {
    sum=$(printf '%s' "$OS_DIR" | cksum | cut -d ' ' -f 1)
    OS_ADDRESS=127.$((16 + sum % 200)).$((sum / 200 % 250)).$((sum / 50000 % 250 + 1))
}

start_cloud() {
    choose_address
    if [ -e "$OS_DIR" ] && [ -n "$(ls -A -- "$OS_DIR")" ]; then
        die "$OS_DIR is not empty"
    fi
    install
    trap 'start_failed' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$OS_DIR"
    : >"$OS_DIR/.latchkey-openstack"
    make_certificate
    unpack_state
    start_services
    trap - EXIT INT TERM HUP
}

start_failed() {
    status=$?
    trap - EXIT INT TERM HUP
    stop_cloud
    exit "$status"
}

reset_cloud() {
    choose_address
    install
    stop_services
    unpack_state
    start_services
}

# unpack_state: the seeded databases and settings, moved to this cloud's address.
unpack_state() {
    rm -f -- "$OS_DIR"/*.db "$OS_DIR"/*.db-wal "$OS_DIR"/*.db-shm
    tar -C "$OS_DIR" --no-overwrite-dir -xf "$OS_STATE"
    sed -i "s/$OS_SEED_ADDRESS/$OS_ADDRESS/g" "$OS_DIR"/*.env "$OS_DIR"/*.conf "$OS_DIR"/nova/nova.conf
    in_root python3 - "$OS_SEED_ADDRESS" "$OS_ADDRESS" <<'END'
import sqlite3, sys
with sqlite3.connect("/srv/cloud/keystone.db") as db:
    db.execute("update endpoint set url = replace(url, ?, ?)", sys.argv[1:])
END
}

# stop_cloud: by what is there, not by what was written down; done twice it does nothing.
stop_cloud() {
    stop_services
    rm -rf --one-file-system -- "$OS_DIR"
}

# in_root COMMAND...: inside the root, with DIR as /srv/cloud; the mounts go with the command.
in_root() {
    ( exec_in_root "$@" )
}
exec_in_root() {
    # shellcheck disable=SC2016 # the other shell's
    exec unshare -m --propagation private sh -euc '
        mount --bind "$1" "$2/srv/cloud"
        mount -t proc proc "$2/proc"
        root=$2
        shift 2
        exec chroot "$root" env -i PATH="$PATH" HOME=/root LC_ALL=C.UTF-8 "$@"' sh "$OS_DIR" "$OS_ROOT" "$@"
}

# client USER ARGUMENT...: the client as one of the seeded users; its settings are DIR/USER.env.
client() {
    [ -f "$OS_DIR/$1.env" ] || die "no user $1: admin, demo, ro"
    settings=$(cat "$OS_DIR/$1.env")
    shift
    # shellcheck disable=SC2086 # no value has a blank
    in_root env $settings openstack "$@"
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
    probe | install) [ $# -eq 0 ] || usage ;;
    start | reset | stop | servers) [ $# -eq 1 ] || usage ;;
    client) [ $# -ge 2 ] || usage ;;
    *) usage ;;
esac
[ "$(id -u)" = 0 ] || die "root is needed: sudo $0 $command"
case $command in
    probe)
        missing=$(os_missing)
        [ -z "$missing" ] || die "$missing"
        ;;
    install) install ;;
    start)
        use_dir "$1"
        start_cloud
        ;;
    reset)
        use_cloud "$1"
        reset_cloud
        ;;
    stop)
        use_dir "$1"
        [ ! -e "$OS_DIR" ] || use_cloud "$1"
        stop_cloud
        ;;
    client)
        use_cloud "$1"
        shift
        client "$@"
        ;;
    servers)
        use_cloud "$1"
        add_servers
        ;;
esac
