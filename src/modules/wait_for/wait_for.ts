import type { ProgramResult, ShellParams } from "../../shell/program.ts";
import { pathsLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { pythonRegex } from "../../vars/python/regex.ts";
import type { Fields } from "../command/command-result.ts";
import type { HostModule } from "../module.ts";
import { extendedRegex } from "./extended-regex.ts";
import { type WaitForArguments, waitForSchema, waitForReturns } from "./wait_for.schema.ts";

/** Waits on the host for a port, a file, or a time. */
export const waitFor: HostModule<WaitForArguments> = {
  runs: "host",
  name: "ansible.builtin.wait_for",
  summary: "Waits on the host for a port, a file, or a time.",
  schema: waitForSchema,
  rules: {
    ignored: [{ options: ["exclude_hosts", "active_connection_states"], option: "state", isNot: ["drained"] }],
  },
  normalize: (args) => checkTogether(args),
  functions: [pathsLibrary, shellBody("m_wait_for", new URL("wait_for.sh", import.meta.url))],
  params: (args) => paramsOf(args),
  result: (result, args) => found(result, args),
  failure: ({ fields }, args) => {
    const msg = fields["msg"] === "timeout" ? (args.msg ?? timeoutMessage(args)) : (fields["msg"] ?? "");
    return { elapsed: fields["elapsed"] ?? 0, msg };
  },
  readOnly: true,
  checkMode: "skips",
  returns: waitForReturns,
  examples: `
- name: The SSH server answers again
  ansible.builtin.wait_for:
    port: 22
    timeout: 60
`,
};

const checkTogether = (args: WaitForArguments): Result<WaitForArguments, string> => {
  const { port, path, state, search_regex: regex } = args;
  if (port !== undefined && path !== undefined) {
    return err("port and path parameter can not both be passed to wait_for");
  }
  if (path !== undefined && (state === "stopped" || state === "drained")) {
    return err(`state=${state} should only be used for checking a port in the wait_for module`);
  }
  if (state === "drained" && port === undefined) return err("state=drained needs a port");
  if (args.exclude_hosts !== undefined && state !== "drained") {
    return err("exclude_hosts should only be with state=drained");
  }
  const strange = args.exclude_hosts?.find((host) => hexAddress(host) === undefined);
  if (strange !== undefined) return err(`exclude_hosts takes IPv4 addresses, not ${strange}`);
  if (regex === undefined) return ok(args);
  const onHost = extendedRegex(regex);
  if (!onHost.ok) return onHost;
  const onController = pythonRegex(regex, { multiline: true });
  return onController.ok ? ok(args) : err(`search_regex is not a regular expression: ${onController.error}`);
};

/** The numbers of the states in /proc/net/tcp. */
const stateNumbers: Readonly<Record<string, string>> = {
  ESTABLISHED: "01",
  SYN_SENT: "02",
  SYN_RECV: "03",
  FIN_WAIT1: "04",
  FIN_WAIT2: "05",
  TIME_WAIT: "06",
};

const localNames = new Set(["127.0.0.1", "localhost", "::1"]);

const paramsOf = (args: WaitForArguments): Result<ShellParams, string> => {
  const { host, port, path, state, timeout, connect_timeout, delay, sleep } = args;
  const common = { host, port, path, state, timeout, connect_timeout, delay, sleep: Math.max(1, sleep) };
  const regex = args.search_regex === undefined ? undefined : extendedRegex(args.search_regex);
  if (regex !== undefined && !regex.ok) return regex;
  const excluded = (args.exclude_hosts ?? []).map(hexAddress).filter((text) => text !== undefined);
  return ok({
    ...common,
    is_local: localNames.has(host),
    hex: (port ?? 0).toString(16).toUpperCase().padStart(4, "0"),
    states: args.active_connection_states.map((name) => stateNumbers[name]).join("|"),
    // What never stands there, where nobody is excluded.
    excluded: excluded.length === 0 ? "none" : excluded.join("|"),
    pattern: regex?.value.pattern,
    ignore_case: regex?.value.ignoreCase === true ? "1" : undefined,
  });
};

/** An IPv4 address as /proc/net/tcp writes it: the bytes in the order of a little-endian machine. */
const hexAddress = (address: string): string | undefined => {
  const bytes = address.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  if (bytes.length !== 4 || bytes.some((byte) => !(byte <= 255))) return undefined;
  const hex = bytes.toReversed().map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
  return `(0{16}FFFF0000)?${hex.join("")}`;
};

const found = ({ fields }: ProgramResult, args: WaitForArguments): Fields => {
  const { elapsed = 0, kind, line } = fields;
  const regex = args.search_regex === undefined ? undefined : pythonRegex(args.search_regex, { multiline: true });
  const match = regex?.ok === true && typeof line === "string" ? [...line.matchAll(regex.value)][0] : undefined;
  return {
    elapsed,
    state: typeof kind === "string" ? kind : args.state,
    port: args.port ?? null,
    path: args.path ?? null,
    search_regex: args.search_regex ?? null,
    match_groups: (match?.slice(1) ?? []).map((group) => group ?? null),
    match_groupdict: { ...match?.groups },
  };
};

const timeoutMessage = ({ state, path, host, port, search_regex: regex }: WaitForArguments): string => {
  const what = path ?? `${host}:${port}`;
  if (state === "drained") return `Timeout when waiting for ${what} to drain`;
  if (state === "absent" || state === "stopped") {
    return `Timeout when waiting for ${what} to ${path === undefined ? "stop" : "be absent"}.`;
  }
  if (regex !== undefined) return `Timeout when waiting for search string ${regex} in ${what}`;
  return path === undefined ? `Timeout when waiting for ${what}` : `Timeout when waiting for file ${path}`;
};
