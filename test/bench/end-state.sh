# shellcheck shell=sh
# Prints what a grant leaves on a host, to compare two ways of granting.
getent passwd support | cut -d : -f 1,2,5-
getent shadow support | cut -d : -f 1,2,4-
getent group support | cut -d : -f 1,2,4
cd /home/support || exit
find . /etc/sudoers.d -printf '%p %y %m %u %g\n' | sort
cat .ssh/authorized_keys /etc/sudoers.d/zz-support
