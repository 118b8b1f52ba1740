import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { openSource } from "../diagnostics/open-source.ts";
import type { SourceFile } from "../source/source-file.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { InventoryBuilder } from "./inventory-builder.ts";
import type { PluginIo } from "./openstack/read-openstack.ts";
import { readIni } from "./read-ini.ts";
import { readYamlInventory } from "./read-yaml-inventory.ts";
import { readScript } from "./script.ts";

/** What an editor, a package manager or a retry leaves behind; `.cfg` is Ansible's own configuration. */
const ignoredNames = /(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry))$/;

/** Reads every inventory in a folder and the folders below it, in the order of their names. */
export const readInventoryFolder = async (folder: string, builder: InventoryBuilder, io: PluginIo): Promise<void> => {
  const names = attempt(() => readdirSync(folder).toSorted());
  if (!names.ok) return unreadable(folder, names.error, builder);
  const before = builder.hostCount;
  for (const name of names.value) {
    if (name.startsWith(".") || ignoredNames.test(name)) continue;
    const path = join(folder, name);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder && (name === "group_vars" || name === "host_vars")) continue;
    if (name.endsWith(".ini")) warnOfIni(path, builder);
    await (isFolder ? readInventoryFolder(path, builder, io) : readInventoryFile(path, builder, io));
  }
  if (builder.hostCount === before) builder.warn(`"${folder}" names no host`, undefined);
  return undefined;
};

const warnOfIni = (path: string, builder: InventoryBuilder): void =>
  builder.warn(`"${path}" is read here; ansible-core before 2.19 leaves .ini files of a folder out`, undefined);

/** Reads one inventory: an executable script, YAML, JSON or INI. */
export const readInventoryFile = async (path: string, builder: InventoryBuilder, io: PluginIo): Promise<void> => {
  builder.source = path;
  const start = isExecutable(path) ? attempt(() => readStart(path)) : ok("");
  if (!start.ok) return unreadable(path, start.error, builder);
  if (start.value.startsWith("#!") || start.value.startsWith("\u007fELF")) return readScript(path, builder);
  const text = attempt(() => readFileSync(path, "utf8"));
  if (!text.ok) return unreadable(path, text.error, builder);
  const file = openSource(path, text.value.replace(/^\ufeff/, ""), builder.vault, builder.diagnostics);
  return file === undefined ? undefined : readText(file, builder, io);
};

const readText = async (file: SourceFile, builder: InventoryBuilder, io: PluginIo): Promise<void> => {
  const span = { file, start: 0, end: Math.max(1, file.line(1).length) };
  if (file.text.startsWith("#!")) {
    const message = "this looks like an inventory script, and is not executable";
    return builder.error(message, span, `chmod +x ${file.path}`);
  }
  const name = basename(file.path);
  if (name.endsWith(".toml")) {
    const message = "an inventory in TOML is not supported here";
    return builder.report({ code: "V04", severity: "error", message, span, hint: "write it as YAML or INI" });
  }
  if (file.text.includes("\0")) return builder.error("this is not a text file", span);
  const isYaml = /\.(?:ya?ml|json)$/.test(name) || looksLikeYaml(file.text);
  if (!isYaml) return readIni(file, builder);
  const plugin = readYamlInventory(file, builder);
  if (plugin === undefined) return undefined;
  const { readOpenStackFile } = await import("./openstack/read-openstack.ts");
  return readOpenStackFile(plugin, builder, io);
};

/** Told by the first line that says something: a key with a colon, or a beginning that INI does not have. */
export const looksLikeYaml = (text: string): boolean => {
  const line = /^[ \t]*(?![#;\s]).*$/m.exec(text)?.[0] ?? "";
  return /^(?:---|%YAML|\{|- )/.test(line) || /^(?:"[^"]*"|'[^']*'|[^\s:=[\]]+):(?:\s|$)/.test(line);
};

/** Root may execute nothing that nobody may, but not every file system says so: the mode is asked, too. */
const isExecutable = (path: string): boolean => {
  const executable = attempt(() => {
    accessSync(path, constants.X_OK);
    return (statSync(path).mode & 0o111) !== 0;
  });
  return executable.ok && executable.value;
};

const readStart = (path: string): string => {
  const buffer = Buffer.alloc(4);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, buffer, 0, 4, 0);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString("latin1");
};

/** The border to the file system: what it throws is an expected failure. */
const attempt = <T>(read: () => T): Result<T, string> => {
  try {
    return ok(read());
  } catch (error) {
    // "EACCES: permission denied, open '…'": the path is in our own message already.
    return err(error instanceof Error ? error.message.replace(/, \w+ .*$/s, "") : String(error));
  }
};

const unreadable = (path: string, reason: string, builder: InventoryBuilder): void =>
  builder.report({ code: "V32", severity: "error", message: `cannot read the inventory "${path}": ${reason}` });
