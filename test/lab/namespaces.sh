# shellcheck shell=sh
# Hosts as namespaces over an overlay of a base root. Sourced by lab.sh.
#
# Layers of a host, from the top: its own upper directory, seed (the files of a
# fresh host), mask (what hides files of the machine), the base. All but the base
# lie on one tmpfs at DIR/fs.

# namespaces_probe: whether this machine permits what a host needs; prints why not.
# It tries in namespaces of its own and leaves nothing.
namespaces_probe() {
    command -v ip >/dev/null || {
        echo 'ip is missing: apt-get install iproute2'
        return 1
    }
    # shellcheck disable=SC2016
    unshare -m -u -p -i -n --fork sh -euc '
        mkdir -p "$1/probe"
        mount -t tmpfs tmpfs "$1/probe"
        cd "$1/probe"
        mkdir u w r
        mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/probe/u,workdir=$1/probe/w" r
        mknod n c 0 0
        mount -t proc proc r/proc
        ip link add lk0 type bridge
        ip link add name lk0-0 type veth peer name eth0' sh "$LAB_DIR" /
    status=$?
    rmdir "$LAB_DIR/probe" 2>/dev/null || :
    return "$status"
}

namespaces_up() {
    use_base
    if [ "$LAB_INIT" = systemd ]; then
        reason=$(systemd_probe 2>&1) || die "no host with systemd is possible here: $reason"
    fi
    mkdir "$LAB_DIR/fs"
    mount -t tmpfs -o mode=0711 latchkey-lab "$LAB_DIR/fs"
    claim_network
    mkdir -p "$LAB_DIR/fs/mask" "$LAB_DIR/fs/seed" "$LAB_DIR/fs/hosts" "$LAB_DIR/fs/marks"
    mask_machine "$LAB_DIR/fs/mask"
    seed_host "$LAB_DIR/fs/seed" "$LAB_BASE"
    # Children find the machine's network namespace here, to put their link into it.
    exec 9</proc/self/ns/net
    starters=''
    n=1
    while [ "$n" -le "$LAB_HOSTS" ]; do
        host_address "$n"
        mkdir -p "$LAB_DIR/fs/hosts/$n"
        # A terminal's Ctrl-C is for the lab's user, not for the hosts: setsid.
        set -- "lab=$LAB_DIR" "$n" "$LAB_ADDRESS/22" "$LAB_LINK-$n" "${LAB_BASE:-/}"
        case $LAB_INIT in
            sshd) set -- unshare -m -u -p -i -n --fork --kill-child sh "$LAB_HERE/host-init.sh" "$@" ;;
            systemd)
                host_cgroup
                set -- sh "$LAB_HERE/host-boot.sh" "$@" "$LAB_CGROUP/$n"
                ;;
        esac
        setsid "$@" </dev/null >"$LAB_DIR/fs/hosts/$n/log" 2>&1 &
        starters="$starters $!"
        n=$((n + 1))
    done
    exec 9<&-
    case $LAB_INIT in
        sshd) await_hosts upper/run/sshd.pid ;;
        systemd)
            await_hosts run/sshd.pid
            await_systemd
            ;;
    esac
}

# await_hosts FILE: until every host has it. sshd writes its pid file after it
# listens.
await_hosts() {
    deadline=$(($(date +%s) + 60)) rounds=0
    n=1
    while [ "$n" -le "$LAB_HOSTS" ]; do
        if [ -e "$LAB_DIR/fs/hosts/$n/$1" ]; then
            n=$((n + 1))
            continue
        fi
        rounds=$((rounds + 1))
        if [ $((rounds % 16)) = 0 ]; then
            check_starters
            [ "$(date +%s)" -lt "$deadline" ] || die "host vm$n is not ready after 60 s: $(host_log "$n")"
        fi
        sleep 0.01
    done
}

# check_starters: a host that ended before it was ready will not come.
check_starters() {
    i=0
    for starter in $starters; do
        i=$((i + 1))
        kill -0 "$starter" 2>/dev/null || die "host vm$i did not start: $(host_log "$i")"
    done
}

host_log() {
    cat "$LAB_DIR/fs/hosts/$1/log" "$LAB_DIR/fs/hosts/$1/upper/var/log/auth.log" 2>/dev/null | tail -n 5
}

# host_cgroup: a cgroup of the host's own, in one of the lab's.
host_cgroup() {
    lab_cgroup
    mkdir -p "$LAB_CGROUP/$n"
}

# await_systemd: until every host is up, and nothing of it failed: until then only root may log in.
await_systemd() {
    LAB_N=1
    while [ "$LAB_N" -le "$LAB_HOSTS" ]; do
        state=$(namespaces_exec systemctl is-system-running --wait 2>&1) ||
            die "systemd of vm$LAB_N is $state: $(namespaces_exec systemctl --failed --plain --no-legend 2>&1)"
        LAB_N=$((LAB_N + 1))
    done
}

namespaces_exec() {
    read -r pid <"$LAB_DIR/fs/hosts/$LAB_N/linked"
    exec nsenter -t "$pid" -m -u -i -n -p -r -w \
        env -i PATH="$PATH" HOME=/root USER=root LOGNAME=root SHELL=/bin/sh ${TERM+"TERM=$TERM"} "$@"
}
