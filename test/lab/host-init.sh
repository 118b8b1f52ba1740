# shellcheck shell=sh
# Process 1 of a lab host, in its namespaces: link, files, then sshd.
# Arguments: lab=DIR N ADDRESS/LENGTH LINK BASE; descriptor 9 is the machine's
# network namespace. DIR/fs/hosts/N/linked gets this process's id as the machine
# sees it once the link exists.

set -eu
dir=${1#lab=} n=$2 address=$3 link=$4 base=$5
read -r pid _ </proc/self/stat
cd "$dir/fs/hosts/$n"
ip -batch - <<END
link set lo up
link add name eth0 type veth peer name $link netns /proc/self/fd/9
addr add $address dev eth0
link set eth0 up
END
exec 9<&-
echo "$pid" >linking
mv linking linked

mkdir -p upper/etc/ssh upper/run work root
echo "vm$n" >upper/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 vm%s\n::1 localhost ip6-localhost\n' "$n" >upper/etc/hosts
ssh-keygen -q -t ed25519 -N '' -C "root@vm$n" -f upper/etc/ssh/ssh_host_ed25519_key

root=$dir/fs/hosts/$n/root
# Inode numbers as on a plain disk (no xino), and directories that can be renamed.
cat >fstab <<END
overlay $root overlay lowerdir=$dir/fs/seed:$dir/fs/mask:$base,upperdir=$dir/fs/hosts/$n/upper,workdir=$dir/fs/hosts/$n/work,redirect_dir=on,xino=off 0 0
proc $root/proc proc nosuid,nodev,noexec 0 0
sysfs $root/sys sysfs ro,nosuid,nodev,noexec 0 0
devpts $root/dev/pts devpts newinstance,ptmxmode=0666,mode=0620,gid=5 0 0
tmpfs $root/dev/shm tmpfs mode=1777,nosuid,nodev 0 0
END
mount -a -T fstab
cd root
echo "vm$n" >proc/sys/kernel/hostname
pivot_root . mnt
umount -l /mnt
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/sbin/sshd -D -E /var/log/auth.log
