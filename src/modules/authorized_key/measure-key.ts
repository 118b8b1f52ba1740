import { err, ok, type Result } from "../../util/result.ts";
import { certifiedTypeOf, type PlainKeyType } from "./key-types.ts";

/**
 * Takes a key apart (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4; PROTOCOL.u2f of OpenSSH) and gives its length in bits, 0
 * for a certificate (`plain` is undefined), of which only the type is looked at.
 */
export const measureKey = (bytes: Buffer, plain: PlainKeyType | undefined, type: string): Result<number, string> => {
  const parts = splitParts(bytes);
  if (parts === undefined) return err("its base64 part is cut off or damaged");
  const inner = parts[0]?.toString("latin1");
  if (inner !== type) return err(`it says ${type}, but the key in it is ${describeType(inner)}`);
  if (plain === undefined) return ok(0);
  const bits = measureParts(plain, parts.slice(1));
  return bits === undefined ? err(`it is not a whole key of type ${type}`) : ok(bits);
};

/** How many strings a key of each type has behind its type. */
const partCounts: Readonly<Record<PlainKeyType, number>> = {
  "ssh-ed25519": 1,
  "ssh-rsa": 2,
  "ssh-dss": 4,
  "ecdsa-sha2-nistp256": 2,
  "ecdsa-sha2-nistp384": 2,
  "ecdsa-sha2-nistp521": 2,
  "sk-ssh-ed25519@openssh.com": 2,
  "sk-ecdsa-sha2-nistp256@openssh.com": 3,
};

/** The key that a certificate certifies, which stands in it behind a nonce (PROTOCOL.certkeys); undefined for a plain key. */
export const certifiedKey = (bytes: Buffer): Buffer | undefined => {
  const parts = splitParts(bytes);
  const type = certifiedTypeOf(parts?.[0]?.toString("latin1") ?? "");
  if (parts === undefined || type === undefined) return undefined;
  return Buffer.concat([Buffer.from(type), ...parts.slice(2, 2 + partCounts[type])].flatMap(withLength));
};

const withLength = (part: Buffer): readonly Buffer[] => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return [length, part];
};

const describeType = (type: string | undefined): string =>
  type !== undefined && /^[a-z0-9@.-]{1,64}$/.test(type) ? type : "of no known type";

/** The strings of which a key consists, each with its length in four bytes before it; undefined when they do not add up. */
const splitParts = (bytes: Buffer): readonly Buffer[] | undefined => {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return partsOfCertificate(parts);
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return partsOfCertificate(parts);
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
};

/** A certificate also has numbers (its serial) among its strings: what could be cut is enough to know its type. */
const partsOfCertificate = (parts: readonly Buffer[]): readonly Buffer[] | undefined =>
  parts[0]?.toString("latin1").endsWith("-cert-v01@openssh.com") === true ? parts : undefined;

const measureParts = (type: PlainKeyType, parts: readonly Buffer[]): number | undefined => {
  const [first, second, ...rest] = parts;
  switch (type) {
    case "ssh-ed25519":
      return parts.length === 1 && first?.length === 32 ? 256 : undefined;
    case "sk-ssh-ed25519@openssh.com":
      return parts.length === 2 && first?.length === 32 ? 256 : undefined;
    case "ssh-rsa":
      return parts.length === 2 ? bitLength(second) : undefined;
    case "ssh-dss":
      return parts.length === 4 ? bitLength(first) : undefined;
    case "sk-ecdsa-sha2-nistp256@openssh.com":
      return rest.length === 1 && isPoint("nistp256", first, second) ? 256 : undefined;
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
      return rest.length === 0 && isPoint(type.slice(-8), first, second) ? Number(type.slice(-3)) : undefined;
  }
};

/** The bits of a positive number (mpint of RFC 4251). */
const bitLength = (number: Buffer | undefined): number | undefined => {
  const text = number?.toString("hex").replace(/^0+/, "") ?? "";
  return text === "" ? undefined : BigInt(`0x${text}`).toString(2).length;
};

/** Whether the curve is this one, and the point an uncompressed one on it by its length (SEC 1, 2.3.3). */
const isPoint = (curve: string, name: Buffer | undefined, point: Buffer | undefined): boolean =>
  name?.toString("latin1") === curve &&
  point?.[0] === 4 &&
  point.length === 1 + 2 * Math.ceil(Number(curve.slice(-3)) / 8);
