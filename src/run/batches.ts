import type { Plain } from "../vars/value.ts";

/**
 * Cuts the hosts of a play into batches, as `serial` says: a number, a share such as "25%" of all hosts (at least one),
 * or a list of these, of which the last repeats. Without it all hosts are one batch.
 */
export const batches = (serial: Plain | undefined, hosts: readonly string[]): readonly (readonly string[])[] => {
  if (hosts.length === 0) return [];
  const sizes = (Array.isArray(serial) ? serial : [serial ?? 0]).map((size) => batchSize(size, hosts.length));
  const cut: (readonly string[])[] = [];
  for (let start = 0; start < hosts.length;) {
    const size = sizes[Math.min(cut.length, sizes.length - 1)] ?? hosts.length;
    cut.push(hosts.slice(start, start + size));
    start += size;
  }
  return cut;
};

const batchSize = (size: Plain, total: number): number => {
  const text = typeof size === "object" ? "" : String(size).trim();
  const share = text.endsWith("%") ? Math.floor((total * Number(text.slice(0, -1))) / 100) : Number(text);
  if (text.endsWith("%")) return Math.max(1, Number.isNaN(share) ? total : share);
  return share >= 1 ? Math.floor(share) : total;
};

/** The hosts in the order that `order` asks for; the inventory's where it does not. */
export const orderHosts = (hosts: readonly string[], order: string | undefined): readonly string[] => {
  switch (order) {
    case "sorted":
      return hosts.toSorted();
    case "reverse_sorted":
      return hosts.toSorted().toReversed();
    case "reverse_inventory":
      return hosts.toReversed();
    case "shuffle":
      return hosts
        .map((host) => ({ host, key: Math.random() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ host }) => host);
    default:
      return hosts;
  }
};
