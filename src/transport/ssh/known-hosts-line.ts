import { createHash, createHmac } from "node:crypto";

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostsLine {
  readonly file: string;
  readonly line: number;
  readonly marker: "key" | "revoked" | "cert-authority";
  readonly names: HostNames;
  readonly keyType: string;
  /** The key's blob as base64, without padding differences: as the file has it. */
  readonly key: string;
}

/** Which hosts a line is about: patterns, or the hash of one name. */
export type HostNames =
  | { readonly is: "hashed"; readonly salt: Buffer; readonly hash: string }
  | { readonly is: "patterns"; readonly patterns: readonly string[] };

/** Reads one line; undefined for comments, empty lines and what OpenSSH would not understand either. */
export const parseKnownHostsLine = (text: string, file: string, line: number): KnownHostsLine | undefined => {
  const words = text.trim().split(/\s+/);
  const marker = MARKERS.get(words[0] ?? "");
  if (marker !== undefined) words.shift();
  const [names = "", keyType = "", key = ""] = words;
  if (names === "" || names.startsWith("#") || names.startsWith("@")) return undefined;
  if (!/^[A-Za-z0-9@.-]+$/.test(keyType) || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return undefined;
  const hosts = parseNames(names);
  return hosts && { file, line, marker: marker ?? "key", names: hosts, keyType, key };
};

const MARKERS = new Map<string, "revoked" | "cert-authority">([
  ["@revoked", "revoked"],
  ["@cert-authority", "cert-authority"],
]);

const parseNames = (names: string): HostNames | undefined => {
  if (!names.startsWith("|")) return { is: "patterns", patterns: names.toLowerCase().split(",") };
  const [, magic, salt, hash] = names.split("|");
  if (magic !== "1" || salt === undefined || hash === undefined) return undefined;
  return { is: "hashed", salt: Buffer.from(salt, "base64"), hash };
};

/** Whether a line is about a host, whose name is as `hostName` writes it. */
export const lineMatches = (names: HostNames, name: string): boolean => {
  if (names.is === "hashed") return createHmac("sha1", names.salt).update(name).digest("base64") === names.hash;
  let matches = false;
  for (const pattern of names.patterns) {
    const negated = pattern.startsWith("!");
    if (!globMatches(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matches = true;
  }
  return matches;
};

/** `*` is any text, `?` any one character, all else itself. Linear: a pattern must not be able to stall a run. */
const globMatches = (pattern: string, text: string): boolean => {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starText = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      starAt = p++;
      starText = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (starAt !== -1) {
      p = starAt + 1;
      t = ++starText;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
};

/** The name under which OpenSSH knows a host: in lower case, and `[name]:port` where the port is not 22. */
export const hostName = (address: string, port: number): string =>
  port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;

/** What `ssh-keygen -l` shows of a key's blob. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
