import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import type { ThrowawayHost } from "./throwaway-host.ts";

/** What a host holds at every path that was ever touched in it; elsewhere it is as on the machine below. */
export type HostTree = ReadonlyMap<string, string>;

/** The host's files as they are now. */
export const treeOf = (host: ThrowawayHost): HostTree => {
  const tree = new Map<string, string>();
  for (const path of host.snapshot().keys()) if (!isNoise(path)) tree.set(path, entryState(host.path(path), path));
  return tree;
};

/** Every path that is not as it was, with both states. */
export const treeDifferences = (before: HostTree, after: HostTree): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => stateAt(before, path) !== stateAt(after, path))
    .map((path) => `${path}: ${stateAt(before, path)} became ${stateAt(after, path)}`);

const stateAt = (tree: HostTree, path: string): string => tree.get(path) ?? entryState(path, path);

/** Locks, logs, the notes of the cases' own fake tools, and what the account tools touch only in its time. */
const isNoise = (path: string): boolean =>
  /^\/(proc|dev|mnt)(\/|$)|^\/etc\/\.pwd\.lock$|^\/var\/log\/|^\/(var\/)?tmp$|\.latchkey$|^\/root\/log$/.test(path);

const entryState = (full: string, path: string): string => {
  const stat = lstatSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return "absent";
  const head = `${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`;
  if (stat.isSymbolicLink()) return `link ${head} ${readlinkSync(full)}`;
  if (stat.isDirectory()) return `directory ${head}`;
  if (!stat.isFile()) return `special ${head}`;
  const content = readFileSync(full);
  // crontab(1) says above its lines when it wrote them.
  const isHeading = (line: string): boolean => path.startsWith("/var/spool/cron/") && line.startsWith("# ");
  const lines = content
    .toString()
    .split("\n")
    .filter((line) => !isHeading(line));
  if (rewritten.test(path)) return `file ${head} ${lines.toSorted().join("|")}`;
  // ufw writes its rules anew, in a form of its own.
  if (path.startsWith("/etc/ufw/user"))
    return `file ${head} ${lines.filter((line) => line.includes("tuple")).join("|")}`;
  return `file ${head} ${Math.floor(stat.mtimeMs / 1000)} ${createHash("sha1").update(content).digest("hex").slice(0, 12)}`;
};

/** What the host's own tools, and the cases' fake ones, write anew, and choose where a line stands. */
const rewritten =
  /^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)-?$|^\/var\/spool\/cron\/|^\/etc\/(default\/)?ufw(\/(?!user)|$)|^\/root\/(firewalld\.|active$|enabled$|masked$|runs$)/;
