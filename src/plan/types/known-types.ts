import { didYouMean, oneSlipFrom } from "../../diagnostics/suggest.ts";
import { connectionVariables } from "../../inventory/connection-variables.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isImplicitHost } from "../../inventory/select.ts";
import {
  bool,
  int,
  float,
  listOf,
  lazy,
  mapWith,
  nothing,
  openMap,
  str,
  type Type,
  union,
  any,
} from "../../vars/types/type.ts";

const texts = listOf(str);

/** The types of the variables that Ansible's language gives a meaning of their own, and nobody can set. */
const magic: Readonly<Record<string, Type>> = {
  ansible_check_mode: bool,
  ansible_diff_mode: bool,
  ansible_forks: int,
  ansible_inventory_sources: texts,
  ansible_play_batch: texts,
  ansible_play_hosts: texts,
  ansible_play_hosts_all: texts,
  ansible_play_name: str,
  ansible_playbook_name: str,
  ansible_run_tags: texts,
  ansible_skip_tags: texts,
  ansible_verbosity: int,
  ansible_version: {
    ...mapWith({ full: str, string: str, major: int, minor: int, revision: int }),
    name: '"ansible_version"',
  },
  environment: any,
  group_names: texts,
  inventory_dir: union([str, nothing]),
  inventory_file: union([str, nothing]),
  inventory_hostname: str,
  inventory_hostname_short: str,
  omit: any,
  play_hosts: texts,
  playbook_dir: str,
  role_name: str,
  role_path: str,
  vars: any,
};

const ofText =
  "architecture bios_date bios_vendor bios_version board_name chassis_vendor distribution distribution_major_version " +
  "distribution_minor_version distribution_release distribution_version domain fqdn hostname kernel kernel_version machine " +
  "machine_id nodename os_family pkg_mgr product_name product_serial product_uuid python_version service_mgr " +
  "ssh_host_key_ecdsa_public ssh_host_key_ed25519_public ssh_host_key_rsa_public system system_vendor userspace_architecture " +
  "userspace_bits user_dir user_gecos user_id user_shell virtualization_role virtualization_type";
const ofNumber =
  "effective_group_id effective_user_id memfree_mb memtotal_mb processor_cores processor_count processor_nproc " +
  "processor_threads_per_core processor_vcpus real_group_id real_user_id swapfree_mb swaptotal_mb uptime_seconds user_gid user_uid";

const typed = (names: string, type: Type): readonly (readonly [string, Type])[] =>
  names.split(" ").map((name) => [name, type]);

const route = openMap({
  address: str,
  gateway: str,
  interface: str,
  macaddress: str,
  netmask: str,
  network: str,
  mtu: int,
});

/** Facts by their names without `ansible_`, as far as every host tells them alike. */
const facts: ReadonlyMap<string, Type> = new Map([
  ...typed(ofText, str),
  ...typed(ofNumber, int),
  ["all_ipv4_addresses", texts],
  ["all_ipv6_addresses", texts],
  [
    "date_time",
    openMap(Object.fromEntries(typed("date day epoch hour iso8601 minute month second time tz weekday year", str))),
  ],
  ["default_ipv4", route],
  ["default_ipv6", openMap({ address: str, gateway: str, interface: str })],
  ["devices", openMap()],
  ["env", openMap()],
  ["fips", bool],
  ["interfaces", texts],
  ["is_chroot", bool],
  ["loadavg", openMap({ "1m": float, "5m": float, "15m": float })],
  ["mounts", listOf(openMap())],
]);

/** Facts of some hosts only, near others or not. */
const furtherFacts =
  "apparmor board_asset_tag board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_version cmdline " +
  "device_links discovered_interpreter_python distribution_file_parsed distribution_file_path distribution_file_variety dns " +
  "facter fibre_channel_wwn form_factor gather_subset hostnqn iscsi_iqn lo local locally_reachable_ips lsb lvm memory_mb " +
  "module_setup ohai packages proc_cmdline processor product_version python selinux selinux_python_present services " +
  "ssh_host_key_dsa_public ssh_host_key_dsa_public_keytype ssh_host_key_ecdsa_public_keytype ssh_host_key_ed25519_public_keytype " +
  "ssh_host_key_rsa_public_keytype system_capabilities system_capabilities_enforced systemd virtualization_tech_guest " +
  "virtualization_tech_host";

const factNames: ReadonlySet<string> = new Set([...facts.keys(), ...furtherFacts.split(" ")]);

const slipOfFact = (name: string): string | undefined => {
  const meant = oneSlipFrom(name, factNames);
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
};

/** `ansible_facts`: those that are known and any others. */
const factsType: Type = { kind: "map", keys: facts, isOpen: true, lacks: slipOfFact };

const notGathered = "no facts are gathered: leave out gather_facts: false, or run setup before";

/** The same where nothing has gathered facts: tasks may have set some. */
export const ungatheredFacts: Type = {
  kind: "map",
  keys: new Map(),
  isOpen: true,
  lacks: (name) => (facts.has(name) ? notGathered : slipOfFact(name)),
};

const namesOfConnections = [...connectionVariables, ...Object.keys(magic)].filter((name) =>
  name.startsWith("ansible_"),
);
const furtherNames =
  "ansible_async_dir ansible_failed_result ansible_failed_task ansible_facts ansible_index_var ansible_limit ansible_local " +
  "ansible_loop ansible_loop_var ansible_managed ansible_parent_role_names ansible_parent_role_paths " +
  "ansible_dependent_role_names ansible_play_role_names ansible_python_interpreter ansible_role_name ansible_role_names " +
  "ansible_collection_name ansible_search_path ansible_config_file ansible_python ansible_remote_tmp ansible_shell_type " +
  "ansible_shell_executable ansible_ssh_executable ansible_date_time ansible_interfaces ansible_network_os ansible_winrm_port";

/** The name of a fact or of a variable of the language that a name of theirs is one slip away from. */
export const slipOfOwnName = (name: string): string | undefined =>
  oneSlipFrom(name, [
    ...[...factNames].map((fact) => `ansible_${fact}`),
    ...namesOfConnections,
    ...furtherNames.split(" "),
  ]);

/** The type of a magic variable; undefined where the name is none. */
export const magicType = (name: string, inventory: Inventory): Type | undefined => {
  if (name === "ansible_facts") return factsType;
  if (name === "groups") return groupsType(inventory);
  if (name === "hostvars") return hostsType(inventory);
  return Object.hasOwn(magic, name) ? magic[name] : undefined;
};

/** The type of a fact under the name that it has as a variable; undefined where every host may have another. */
export const factType = (name: string): Type | undefined =>
  name.startsWith("ansible_") ? facts.get(name.slice("ansible_".length)) : undefined;

const groupsType = (inventory: Inventory): Type =>
  lazy(() => ({
    ...openMap(Object.fromEntries([...inventory.groups.keys()].map((name) => [name, texts]))),
    namesOf: "group",
    lacks: (name) => (inventory.groups.has(name) ? undefined : nearest(name, inventory.groups.keys(), "groups")),
  }));

const hostsType = (inventory: Inventory): Type => ({
  ...openMap(),
  namesOf: "host",
  lacks: (name) =>
    inventory.hosts.has(name) || isImplicitHost(name) ? undefined : nearest(name, inventory.hosts.keys(), "hosts"),
});

const nearest = (name: string, names: Iterable<string>, kind: string): string =>
  didYouMean(name, names) ?? `\`latchkey inventory --graph\` shows what ${kind} there are`;
