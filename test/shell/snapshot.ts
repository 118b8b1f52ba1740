import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What a root's upper layer holds: path to everything a change would touch (the change time and inode included). */
export type Snapshot = ReadonlyMap<string, string>;

/** Takes a snapshot of an overlay's upper layer. */
export const takeSnapshot = (upper: string): Snapshot => {
  const entries = new Map<string, string>();
  walk(upper, "", entries);
  return entries;
};

/** Not even ufw's own questions leave its lock alone, and it says nothing. */
const lock = "/run/ufw.lock";

const walk = (upper: string, path: string, entries: Map<string, string>): void => {
  for (const name of readdirSync(join(upper, path))) {
    const child = `${path}/${name}`;
    if (child === lock) continue;
    const stat = lstatSync(join(upper, child), { bigint: true });
    entries.set(child, describeEntry(stat, join(upper, child)));
    if (stat.isDirectory()) walk(upper, child, entries);
  }
};

const describeEntry = (stat: BigIntStats, path: string): string => {
  const target = stat.isSymbolicLink() ? readlinkSync(path) : "";
  return [stat.mode.toString(8), stat.uid, stat.gid, stat.size, stat.ino, stat.mtimeNs, stat.ctimeNs, target].join(" ");
};

/** The paths that differ. */
export const changedPaths = (before: Snapshot, after: Snapshot): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).toSorted();
