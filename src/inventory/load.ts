import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { loadGroupAndHostVars } from "./adjacent-vars.ts";
import { splitPort } from "./host-name.ts";
import { InventoryBuilder } from "./inventory-builder.ts";
import type { AdjacentVars, Inventory } from "./inventory.ts";
import type { Vault } from "../vault/vault.ts";
import type { PluginIo } from "./openstack/read-openstack.ts";
import { readInventoryFile, readInventoryFolder } from "./read-source.ts";

/** Where the inventory is: the values of `-i` in their order, relative paths seen from `cwd`. */
export interface InventoryInput {
  /** A file, a folder, an executable script, or a host list: anything with a comma (`a,b,`). */
  readonly sources: readonly string[];
  readonly cwd: string;
  /** What says which clouds there are. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Opens what is vaulted. */
  readonly vault?: Vault | undefined;
}

/** Reads all sources, the later ones over the earlier ones, and the `group_vars` and `host_vars` beside them. */
export const loadInventory = async (
  input: InventoryInput,
): Promise<{ readonly inventory: Inventory; readonly diagnostics: readonly Diagnostic[] }> => {
  const builder = new InventoryBuilder(input.vault);
  const sources: string[] = [];
  const folders = new Set<string>();
  const io = { cwd: input.cwd, env: input.env ?? {} };
  for (const source of input.sources) {
    const isList = source.includes(",");
    const path = isList ? source : resolve(input.cwd, source);
    sources.push(path);
    if (isList) readHostList(source, builder);
    else folders.add(await readPath(path, source, builder, io));
  }
  const adjacent: AdjacentVars[] = [];
  for (const folder of folders) {
    const { vars, diagnostics } = loadGroupAndHostVars(folder, input.vault);
    adjacent.push(vars);
    for (const diagnostic of diagnostics) builder.report(diagnostic);
  }
  return { inventory: builder.build(sources, adjacent), diagnostics: builder.diagnostics };
};

/** `a,b:2222,` names hosts and nothing else. */
const readHostList = (text: string, builder: InventoryBuilder): void => {
  builder.source = text;
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const host = splitPort(entry);
    if (!host.ok) builder.report({ code: "V42", severity: "error", message: `-i ${text}: ${host.error}` });
    else if (/\[.*\]/.test(host.value.name)) {
      builder.error(`-i ${text}: a range is not expanded in a host list`, undefined, "write it into a file");
    } else {
      builder.addHost(host.value.name, "ungrouped", undefined);
      if (host.value.port !== undefined)
        builder.setHostVar(host.value.name, "ansible_port", host.value.port, undefined);
    }
  }
};

/** Gives the folder in which the source's `group_vars` and `host_vars` stand. */
const readPath = async (path: string, given: string, builder: InventoryBuilder, io: PluginIo): Promise<string> => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) {
    await readInventoryFolder(path, builder, io);
    return path;
  }
  if (stats === undefined) {
    const hint = `a single host is written with a comma: -i ${given},`;
    builder.report({ code: "V32", severity: "error", message: `-i ${given}: there is no such file or folder`, hint });
  } else await readInventoryFile(path, builder, io);
  return dirname(path);
};
