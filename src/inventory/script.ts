import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import { type Plain, type PlainMap, type Value, Vaulted } from "../vars/value.ts";
import type { InventoryBuilder } from "./inventory-builder.ts";

/** How long an inventory script may take, and how much it may print. */
const limits = { timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };

/**
 * Runs an inventory script and adds what it prints: `--list` for the groups, `--host NAME` for each host where the
 * list has no `_meta`. Its texts are data: none of them is ever a template. Source: "Developing dynamic inventory".
 */
export const readScript = async (path: string, builder: InventoryBuilder): Promise<void> => {
  const list = await runScript(path, ["--list"]);
  if (!list.ok) return builder.error(list.error, undefined);
  const { _meta: meta, ...groups } = list.value;
  for (const [name, group] of Object.entries(groups)) readGroup(builder, path, name, group);
  const hostvars = isMap(meta) && isMap(meta["hostvars"]) ? meta["hostvars"] : undefined;
  const hosts = new Set(Object.entries(groups).flatMap(([, group]) => hostsOf(group)));
  for (const host of hosts) {
    const vars = hostvars === undefined ? await runScript(path, ["--host", host]) : ok(hostvars[host] ?? {});
    if (!vars.ok) return builder.error(vars.error, undefined);
    if (isMap(vars.value)) {
      for (const [key, value] of Object.entries(vars.value)) builder.setHostVar(host, key, fromJson(value), undefined);
    } else builder.error(`"${path}": the variables of "${host}" are not a mapping`, undefined);
  }
  return undefined;
};

const readGroup = (builder: InventoryBuilder, path: string, name: string, group: Plain): void => {
  const problem = groupProblem(group);
  if (problem !== undefined) return builder.error(`"${path}": the group "${name}" ${problem}`, undefined, groupHint);
  builder.addGroup(name, undefined);
  for (const host of hostsOf(group)) builder.addHost(host, name, undefined);
  if (!isMap(group)) return undefined;
  const { vars, children } = group;
  if (isMap(vars))
    for (const [key, value] of Object.entries(vars)) builder.setGroupVar(name, key, fromJson(value), undefined);
  for (const child of Array.isArray(children) ? children : []) {
    builder.addGroup(String(child), undefined);
    builder.addChild(name, String(child), undefined);
  }
  return undefined;
};

/** Ansible's own programs print a vaulted value as `{"__ansible_vault": …}`, and an unsafe one in the same way. */
const fromJson = (value: Plain): Value => {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isMap(value)) return value as Exclude<Plain, PlainMap | readonly Plain[]>;
  const { __ansible_vault: vaulted, __ansible_unsafe: unsafe } = value;
  if (typeof vaulted === "string") return new Vaulted(vaulted);
  if (typeof unsafe === "string") return unsafe;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
};

const groupHint = 'expected a list of hosts, or a mapping with "hosts", "vars" and "children"';

const groupProblem = (group: Plain): string | undefined => {
  if (isTexts(group)) return undefined;
  if (!isMap(group)) return "is neither a list nor a mapping";
  const unknown = Object.keys(group).find((key) => !["hosts", "vars", "children"].includes(key));
  if (unknown !== undefined) return `has an unknown key "${unknown}"`;
  const { hosts = [], vars = {}, children = [] } = group;
  if (!isTexts(hosts)) return 'has "hosts" that are not a list of names';
  if (!isMap(vars)) return 'has "vars" that are not a mapping';
  return isTexts(children) ? undefined : 'has "children" that are not a list of names';
};

const hostsOf = (group: Plain): readonly string[] => {
  const hosts = isMap(group) ? group["hosts"] : group;
  return isTexts(hosts) ? hosts : [];
};

const isMap = (value: Plain | undefined): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: Plain | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** Runs the script in its own folder without input, and reads the mapping that it prints. */
const runScript = (path: string, args: readonly string[]): Promise<Result<PlainMap, string>> => {
  const command = `${path} ${args.join(" ")}`;
  return new Promise((resolve) => {
    const child = execFile(path, args, { ...limits, cwd: dirname(path), encoding: "utf8" }, (error, stdout, stderr) => {
      if (error !== null) return resolve(err(scriptFailure(command, error, stderr)));
      const data = parseJson(stdout === "" && args[0] === "--host" ? "{}" : stdout);
      if (data === undefined) return resolve(err(`"${command}" did not print JSON`));
      return resolve(isMap(data) ? ok(data) : err(`"${command}" printed JSON that is not a mapping of groups`));
    });
    child.stdin?.end();
  });
};

const scriptFailure = (
  command: string,
  error: { readonly code?: number | string | null; readonly killed?: boolean; readonly message: string },
  stderr: string,
): string => {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  const said = last === "" ? "" : `: ${last}`;
  if (error.killed === true) return `"${command}" did not end within ${limits.timeout / 1000} s${said}`;
  if (typeof error.code === "number") return `"${command}" ended with exit code ${error.code}${said}`;
  return `"${command}" cannot be run: ${error.message}`;
};

const parseJson = (text: string): Plain | undefined => {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
};
