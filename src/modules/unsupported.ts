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
    "deb822_repository mount_facts firewalld_info rhel_facts rhel_rpm_ostree rpm_ostree_upgrade svr4pkg yum_versionlock",
    "ansible_galaxy_install apt_repo apt_rpm awall bower bundler bzr cargo cobbler_system composer consul consul_kv cpanm",
    "datadog_event deploy_helper dnf_config_manager dnf_versionlock dconf discord django_manage easy_install etcd3 facter",
    "filesize flatpak flatpak_remote gconftool2 github_deploy_key github_release gitlab_project gitlab_user grafana_dashboard",
    "hponcfg htpasswd icinga2_host imgadm influxdb_database ipa_user ipmi_power irc iso_extract jabber java_keystore",
    "jenkins_job jenkins_plugin jira kdeconfig kernel_blacklist keycloak_client keyring launchd layman ldap_attrs ldap_entry",
    "ldap_passwd ldap_search listen_ports_facts lxc_container lxd_container mail make mattermost memset mksysb mqtt",
    "nagios netcup_dns nictagadm nmcli nomad_job nosh nsupdate ocapi_command odbc office_365_connector_card one_vm",
    "opendj_backendprop openbsd_pkg opkg osx_defaults packet_device pagerduty parted pear pids pip_package_info pipx pkgin",
    "pkgng pkgutil pmem portage portinstall proxmox pulp_repo puppet pushbullet pushover python_requirements_info read_csv",
    "redfish_command redis redis_data rhsm_release rhsm_repository riak rocketchat rollbar_deployment rundeck_job sendgrid",
    "sensu_check sensu_client shutdown slack slackpkg snap_alias solaris_zone sorcery spectrum_device ssh_config statusio",
    "svc swdepot swupd syslogger sysrc sysupgrade telegram terraform toml_file twilio typetalk udm_user urpmi uv_python",
    "vertica_user vmadm wakeonlan wdc_redfish_command xbps xfconf xfs_quota zfs zfs_facts znode zpool_facts zypper_repository_info",
    "docker_compose docker_compose_v2 docker_login docker_network docker_volume podman_container podman_image k8s helm",
    "openssl_csr openssl_dhparam openssl_pkcs12 x509_certificate acme_certificate mysql_query postgresql_query mongodb_user",
    "ec2_instance s3_object win_command win_copy win_shell win_user",
  ),
  ...instead("run the package manager with `command`", "apt apk dnf homebrew yum zypper"),
  ...instead("run it with `command`", "nftables mount git pip npm gem make modprobe locale_gen subversion hg"),
  ...instead("run timedatectl or its like with `command`", "timezone"),
  ...instead("set it as a fact with `set_fact`", "set_stats"),
  ...instead("run tar or unzip with `command`", "unarchive archive"),
  ...instead("copy the files with `copy`", "synchronize"),
  ...instead(
    "write the file of the repository with `copy` or `template`",
    "apt_repository deb822_repository yum_repository",
  ),
  ...instead("put the key in place with `get_url` or `copy`", "apt_key rpm_key"),
  ...instead("write a file below /etc/sysctl.d with `copy`, and run `sysctl --system` with `command`", "sysctl"),
  ...instead("use `lineinfile`", "ini_file toml_file ssh_config"),
  ...instead("use `service`, or `systemd_service`", "sysvinit runit openrc rc_service svc launchd"),
  ...instead("ask with `command` and register what it says", "service_facts package_facts mount_facts"),
  ...instead("run `shutdown` with `command`", "shutdown"),
  ...instead("use `setup`", "gather_facts"),
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
