import { homedir, userInfo } from "node:os";
import { err, ok, type Result } from "../util/result.ts";
import { addressProblem } from "./host-name.ts";
import type { ConnectionDefaults, TargetSettings } from "./connection.ts";
import type { JumpHost, SshArguments, SshWay } from "./ssh-args.ts";
import type { SshHostConfig } from "./ssh-config.ts";
import { type Place, strangeIn, withTokens } from "./ssh-tokens.ts";

/** The way to a host that is not reached directly; a jump host has no secrets of its own. */
export type ViaSettings =
  | { readonly kind: "jump"; readonly host: Omit<TargetSettings, "passphrase" | "password"> }
  | { readonly kind: "command"; readonly command: string };

/** What decides about the way to a host besides the host itself. */
export interface Around {
  readonly defaults: ConnectionDefaults;
  /** The configuration file that ssh's arguments name. */
  readonly file: string | undefined;
}

const noConfig: SshHostConfig = { identityFiles: [] };

export const configOf = (
  asked: { readonly host: string; readonly user: string | undefined },
  { defaults, file }: Around,
): Result<SshHostConfig, string> => defaults.sshConfig?.of(asked, file) ?? ok(noConfig);

export const addressIn = ({ hostName }: SshHostConfig, host: string): Result<string, string> => {
  const problem = hostName === undefined ? undefined : addressProblem(hostName);
  return problem === undefined ? ok(hostName ?? host) : err(`HostName of ${host} in ssh's configuration: ${problem}`);
};

export const identitiesOf = (
  { identityFiles, identitiesOnly }: SshHostConfig,
  place: Place,
): Pick<TargetSettings, "identityFiles" | "identitiesOnly"> => ({
  ...(identityFiles.length === 0
    ? {}
    : { identityFiles: identityFiles.map((file) => expandHome(withTokens(file, place))) }),
  ...(identitiesOnly === undefined ? {} : { identitiesOnly }),
});

export const viaOf = (
  way: SshWay | undefined,
  place: Place,
  around: Hops,
): Result<Pick<TargetSettings, "via">, string> => {
  if (way === undefined || way.kind === "none") return ok({});
  if (way.kind === "jump") return jumpsTo(way.hosts, place, around);
  const strange = strangeIn(place);
  if (strange !== undefined) return err(`ProxyCommand: "${strange}" cannot be given to a command`);
  return ok({ via: { kind: "command", command: withTokens(way.command, place) } });
};

interface Hops extends Around {
  /** What Latchkey's own variable says of host keys: it counts for the whole way. */
  readonly policy: TargetSettings["hostKeyPolicy"] | undefined;
  /** The hosts behind this one, as they are logged in to. */
  readonly passed: readonly string[];
}

/** The first jump host is reached as ssh's configuration says, each other one through the one before. */
const jumpsTo = (
  hosts: readonly JumpHost[],
  place: Place,
  around: Hops,
): Result<Pick<TargetSettings, "via">, string> => {
  let passed = [...around.passed, loginAt(place)];
  let way: Result<Pick<TargetSettings, "via">, string> = ok({});
  for (const [index, jump] of hosts.entries()) {
    const config = configOf({ host: jump.address, user: jump.user }, around);
    if (!config.ok) return config;
    const address = addressIn(config.value, jump.address);
    if (!address.ok) return address;
    const hop: Place = {
      name: jump.address,
      address: address.value,
      port: jump.port ?? config.value.port ?? 22,
      user: jump.user ?? config.value.user ?? loginName(),
    };
    if (passed.includes(loginAt(hop)))
      return err(`ProxyJump: the way to ${place.name} through ${hop.name} leads back to itself`);
    way = index === 0 ? viaOf(config.value.way, hop, { ...around, passed }) : way;
    if (!way.ok) return way;
    passed = [...passed, loginAt(hop)];
    way = ok({ via: { kind: "jump", host: { ...jumpSettings(hop, config.value, around), ...way.value } } });
  }
  return way;
};

const jumpSettings = (
  hop: Place,
  config: SshHostConfig,
  { defaults, policy }: Hops,
): Omit<TargetSettings, "via" | "passphrase" | "password"> => ({
  ...hop,
  kind: "ssh",
  ...identitiesOf(config, hop),
  hostKeyPolicy: policy ?? defaults.hostKeyPolicy ?? config.hostKeyPolicy ?? "strict",
  knownHostsFiles: knownHostsFiles(config),
  connectTimeoutMs: connectTimeoutMs(defaults.timeoutSeconds, config),
  idleTimeoutMs: idleTimeoutMs(config),
});

const loginAt = ({ user, address, port }: Place): string => `${user}@${address}:${port}`;

export const connectTimeoutMs = (seconds: number | undefined, config: SshArguments): number =>
  (seconds ?? config.connectTimeoutSeconds ?? 10) * 1000;

/** The files that ssh reads without being told (ssh_config(5)). */
export const knownHostsFiles = (args: SshArguments): readonly string[] => {
  const own = args.userKnownHostsFiles ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
  const global = args.globalKnownHostsFiles ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
  return [...own, ...global].map(expandHome);
};

/** Without a word about it: lost after three unanswered questions, 15 seconds apart. */
export const idleTimeoutMs = ({ serverAliveSeconds, serverAliveCount }: SshArguments): number => {
  const asked = serverAliveSeconds === undefined || serverAliveSeconds === 0 ? 15 : serverAliveSeconds;
  return asked * Math.max(1, serverAliveCount ?? 3) * 1000;
};

/** A path with `~` at its beginning written out. */
export const expandHome = (path: string): string =>
  path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;

/** Who runs this program; ssh logs in so when nobody says otherwise. */
export const loginName = (): string => userInfo().username;
