const listens = "grep -c 'Server listening' /var/log/auth.log";

/** Shell: has a host's sshd read its settings, and waits until it listens again and has written down its process. */
export const reloadSshd = `was=$(${listens}); kill -HUP $(cat /run/sshd.pid)
until [ $(${listens}) -gt $was ] && [ -s /run/sshd.pid ]; do sleep 0.02; done`;
