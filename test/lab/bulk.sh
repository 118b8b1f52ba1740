# shellcheck shell=sh
# What is large on a machine and of no use to a host of the tests. Sourced by seed.sh, and run by the shell layer with
# the directory to be made: a search through all of a host's files, as a revoke makes one, takes its time from here.

# mask_bulk MASK: hides it below MASK, a layer of an overlay.
mask_bulk() {
    mkdir -p "$1/usr/lib" "$1/usr/share"
    for name in include lib/google-cloud-sdk lib/jvm lib/node_modules share/doc share/icons share/info share/locale \
        share/man share/X11; do
        mknod "$1/usr/$name" c 0 0
    done
}

# mask_rest MASK: for a root that is otherwise all of this machine's: folders at the top that are no part of the system,
# what root has installed for itself, what is temporary, other tests' roots.
mask_rest() {
    mkdir -p "$1/opt" "$1/root" "$1/tmp" "$1/var/cache"
    chmod 700 "$1/root"
    chmod 1777 "$1/tmp"
    for path in /* /root/* /root/.[!.]* /opt/* /tmp/* /var/cache/latchkey*; do
        case $path in
            /bin | /boot | /dev | /etc | /home | /lib* | /media | /mnt | /opt | /proc | /root | /run | /sbin | /srv | \
                /sys | /tmp | /usr | /var) ;;
            *) if [ -d "$path" ] && [ ! -L "$path" ]; then mknod "$1$path" c 0 0; fi ;;
        esac
    done
}

case ${0##*/} in
    bulk.sh)
        set -eu
        mask_bulk "$1"
        mask_rest "$1"
        ;;
esac
