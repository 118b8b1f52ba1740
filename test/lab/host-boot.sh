# shellcheck shell=sh
# Starts a host whose process 1 is systemd, and again each time that it restarts.
# Arguments: those of host-init.sh.

while :; do
    unshare -m -u -p -i -n --fork --kill-child sh "${0%/*}/host-init.sh" "$@"
    # 128 and SIGHUP: pid_namespaces(7) about reboot(2).
    [ $? -eq 129 ] || exit
    # Its link goes with the last of its namespace, and the next one has the same name.
    while ip link show "$4" >/dev/null 2>&1; do sleep 0.01; done
done
