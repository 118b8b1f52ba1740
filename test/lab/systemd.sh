# shellcheck shell=sh
# Hosts whose process 1 is systemd: what they need besides namespaces. Sourced by
# lab.sh.
# shellcheck disable=SC2034 # what is set here, lab.sh and its other parts read

# lab_cgroup: sets LAB_CGROUP, the lab's own cgroup: below cgroup2, and named after
# the directory, so that `down` needs no record to find it.
lab_cgroup() {
    link_mac
    LAB_CGROUP=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
    [ -n "$LAB_CGROUP" ] && LAB_CGROUP=$LAB_CGROUP/latchkey-lab-$LAB_SUM
}

# systemd_probe: whether this machine permits such hosts; prints why not.
systemd_probe() {
    [ -x "$LAB_BASE/lib/systemd/systemd" ] || {
        echo 'systemd is missing: apt-get install systemd dbus libpam-systemd'
        return 1
    }
    lab_cgroup || {
        echo 'cgroup2 is mounted nowhere'
        return 1
    }
    mkdir "$LAB_CGROUP" || return
    # shellcheck disable=SC2016 # the other shell's
    ( sh -euc 'echo 0 >"$1/cgroup.procs"
        exec unshare -C -m sh -euc "mount -t cgroup2 cgroup2 /mnt && mkdir /mnt/probe && rmdir /mnt/probe"' \
        sh "$LAB_CGROUP" )
    status=$?
    rmdir "$LAB_CGROUP"
    return "$status"
}

# down_cgroups: removes this lab's cgroups, once nothing runs in them.
down_cgroups() {
    lab_cgroup && [ -d "$LAB_CGROUP" ] || return 0
    patience=300
    until find "$LAB_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null; do
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || die "processes are left in $LAB_CGROUP"
        sleep 0.01
    done
}

# mask_systemd MASK, seed_systemd ROOT: of the machine's services none is started,
# and of systemd's own none that would change the machine: sysctl, modules, formats
# of programs, clocks, devices.
mask_systemd() {
    mknod "$1/etc/systemd" c 0 0
}
seed_systemd() {
    ( cd "$1" && mkdir -p etc/systemd/system/multi-user.target.wants etc/systemd/system-generators
        ln -s /lib/systemd/system/multi-user.target etc/systemd/system/default.target
        ln -s /lib/systemd/system/ssh.service etc/systemd/system/sshd.service
        ln -s /lib/systemd/system/ssh.service etc/systemd/system/multi-user.target.wants/ssh.service
        for unit in systemd-sysctl.service systemd-modules-load.service modprobe@.service kmod-static-nodes.service \
            systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-timesyncd.service \
            systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-udev-trigger.service \
            dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
            sys-fs-fuse-connections.mount; do
            ln -s /dev/null "etc/systemd/system/$unit"
        done
        for generator in systemd-sysv-generator systemd-getty-generator; do
            ln -s /dev/null "etc/systemd/system-generators/$generator"
        done
        # A restart waits for nobody: as a rule 90 s.
        mkdir etc/systemd/system.conf.d
        printf '[Manager]\nDefaultTimeoutStopSec=5s\n' >etc/systemd/system.conf.d/lab.conf
        # The kernel's messages are the machine's.
        mkdir etc/systemd/journald.conf.d
        printf '[Journal]\nReadKMsg=no\n' >etc/systemd/journald.conf.d/lab.conf
        # No boot is the first one, and none follows an update.
        : >etc/.updated
        : >var/.updated )
}
