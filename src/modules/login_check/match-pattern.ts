import { BlockList, isIP } from "node:net";
import { matchesGlob, matchesList } from "../../util/ssh-patterns.ts";

/** Who comes from where, as sshd's patterns see it. */
export interface Visitor {
  readonly user: string;
  readonly groups: readonly string[];
  readonly address: string;
}

/** Whether an address fits a pattern: a network, or an address or name with wildcards. */
export const matchesAddress = (address: string, pattern: string): boolean => {
  const [network = "", prefix] = pattern.split("/");
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return matchesGlob(address.toLowerCase(), pattern.toLowerCase());
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(address, type);
};

/** A pattern of AllowUsers or DenyUsers: its part about the user, and the one about the place where there is one. */
export const cutUserPattern = (pattern: string): { readonly user: string; readonly place: string | undefined } => {
  const at = pattern.lastIndexOf("@");
  return at < 0 ? { user: pattern, place: undefined } : { user: pattern.slice(0, at), place: pattern.slice(at + 1) };
};

/** Whether a pattern of AllowUsers or DenyUsers is about somebody. */
export const matchesUser = ({ user, address }: Visitor, pattern: string): boolean => {
  const cut = cutUserPattern(pattern);
  if (!matchesGlob(user, cut.user)) return false;
  return cut.place === undefined || matchesList(cut.place, (place) => matchesAddress(address, place));
};
