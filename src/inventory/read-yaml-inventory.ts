import { secretContent } from "../diagnostics/open-source.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { type MapEntry, type MapNode, type Node, entryOf } from "../source/node.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import type { SourceFile } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import { checkValues } from "./check-values.ts";
import { splitPort } from "./host-name.ts";
import { expandHostRange } from "./host-range.ts";
import type { InventoryBuilder } from "./inventory-builder.ts";

/**
 * Reads an inventory of YAML or JSON: groups with `hosts`, `vars` and `children`. What is the file of an inventory plugin
 * that is supported here is not read: its content is given back.
 */
export const readYamlInventory = (file: SourceFile, builder: InventoryBuilder): MapNode | undefined => {
  const { root: read, problems } = parseYaml(file);
  const root = secretContent(file, read, builder.vault, builder.diagnostics);
  for (const problem of problems) builder.report({ code: "V01", severity: "error", ...problem });
  if (root === undefined) return undefined;
  if (root.kind !== "map") {
    builder.error("an inventory is a mapping of groups", root.span, "begin with: all: {hosts: …}");
    return undefined;
  }
  const plugin = entryOf(root, "plugin");
  if (plugin !== undefined) return isOpenStack(plugin) ? root : refusePlugin(plugin, builder);
  const clouds = entryOf(root, "clouds");
  if (clouds !== undefined && /clouds(?:-public)?\.ya?ml$/.test(file.path)) {
    const hint = "for their servers as hosts write openstack.yml with one line: plugin: openstack.cloud.openstack";
    builder.error("this is a configuration of clouds, and no inventory", clouds.key.span, hint);
    return undefined;
  }
  for (const problem of checkValues(root)) builder.report(problem);
  const reader = new YamlInventoryReader(builder);
  for (const entry of root.entries) reader.readGroup(entry, undefined);
  return undefined;
};

const isOpenStack = ({ value }: MapEntry): boolean =>
  value.kind === "scalar" && (value.value === "openstack.cloud.openstack" || value.value === "openstack");

const refusePlugin = ({ key, value }: MapEntry, builder: InventoryBuilder): undefined => {
  const name = value.kind === "scalar" ? value.text : "";
  builder.report({
    code: "V04",
    severity: "error",
    message: `the inventory plugin "${name}" is not supported here`,
    span: key.span,
    hint: `write its result to a file: ansible-inventory -i ${key.span.file.path} --list --yaml > hosts.yml`,
  });
};

class YamlInventoryReader {
  readonly #builder: InventoryBuilder;

  constructor(builder: InventoryBuilder) {
    this.#builder = builder;
  }

  readGroup(entry: MapEntry, parent: string | undefined): void {
    const { key, value } = entry;
    if (typeof key.value !== "string") {
      return this.#builder.error(
        `the group name ${key.text} must be a text`,
        key.span,
        "enclose it in quotation marks",
      );
    }
    const name = key.value;
    if (name === "_meta") {
      const hint = "write hosts as a mapping, or make the file an executable script that prints it";
      return this.#builder.error("this looks like the output of an inventory script", key.span, hint);
    }
    this.#builder.addGroup(name, key.span);
    if (parent !== undefined) this.#builder.addChild(parent, name, key.span);
    if (isNull(value)) return undefined;
    if (value.kind !== "map") {
      const hint = 'expected a mapping with "hosts", "vars" and "children"';
      return this.#builder.error(`the group "${name}" is not a mapping`, value.span, hint);
    }
    for (const part of value.entries) this.#readPart(name, part);
    return undefined;
  }

  /** In the order of the file: where a host stands twice, the later variable wins. */
  #readPart(group: string, part: MapEntry): void {
    const kind = String(part.key.value);
    switch (kind) {
      case "hosts":
        return this.#eachEntry(group, part, (entry) => this.#readHost(group, entry));
      case "children":
        return this.#eachEntry(group, part, (entry) => this.readGroup(entry, group));
      case "vars":
        return this.#readVars(group, part.value);
      default: {
        const message = `a group has no "${kind}"; expected one of children, hosts, vars`;
        const hint = didYouMean(kind, ["hosts", "vars", "children"]);
        if (hint === undefined) return this.#builder.warn(`${message}; it is not read`, part.key.span);
        return this.#builder.error(message, part.key.span, hint);
      }
    }
  }

  /** A single name stands for a mapping with that name alone. */
  #eachEntry(group: string, part: MapEntry, read: (entry: MapEntry) => void): void {
    const { value } = part;
    if (isNull(value)) return;
    if (value.kind === "map") for (const entry of value.entries) read(entry);
    else if (value.kind === "scalar") {
      const after = { ...value.span, start: value.span.end };
      read({ key: value, value: { kind: "scalar", value: null, text: "", style: "plain", span: after } });
    } else this.#notMapping(group, part);
  }

  #notMapping(group: string, part: MapEntry): void {
    const kind = String(part.key.value);
    const hint = `write each name with a colon and without a dash:  ${kind}: {a: , b: }`;
    this.#builder.error(`"${kind}" of the group "${group}" must be a mapping, not a list`, part.value.span, hint);
  }

  #readHost(group: string, entry: MapEntry): void {
    const { key, value } = entry;
    if (typeof key.value !== "string") {
      return this.#builder.error(`the host name ${key.text} must be a text`, key.span, "enclose it in quotation marks");
    }
    const host = splitPort(key.value);
    if (!host.ok) return this.#builder.report({ code: "V42", severity: "error", message: host.error, span: key.span });
    const names = expandHostRange(host.value.name);
    if (!names.ok) return this.#builder.error(names.error, key.span);
    for (const name of names.value) this.#builder.addHost(name, group, key.span);
    if (host.value.port !== undefined) {
      for (const name of names.value) this.#builder.setHostVar(name, "ansible_port", host.value.port, key.span);
    }
    if (isNull(value)) return undefined;
    if (value.kind !== "map") {
      const hint = "after a host come its variables, as a mapping";
      return this.#builder.error(`the variables of "${key.value}" are not a mapping`, value.span, hint);
    }
    return this.#readHostVars(names.value, value);
  }

  #readHostVars(hosts: readonly string[], vars: MapNode): void {
    for (const entry of vars.entries) {
      const value = toValue(entry.value);
      const { key, value: written } = entry;
      for (const host of hosts) this.#builder.setHostVar(host, String(key.value), value, written.span, key.span);
    }
  }

  #readVars(group: string, node: Node): void {
    if (isNull(node)) return;
    if (node.kind !== "map") return this.#builder.error(`"vars" of the group "${group}" must be a mapping`, node.span);
    for (const entry of node.entries) {
      const { key, value } = entry;
      this.#builder.setGroupVar(group, String(key.value), toValue(value), value.span, key.span);
    }
  }
}

const isNull = (node: Node): boolean => node.kind === "scalar" && node.value === null;
