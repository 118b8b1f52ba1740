import { randomInt, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { readlink, symlink, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { err, ok, type Result } from "../util/result.ts";
import { isErrno } from "./errno.ts";

/** What a lock needs of the process that takes it. */
export interface LockIo {
  readonly pid: number;
  /** Whether a process of this machine is there, as `kill -0` tells; one that may not be signalled is there, too. */
  readonly isAlive: (pid: number) => boolean;
  readonly wait: (ms: number) => Promise<void>;
}

/** Who holds a lock. Two processes are the same one only if all of it agrees: process ids are used again. */
interface Holder {
  readonly pid: number;
  readonly machine: string;
  /** The id of the machine's boot, and of the container's own space of process ids; empty where there is no `/proc`. */
  readonly boot: string;
  readonly space: string;
  /** When the process started, in ticks since boot; empty where there is no `/proc`. */
  readonly started: string;
}

/** For how long a lock that somebody else holds is waited for. */
const patienceMs = 30_000;

/**
 * Does some work while no other process holds the same lock. A lock whose holder is dead is taken over.
 *
 * The lock is a symbolic link that points nowhere and says in its target who holds it: unlike a file it is made with its
 * content in one call, so that nobody reads half of it and a crash leaves no lock without a holder.
 *
 * @returns what the work gave; an error where the lock was not had in time, naming its holder
 * @throws what the file system answers where no link can be made
 */
export const withLock = async <T>(
  lock: string,
  io: LockIo,
  work: () => Promise<Result<T, string>>,
): Promise<Result<T, string>> => {
  const release = await acquire(lock, io);
  if (!release.ok) return release;
  try {
    return await work();
  } finally {
    await release.value();
  }
};

type Release = () => Promise<void>;

const acquire = async (lock: string, io: LockIo): Promise<Result<Release, string>> => {
  const self = describeSelf(io.pid);
  // The id makes each lock different from all others, those of the same process too.
  const mine = JSON.stringify({ ...self, id: randomUUID() });
  for (let waitedMs = 0; ;) {
    if (await make(lock, mine)) return ok(() => removeIf(lock, mine));
    const theirs = await target(lock);
    if (theirs === undefined) continue;
    const holder = parseHolder(theirs);
    if (holder !== undefined && isDead(holder, self, io)) {
      const removed = await removeDead(lock, theirs, io);
      if (!removed.ok) return removed;
      continue;
    }
    if (waitedMs >= patienceMs) return err(heldBy(lock, holder));
    // Different for each, so that those who wait do not ask in step.
    const ms = randomInt(5, 25);
    await io.wait(ms);
    waitedMs += ms;
  }
};

/**
 * Removes a dead process's lock. Two that found the same one dead must not both remove it, since the second would remove
 * the lock that the first made since: the removal has a lock of its own, and looks again once it holds that.
 */
const removeDead = (lock: string, theirs: string, io: LockIo): Promise<Result<undefined, string>> =>
  withLock(`${lock}.stale`, io, async () => {
    await removeIf(lock, theirs);
    return ok(undefined);
  });

const make = async (lock: string, text: string): Promise<boolean> => {
  try {
    await symlink(text, lock);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
};

/** What the lock says; `undefined` once it is gone, and an empty text where something else has its name. */
const target = async (lock: string): Promise<string | undefined> => {
  try {
    return await readlink(lock);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    if (isErrno(error, "EINVAL")) return "";
    throw error;
  }
};

const removeIf = async (lock: string, text: string): Promise<void> => {
  if ((await target(lock)) === text) await unlink(lock);
};

const isDead = (holder: Holder, self: Holder, io: LockIo): boolean => {
  // Another machine or container that shares the directory cannot be asked.
  if (holder.machine !== self.machine) return false;
  if (holder.boot !== self.boot) return true;
  if (holder.space !== self.space) return false;
  return !io.isAlive(holder.pid) || holder.started !== startOf(holder.pid);
};

const heldBy = (lock: string, holder: Holder | undefined): string => {
  const who = holder === undefined ? "something unknown" : `process ${holder.pid} on ${holder.machine}`;
  return `${lock} is held by ${who}, and was not released in ${patienceMs / 1000} s; if that has ended, remove it`;
};

const parseHolder = (text: string): Holder | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, machine, boot, space, started }: Readonly<Record<string, unknown>> = { ...value };
    const isWhole = [machine, boot, space, started].every((part) => typeof part === "string");
    if (!isWhole || typeof pid !== "number") return undefined;
    return { pid, machine: String(machine), boot: String(boot), space: String(space), started: String(started) };
  } catch {
    return undefined;
  }
};

const describeSelf = (pid: number): Holder => ({
  pid,
  machine: hostname(),
  boot: textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  space: textOf(() => readlinkSync("/proc/self/ns/pid")),
  started: startOf(pid),
});

/** Member 22 of `/proc/PID/stat` (proc(5)); the second, the program's name in brackets, may hold blanks and brackets. */
const startOf = (pid: number): string =>
  textOf(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  });

const textOf = (read: () => string): string => {
  try {
    return read();
  } catch {
    return "";
  }
};
