#!/bin/sh
# Debian's packages for the lab and the tests, and how they are installed without
# starting a server on this machine. Sourced by setup.sh; run as root with
# "install PACKAGE...".

# wanted_packages demo|test|bench|openstack: a command or a file, and the package that has it,
# a line. Some of the modules' cases need what a minimal Debian lacks.
wanted_packages() {
    cat <<'END'
sshd openssh-server
ssh openssh-client
sudo sudo
ip iproute2
unshare util-linux
mount mount
pkill procps
cron cron
END
    case $1 in
        test | openstack) ;;
        *) return 0 ;;
    esac
    cat <<'END'
mmdebstrap mmdebstrap
/usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
flock util-linux
END
    [ "$1" = test ] || return 0
    cat <<'END'
dash dash
bash bash
busybox busybox
mksh mksh
shellcheck shellcheck
python3 python3
/etc/services netbase
faketime faketime
doas opendoas
nft nftables
iptables iptables
ufw ufw
curl curl
nginx nginx-light
/lib/systemd/systemd systemd
/lib/systemd/system/dbus.service dbus
/usr/share/pam-configs/systemd libpam-systemd
END
}

# missing_packages demo|test|bench|openstack: the packages of which the command or file is missing.
missing_packages() {
    wanted_packages "$1" | while read -r command package; do
        command -v "$command" >/dev/null || [ -f "$command" ] || printf '%s ' "$package"
    done
}

# install_quietly PACKAGE...: openssh-server would start sshd on this machine and
# enable it for the next start, as ufw and nginx would their services; nothing of it happens here.
install_quietly() {
    export DEBIAN_FRONTEND=noninteractive
    policy=/usr/sbin/policy-rc.d
    saved=''
    # invoke-rc.d asks this program; 101 means "do not start anything".
    if [ -e "$policy" ] || [ -L "$policy" ]; then
        saved=$policy.before-latchkey
        mv "$policy" "$saved"
    fi
    trap 'if [ -n "$saved" ]; then mv -f "$saved" "$policy"; else rm -f "$policy"; fi' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    new_services=''
    command -v sshd >/dev/null || new_services='ssh.service ssh.socket'
    command -v ufw >/dev/null || new_services="$new_services ufw.service"
    command -v nginx >/dev/null || new_services="$new_services nginx.service"
    log=$(mktemp)
    apt-get -q update >"$log" 2>&1 || say_why
    apt-get -q install -y --no-install-recommends "$@" >"$log" 2>&1 || say_why
    rm -f "$log"
    for service in $new_services; do disable_service "$service"; done
}

# say_why: the end of what apt-get said; its whole output is of use to nobody when it succeeds.
say_why() {
    tail -n 20 "$log" >&2
    rm -f "$log"
    exit 1
}

disable_service() {
    if command -v systemctl >/dev/null; then
        systemctl disable "$1" >/dev/null 2>&1 || :
    fi
    case $1 in *.service) update-rc.d "${1%.service}" disable >/dev/null 2>&1 || : ;; esac
}

case ${0##*/} in
    packages.sh)
        set -eu
        [ "${1-}" = install ] && [ $# -gt 1 ] || exit 5
        shift
        install_quietly "$@"
        ;;
esac
