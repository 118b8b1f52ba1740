import { didYouMean } from "../../diagnostics/suggest.ts";
import { type MapEntry, type MapNode, type Node, entryOf } from "../../source/node.ts";
import type { InventoryBuilder } from "../inventory-builder.ts";
import { type Constructed, readConstructed } from "../constructed.ts";

/** What a file with `plugin: openstack.cloud.openstack` asks for. */
export interface OpenStackSource {
  /** Searched before the places where clouds.yaml usually is. */
  readonly cloudsFiles: readonly string[];
  /** The clouds to ask; all that are known where it is empty. */
  readonly onlyClouds: readonly string[];
  readonly allProjects: boolean;
  readonly hostname: "name" | "uuid";
  readonly failOnErrors: boolean;
  /** Addresses inside the cloud, even where there are floating ones. */
  readonly isPrivate: boolean;
  readonly onlyIpv4: boolean;
  /** Connect to a server by its name. */
  readonly useNames: boolean;
  /** Servers without an address, too. */
  readonly showAll: boolean;
  /** The groups that the plugin makes by itself. */
  readonly legacyGroups: boolean;
  /** Whether hosts get the user of their image to log in as. */
  readonly defaultUsers: boolean;
  readonly constructed: Constructed;
}

/** What is asked for where nothing is said. */
export const usualSource: OpenStackSource = {
  cloudsFiles: [],
  onlyClouds: [],
  allProjects: false,
  hostname: "name",
  failOnErrors: false,
  isPrivate: false,
  onlyIpv4: false,
  useNames: false,
  showAll: false,
  legacyGroups: true,
  defaultUsers: true,
  constructed: { compose: [], groups: [], keyed: [], strict: false, leadingSeparator: true },
};

const flags = [
  "all_projects",
  "expand_hostvars",
  "fail_on_errors",
  "private",
  "only_ipv4",
  "use_names",
  "show_all",
  "legacy_groups",
  "strict",
  "leading_separator",
  "cache",
  "use_extra_vars",
  "latchkey_default_users",
] as const;
const others = [
  "plugin",
  "clouds_yaml_path",
  "only_clouds",
  "inventory_hostname",
  "compose",
  "groups",
  "keyed_groups",
] as const;
const known: readonly string[] = [...flags, ...others];

/** Ansible's plugin has these as well. */
const refused: Readonly<Record<string, string>> = {
  server_filters: "list all servers, and choose with groups or --limit",
  cache_plugin: "servers are asked for anew each time",
  cache_timeout: "servers are asked for anew each time",
  cache_connection: "servers are asked for anew each time",
  cache_prefix: "servers are asked for anew each time",
};

/** Reads the options; what is wrong is reported, and nothing is given then. */
export const readSourceOptions = (root: MapNode, builder: InventoryBuilder): OpenStackSource | undefined => {
  let isFine = true;
  const fail = (node: Node, message: string, hint?: string): void => {
    isFine = false;
    builder.error(message, node.span, hint);
  };
  for (const { key } of root.entries) checkName(String(key.value), key, builder, () => (isFine = false));
  const flag = (name: (typeof flags)[number], usual: boolean): boolean => {
    const entry = entryOf(root, name);
    if (entry === undefined) return usual;
    const { value } = entry;
    if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
    fail(value, `${name} is true or false`);
    return usual;
  };
  for (const name of ["cache", "use_extra_vars"] as const) {
    const entry = entryOf(root, name);
    if (entry !== undefined && flag(name, false)) {
      isFine = false;
      const hint =
        name === "cache" ? refused["cache_plugin"] : "-e gives variables to the run, which see these as well";
      builder.report({
        code: "V04",
        severity: "error",
        message: `${name} is not supported here`,
        span: entry.key.span,
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }
  const expand = entryOf(root, "expand_hostvars");
  if (expand !== undefined && flag("expand_hostvars", false)) {
    builder.warn(
      "the block storage service is not asked: openstack.volumes has the ids of volumes alone",
      expand.key.span,
    );
  }
  const source: OpenStackSource = {
    cloudsFiles: textsOf(entryOf(root, "clouds_yaml_path"), fail),
    onlyClouds: textsOf(entryOf(root, "only_clouds"), fail),
    allProjects: flag("all_projects", false),
    hostname: hostnameOf(entryOf(root, "inventory_hostname"), fail),
    failOnErrors: flag("fail_on_errors", false),
    isPrivate: flag("private", false),
    onlyIpv4: flag("only_ipv4", false),
    useNames: flag("use_names", false),
    showAll: flag("show_all", false),
    legacyGroups: flag("legacy_groups", true),
    defaultUsers: flag("latchkey_default_users", true),
    constructed: readConstructed(
      root,
      { strict: flag("strict", false), leadingSeparator: flag("leading_separator", true) },
      fail,
    ),
  };
  return isFine ? source : undefined;
};

const checkName = (name: string, key: Node, builder: InventoryBuilder, fail: () => void): void => {
  if (known.includes(name)) return;
  fail();
  const reason = refused[name];
  if (reason !== undefined) {
    const message = `${name} is not supported here`;
    builder.report({ code: "V04", severity: "error", message, span: key.span, hint: reason });
    return;
  }
  const hint = didYouMean(name, known) ?? `expected one of ${known.toSorted().join(", ")}`;
  builder.report({ code: "V02", severity: "error", message: `there is no option ${name}`, span: key.span, hint });
};

type Fail = (node: Node, message: string, hint?: string) => void;

const textsOf = (entry: MapEntry | undefined, fail: Fail): readonly string[] => {
  if (entry === undefined) return [];
  const { key, value } = entry;
  // Ansible makes a list of a single text.
  const items = value.kind === "seq" ? value.items : [value];
  const texts = items.flatMap((item) => (item.kind === "scalar" && typeof item.value === "string" ? [item.value] : []));
  if (texts.length !== items.length) fail(value, `${String(key.value)} is a list of texts`);
  return texts;
};

const hostnameOf = (entry: MapEntry | undefined, fail: Fail): "name" | "uuid" => {
  if (entry === undefined) return "name";
  const { value } = entry;
  const given = value.kind === "scalar" ? value.value : undefined;
  if (given === "name" || given === "uuid") return given;
  fail(value, "inventory_hostname is name or uuid");
  return "name";
};
