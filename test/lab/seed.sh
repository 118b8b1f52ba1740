# shellcheck shell=sh
# The files of a fresh host: accounts, sudo, sshd, empty homes and logs.
# Sourced by lab.sh.

# mask_machine MASK: hides from the hosts what is the machine's own: everything
# at the top that is no part of the system, homes, logs, keys, local programs.
mask_machine() {
    for path in "${LAB_BASE:-}"/* "${LAB_BASE:-}"/.[!.]*; do
        name=${path##*/}
        case $name in
            bin | sbin | lib | lib32 | lib64 | libx32 | usr | etc | var) ;;
            *) if [ -e "$path" ] || [ -L "$path" ]; then mknod "$1/$name" c 0 0; fi ;;
        esac
    done
    mkdir -p "$1/usr" "$1/etc/ssl" "$1/var/lib"
    mask_bulk "$1"
    for name in usr/local usr/src etc/ssh etc/sudoers.d etc/ssl/private etc/cron.d etc/ld.so.preload etc/nologin \
        var/backups var/cache var/crash var/local var/log var/mail var/opt var/spool var/tmp var/www \
        var/lib/docker var/lib/containers var/lib/private var/lib/sudo var/lib/systemd var/lib/latchkey; do
        mknod "$1/$name" c 0 0
    done
    [ "$LAB_INIT" != systemd ] || mask_systemd "$1"
}

# seed_host ROOT BASE: writes a fresh host's files below ROOT; the base's system
# accounts stay, its people do not.
seed_host() {
    root=$1
    ( cd "$root" && mkdir -p boot dev/pts dev/shm etc/ssh/sshd_config.d etc/sudoers.d etc/ssl/private etc/cron.d \
        "home/$LAB_USER/.ssh" media mnt opt proc root run/sshd run/lock srv sys tmp \
        usr/local/bin usr/local/sbin usr/local/lib usr/local/share usr/local/etc usr/src \
        var/backups var/cache var/local var/log var/mail var/opt var/spool/cron/crontabs var/tmp \
        var/lib/sudo/lectured var/lib/systemd )
    seed_accounts "$root" "$2"
    seed_sudo "$root"
    seed_sshd "$root" "$2"
    [ "$LAB_INIT" != systemd ] || seed_systemd "$root"
    cat "$LAB_DIR/id_ed25519.pub" >"$root/home/$LAB_USER/.ssh/authorized_keys"
    printf 'export PS1\n' >"$root/home/$LAB_USER/.profile"
    : >"$root/etc/environment"
    : >"$root/etc/resolv.conf"
    : >"$root/etc/machine-id"
    : >"$root/etc/.pwd.lock"
    printf '/dev/root / overlay rw 0 1\n' >"$root/etc/fstab"
    for name in var/log/wtmp var/log/btmp var/log/lastlog var/log/auth.log run/utmp; do
        : >"$root/$name"
    done
    ln -s ../mail "$root/var/spool/mail"
    cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$root/dev/"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    ln -s fd/0 "$root/dev/stdin"
    ln -s fd/1 "$root/dev/stdout"
    ln -s fd/2 "$root/dev/stderr"
    seed_modes "$root"
}

seed_modes() (
    cd "$1" || exit
    chmod 0700 root etc/ssl/private var/lib/sudo "home/$LAB_USER/.ssh"
    chmod 0755 "home/$LAB_USER"
    chmod 1777 tmp var/tmp dev/shm run/lock
    chmod 0750 etc/sudoers.d
    chmod 0440 etc/sudoers etc/sudoers.d/*
    chmod 0600 "home/$LAB_USER/.ssh/authorized_keys" etc/.pwd.lock
    chmod 0640 etc/shadow etc/gshadow etc/shadow- etc/gshadow- var/log/auth.log
    chgrp 42 etc/shadow etc/gshadow etc/shadow- etc/gshadow-
    chmod 0664 var/log/wtmp var/log/lastlog run/utmp
    chmod 0660 var/log/btmp
    chgrp 43 var/log/wtmp var/log/btmp var/log/lastlog run/utmp
    chmod 2775 var/mail
    chgrp 8 var/mail
    chmod 1730 var/spool/cron/crontabs
    chown -R 1000:1000 "home/$LAB_USER"
)

# seed_accounts ROOT BASE: passwd, shadow, group and gshadow, with their backups as
# shadow's tools would leave them.
seed_accounts() {
    awk -F: '$3 < 1000 || $3 == 65534' "$2/etc/passwd" >"$1/etc/passwd"
    echo "$LAB_USER:x:1000:1000::/home/$LAB_USER:/bin/bash" >>"$1/etc/passwd"
    # As in Debian's cloud images: who has a rule without password is not in group sudo.
    case $LAB_SUDO in password) members=$LAB_USER ;; *) members='' ;; esac
    awk -F: -v OFS=: -v members="$members" '
        $3 < 1000 || $3 == 65534 { $4 = ($1 == "sudo") ? members : ""; print $1, $2, $3, $4 }' \
        "$2/etc/group" >"$1/etc/group"
    echo "$LAB_USER:x:1000:" >>"$1/etc/group"
    hash='!'
    [ "$LAB_SUDO" != password ] || seed_password
    awk -F: -v OFS=: -v user="$LAB_USER" -v hash="$hash" '
        { print $1, ($1 == user ? hash : "*"), 20000, 0, 99999, 7, "", "", "" }' "$1/etc/passwd" >"$1/etc/shadow"
    awk -F: -v OFS=: '{ print $1, "*", "", $4 }' "$1/etc/group" >"$1/etc/gshadow"
    echo "$LAB_USER:100000:65536" >"$1/etc/subuid"
    echo "$LAB_USER:100000:65536" >"$1/etc/subgid"
    for file in passwd shadow group gshadow subuid subgid; do
        cp "$1/etc/$file" "$1/etc/$file-"
    done
}

# seed_password: a random password for the login account, in DIR/become_password,
# and its hash. perl is part of every Debian; nothing of it is in an argument list.
seed_password() {
    password=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
    ( umask 077 && printf '%s\n' "$password" >"$LAB_DIR/become_password" )
    # shellcheck disable=SC2016
    hash=$(printf '%s\n' "$password" | perl -e '
        my $word = <STDIN>; chomp $word;
        print crypt($word, "\$6\$" . substr($word, 0, 8) . "lab\$")')
}

# seed_sudo ROOT: Debian's own sudoers, and a cloud image's rule for its account.
seed_sudo() {
    cat >"$1/etc/sudoers" <<'END'
Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults	use_pty

root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL

@includedir /etc/sudoers.d
END
    # Without mounts there is no terminal for sudo to make.
    [ "$LAB_MODE" != chroots ] || sed -i '/use_pty/d' "$1/etc/sudoers"
    # sudo before 1.9.1 knows only this form.
    case $(chroot "${2:-/}" sudo -V 2>/dev/null | head -n 1) in
        *' 1.8.'*) sed -i 's/^@includedir/#includedir/' "$1/etc/sudoers" ;;
    esac
    echo '# Files of this directory are read by sudo.' >"$1/etc/sudoers.d/README"
    [ "$LAB_SUDO" != nopasswd ] ||
        echo "$LAB_USER ALL=(ALL) NOPASSWD:ALL" >"$1/etc/sudoers.d/90-cloud-init-users"
}

# seed_sshd ROOT BASE: Debian's sshd_config. All of a lab's logins come from one
# address, many at once: the limits that would stop them are wider.
seed_sshd() {
    cat >"$1/etc/ssh/sshd_config" <<END
Include /etc/ssh/sshd_config.d/*.conf
HostKey /etc/ssh/ssh_host_ed25519_key
KbdInteractiveAuthentication no
UsePAM yes
PrintMotd no
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
MaxStartups 100:30:200
END
    # OpenSSH 9.8 and later count refused logins against an address.
    version=$(chroot "${2:-/}" ssh -V 2>&1)
    version=${version#OpenSSH_}
    major=${version%%.*}
    minor=${version#*.}
    minor=${minor%%[!0-9]*}
    case $major$minor in
        *[!0-9]* | '') ;;
        *) [ "$major" -lt 10 ] && [ "$major.$minor" != 9.8 ] && [ "$major.$minor" != 9.9 ] ||
            echo 'PerSourcePenalties no' >>"$1/etc/ssh/sshd_config" ;;
    esac
}
