const otherSystems = "leave it out: no host that is reached here has it";
const firewall = "run firewall-cmd with `command`";
const packages = "run the host's own package manager with `command`";

/** Options that Ansible's modules have and ours do not, by short name, with what to do instead. */
const foreign: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  firewalld: {
    icmp_block_inversion: firewall,
    interface: firewall,
    masquerade: firewall,
    port_forward: firewall,
    target: firewall,
  },
  include_vars: { hash_behaviour: "read it with `name`, and merge with the filter combine" },
  package: {
    allow_downgrade: packages,
    autoremove: packages,
    cache_valid_time: packages,
    disable_gpg_check: packages,
    disablerepo: packages,
    enablerepo: packages,
    install_recommends: packages,
    purge: packages,
  },
  service: { pattern: "leave it out: the init system knows which services run" },
  user: {
    authorization: otherSystems,
    hidden: otherSystems,
    login_class: otherSystems,
    profile: otherSystems,
    role: otherSystems,
    seuser: "run `semanage login` with `command`",
    ssh_key_passphrase: "make the key with `ssh-keygen`, run with `command`",
  },
};

/** What to do instead of an option of Ansible's; undefined where it has none of this name either. */
export const cureOfOption = (module: string, option: string): string | undefined => {
  const cures = Object.hasOwn(foreign, module) ? foreign[module] : undefined;
  return cures !== undefined && Object.hasOwn(cures, option) ? cures[option] : undefined;
};
