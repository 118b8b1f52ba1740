import { isIPv4, isIPv6 } from "node:net";
import { err, ok, type Result } from "../util/result.ts";

/** A host entry without its port: `web[01:50]:2222` is `web[01:50]` and 2222, `[::1]:22` is `::1` and 22. */
export interface HostEntry {
  readonly name: string;
  readonly port?: number;
}

/** Splits the port off a host entry. The error says what is wrong with it. */
export const splitPort = (entry: string): Result<HostEntry, string> => {
  if (!entry.includes(":")) return ok({ name: entry });
  const bracketed = /^\[([^[\]]+)\](?::(.*))?$/.exec(entry);
  if (bracketed !== null && (isAddress6(bracketed[1] ?? "") || bracketed[2] !== undefined)) {
    return withPort(bracketed[1] ?? "", bracketed[2]);
  }
  // Colons inside of a range are no separators.
  const colons = [...entry.replaceAll(/\[[^\]]*\]/g, (range) => "x".repeat(range.length)).matchAll(/:/g)];
  if (colons.length !== 1) return ok({ name: entry });
  const at = colons[0]?.index ?? 0;
  return withPort(entry.slice(0, at), entry.slice(at + 1));
};

const withPort = (name: string, port: string | undefined): Result<HostEntry, string> => {
  if (port === undefined) return ok({ name });
  const number = portNumber(port);
  return number === undefined
    ? err(`"${port}" is not a port: expected a number from 1 to 65535`)
    : ok({ name, port: number });
};

/** The port that a value means, or undefined where it means none. */
export const portNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^[0-9]{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= 65_535 ? number : undefined;
};

/** Whether this is an IPv6 address, with a zone (`%eth0`) or without. */
export const isAddress6 = (text: string): boolean =>
  // Node.js's own first answer costs 5 ms, for an expression that most runs do not need.
  text.includes(":") && isIPv6(text);

/** What a shell, a pattern or a path would take for something else. */
const strangeInName = /[\s\p{C},/*?[\]!&~@{}"'`;|$\\<>]/u;

/** Why this cannot be the name of a host, or undefined where it can. */
export const hostNameProblem = (name: string): { message: string; hint?: string } | undefined => {
  if (name === "") return { message: "a host without a name" };
  if (name.startsWith("-")) return { message: `the host name "${name}" begins with "-"` };
  const login = /^([^@\s]+)@([^@\s]+)$/.exec(name);
  if (login !== null) {
    return {
      message: `"${name}" is a login, not a host name`,
      hint: `name the host "${login[2]}" and set ansible_user to "${login[1]}"`,
    };
  }
  const strange = strangeInName.exec(name)?.[0];
  if (strange !== undefined) {
    return {
      message: `the host name "${name}" contains "${strange}"`,
      hint: 'expected letters, digits, ".", "_" and "-"; an address goes into ansible_host',
    };
  }
  if (/^\d+(?:\.\d+){3,}$/.test(name) && !isIPv4(name)) {
    return { message: `the host name "${name}" is no IPv4 address`, hint: "expected four numbers from 0 to 255" };
  }
  if (!name.includes(":") || isAddress6(name)) return undefined;
  return {
    message: `the host name "${name}" contains ":" and is no IPv6 address`,
    hint: "write a port as HOST:PORT, and with IPv6 as [ADDRESS]:PORT",
  };
};

/** Why this cannot be an address to connect to, or undefined where it can. */
export const addressProblem = (address: string): string | undefined => {
  if (address === "") return "the address is empty";
  if (/^\[.*\]$/.test(address)) return `the address "${address}" has brackets: an IPv6 address is written without them`;
  const problem = hostNameProblem(address)?.message;
  return problem?.replace(/^the host name/, "the address").replace("not a host name", "not an address");
};
