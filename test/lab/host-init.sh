# shellcheck shell=sh
# Process 1 of a lab host, in its namespaces: link, files, then sshd or systemd.
# Arguments: lab=DIR N ADDRESS/LENGTH LINK BASE [CGROUP]; with CGROUP, a directory
# of its own in cgroup2, it is systemd. Descriptor 9 is the machine's network
# namespace. DIR/fs/hosts/N/linked gets this process's id as the machine sees it
# once the link exists.

set -eu
dir=${1#lab=} n=$2 address=$3 link=$4 base=$5 cgroup=${6-}
if [ -n "$cgroup" ] && [ -z "${LAB_IN_CGROUP-}" ]; then
    # What systemd then finds at the top of its cgroups is itself alone.
    echo 0 >"$cgroup/cgroup.procs"
    LAB_IN_CGROUP=1 exec unshare -C sh "$0" "$@"
fi
read -r pid _ </proc/self/stat
cd "$dir/fs/hosts/$n"
ip -batch - <<END
link set lo up
link add name eth0 type veth peer name $link netns /proc/self/fd/9
addr add $address dev eth0
link set eth0 up
END
nsenter --net=/proc/self/fd/9 ip link set "$link" master "${link%-*}" up
exec 9<&-
echo "$pid" >linking
mv linking linked

mkdir -p upper/etc/ssh upper/run work root
echo "vm$n" >upper/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 vm%s\n::1 localhost ip6-localhost\n' "$n" >upper/etc/hosts
[ -e upper/etc/ssh/ssh_host_ed25519_key ] ||
    ssh-keygen -q -t ed25519 -N '' -C "root@vm$n" -f upper/etc/ssh/ssh_host_ed25519_key
[ -z "$cgroup" ] || [ -s upper/etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >upper/etc/machine-id

root=$dir/fs/hosts/$n/root
# Directories that can be renamed; inode numbers as on a plain disk, or else such that outlast a restart.
if [ -z "$cgroup" ]; then xino=off; else xino=on; fi
cat >fstab <<END
overlay $root overlay lowerdir=$dir/fs/seed:$dir/fs/mask:$base,upperdir=$dir/fs/hosts/$n/upper,workdir=$dir/fs/hosts/$n/work,redirect_dir=on,xino=$xino 0 0
proc $root/proc proc nosuid,nodev,noexec 0 0
sysfs $root/sys sysfs ro,nosuid,nodev,noexec 0 0
devpts $root/dev/pts devpts newinstance,ptmxmode=0666,mode=0620,gid=5 0 0
tmpfs $root/dev/shm tmpfs mode=1777,nosuid,nodev 0 0
END
if [ -n "$cgroup" ]; then
    # Settings of the kernel that are the whole machine's; and what is new with each start.
    rm -rf run
    mkdir run
    cat /proc/sys/kernel/random/uuid >boot_id
    cat >>fstab <<END
cgroup2 $root/sys/fs/cgroup cgroup2 nosuid,nodev,noexec 0 0
$root/proc/sys $root/proc/sys none bind 0 0
$root/proc/sys $root/proc/sys none remount,bind,ro 0 0
$dir/fs/hosts/$n/boot_id $root/proc/sys/kernel/random/boot_id none bind 0 0
$dir/fs/hosts/$n/run $root/run none bind 0 0
END
fi
mount -a -T fstab
cd root
hostname "vm$n"
pivot_root . mnt
umount -l /mnt
[ -z "$cgroup" ] || exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin container=lab \
    /lib/systemd/systemd
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/sbin/sshd -D -E /var/log/auth.log
