/**
 * Modules that people know from Ansible and that Latchkey lacks, by short name, each with what to do instead where there
 * is something: a name listed here is refused as Ansible's own, never taken for a slip of the finger.
 */
const unsupported: Readonly<Record<string, string | undefined>> = {
  ...without(
    "add_user apt_key apt_repository at capabilities cronvar debconf dnf5 docker_container",
    "docker_image dpkg_selections expect gather_facts git git_config github_key hg htpasswd ini_file",
    "interfaces_file java_cert locale_gen lvg lvol make modprobe monit mysql_db mysql_user npm open_iscsi",
    "openssh_cert openssh_keypair openssl_privatekey package_facts pacman pamd pam_limits parted patch pip",
    "postgresql_db postgresql_user rpm_key seboolean sefcontext selinux selinux_permissive seport service_facts",
    "set_stats snap ssh_config subversion supervisorctl synchronize sysctl sysvinit timezone unarchive",
    "xattr xml yum_repository zypper_repository alternatives archive acl filesystem gem",
    "runit openrc rc_service",
  ),
  ...instead("run the package manager with `command`", "apt apk dnf homebrew yum zypper"),
  ...instead("run it with `command`", "nftables mount"),
  ...instead("run `reboot` with `command`, then use `wait_for_connection`", "reboot"),
  ...instead("bring the tasks in with include_tasks or import_tasks", "include"),
  ...instead("write it as an entry of the playbook, beside the plays", "import_playbook"),
};

function without(...lines: string[]): Record<string, undefined> {
  return Object.fromEntries(lines.flatMap((line) => line.split(" ")).map((name) => [name, undefined]));
}

function instead(hint: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, hint]));
}

/** Whether this short name is a module of Ansible's that Latchkey lacks, and what to do instead. */
export const findUnsupported = (shortName: string): { readonly hint?: string } | undefined => {
  if (!Object.hasOwn(unsupported, shortName)) return undefined;
  const hint = unsupported[shortName];
  return hint === undefined ? {} : { hint };
};
