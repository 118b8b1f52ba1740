import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import { type BecomeDefaults, type BecomeKeywords, becomeSettings, type BecomeSettings } from "./become.ts";
import { addressProblem, portNumber } from "./host-name.ts";
import { pythonText } from "./python-text.ts";
import { booleanOf, countOf, lastOf, textOf } from "./read-variable.ts";
import { readSshArguments, type SshArguments } from "./ssh-args.ts";
import type { SshConfig } from "./ssh-config.ts";
import {
  addressIn,
  configOf,
  connectTimeoutMs,
  expandHome,
  identitiesOf,
  idleTimeoutMs,
  knownHostsFiles,
  loginName,
  viaOf,
  type ViaSettings,
} from "./ssh-way.ts";

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
  /** ssh's own configuration; absent means that none is looked at. */
  readonly sshConfig?: SshConfig;
}

/** How to reach one host, and as whom programs run there. Secrets are plain texts: wrap them before they go on. */
export interface ConnectionSettings {
  readonly target: TargetSettings;
  readonly become?: BecomeSettings;
  /** How often a connection that failed is tried again. */
  readonly retries: number;
}

/** How to reach one host over SSH, or this machine. */
export interface TargetSettings {
  readonly name: string;
  readonly kind: "ssh" | "local";
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly via?: ViaSettings;
  readonly privateKeyFile?: string;
  readonly identityFiles?: readonly string[];
  readonly identitiesOnly?: boolean;
  readonly passphrase?: string;
  readonly password?: string;
  readonly hostKeyPolicy: "strict" | "accept-new" | "off";
  readonly knownHostsFiles: readonly string[];
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
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

const connectionKind = (text: string | undefined): Result<"ssh" | "local", string> => {
  const kind = (text ?? "ssh").replace(/^ansible\.builtin\./, "");
  if (kind === "ssh" || kind === "local") return ok(kind);
  return err(`ansible_connection "${kind}" is not supported here; expected one of local, ssh`);
};

const localTarget = (name: string): Result<TargetSettings, string> =>
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
): Result<TargetSettings, string> => {
  const args = sshArguments(vars, defaults);
  if (!args.ok) return args;
  const { first, rest } = args.value;
  const host = textOf(vars, "ansible_host", "ansible_ssh_host") ?? name;
  const problem = addressProblem(host);
  if (problem !== undefined) return err(`ansible_host: ${problem}`);
  const port = portOf(vars);
  if (!port.ok) return port;
  const timeout = countOf(vars, "ansible_timeout", "ansible_ssh_timeout") ?? ok(undefined);
  if (!timeout.ok) return timeout;
  const user =
    first.user ?? textOf(vars, "ansible_user", "ansible_ssh_user") ?? keywords.remoteUser ?? defaults.user ?? rest.user;
  const asked = { defaults, file: first.configFile ?? rest.configFile };
  const config = configOf({ host, user }, asked);
  if (!config.ok) return config;
  const address = addressIn(config.value, host);
  if (!address.ok) return address;
  const policy = hostKeyPolicy(vars, { ...args.value, config: config.value }, defaults);
  if (!policy.ok) return policy;
  const key =
    textOf(vars, "ansible_private_key_file", "ansible_ssh_private_key_file") ??
    defaults.privateKeyFile ??
    first.privateKeyFile ??
    rest.privateKeyFile;
  const passphrase = textOf(vars, "ansible_private_key_passphrase", "ansible_ssh_private_key_passphrase");
  const password = textOf(vars, "ansible_password", "ansible_ssh_pass", "ansible_ssh_password") ?? defaults.password;
  const login = user ?? config.value.user ?? loginName();
  if (!/^[^-\p{C}][^\p{C}]*$/u.test(login)) return err(`ansible_user "${login}" cannot be the name of a user`);
  const seconds = first.connectTimeoutSeconds ?? timeout.value ?? rest.connectTimeoutSeconds ?? defaults.timeoutSeconds;
  const ownPort = first.port ?? port.value ?? keywords.port ?? rest.port ?? config.value.port ?? 22;
  const place = { name: host, address: address.value, port: ownPort, user: login };
  const via = viaOf(first.way ?? rest.way ?? config.value.way, place, {
    ...asked,
    policy: ownPolicy(vars),
    passed: [],
  });
  if (!via.ok) return via;
  const obeyed = { ...config.value, ...rest, ...first };
  return ok({
    ...place,
    name,
    kind: "ssh",
    ...via.value,
    ...(key === undefined ? identitiesOf(config.value, place) : { privateKeyFile: expandHome(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(password === undefined ? {} : { password }),
    hostKeyPolicy: policy.value,
    knownHostsFiles: knownHostsFiles(obeyed),
    connectTimeoutMs: connectTimeoutMs(seconds, config.value),
    idleTimeoutMs: idleTimeoutMs(obeyed),
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
  args: { readonly first: SshArguments; readonly rest: SshArguments; readonly config: SshArguments },
  defaults: ConnectionDefaults,
): Result<TargetSettings["hostKeyPolicy"], string> => {
  const own = ownPolicy(vars);
  if (own !== undefined) return ok(own);
  const given = textOf(vars, "latchkey_host_key_policy");
  if (given !== undefined) {
    return err(`latchkey_host_key_policy "${given}": expected one of accept-new, off, strict`);
  }
  const checking = booleanOf(vars, "ansible_host_key_checking", "ansible_ssh_host_key_checking");
  if (!checking.ok) return checking;
  const variable = checking.value === false ? "off" : undefined;
  const { first, rest, config } = args;
  const policy = first.hostKeyPolicy ?? variable ?? rest.hostKeyPolicy ?? defaults.hostKeyPolicy;
  return ok(policy ?? config.hostKeyPolicy ?? "strict");
};

const ownPolicy = (vars: PlainMap): TargetSettings["hostKeyPolicy"] | undefined => {
  const own = textOf(vars, "latchkey_host_key_policy");
  return own === "strict" || own === "accept-new" || own === "off" ? own : undefined;
};

const portOf = (vars: PlainMap): Result<number | undefined, string> => {
  const value = lastOf(vars, "ansible_port", "ansible_ssh_port");
  if (value === undefined) return ok(undefined);
  const port = portNumber(value);
  return port === undefined
    ? err(`ansible_port "${pythonText(value)}" is not a port: expected a number from 1 to 65535`)
    : ok(port);
};
