import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { append, entry, ledgerIo, withState } from "../../test/helpers/ledger-folder.ts";
import { appendToLedger, ledgerPath } from "./ledger.ts";
import { hashOf } from "./ledger-record.ts";
import { verifyLedger } from "./read-ledger.ts";

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("ledgerPath", () => {
  it.each([
    [{}, "/home/kim/.local/state/latchkey/ledger.jsonl"],
    [{ XDG_STATE_HOME: "/state" }, "/state/latchkey/ledger.jsonl"],
    [{ XDG_STATE_HOME: "" }, "/home/kim/.local/state/latchkey/ledger.jsonl"],
    [{ XDG_STATE_HOME: "state" }, "/home/kim/.local/state/latchkey/ledger.jsonl"],
  ])("for %j is %s", (env, path) => {
    expect(ledgerPath(env, "/home/kim")).toBe(path);
  });
});

describe("appendToLedger", () => {
  it("chains each record to the one before, in one append and in the next", () =>
    withState(async (_state, ledger) => {
      const [first, second] = await append(ledger, entry(), entry({ verb: "extend" }));
      const [third] = await append(ledger, { verb: "revoke", grant: "g-1" });
      const lines = readFileSync(ledger, "utf8").split("\n");
      expect(lines.slice(0, 3).map((line): unknown => JSON.parse(line))).toEqual([first, second, third]);
      expect(lines.slice(3)).toEqual([""]);
      expect([first?.seq, second?.seq, third?.seq]).toEqual([1, 2, 3]);
      expect([first?.prev, second?.prev, third?.prev]).toEqual(["0".repeat(64), first?.hash, second?.hash]);
      expect(first).toMatchObject({ ...entry(), at: "2026-11-23T10:15:00.000Z" });
      expect(third).toEqual({
        verb: "revoke",
        grant: "g-1",
        seq: 3,
        at: "2026-11-23T10:15:00.000Z",
        prev: second?.hash,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }));

  it("hashes the canonical JSON, so that another program comes to the same", () => {
    // printf '{"at":"t","grant":"g","seq":1}' | sha256sum
    const hash = "77610781ba355f5dad99a50c7bc087b65b26cf7f921fd35f37af910009fc4b48";
    expect(hashOf({ seq: 1, hash: "x", grant: "g", at: "t" })).toBe(hash);
  });

  it("makes directory and file for their owner only", () =>
    withState(async (state) => {
      const ledger = ledgerPath({}, state);
      await append(ledger, entry());
      expect(modeOf(ledger)).toBe(0o600);
      for (const folder of [".local", ".local/state", ".local/state/latchkey"]) {
        expect(modeOf(join(state, folder))).toBe(0o700);
      }
      expect(readdirSync(dirname(ledger))).toEqual(["ledger.jsonl"]);
    }));

  it.each([
    [0o644, "read"],
    [0o620, "change"],
  ])("makes a file of mode %o private, and tells that others could %s it", (mode, could) =>
    withState(async (_state, ledger) => {
      await append(ledger, entry());
      chmodSync(ledger, mode);
      expect(await appendToLedger(ledger, [entry()], ledgerIo)).toMatchObject({
        value: { notices: [`others could ${could} ${ledger} (mode 0${mode.toString(8)}); it is private now`] },
      });
      expect(modeOf(ledger)).toBe(0o600);
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 2 } });
    }),
  );

  it("refuses a directory that others may write to", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry());
      chmodSync(dirname(ledger), 0o770);
      expect(await appendToLedger(ledger, [entry()], ledgerIo)).toMatchObject({
        error: expect.stringContaining("(mode 0770)"),
      });
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 1 } });
    }));

  it.each([
    [entry({ reason: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn" }), "reason holds a private key"],
    [entry({ keys: ["-----BEGIN PRIVATE KEY-----"] }), "keys holds a private key"],
    [entry({ keys: ["ssh-ed25519 AAAA"] }), "keys must be a list of SHA256: fingerprints"],
    [entry({ expires: "4h" }), "expires must be a time with its zone, or null"],
  ])("refuses a secret, and what it could not read back (%#)", (wrong, problem) =>
    withState(async (_state, ledger) => {
      const appended = await appendToLedger(ledger, [entry(), wrong], ledgerIo);
      expect(appended).toMatchObject({ ok: false, error: expect.stringContaining(problem) });
      expect(JSON.stringify(appended)).not.toContain("BEGIN");
      expect(existsSync(ledger)).toBe(false);
    }),
  );

  it("takes any text, in any script", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry({ reason: '디스크\n\u0000\u2028\ud800"\\', host: "__proto__" }));
      await append(ledger, entry());
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 2 } });
    }));

  it("goes on behind a record that is longer than what is read at once", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry(), entry({ reason: "x".repeat(30_000) }));
      const [last] = await append(ledger, entry());
      expect(last?.seq).toBe(3);
    }));

  it("gives an error where the file cannot be written", () =>
    withState(async (state, ledger) => {
      writeFileSync(join(state, "latchkey"), "");
      expect(await appendToLedger(ledger, [entry()], ledgerIo)).toMatchObject({
        error: expect.stringContaining("the ledger could not be written: EEXIST"),
      });
    }));

  it("reads only the end: a long ledger's damaged beginning is not its business", () =>
    withState(async (_state, ledger) => {
      const [first] = await append(ledger, entry(), ...Array.from({ length: 100 }, () => entry()));
      const whole = readFileSync(ledger);
      whole.write("x", 5);
      writeFileSync(ledger, whole);
      const [last] = await append(ledger, entry());
      expect([first?.seq, last?.seq]).toEqual([1, 102]);
      expect(await verifyLedger(ledger)).toMatchObject({ error: { line: 1 } });
    }));
});

describe("appendToLedger after a power loss", () => {
  const time = "20261123T101500Z";
  const partOf = (text: string): string => text.slice(0, -20);

  it.each<[string, (line: string) => string]>([
    ["a line that was cut off", partOf],
    ["a whole line without its newline", (line) => line.trimEnd()],
    ["a line that is not JSON", (line) => `${partOf(line)}\n`],
    ["several of them", (line) => `${partOf(line)}\n\n{"a\n${partOf(line)}`],
    ["a hole in the file", () => "\0".repeat(20_000)],
    ["a very long line", (line) => partOf(line).repeat(100)],
  ])("moves %s aside, cuts the ledger back, tells it, and goes on", (_name, damage) =>
    withState(async (_state, ledger) => {
      const [, last] = await append(ledger, entry(), entry());
      const damaged = damage(readFileSync(ledger, "utf8").split("\n")[1] + "\n");
      appendFileSync(ledger, damaged);
      const appended = await appendToLedger(ledger, [entry()], ledgerIo);
      const aside = `${ledger}.truncated-${time}`;
      expect(appended).toMatchObject({ value: { records: [{ seq: 3, prev: last?.hash }] } });
      expect(appended.ok && appended.value.notices).toEqual([
        `the end of ${ledger} was damaged, as a power loss leaves it: ${damaged.length} bytes were moved to ${aside}`,
      ]);
      expect(readFileSync(aside, "utf8")).toBe(damaged);
      expect(modeOf(aside)).toBe(0o600);
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 3 } });
    }),
  );

  it("starts anew where the first record was cut off, and keeps both if it happens twice at once", () =>
    withState(async (_state, ledger) => {
      for (const size of [50, 60]) {
        truncateSync(ledgerWith(ledger, await append(`${ledger}.other`, entry())), size);
        await appendToLedger(ledger, [entry()], ledgerIo);
        expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: 1 } });
      }
      expect(statSync(`${ledger}.truncated-${time}`).size).toBe(110);
    }));

  const ledgerWith = (ledger: string, records: readonly object[]): string => {
    writeFileSync(ledger, records.map((record) => JSON.stringify(record)).join("\n"));
    return ledger;
  };

  it("adds nothing behind a last line that is JSON and no record: that was no power loss", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry());
      appendFileSync(ledger, "{}\n");
      const before = readFileSync(ledger, "utf8");
      expect(await appendToLedger(ledger, [entry()], ledgerIo)).toMatchObject({
        error: expect.stringContaining("its last line is no record"),
      });
      expect(readFileSync(ledger, "utf8")).toBe(before);
    }));

  it("does not hide a last record that was changed", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry());
      writeFileSync(ledger, readFileSync(ledger, "utf8").replace("web1", "web2"));
      await append(ledger, entry());
      expect(await verifyLedger(ledger)).toMatchObject({ error: { line: 1 } });
    }));

  it("refuses what is no file", () =>
    withState(async (_state, ledger) => {
      mkdirSync(ledger, { recursive: true, mode: 0o700 });
      expect(await appendToLedger(ledger, [entry()], ledgerIo)).toMatchObject({
        error: expect.stringContaining("the ledger could not be written") as string,
      });
    }));
});
