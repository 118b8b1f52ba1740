import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { append, entry, ledgerIo, withState } from "../../test/helpers/ledger-folder.ts";
import { createDeferred } from "../util/deferred.ts";
import { ok } from "../util/result.ts";
import { appendToLedger } from "./ledger.ts";
import { withLock } from "./lock.ts";
import { verifyLedger } from "./read-ledger.ts";

/** The code as processes of their own can load it. */
const built = mkdtempSync(join(tmpdir(), "latchkey-"));
beforeAll(async () => {
  const bundle = await rolldown({
    input: {
      helper: join(import.meta.dirname, "../../test/helpers/ledger-folder.ts"),
      lock: join(import.meta.dirname, "lock.ts"),
    },
    platform: "node",
    logLevel: "warn",
  });
  await bundle.write({ dir: built, entryFileNames: "[name].mjs" });
  await bundle.close();
});
afterAll(() => {
  rmSync(built, { recursive: true });
});

const start = (code: string, before = ""): ChildProcess => {
  const imports = `
    import { append, entry, ledgerIo } from ${JSON.stringify(join(built, "helper.mjs"))};
    import { withLock } from ${JSON.stringify(join(built, "lock.mjs"))};`;
  const args = [process.execPath, "--input-type=module", "-e", imports + code];
  return spawn("sh", ["-c", `${before} exec "$@"`, "sh", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
};
const ended = async (child: ChildProcess): Promise<number | string | null> => {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code ?? signal;
};

/** Leaves a lock as a process does that was killed while it held it. */
const leaveLock = async (ledger: string): Promise<void> => {
  mkdirSync(dirname(ledger), { mode: 0o700, recursive: true });
  const lock = JSON.stringify(`${ledger}.lock`);
  const killed = start(`await withLock(${lock}, ledgerIo, async () => process.kill(process.pid, "SIGKILL"));`);
  expect(await ended(killed)).toBe("SIGKILL");
  expect(readlinkSync(`${ledger}.lock`)).toContain(`"pid":${killed.pid}`);
};

describe("processes that append at once", () => {
  it.each([false, true])(
    "wait for each other, and one takes over a dead one's lock (%s)",
    (stale) =>
      withState(async (_state, ledger) => {
        if (stale) await leaveLock(ledger);
        // They begin together: each says that it is loaded, and is told to go once all are.
        const code = `
        import { once } from "node:events";
        process.stdout.write("loaded");
        await once(process.stdin, "data");
        for (let n = 0; n < 20; n += 1) await append(${JSON.stringify(ledger)}, entry({ grant: "g-" + process.pid + "-" + n }));
        process.stdin.destroy();`;
        const children = Array.from({ length: 8 }, () => start(code));
        await Promise.all(children.map(async ({ stdout }) => stdout !== null && once(stdout, "data")));
        const codes = Promise.all(children.map(ended));
        for (const { stdin } of children) stdin?.write("go");
        expect(await codes).toEqual(children.map(() => 0));
        expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 160 } });
        const grants = children.flatMap(({ pid }) => Array.from({ length: 20 }, (_, n) => `"g-${pid}-${n}"`));
        const text = readFileSync(ledger, "utf8");
        expect(grants.filter((grant) => !text.includes(grant))).toEqual([]);
        expect(readdirSync(dirname(ledger))).toEqual(["ledger.jsonl"]);
      }),
    60_000,
  );

  it("wait for each other in one process, too", () =>
    withState(async (_state, ledger) => {
      await Promise.all(Array.from({ length: 10 }, async () => append(ledger, entry())));
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 10 } });
    }));
});

it("leaves the ledger as it was where the disk takes a part of the records only", () =>
  withState(async (_state, ledger) => {
    await append(ledger, entry());
    const before = readFileSync(ledger, "utf8");
    // The limit is in units of 512 bytes or more, depending on the shell; the records are longer than all of them.
    const child = start(
      `await append(${JSON.stringify(ledger)}, ...Array.from({ length: 10 }, () => entry())).catch((error) => {
         process.stdout.write(error.message);
       });`,
      "ulimit -f 2;",
    );
    const said: string[] = [];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => said.push(text));
    expect(await ended(child)).toBe(0);
    expect(said.join("")).toMatch(/^the ledger could not be written: EFBIG/);
    expect(readFileSync(ledger, "utf8")).toBe(before);
  }));

describe("withLock", () => {
  /** A lock as this process makes it, with some of what it says changed, is there; then another is wanted. */
  const tryBeside = (change: object): Promise<{ readonly result: unknown; readonly waitedMs: number }> => {
    const tried = createDeferred<{ readonly result: unknown; readonly waitedMs: number }>();
    return withState(async (state) => {
      const lock = join(state, "lock");
      await withLock(lock, ledgerIo, async () => {
        symlinkSync(JSON.stringify({ ...(JSON.parse(readlinkSync(lock)) as object), ...change }), `${lock}2`);
        return ok(undefined);
      });
      let waitedMs = 0;
      const io = {
        ...ledgerIo,
        wait: (ms: number) => {
          waitedMs += ms;
          return Promise.resolve();
        },
      };
      const result = await withLock(`${lock}2`, io, () => Promise.resolve(ok("had it")));
      tried.resolve({ result, waitedMs });
    }).then(() => tried.promise);
  };

  it("gives up on a live process after a while, naming it and the cure", async () => {
    const { result, waitedMs } = await tryBeside({});
    expect(result).toEqual({
      ok: false,
      error: expect.stringMatching(
        new RegExp(
          `lock2 is held by process ${process.pid} on .*, and was not released in 30 s; if that has ended, remove`,
        ),
      ),
    });
    expect(waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(waitedMs).toBeLessThan(30_100);
  });

  it.each([
    ["the machine was started anew", { boot: "other" }],
    ["the process id belongs to another process now", { started: "1" }],
    ["the process is gone", { pid: 2 ** 22 + 1 }],
    ["the process is gone, on a machine without /proc", { pid: 2 ** 22 + 1, started: "" }],
  ])("takes a lock over at once where %s", async (_name, change) => {
    expect(await tryBeside(change)).toEqual({ result: { ok: true, value: "had it" }, waitedMs: 0 });
  });

  it.each([
    ["on another machine", { machine: "other", boot: "other", pid: 2 ** 22 + 1 }],
    ["in another container", { space: "pid:[1]", pid: 2 ** 22 + 1 }],
    ["that cannot be told", { pid: "1" }],
  ])("leaves a lock alone that is held by a process %s", async (_name, change) => {
    expect(await tryBeside(change)).toMatchObject({ result: { ok: false } });
  });

  it("leaves a file alone that has the lock's name", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry());
      writeFileSync(`${ledger}.lock`, "");
      const io = { ...ledgerIo, wait: () => Promise.resolve() };
      expect(await appendToLedger(ledger, [entry()], io)).toMatchObject({
        error: expect.stringContaining("is held by something unknown"),
      });
    }));

  it("removes its lock where the work throws", () =>
    withState(async (state) => {
      const lock = join(state, "lock");
      const work = () => Promise.reject(new Error("a bug"));
      await expect(withLock(lock, ledgerIo, work)).rejects.toThrow("a bug");
      expect(readdirSync(state)).toEqual([]);
    }));
});
