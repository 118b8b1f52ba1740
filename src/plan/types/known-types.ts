import type { Inventory } from "../../inventory/inventory.ts";
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
  hostvars: any,
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

/** `ansible_facts`: those that are known and any others. */
const factsType: Type = { kind: "map", keys: facts, isOpen: true };

/** The type of a magic variable; undefined where the name is none. */
export const magicType = (name: string, inventory: Inventory): Type | undefined => {
  if (name === "ansible_facts") return factsType;
  if (name === "groups") return groupsType(inventory);
  return Object.hasOwn(magic, name) ? magic[name] : undefined;
};

/** The type of a fact under the name that it has as a variable; undefined where every host may have another. */
export const factType = (name: string): Type | undefined =>
  name.startsWith("ansible_") ? facts.get(name.slice("ansible_".length)) : undefined;

/** A play may make more groups. */
const groupsType = (inventory: Inventory): Type =>
  lazy(() => openMap(Object.fromEntries([...inventory.groups.keys()].map((name) => [name, texts]))));
