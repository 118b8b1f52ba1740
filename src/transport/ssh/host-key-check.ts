import type { ServerHostKeyAlgorithm } from "ssh2";
import type { Failure } from "../../util/failure.ts";
import type { ConnectionTarget } from "../transport.ts";
import { fingerprint, hostName, type KnownHostsLine } from "./known-hosts-line.ts";
import type { KnownHostsFile } from "./known-hosts.ts";

/** What a host key is worth. */
export type HostKeyVerdict =
  | { readonly is: "accepted" }
  | { readonly is: "refused"; readonly failure: Failure }
  /** The host is known, by keys of these types only: it is to be asked for one of those. */
  | { readonly is: "other-type"; readonly types: readonly string[] };

/** The algorithms in the order in which they are asked for; undefined leaves ssh2's own. */
export const hostKeyAlgorithms = (types: readonly string[]): ServerHostKeyAlgorithm[] | undefined => {
  if (types.length === 0 || types.includes(ALGORITHMS[0])) return undefined;
  const known = ALGORITHMS.filter((algorithm) => types.includes(keyTypeOf(algorithm)));
  return [...known, ...ALGORITHMS.filter((algorithm) => !known.includes(algorithm))];
};

const ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
] as const satisfies ServerHostKeyAlgorithm[];

const keyTypeOf = (algorithm: string): string => (algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm);

/** Key types under which the files know a host, as far as an index tells. */
export const knownKeyTypes = (target: ConnectionTarget, files: readonly KnownHostsFile[]): readonly string[] => {
  const name = hostName(target.address, target.port);
  return target.hostKeyPolicy === "off" ? [] : files.flatMap((file) => file.indexedTypes(name));
};

/** Judges the key that a server presented. With the policy `accept-new` an unknown one is written down. */
export const checkHostKey = (
  key: Buffer,
  target: ConnectionTarget,
  files: readonly KnownHostsFile[],
): HostKeyVerdict => {
  if (target.hostKeyPolicy === "off") return { is: "accepted" };
  const name = hostName(target.address, target.port);
  const base64 = key.toString("base64");
  const same = files.flatMap((file) => file.linesWithKey(name, base64));
  const revoked = same.find((line) => line.marker === "revoked");
  if (revoked !== undefined) return refused(isRevoked(key, target, revoked));
  if (same.some((line) => line.marker === "key")) return { is: "accepted" };

  const about = files.flatMap((file) => file.linesAbout(name));
  const keys = about.filter((line) => line.marker === "key");
  const type = keyTypeIn(key);
  const sameType = keys.find((line) => line.keyType === type);
  if (sameType !== undefined) return refused(hasChanged(key, target, sameType));
  if (keys.length > 0) return { is: "other-type", types: keys.map((line) => line.keyType) };
  const authority = about.find((line) => line.marker === "cert-authority");
  if (authority !== undefined) return refused(isAuthority(target, authority));
  // As ssh does: a host that was known at port 22 is not unknown because it now listens elsewhere.
  if (target.port !== 22 && files.some((file) => isKnownPlainly(file, target.address, base64)))
    return { is: "accepted" };
  return target.hostKeyPolicy === "accept-new"
    ? acceptNew(key, target, name, files)
    : refused(isUnknown(key, target, files));
};

/** For a host that presents a type that nobody knows, although it was asked for the known ones first. */
export const hasOtherTypes = (key: Buffer, target: ConnectionTarget, files: readonly KnownHostsFile[]): Failure => {
  const name = hostName(target.address, target.port);
  const known = files.flatMap((file) => file.linesAbout(name)).find((line) => line.marker === "key");
  return known === undefined ? isUnknown(key, target, files) : hasChanged(key, target, known);
};

const isKnownPlainly = (file: KnownHostsFile, address: string, key: string): boolean => {
  const lines = file.linesWithKey(hostName(address, 22), key);
  return lines.some((line) => line.marker === "key") && !lines.some((line) => line.marker === "revoked");
};

const acceptNew = (
  key: Buffer,
  target: ConnectionTarget,
  name: string,
  files: readonly KnownHostsFile[],
): HostKeyVerdict => {
  const [file] = files;
  try {
    file?.append(`${name} ${keyTypeIn(key)} ${key.toString("base64")}`);
    return { is: "accepted" };
  } catch (error) {
    const message = `The new host key of ${target.name} cannot be written to ${file?.path}: ${String(error)}.`;
    return refused({ kind: "host-key", message, hint: "Make the file writable, or give another known_hosts file." });
  }
};

const refused = (failure: Failure): HostKeyVerdict => ({ is: "refused", failure });

/** The first string of the blob (RFC 4253, 6.6). Escapes nothing: what is no name of a type is shown as `unknown`. */
const keyTypeIn = (key: Buffer): string => {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const type = key.toString("latin1", 4, 4 + Math.min(length, 64));
  return /^[A-Za-z0-9@.-]+$/.test(type) ? type : "unknown";
};

const presented = (key: Buffer): string => `${keyTypeIn(key)} ${fingerprint(key)}`;

const where = ({ name, address, port }: ConnectionTarget): string =>
  name === address && port === 22 ? name : `${name} (${hostName(address, port)})`;

const hasChanged = (key: Buffer, target: ConnectionTarget, known: KnownHostsLine): Failure => ({
  kind: "host-key",
  message:
    `The host key of ${where(target)} has changed: known is ${known.keyType} ` +
    `${fingerprint(Buffer.from(known.key, "base64"))} (${known.file}:${known.line}), presented was ${presented(key)}.`,
  hint:
    "Somebody may be listening in, or the host was installed anew. Compare with the host's console; if it is right: " +
    `ssh-keygen -R '${hostName(target.address, target.port)}' -f '${known.file}'`,
});

const isUnknown = (key: Buffer, target: ConnectionTarget, files: readonly KnownHostsFile[]): Failure => {
  const unreadable = files.flatMap((file) => (file.unreadable === undefined ? [] : [` ${file.unreadable}.`]));
  return {
    kind: "host-key",
    message: `The host key of ${where(target)} is not known: it presented ${presented(key)}.${unreadable.join("")}`,
    hint:
      "Compare it with the host's console or the cloud's log and add it to known_hosts, or trust keys on first use " +
      "with --host-keys accept-new.",
  };
};

const isRevoked = (key: Buffer, target: ConnectionTarget, line: KnownHostsLine): Failure => ({
  kind: "host-key",
  message: `The host key of ${where(target)} is marked as revoked at ${line.file}:${line.line}: ${presented(key)}.`,
  hint: "Do not connect: give the host a new key, and remove the old one from known_hosts.",
});

const isAuthority = (target: ConnectionTarget, line: KnownHostsLine): Failure => ({
  kind: "host-key",
  message: `${where(target)} is trusted at ${line.file}:${line.line} by @cert-authority: certificate authorities are not supported.`,
  hint: "Add the host's own key beside it, as ssh-keyscan prints it, after you compared its fingerprint.",
});
