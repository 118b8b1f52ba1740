import { isIP } from "node:net";

/**
 * A network in one form for comparing; undefined where the text is none. Neutron keeps what was written, such as
 * 203.245.13.207/24, and means 203.245.13.0/24 by it.
 */
export const normalPrefix = (text: string): string | undefined => {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes("%")) return undefined;
  const width = version === 4 ? 32 : 128;
  const kept = length === undefined ? width : Number(length);
  if ((length !== undefined && !/^\d{1,3}$/.test(length)) || kept > width) return undefined;
  const hidden = BigInt(width - kept);
  const number = version === 4 ? fromParts(address.split("."), 8n) : number6(address);
  return `IPv${version} ${((number >> hidden) << hidden).toString(16)}/${kept}`;
};

const fromParts = (parts: readonly string[], width: bigint): bigint =>
  parts.reduce((sum, part) => (sum << width) | BigInt(width === 8n ? part : `0x${part}`), 0n);

const number6 = (address: string): bigint => {
  // The host of a URL is IPv6 in its shortest form, without an IPv4 part.
  const [before = [], after = []] = new URL(`http://[${address}]/`).hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return fromParts([...before, ...zeros, ...after], 16n);
};
