import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { append, entry, withState } from "../../test/helpers/ledger-folder.ts";
import { canonicalJson, chainEntry, emptyEnd, hashOf, type LedgerRecord } from "./ledger-record.ts";
import { readLedger, verifyLedger } from "./read-ledger.ts";

const lineCount = 4;
/** What verifying says about a ledger of four records after its lines were changed. */
const verifyChanged = async (change: (lines: readonly string[]) => readonly string[]): Promise<unknown> => {
  const lines: string[] = [];
  let end = emptyEnd;
  for (let index = 0; index < lineCount; index += 1) {
    const chained = chainEntry(entry({ grant: `g-${index}` }), end, "2026-11-23T10:15:00.000Z");
    lines.push(canonicalJson(chained));
    end = chained;
  }
  const ledger = join(folder, "ledger.jsonl");
  const changed = change(lines).map((line) => `${line}\n`);
  writeFileSync(ledger, changed.join(""));
  const verified = await verifyLedger(ledger);
  return verified.ok ? verified.value : verified.error;
};
const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const record = (line: string | undefined): Record<string, unknown> => ({ ...(JSON.parse(line ?? "") as object) });

describe("verifyLedger", () => {
  it("counts a whole ledger's records", async () => {
    expect(await verifyChanged((lines) => lines)).toEqual({ records: lineCount });
  });

  it("finds nothing wrong with a ledger that is not there", async () => {
    expect(await verifyLedger("/nonexistent/ledger.jsonl")).toEqual({ ok: true, value: { records: 0 } });
  });

  it("says so where it cannot read", async () => {
    const said = await verifyLedger("/");
    expect(said).toEqual({ ok: false, error: { reason: expect.stringContaining("EISDIR") } });
  });

  const members = Object.keys(chainEntry(entry(), emptyEnd, "2026-11-23T10:15:00Z"));
  const places = Array.from({ length: lineCount }, (_, index) => index);
  it.each(members.flatMap((member) => places.map((place) => [member, place] as const)))(
    "finds a change of %s, and its absence, in record %i",
    async (member, place) => {
      const others: Readonly<Record<string, unknown>> = {
        seq: place + 2,
        at: "2026-11-23T10:15:00.001Z",
        verb: "revoke",
        expires: null,
        keys: [],
        outcome: "failed",
        prev: "1".repeat(64),
        hash: "1".repeat(64),
      };
      for (const value of [others[member] ?? "other", undefined]) {
        const said = await verifyChanged((lines) => lines.with(place, changeMember(lines[place], member, value)));
        expect(said).toEqual({ line: place + 1, reason: expect.any(String) });
      }
    },
  );
  const changeMember = (line: string | undefined, member: string, value: unknown): string =>
    JSON.stringify({ ...record(line), [member]: value });

  it.each(places)("finds any changed byte of record %i", async (place) => {
    const length = 40;
    for (let at = 0; at < length; at += 1) {
      const said = await verifyChanged((lines) => {
        const bytes = Buffer.from(lines[place] ?? "");
        const index = Math.floor((at * bytes.length) / length);
        bytes[index] = (bytes[index] ?? 0) ^ 1;
        return lines.with(place, bytes.toString("latin1"));
      });
      expect(said).toMatchObject({ line: place + 1 });
    }
  });

  it("says what is wrong", async () => {
    const changed = (change: object) => (lines: readonly string[]) =>
      lines.with(1, JSON.stringify({ ...record(lines[1]), ...change }));
    const hashed = (change: object) => (lines: readonly string[]) => {
      const value = { ...record(lines[1]), ...change };
      return lines.with(1, JSON.stringify({ ...value, hash: hashOf(value) }));
    };
    expect(await verifyChanged(changed({ owner: "lee" }))).toEqual({
      line: 2,
      reason: "its hash is not that of its content",
    });
    expect(await verifyChanged(changed({ verb: "give" }))).toEqual({
      line: 2,
      reason: "it is no record: verb must be grant, revoke, extend, opening, open or close",
    });
    expect(await verifyChanged(hashed({ prev: "1".repeat(64) }))).toEqual({
      line: 2,
      reason: "prev is not the hash of the record before",
    });
    expect(await verifyChanged(hashed({ seq: 7 }))).toEqual({ line: 2, reason: "seq is 7, not 2" });
    // Who hashes a record anew breaks the chain behind it.
    expect(await verifyChanged(hashed({ owner: "lee" }))).toEqual({
      line: 3,
      reason: "prev is not the hash of the record before",
    });
    expect(await verifyChanged((lines) => lines.with(1, "{"))).toEqual({ line: 2, reason: "it is not JSON" });
    expect(await verifyChanged((lines) => lines.with(1, "[]"))).toMatchObject({ line: 2 });
  });

  it("finds a record that says two things: readers would not agree which", async () => {
    const twice = (lines: readonly string[]) => lines.with(1, (lines[1] ?? "").replace("{", '{"owner":"lee",'));
    expect(await verifyChanged(twice)).toEqual({ line: 2, reason: "it is not in the form that was written" });
  });

  it("finds lines that were removed, repeated, moved or added", async () => {
    expect(await verifyChanged((lines) => lines.slice(1))).toEqual({ line: 1, reason: "seq is 2, not 1" });
    expect(await verifyChanged((lines) => lines.toSpliced(2, 1))).toEqual({ line: 3, reason: "seq is 4, not 3" });
    expect(await verifyChanged((lines) => lines.toSpliced(1, 0, lines[0] ?? ""))).toMatchObject({ line: 2 });
    expect(await verifyChanged((lines) => lines.toReversed())).toMatchObject({ line: 1 });
    expect(await verifyChanged(([a = "", b = "", c = "", d = ""]) => [a, c, b, d])).toMatchObject({ line: 2 });
    expect(await verifyChanged((lines) => lines.toSpliced(2, 0, ""))).toEqual({ line: 3, reason: "it is not JSON" });
  });

  it("tells a last line that was cut off, in the middle of a character too", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry(), entry({ user: "김" }));
      const whole = readFileSync(ledger);
      for (const size of [whole.length - 1, whole.indexOf("김") + 1, whole.indexOf("\n") + 2]) {
        writeFileSync(ledger, whole.subarray(0, size));
        expect(await verifyLedger(ledger)).toEqual({
          ok: false,
          error: { line: 2, reason: "it was cut off, or is being written now" },
        });
      }
    }));

  it("takes a ledger of thousands of records, longer than what is read at once", () =>
    withState(async (_state, ledger) => {
      const count = 5000;
      const records = await append(ledger, ...Array.from({ length: count }, () => entry({ reason: "디스크" })));
      expect(await verifyLedger(ledger)).toEqual({ ok: true, value: { records: count } });
      const read: LedgerRecord[] = [];
      for await (const line of readLedger(ledger)) if (line.ok) read.push(line.value);
      expect(read).toEqual(records);
    }));
});

describe("readLedger", () => {
  it("gives what it can read, and the faults in their places", () =>
    withState(async (_state, ledger) => {
      await append(ledger, entry(), entry());
      const [first = "", second = ""] = readFileSync(ledger, "utf8").split("\n");
      writeFileSync(ledger, `${first}\nnot json\n${second}\n{"se`);
      const read: unknown[] = [];
      for await (const line of readLedger(ledger)) read.push(line.ok ? line.value.seq : line.error.line);
      expect(read).toEqual([1, 2, 2, 4]);
    }));
});
