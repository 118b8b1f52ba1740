import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Span } from "../source/source-file.ts";
import type { Value, ValueMap } from "../vars/value.ts";
import type { Vault } from "../vault/vault.ts";
import { connectionVariableProblem } from "./connection-variables.ts";
import { checkAddressesBeside, checkNameClashes, checkSecondAddress, checkSharedAddresses } from "./check-hosts.ts";
import { defined } from "./defined.ts";
import { hostNameProblem } from "./host-name.ts";
import type { AdjacentVars, Group, Host, Inventory } from "./inventory.ts";

/** A host while the sources are read, with the places that messages point to. */
interface HostDraft {
  readonly name: string;
  readonly vars: Map<string, Value>;
  /** Where each was set last. */
  readonly places: Map<string, Span>;
  readonly groups: Set<string>;
  readonly source: string | undefined;
  readonly span: Span | undefined;
}

/** A group while the sources are read. */
interface GroupDraft {
  readonly name: string;
  readonly hosts: Set<string>;
  /** Each with the place that names it. */
  readonly children: Map<string, Span | undefined>;
  readonly vars: Map<string, Value>;
  readonly places: Map<string, Span>;
  readonly span: Span | undefined;
}

/** Collects what the sources say, one after the other, and what is wrong with it; `build` gives the inventory. */
export class InventoryBuilder {
  readonly diagnostics: Diagnostic[] = [];
  readonly #hosts = new Map<string, HostDraft>();
  readonly #groups = new Map<string, GroupDraft>();
  /** The source being read: an absolute path, or the text of a host list. */
  source: string | undefined;
  /** Opens what is vaulted. */
  readonly vault: Vault | undefined;

  constructor(vault?: Vault) {
    this.vault = vault;
    this.addGroup("all", undefined);
    this.addGroup("ungrouped", undefined);
    this.#group("all").children.set("ungrouped", undefined);
  }

  get hostCount(): number {
    return this.#hosts.size;
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  groupNames(): Iterable<string> {
    return this.#groups.keys();
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  error(message: string, span: Span | undefined, hint?: string): void {
    this.report({ code: "V41", severity: "error", message, ...defined({ span, hint }) });
  }

  /** A group that is named and that nothing declares. */
  unknownGroup(name: string, message: string, span: Span): void {
    const hint = didYouMean(name, this.groupNames()) ?? `declare it with a line [${name}]`;
    this.report({ code: "V41", severity: "error", message, span, hint, missing: [name] });
  }

  warn(message: string, span: Span | undefined, hint?: string): void {
    this.report({ code: "V41", severity: "warning", message, ...defined({ span, hint }) });
  }

  addGroup(name: string, span: Span | undefined): void {
    if (this.#groups.has(name)) return;
    if (name === "" || /[\s\p{C}:,![\]&*?~]/u.test(name)) {
      this.error(`"${name}" cannot be a group's name: a host pattern could not name it`, span, groupNameHint);
    } else if (!/^[A-Za-z_]\w*$/.test(name)) {
      this.warn(`the group name "${name}" is no variable name`, span, groupNameHint);
    }
    this.#groups.set(name, newGroup(name, span));
  }

  /** Adds a host to a group that a cloud names: nobody can put its name right in a file, and so nothing is said of it. */
  addToFoundGroup(host: string, name: string): void {
    if (!this.#groups.has(name)) this.#groups.set(name, newGroup(name, undefined));
    this.addHost(host, name, undefined);
  }

  /** Adds a host to a group (`all` where the source names none). */
  addHost(name: string, group: string, span: Span | undefined): void {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      const problem = hostNameProblem(name);
      if (problem !== undefined) {
        this.report({ code: "V42", severity: "error", ...problem, ...defined({ span }) });
        return;
      }
      host = { name, vars: new Map(), places: new Map(), groups: new Set(), source: this.source, span };
      this.#hosts.set(name, host);
    }
    host.groups.add(group);
    this.#group(group).hosts.add(name);
  }

  /** Makes a group the child of another. A cycle is reported, and not made. */
  addChild(parent: string, child: string, span: Span | undefined): void {
    if (parent === child) return this.error(`the group "${parent}" cannot be its own child`, span);
    if (child === "all") return this.error('"all" cannot be the child of a group: it contains every group', span);
    const path = this.#path(child, parent);
    if (path !== undefined) {
      const message = `the groups contain each other: ${[parent, ...path].join(" > ")}`;
      const related = this.#hops(path);
      const hint = "remove one of these children";
      return this.report({ code: "V41", severity: "error", message, hint, ...defined({ span, related }) });
    }
    this.#group(parent).children.set(child, span);
  }

  /** `span` is the value's place, `keySpan` that of the variable's name. */
  setHostVar(name: string, key: string, value: Value, span: Span | undefined, keySpan = span): void {
    const host = this.#hosts.get(name);
    if (host === undefined) return;
    this.#checkVar(key, value, { span, keySpan });
    if (key === "ansible_host") this.diagnostics.push(...checkSecondAddress(host, value, span));
    host.vars.set(key, value);
    if (span !== undefined) host.places.set(key, span);
  }

  setGroupVar(name: string, key: string, value: Value, span: Span | undefined, keySpan = span): void {
    this.#checkVar(key, value, { span, keySpan });
    if (key === "ansible_group_priority" && !isWholeNumber(value)) {
      this.error("ansible_group_priority must be a whole number", span);
    }
    const group = this.#group(name);
    group.vars.set(key, value);
    if (span !== undefined) group.places.set(key, span);
  }

  /** Reports a connection variable that is misspelt or has an impossible value. */
  #checkVar(
    key: string,
    value: Value,
    places: { readonly span: Span | undefined; readonly keySpan: Span | undefined },
  ): void {
    const wrong = connectionVariableProblem(key, value);
    if (wrong === undefined) return;
    const span = wrong.at === "name" ? places.keySpan : places.span;
    this.report({ code: "V42", ...wrong.problem, ...defined({ span }) });
  }

  /** The inventory of everything added so far. */
  build(sources: readonly string[], adjacent: readonly AdjacentVars[]): Inventory {
    this.diagnostics.push(
      ...checkNameClashes(this.#hosts, this.#groups),
      ...checkSharedAddresses(this.#hosts.values()),
      ...checkAddressesBeside(this.#hosts, adjacent),
    );
    this.#placeUngrouped();
    this.#placeRootGroups();
    return {
      hosts: new Map([...this.#hosts.values()].map((host) => [host.name, finishHost(host)])),
      groups: new Map([...this.#groups.values()].map((group) => [group.name, finishGroup(group)])),
      sources,
      adjacent,
    };
  }

  #group(name: string): GroupDraft {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    this.addGroup(name, undefined);
    return this.#group(name);
  }

  /** The way from one group down to another, both included. */
  #path(from: string, to: string, visited = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [from];
    if (visited.has(from)) return undefined;
    visited.add(from);
    for (const child of this.#groups.get(from)?.children.keys() ?? []) {
      const rest = this.#path(child, to, visited);
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }

  /** Where each group of a way names the next one. */
  #hops(path: readonly string[]): Diagnostic["related"] {
    return path.slice(1).flatMap((child, index) => {
      const parent = path[index] ?? "";
      const span = this.#groups.get(parent)?.children.get(child);
      return span === undefined ? [] : [{ message: `"${parent}" has "${child}" here`, span }];
    });
  }

  /** A host that any other group lists is not ungrouped, whatever the sources say. */
  #placeUngrouped(): void {
    const ungrouped = this.#group("ungrouped");
    for (const host of this.#hosts.values()) {
      const grouped = [...host.groups].some((group) => group !== "all" && group !== "ungrouped");
      host.groups.delete("all");
      if (grouped) {
        host.groups.delete("ungrouped");
        ungrouped.hosts.delete(host.name);
      } else {
        host.groups.add("ungrouped");
        ungrouped.hosts.add(host.name);
      }
    }
  }

  /** A group that is nobody's child is a child of `all`. */
  #placeRootGroups(): void {
    const all = this.#group("all");
    const children = new Set([...this.#groups.values()].flatMap((group) => [...group.children.keys()]));
    for (const name of this.#groups.keys())
      if (name !== "all" && !children.has(name)) all.children.set(name, undefined);
  }
}

const isWholeNumber = (value: Value): boolean =>
  typeof value === "string" ? /^-?[0-9]+$/.test(value) : Number.isInteger(value);

const groupNameHint = 'expected letters, digits and "_", and no digit first';

const newGroup = (name: string, span: Span | undefined): GroupDraft => ({
  name,
  hosts: new Set(),
  children: new Map(),
  vars: new Map(),
  places: new Map(),
  span,
});

const finishHost = (host: HostDraft): Host => ({
  name: host.name,
  vars: Object.fromEntries(host.vars) as ValueMap,
  places: host.places,
  groups: [...host.groups],
  ...(host.source === undefined ? {} : { source: host.source }),
});

const finishGroup = (group: GroupDraft): Group => ({
  name: group.name,
  hosts: [...group.hosts],
  children: [...group.children.keys()],
  vars: Object.fromEntries(group.vars) as ValueMap,
  places: group.places,
});
