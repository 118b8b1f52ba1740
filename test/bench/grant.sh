# shellcheck shell=sh
# playbooks/grant.yml by hand, for one host: the same end state. bench.mjs puts the key line into KEY_LINE.
set -e
getent group support >/dev/null || groupadd support
getent passwd support >/dev/null ||
    useradd -m -k /dev/null -g support -c 'Vendor support account' -d /home/support -s /bin/bash -p '*' support
ssh=/home/support/.ssh
install -d -m 0700 -o support -g support "$ssh"
new=$(mktemp "$ssh/.new.XXXXXX")
printf '%s\n' "$KEY_LINE" >"$new"
chmod 0600 "$new"
chown support:support "$new"
mv -f "$new" "$ssh/authorized_keys"
new=$(mktemp /etc/sudoers.d/.new.XXXXXX)
printf 'support ALL=(ALL)NOPASSWD: ALL\n' >"$new"
chmod 0440 "$new"
visudo -cqf "$new"
mv -f "$new" /etc/sudoers.d/zz-support
