import { err, ok, type Result } from "../../util/result.ts";

/** Facts of the minimal subset, by the names that gather_subset knows. */
const minimal = [
  "apparmor",
  "caps",
  "cmdline",
  "date_time",
  "distribution",
  "dns",
  "env",
  "fips",
  "loadavg",
  "local",
  "lsb",
  "pkg_mgr",
  "platform",
  "python",
  "selinux",
  "service_mgr",
  "ssh_pub_keys",
  "user",
] as const;

const further = ["hardware", "network", "virtual", "facter", "ohai"] as const;

/** A group of facts that can be asked for. */
export type Subset = (typeof minimal)[number] | (typeof further)[number];

/** Finer names of Ansible's, and the group here that holds what they name. */
const finer: Readonly<Record<string, readonly Subset[]>> = {
  all_ipv4_addresses: ["network"],
  all_ipv6_addresses: ["network"],
  architecture: ["platform"],
  default_ipv4: ["network"],
  default_ipv6: ["network"],
  distribution_major_version: ["distribution"],
  distribution_release: ["distribution"],
  distribution_version: ["distribution"],
  effective_user_id: ["user"],
  interfaces: ["network"],
  kernel: ["platform"],
  machine: ["platform"],
  machine_id: ["platform"],
  memory: ["hardware"],
  mounts: ["hardware"],
  os_family: ["distribution"],
  processor: ["hardware"],
  python_version: ["python"],
  system: ["platform"],
  user_id: ["user"],
  virtualization_role: ["virtual"],
  virtualization_type: ["virtual"],
};

const all: readonly Subset[] = [...minimal, ...further];

/** The groups that a `gather_subset` names, by Ansible's rules: the minimal ones are in unless `!min` says otherwise. */
export const chooseSubsets = (names: readonly string[]): Result<ReadonlySet<Subset>, string> => {
  const added = new Set<Subset>();
  const excluded = new Set<Subset>();
  const named = new Set<Subset>();
  let withMinimal = true;
  for (const name of names.map((text) => text.trim())) {
    const out = name.startsWith("!");
    const groups = groupsOf(out ? name.slice(1).trim() : name, out);
    if (groups === undefined) return err(badSubset(name));
    if (name === "!min") withMinimal = false;
    for (const group of groups) {
      (out ? excluded : added).add(group);
      if (!out && name !== "all" && name !== "min") named.add(group);
    }
  }
  const base = added.size > 0 || names.includes("min") ? [...added] : all.filter((group) => !excluded.has(group));
  // What is named by itself stays in, whatever `!min` or `!all` beside it take out.
  const chosen = base.filter((group) => !excluded.has(group) || named.has(group));
  const always = withMinimal ? minimal.filter((group) => !excluded.has(group)) : [];
  return ok(new Set([...chosen, ...always]));
};

const groupsOf = (name: string, out: boolean): readonly Subset[] | undefined => {
  if (name === "all") return out ? further : all;
  if (name === "min") return minimal;
  return finer[name] ?? (all.some((group) => group === name) ? [name as Subset] : undefined);
};

const badSubset = (name: string): string => {
  const known = ["all", "min", ...all, ...Object.keys(finer)].toSorted().join(", ");
  return `Bad subset '${name}' given to Ansible. gather_subset options allowed: ${known}`;
};
