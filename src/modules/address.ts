import { isIP } from "node:net";
import { err, ok, type Result } from "../util/result.ts";

/**
 * An address or a network as every firewall writes it: shortest form of IPv6, no `/32` or `/128`, no bits behind the prefix
 * (a network with such bits is more often a slip of the pen than meant).
 */
export const parseNetwork = (text: string): Result<string, string> => {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const isLength = length === undefined || (/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= width);
  if (version === 0 || address.includes("%") || rest.length > 0 || !isLength) {
    return err(`not an address or a network such as 203.0.113.0/24: ${JSON.stringify(text)}`);
  }
  const bits = version === 4 ? bitsOf4(address) : bitsOf6(address);
  const kept = length === undefined ? width : Number(length);
  const network = bits.slice(0, kept).padEnd(width, "0");
  const written = (value: string): string => (version === 4 ? textOf4(value) : textOf6(value));
  if (network !== bits) {
    return err(
      `${JSON.stringify(text)} has bits behind its prefix: write ${written(network)}/${kept} or ${written(bits)}`,
    );
  }
  return ok(kept === width ? written(bits) : `${written(bits)}/${kept}`);
};

const bitsOf4 = (address: string): string =>
  address
    .split(".")
    .map((part) => binary(Number(part), 8))
    .join("");

const textOf4 = (bits: string): string =>
  chunks(bits, 8)
    .map((part) => Number.parseInt(part, 2))
    .join(".");

/** A URL's host is IPv6 in its canonical form. */
const canonical6 = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

const bitsOf6 = (address: string): string => {
  const [head = "", tail] = canonical6(address).split("::");
  const groups = (text: string): string[] =>
    text === "" ? [] : text.split(":").map((group) => binary(Number.parseInt(group, 16), 16));
  const before = groups(head).join("");
  return tail === undefined
    ? before
    : before +
        groups(tail)
          .join("")
          .padStart(128 - before.length, "0");
};

const textOf6 = (bits: string): string =>
  canonical6(
    chunks(bits, 16)
      .map((part) => Number.parseInt(part, 2).toString(16))
      .join(":"),
  );

const binary = (value: number, width: number): string => value.toString(2).padStart(width, "0");

const chunks = (bits: string, size: number): readonly string[] =>
  Array.from({ length: bits.length / size }, (_, index) => bits.slice(index * size, (index + 1) * size));

/** What every firewall takes for a comment as it is, and prints back unchanged. */
export const checkComment = (comment: string): string | undefined =>
  /^[A-Za-z0-9][A-Za-z0-9 ._:,/@#=+()-]{0,99}$/.test(comment) && !comment.endsWith(" ") && !comment.includes("  ")
    ? undefined
    : `comment is to be up to 100 letters, digits, single spaces and ._:,/@#=+()-, beginning with a letter or digit: ${JSON.stringify(comment)}`;
