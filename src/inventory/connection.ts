import { homedir, userInfo } from "node:os";
import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import { type BecomeDefaults, type BecomeKeywords, becomeSettings, type BecomeSettings } from "./become.ts";
import { addressProblem, portNumber } from "./host-name.ts";
import { pythonText } from "./python-text.ts";
import { booleanOf, countOf, lastOf, textOf } from "./read-variable.ts";
import { readSshArguments, type SshArguments } from "./ssh-args.ts";

/** Keywords of a play or task that say how to reach its host. */
export interface ConnectionKeywords extends BecomeKeywords {
  readonly connection?: string | undefined;
  readonly port?: number | undefined;
  readonly remoteUser?: string | undefined;
}

/** What the command line says about connections: the weakest of all. */
export interface ConnectionDefaults extends BecomeDefaults {
  readonly user?: string;
  readonly privateKeyFile?: string;
  readonly connection?: string;
  readonly timeoutSeconds?: number;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly hostKeyPolicy?: "strict" | "accept-new" | "off";
  readonly password?: string;
}

/** How to reach one host, and as whom programs run there. Secrets are plain texts: wrap them before they go on. */
export interface ConnectionSettings {
  readonly target: {
    readonly name: string;
    readonly kind: "ssh" | "local";
    readonly address: string;
    readonly port: number;
    readonly user: string;
    readonly privateKeyFile?: string;
    readonly passphrase?: string;
    readonly password?: string;
    readonly hostKeyPolicy: "strict" | "accept-new" | "off";
    readonly knownHostsFiles: readonly string[];
    readonly connectTimeoutMs: number;
    readonly idleTimeoutMs: number;
  };
  readonly become?: BecomeSettings;
  /** How often a connection that failed is tried again. */
  readonly retries: number;
}

/**
 * The settings of a host: its rendered variables beat the keywords, and these beat the command line. The error names
 * the variable or argument that cannot be obeyed.
 */
export const connectionSettings = (
  name: string,
  vars: PlainMap,
  keywords: ConnectionKeywords,
  defaults: ConnectionDefaults,
): Result<ConnectionSettings, string> => {
  const kind = connectionKind(textOf(vars, "ansible_connection") ?? keywords.connection ?? defaults.connection);
  if (!kind.ok) return kind;
  const target = kind.value === "local" ? localTarget(name) : sshTarget(name, vars, keywords, defaults);
  if (!target.ok) return target;
  const become = becomeSettings(vars, keywords, defaults);
  if (!become.ok) return become;
  const retries = countOf(vars, "ansible_ssh_retries") ?? ok(0);
  if (!retries.ok) return retries;
  // Ansible does not become who one is already (BECOME_ALLOW_SAME_USER is off).
  const isNeeded = become.value !== undefined && become.value.user !== target.value.user;
  return ok({ target: target.value, ...(isNeeded ? { become: become.value } : {}), retries: retries.value });
};

type Target = ConnectionSettings["target"];

const connectionKind = (text: string | undefined): Result<"ssh" | "local", string> => {
  const kind = (text ?? "ssh").replace(/^ansible\.builtin\./, "");
  if (kind === "ssh" || kind === "local") return ok(kind);
  return err(`ansible_connection "${kind}" is not supported here; expected one of local, ssh`);
};

const localTarget = (name: string): Result<Target, string> =>
  ok({
    name,
    kind: "local",
    address: "localhost",
    port: 22,
    user: loginName(),
    hostKeyPolicy: "strict",
    knownHostsFiles: [],
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 45_000,
  });

const sshTarget = (
  name: string,
  vars: PlainMap,
  keywords: ConnectionKeywords,
  defaults: ConnectionDefaults,
): Result<Target, string> => {
  const args = sshArguments(vars, defaults);
  if (!args.ok) return args;
  const { first, rest } = args.value;
  const address = textOf(vars, "ansible_host", "ansible_ssh_host") ?? name;
  const problem = addressProblem(address);
  if (problem !== undefined) return err(`ansible_host: ${problem}`);
  const port = portOf(vars);
  if (!port.ok) return port;
  const policy = hostKeyPolicy(vars, args.value, defaults);
  if (!policy.ok) return policy;
  const timeout = countOf(vars, "ansible_timeout", "ansible_ssh_timeout") ?? ok(undefined);
  if (!timeout.ok) return timeout;
  const user =
    first.user ?? textOf(vars, "ansible_user", "ansible_ssh_user") ?? keywords.remoteUser ?? defaults.user ?? rest.user;
  const key =
    textOf(vars, "ansible_private_key_file", "ansible_ssh_private_key_file") ??
    defaults.privateKeyFile ??
    first.privateKeyFile ??
    rest.privateKeyFile;
  const passphrase = textOf(vars, "ansible_private_key_passphrase", "ansible_ssh_private_key_passphrase");
  const password = textOf(vars, "ansible_password", "ansible_ssh_pass", "ansible_ssh_password") ?? defaults.password;
  const login = user ?? loginName();
  if (!/^[^-\p{C}][^\p{C}]*$/u.test(login)) return err(`ansible_user "${login}" cannot be the name of a user`);
  const seconds =
    first.connectTimeoutSeconds ?? timeout.value ?? rest.connectTimeoutSeconds ?? defaults.timeoutSeconds ?? 10;
  return ok({
    name,
    kind: "ssh",
    address,
    port: first.port ?? port.value ?? keywords.port ?? rest.port ?? 22,
    user: login,
    ...(key === undefined ? {} : { privateKeyFile: expandHome(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(password === undefined ? {} : { password }),
    hostKeyPolicy: policy.value,
    knownHostsFiles: knownHostsFiles({ ...rest, ...first }),
    connectTimeoutMs: seconds * 1000,
    idleTimeoutMs: idleTimeoutMs({ ...rest, ...first }),
  });
};

/** `ansible_ssh_args` stands before what the variables say on ssh's command line, the other arguments after it. */
const sshArguments = (
  vars: PlainMap,
  defaults: ConnectionDefaults,
): Result<{ readonly first: SshArguments; readonly rest: SshArguments }, string> => {
  const first = readSshArguments(textOf(vars, "ansible_ssh_args") ?? "");
  if (!first.ok) return err(`ansible_ssh_args: ${first.error}`);
  const common = readSshArguments(textOf(vars, "ansible_ssh_common_args") ?? defaults.sshCommonArgs ?? "");
  if (!common.ok) return err(`ansible_ssh_common_args: ${common.error}`);
  const extra = readSshArguments(textOf(vars, "ansible_ssh_extra_args") ?? defaults.sshExtraArgs ?? "");
  if (!extra.ok) return err(`ansible_ssh_extra_args: ${extra.error}`);
  return ok({ first: first.value, rest: { ...extra.value, ...common.value } });
};

const hostKeyPolicy = (
  vars: PlainMap,
  args: { readonly first: SshArguments; readonly rest: SshArguments },
  defaults: ConnectionDefaults,
): Result<Target["hostKeyPolicy"], string> => {
  const own = textOf(vars, "latchkey_host_key_policy");
  if (own === "strict" || own === "accept-new" || own === "off") return ok(own);
  if (own !== undefined) {
    return err(`latchkey_host_key_policy "${own}": expected one of accept-new, off, strict`);
  }
  const checking = booleanOf(vars, "ansible_host_key_checking", "ansible_ssh_host_key_checking");
  if (!checking.ok) return checking;
  const variable = checking.value === false ? "off" : undefined;
  return ok(args.first.hostKeyPolicy ?? variable ?? args.rest.hostKeyPolicy ?? defaults.hostKeyPolicy ?? "strict");
};

/** The files that ssh reads without being told (ssh_config(5)). */
const knownHostsFiles = (args: SshArguments): readonly string[] => {
  const own = args.userKnownHostsFiles ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
  const global = args.globalKnownHostsFiles ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
  return [...own, ...global].map(expandHome);
};

/** Without a word about it: lost after three unanswered questions, 15 seconds apart. */
const idleTimeoutMs = ({ serverAliveSeconds, serverAliveCount }: SshArguments): number => {
  const asked = serverAliveSeconds === undefined || serverAliveSeconds === 0 ? 15 : serverAliveSeconds;
  return asked * Math.max(1, serverAliveCount ?? 3) * 1000;
};

const portOf = (vars: PlainMap): Result<number | undefined, string> => {
  const value = lastOf(vars, "ansible_port", "ansible_ssh_port");
  if (value === undefined) return ok(undefined);
  const port = portNumber(value);
  return port === undefined
    ? err(`ansible_port "${pythonText(value)}" is not a port: expected a number from 1 to 65535`)
    : ok(port);
};

/** A path with `~` at its beginning written out. */
export const expandHome = (path: string): string =>
  path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;

/** Who runs this program; ssh logs in so when nobody says otherwise. */
const loginName = (): string => userInfo().username;
