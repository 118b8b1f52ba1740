# shellcheck shell=sh
# Hosts as chroots of a small root file system, with sshd on 127.B.X.Y: for machines
# that permit neither namespaces nor mounts. Sourced by lab.sh.
# shellcheck disable=SC2034 # what is set here, lab.sh and its other parts read

chroots_limits() {
    cat <<'END'
lab: the hosts are chroots with an sshd each. They have their own accounts, files and
lab: logins. What they do not have, and so cannot prove: own processes (no /proc, no
lab: list of sessions), an own network and firewall, an own host name, terminals.
END
}

chroots_up() {
    LAB_BASE=''
    use_base
    mkdir -p "$LAB_DIR/fs/seed" "$LAB_DIR/fs/small" "$LAB_DIR/fs/hosts" "$LAB_DIR/fs/marks"
    chmod 0711 "$LAB_DIR/fs"
    claim_loopback
    small_root "$LAB_DIR/fs/small"
    seed_host "$LAB_DIR/fs/seed" ''
    [ -c "$LAB_DIR/fs/seed/dev/null" ] || die 'mknod is not permitted here: no lab is possible'
    starters=''
    n=1
    while [ "$n" -le "$LAB_HOSTS" ]; do
        chroot_host "$n"
        setsid chroot "$LAB_DIR/fs/hosts/$n/root" /usr/sbin/sshd -D -E /var/log/auth.log \
            </dev/null >"$LAB_DIR/fs/hosts/$n/log" 2>&1 &
        starters="$starters $!"
        n=$((n + 1))
    done
    await_hosts root/run/sshd.pid
}

# chroot_host N: the files of one host. /usr is shared with the others by hard links.
chroot_host() {
    root=$LAB_DIR/fs/hosts/$1/root
    mkdir -p "$root"
    cp -al "$LAB_DIR/fs/small/usr" "$root/usr"
    ( cd "$LAB_DIR/fs/small" && for name in *; do [ "$name" = usr ] || cp -a "$name" "$root/"; done )
    cp -a "$LAB_DIR/fs/seed/." "$root/"
    echo "vm$1" >"$root/etc/hostname"
    printf '127.0.0.1 localhost %s\n' "$(cat /proc/sys/kernel/hostname)" >"$root/etc/hosts"
    # Nothing can be mounted in such a host: the one part of /proc that stays true without a mount.
    mkdir -p "$root/proc/self"
    echo '1 0 0:1 / / rw - ext4 /dev/root rw' >"$root/proc/self/mountinfo"
    echo '/dev/root / ext4 rw 0 0' >"$root/proc/mounts"
    # All hosts share the machine's processes: no two may give an account the same
    # number, or the end of one host's account would end the other's processes.
    sed -i -e "s/^\([UG]ID_MIN\).*/\1 $((30000 + $1 * 30))/" -e 's/^\([UG]ID_MAX\).*/\1 60000/' "$root/etc/login.defs"
    host_address "$1"
    printf 'ListenAddress %s\nPort %s\n' "$LAB_ADDRESS" "$LAB_PORT" >"$root/etc/ssh/sshd_config.d/address.conf"
    ssh-keygen -q -t ed25519 -N '' -C "root@vm$1" -f "$root/etc/ssh/ssh_host_ed25519_key"
}

# claim_loopback: a 127.B that nothing listens on, and port 22, or 2222 where an
# sshd of the machine itself has it on all addresses.
claim_loopback() {
    link_mac
    LAB_PORT=22 LAB_LINK='' LAB_PREFIX=127 LAB_CONTROLLER=127.0.0.1
    listening=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print $2 }')
    case $listening in *00000000:0016*) LAB_PORT=2222 ;; esac
    attempt=0
    while :; do
        LAB_BLOCK=$((1 + (LAB_SUM + attempt) % 250))
        LAB_NETWORK=127.$LAB_BLOCK.0.0/16
        attempt=$((attempt + 1))
        case $listening in
            *"$(printf '%02X7F:' "$LAB_BLOCK")"*) [ "$attempt" -lt 250 ] || die 'no free loopback address' ;;
            *) return 0 ;;
        esac
    done
}

# small_root ROOT: copies the files of the packages that a host needs, and of what
# these depend on, from the machine: about 1,200 files, 64 MB.
small_root() {
    for name in bin sbin lib lib32 lib64 libx32; do
        [ -L "/$name" ] || continue
        mkdir -p "$1/$(readlink "/$name")"
        cp -a "/$name" "$1/"
    done
    small_packages | xargs dpkg -L >"$1.files"
    find /usr/bin /usr/sbin -type l -lname '/etc/alternatives/*' >>"$1.files"
    for path in /etc/pam.d/common-* /etc/nsswitch.conf /etc/ld.so.cache /etc/shells /etc/profile /etc/localtime \
        /etc/alternatives/*; do
        [ ! -e "$path" ] || echo "$path"
    done >>"$1.files"
    grep -v '^/usr/share/\(doc\|man\|locale\|info\|lintian\|i18n\|bug\|perl\)\(/\|$\)' "$1.files" | sort -u |
        while read -r path; do
            case $path in /bin | /sbin | /lib | /lib32 | /lib64 | /libx32 | /.) continue ;; esac
            [ ! -e "$path" ] || printf '%s\n' "${path#/}"
        done >"$1.list"
    tar -C / -cf - --no-recursion -T "$1.list" | tar -C "$1" -xpf -
}

small_packages() {
    dpkg-query -W -f '${Package}\t${Pre-Depends}, ${Depends}\t${Provides}\n' | awk -F '\t' '
        BEGIN {
            n = split("base-files base-passwd bash dash coreutils findutils diffutils grep sed mawk tar gzip " \
                "hostname login passwd procps util-linux libc-bin debianutils openssh-server openssh-sftp-server " \
                "sudo libpam-modules libpam-modules-bin libpam-runtime", todo, " ")
        }
        {
            needs[$1] = needs[$1] "," $2
            count = split($3, names, /, */)
            for (i = 1; i <= count; i++) { sub(/[ (:].*/, "", names[i]); provider[names[i]] = $1 }
        }
        END {
            for (i = 1; i <= n; i++) {
                name = (todo[i] in needs) ? todo[i] : provider[todo[i]]
                if (name == "" || (name in chosen)) continue
                chosen[name]
                print name
                count = split(needs[name], names, /[,|] */)
                for (j = 1; j <= count; j++) { sub(/[ (:].*/, "", names[j]); if (names[j] != "") todo[++n] = names[j] }
            }
        }'
}

chroots_exec() {
    exec chroot "$LAB_DIR/fs/hosts/$LAB_N/root" \
        env -i PATH="$PATH" HOME=/root USER=root LOGNAME=root SHELL=/bin/sh ${TERM+"TERM=$TERM"} "$@"
}
