import { err, ok, type Result } from "../util/result.ts";
import { addressProblem, portNumber, splitPort } from "./host-name.ts";
import { splitShellWords } from "./shell-words.ts";

/** A host on the way to others, as `ProxyJump` names it. */
export interface JumpHost {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
}

/** How a host is reached, where something is said of it: `none` is directly, whatever is said elsewhere. */
export type SshWay =
  | { readonly kind: "none" }
  | { readonly kind: "jump"; readonly hosts: readonly JumpHost[] }
  /** With the tokens of ProxyCommand (ssh_config(5)). */
  | { readonly kind: "command"; readonly command: string };

/** What arguments for `ssh` say, as far as Latchkey obeys them. The first value wins, as in ssh_config(5). */
export interface SshArguments {
  user?: string;
  port?: number;
  privateKeyFile?: string;
  way?: SshWay;
  /** The file that is read instead of ssh's own configuration; `none` for none. */
  configFile?: string;
  hostKeyPolicy?: "strict" | "accept-new" | "off";
  userKnownHostsFiles?: readonly string[];
  globalKnownHostsFiles?: readonly string[];
  connectTimeoutSeconds?: number;
  serverAliveSeconds?: number;
  serverAliveCount?: number;
}

/** Reads a text such as `-o StrictHostKeyChecking=accept-new -p 2222`. What we do not obey is refused by name. */
export const readSshArguments = (text: string): Result<SshArguments, string> => {
  const split = splitShellWords(text, false);
  if (!split.ok) return err(`the ssh arguments "${text}" cannot be split into words: ${split.error.message}`);
  const found: SshArguments = {};
  const words = split.value.words.map((word) => word.text);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (/^-[CqTtvnx]+$/.test(word)) continue;
    const flag = /^-([A-Za-z0-9])(.*)$/s.exec(word);
    if (flag === null) return err(`the ssh argument "${word}" is not supported here`);
    const [, letter = "", glued = ""] = flag;
    if (!"oiplJF".includes(letter)) return err(`the ssh argument -${letter} is not supported here`);
    const value = glued === "" ? words.shift() : glued;
    if (value === undefined) return err(`the ssh argument -${letter} needs a value`);
    const problem = letter === "o" ? readOption(found, value) : readFlag(found, letter, value);
    if (problem !== undefined) return err(problem);
  }
  return ok(found);
};

const readFlag = (found: SshArguments, letter: string, value: string): string | undefined => {
  if (letter === "i") found.privateKeyFile ??= value;
  else if (letter === "l") found.user ??= value;
  else if (letter === "F") found.configFile ??= value;
  else if (letter === "J") return readJumps(found, value);
  else return readPort(found, value);
  return undefined;
};

const readPort = (found: SshArguments, value: string): string | undefined => {
  const port = portNumber(value);
  if (port === undefined) return `"${value}" is not a port: expected a number from 1 to 65535`;
  found.port ??= port;
  return undefined;
};

const readJumps = (found: SshArguments, value: string): string | undefined => {
  const way = jumpsOf(value);
  if (!way.ok) return way.error;
  found.way ??= way.value;
  return undefined;
};

/** `[user@]host[:port]` or `ssh://[user@]host[:port]`, several behind each other with commas. */
const jumpsOf = (value: string): Result<SshWay, string> => {
  if (value.toLowerCase() === "none") return ok({ kind: "none" });
  const hosts: JumpHost[] = [];
  for (const one of value.split(",")) {
    const [, user, place = ""] = /^(?:(.*)@)?([^@]*)$/s.exec(one.trim().replace(/^ssh:\/\/([^/]*)\/?$/, "$1")) ?? [];
    const entry = splitPort(place);
    const address = entry.ok ? entry.value.name.replace(/^\[(.*)\]$/, "$1") : "";
    const problem = entry.ok ? addressProblem(address) : entry.error;
    if (problem !== undefined || user === "") {
      return err(
        `ProxyJump: "${one}" is no jump host: expected [USER@]HOST[:PORT]${problem === undefined ? "" : ` (${problem})`}`,
      );
    }
    const port = entry.ok && entry.value.port !== undefined ? { port: entry.value.port } : {};
    hosts.push({ address, ...(user === undefined ? {} : { user }), ...port });
  }
  return ok({ kind: "jump", hosts });
};

/** `Name=value` or `Name value`; names are case-insensitive. */
const readOption = (found: SshArguments, option: string): string | undefined => {
  const [, name = "", value = ""] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/s.exec(option) ?? [];
  if (name === "") return `the ssh option "${option}" is not NAME=VALUE`;
  const unquoted = value.replace(/^"(.*)"$/s, "$1");
  const problem = readSshOption(found, name.toLowerCase(), name.toLowerCase() === "proxycommand" ? value : unquoted);
  if (problem !== "unknown") return problem;
  return harmless.get(name.toLowerCase())?.test(unquoted) === true
    ? undefined
    : `the ssh option ${name}=${value} is not supported here`;
};

/** Takes an option of ssh_config(5), its name in lower case: `unknown`, or what is wrong with its value. */
export const readSshOption = (found: SshArguments, name: string, value: string): string | undefined =>
  readers.has(name) ? readers.get(name)?.(found, value) : "unknown";

/** Whether an option of ssh_config(5), its name in lower case, is one that `readSshOption` takes. */
export const isSshOption = (name: string): boolean => readers.has(name);

type OptionReader = (found: SshArguments, value: string) => string | undefined;

const seconds = (key: "connectTimeoutSeconds" | "serverAliveSeconds" | "serverAliveCount"): OptionReader => {
  return (found, value) => {
    if (!/^[0-9]+$/.test(value)) return `the ssh option's value "${value}" is not a whole number`;
    found[key] ??= Number(value);
    return undefined;
  };
};

const files = (key: "userKnownHostsFiles" | "globalKnownHostsFiles"): OptionReader => {
  return (found, value) => {
    found[key] ??= value === "none" ? [] : value.split(/\s+/);
    return undefined;
  };
};

const readers = new Map<string, OptionReader>([
  ["port", readPort],
  ["connecttimeout", seconds("connectTimeoutSeconds")],
  ["serveraliveinterval", seconds("serverAliveSeconds")],
  ["serveralivecountmax", seconds("serverAliveCount")],
  ["userknownhostsfile", files("userKnownHostsFiles")],
  ["globalknownhostsfile", files("globalKnownHostsFiles")],
  [
    "user",
    (found, value) => {
      found.user ??= value;
      return undefined;
    },
  ],
  ["proxyjump", readJumps],
  [
    "proxycommand",
    (found, value) => {
      found.way ??= value.toLowerCase() === "none" ? { kind: "none" } : { kind: "command", command: value };
      return undefined;
    },
  ],
  [
    "identityfile",
    (found, value) => {
      found.privateKeyFile ??= value;
      return undefined;
    },
  ],
  [
    "stricthostkeychecking",
    (found, value) => {
      const policy = hostKeyPolicies.get(value.toLowerCase());
      if (policy === undefined) return `StrictHostKeyChecking=${value}: expected one of yes, ask, accept-new, no, off`;
      found.hostKeyPolicy ??= policy;
      return undefined;
    },
  ],
]);

/** Nobody is there to be asked, so `ask` refuses what `yes` refuses. */
const hostKeyPolicies = new Map<string, "strict" | "accept-new" | "off">([
  ["yes", "strict"],
  ["ask", "strict"],
  ["accept-new", "accept-new"],
  ["no", "off"],
  ["off", "off"],
]);

/** Options, with values, that ask for what is so anyway: one connection a host, no forwarding, no questions. */
const harmless = new Map<string, RegExp>([
  ["batchmode", /./],
  ["compression", /./],
  ["controlmaster", /./],
  ["controlpath", /./],
  ["controlpersist", /./],
  ["forwardagent", /^no$/i],
  ["forwardx11", /^no$/i],
  ["gssapiauthentication", /^no$/i],
  ["identitiesonly", /./],
  ["loglevel", /./],
  ["pubkeyauthentication", /^yes$/i],
  ["requesttty", /./],
  ["tcpkeepalive", /./],
  ["updatehostkeys", /./],
  ["checkhostip", /./],
]);
