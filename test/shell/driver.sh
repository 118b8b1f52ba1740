# Runs one case in a throw-away root: an overlay over the machine's own root without its bulk (../lab/bulk.sh), in
# namespaces that end with this process. The host's name is its own, too.
#
#   driver.sh MOUNTPOINT GIVEN THEN USER APPLETS SHELL...
#
# The shell under test reads its programs from standard input. What it changed is below MOUNTPOINT/up.
# Exit status 97: GIVEN failed. 99: THEN failed. Otherwise the shell's.
set -eu
at=$1 given=$2 then=$3 user=$4 applets=$5
shift 5
mount -t tmpfs -o mode=755 tmpfs "$at"
mkdir "$at/up" "$at/work" "$at/root"
# A layer of the overlay cannot lie on a file system that is another layer.
cp -a "${at%/*}/mask" "$at/mask"
# Inode numbers that stay, as on a plain disk.
mount -t overlay overlay -o "xino=on,lowerdir=$at/mask:/,upperdir=$at/up,workdir=$at/work" "$at/root"
cd "$at/root"
mount -t proc proc proc
mount --rbind /dev dev
# The namespaces have a network of their own, with rules of its own, in which nothing is up.
ip link set lo up
# Programs that stand for those which cannot run here; a case takes what it needs.
mkdir -p mnt/stubs
mount --bind "${0%/*}/stubs" mnt/stubs
if [ -n "$applets" ]; then
  mkdir -p mnt/applets
  mount --bind "$applets" mnt/applets
fi
HOME=/root LC_ALL=C.UTF-8 TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME LC_ALL TERM PATH
umask 022
[ -z "$given" ] || chroot . /bin/sh -exc "cd /root; $given" </dev/null >&2 || exit 97
[ -z "$applets" ] || PATH=/mnt/applets:$PATH
status=0
# GIVEN may have made the account: it is looked up in the case's root.
[ -z "$user" ] || HOME=$(chroot . getent passwd "${user%%:*}" | cut -d: -f6)
chroot ${user:+"--userspec=$user"} . /usr/bin/env -u OLDPWD "$@" || status=$?
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
[ -z "$then" ] || chroot . /bin/sh -exc "cd /root; $then" </dev/null >&2 || exit 99
exit "$status"
