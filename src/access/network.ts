import { isIPv4, isIPv6 } from "node:net";
import type { Judgement } from "./judgement.ts";

const examples = "expected an address or a network, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32";

/**
 * What is wrong with an address or a network from which somebody may come; undefined where nothing is. Stricter than what
 * a single tool accepts: sshd refuses a key whose `from=` has bits behind the prefix, a firewall cuts them off silently.
 */
export const judgeNetwork = (text: string): Judgement | undefined => {
  const [address = "", prefix, ...more] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes("%") ? 128 : undefined;
  if (bits === undefined || more.length > 0) return wrong(`"${text}" is neither an address nor a network`, examples);
  if (prefix !== undefined && isIPv4(prefix)) return wrong(`"${text}" has a netmask`, maskHint(address, prefix));
  if (prefix !== undefined && !(/^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits)) {
    return wrong(`"${text}" has the prefix "${prefix}"; expected 0 to ${bits}`);
  }
  const length = prefix === undefined ? bits : Number(prefix);
  const number = bits === 32 ? number4(address) : number6(address);
  if (bits === 128 && number >> 32n === 0xffffn && length >= 96) {
    const plain = `${text4(number & 0xffffffffn)}${prefix === undefined ? "" : `/${length - 96}`}`;
    return wrong(
      `"${text}" is an IPv4 address inside an IPv6 one, and nobody is seen to come from there`,
      `write "${plain}"`,
    );
  }
  const behind = number & ((1n << BigInt(bits - length)) - 1n);
  if (length === 0 && behind === 0n) return everybody(text);
  if (behind === 0n) return undefined;
  const network = bits === 32 ? text4(number - behind) : text6(number - behind);
  const hint = `write "${network}/${length}" for the network, or "${address}/${bits}" for the one address`;
  return wrong(`"${text}" has bits set behind its prefix`, hint);
};

/** The same for one pattern of `from=` in authorized_keys, which may also be negated, have wildcards, or name a host. */
export const judgeFromPattern = (pattern: string): Judgement | undefined => {
  const isNegated = pattern.startsWith("!");
  const text = pattern.slice(isNegated ? 1 : 0);
  if (text === "") return wrong(`"from" has an empty entry`, examples);
  if (/^\*+$/.test(text)) return isNegated ? undefined : everybody(text);
  if (/[*?]/.test(text)) return undefined;
  if (/^(?=.*[A-Za-z])[A-Za-z0-9._-]+$/.test(text)) {
    const message = `"${text}" is the name of a host, which sshd looks up only with UseDNS, and that is off by default`;
    return { severity: "warning", message, hint: examples };
  }
  const found = judgeNetwork(text);
  return isNegated && found?.severity === "warning" ? undefined : found;
};

const wrong = (message: string, hint?: string): Judgement => ({
  severity: "error",
  message,
  ...(hint === undefined ? {} : { hint }),
});

const everybody = (text: string): Judgement => ({
  severity: "warning",
  message: `"${text}" lets in every address there is`,
  hint: "name the addresses that the vendor comes from, such as 203.0.113.7/32",
});

const maskHint = (address: string, mask: string): string => {
  const ones = number4(mask).toString(2).padStart(32, "0");
  return /^1*0*$/.test(ones) ? `write "${address}/${ones.indexOf("0") < 0 ? 32 : ones.indexOf("0")}"` : examples;
};

const number4 = (address: string): bigint => address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);

const text4 = (number: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join(".");

const number6 = (address: string): bigint => {
  const [head = "", tail] = shortest(address).split("::");
  const groups = (part: string | undefined): readonly string[] =>
    (part ?? "").split(":").filter((group) => group !== "");
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
};

const text6 = (number: bigint): string =>
  shortest(
    Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(":"),
  );

/** As RFC 5952 writes it, and an IPv4 part in hexadecimal: what the parser of URLs makes of it. */
const shortest = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);
