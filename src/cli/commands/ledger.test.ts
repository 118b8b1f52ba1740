import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { append, entry, withState } from "../../../test/helpers/ledger-folder.ts";
import { runCli } from "../cli.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `latchkey ledger …`, and gives all that it says. */
const ledgerOf = async (state: string, ...args: readonly string[]): Promise<Said> => {
  const { io, said } = capturedIo("/", { XDG_STATE_HOME: state });
  const code = await runCli(["ledger", ...args], io);
  return { code, ...said };
};
const header = "SEQ  AT  VERB  OUTCOME  GRANT  TICKET  HOST  OWNER  USER  EXPIRES  REASON\n";
const csvHeader =
  "seq,at,verb,grant,ticket,owner,user,reason,expires,keys,authorities,host,address,outcome,provider,cloud,url,project,region,group,rule,wanted,prev,hash\r\n";

describe("latchkey ledger", () => {
  it("has nothing to show where there is no ledger, and finds no fault with that", () =>
    withState(async (state, ledger) => {
      expect(await ledgerOf(state, "verify")).toEqual({
        code: 0,
        out: `ledger: there is none at ${ledger}\n`,
        err: "",
      });
      expect(await ledgerOf(state, "show")).toEqual({ code: 0, out: header, err: "" });
      expect(await ledgerOf(state, "export")).toEqual({ code: 0, out: "[]\n", err: "" });
      expect(await ledgerOf(state, "export", "--format", "csv")).toEqual({ code: 0, out: csvHeader, err: "" });
    }));

  it("verifies: whole, or the place and the reason", () =>
    withState(async (state, ledger) => {
      mkdirSync(dirname(ledger), { mode: 0o700 });
      writeFileSync(ledger, "", { mode: 0o600 });
      expect(await ledgerOf(state, "verify")).toEqual({ code: 0, out: "ledger: 0 records, whole\n", err: "" });
      await append(ledger, entry(), entry());
      expect(await ledgerOf(state, "verify")).toEqual({ code: 0, out: "ledger: 2 records, whole\n", err: "" });
      writeFileSync(ledger, readFileSync(ledger, "utf8").replace(/kim(?=[^\n]*\n$)/, "lee"));
      expect(await ledgerOf(state, "verify")).toEqual({
        code: 1,
        out: `${ledger}:2: its hash is not that of its content\n`,
        err: "",
      });
    }));

  it("shows records in columns, and nothing in them can steer the terminal", () =>
    withState(async (state, ledger) => {
      await append(
        ledger,
        entry({ owner: "김", reason: "\u001b[2J\u202e\nx\ty" }),
        entry({ verb: "revoke", host: "web22", owner: "lee", expires: null }),
        { verb: "extend", grant: "g-1" },
      );
      expect(await ledgerOf(state, "show")).toEqual({
        code: 0,
        err: "",
        out: String.raw`
SEQ  AT                        VERB    OUTCOME  GRANT  TICKET  HOST               OWNER  USER     EXPIRES               REASON
1    2026-11-23T10:15:00.000Z  grant   ok       g-1    T-100   web1 (192.0.2.1)   김     support  2026-11-23T14:15:00Z  \x1b[2J\u202e\nx\ty
2    2026-11-23T10:15:00.000Z  revoke  ok       g-1    T-100   web22 (192.0.2.1)  lee    support  never                 the disk is full, "again"
3    2026-11-23T10:15:00.000Z  extend  -        g-1    -       -                  -      -        -                     -
`.slice(1),
      });
    }));

  it("shows the records that fit all that was given", () =>
    withState(async (state, ledger) => {
      const others = [entry({ grant: "g-2" }), entry({ ticket: "T-2" }), entry({ host: "db" })];
      await append(ledger, entry(), ...others);
      const shown = async (...args: string[]) =>
        [...JSON.stringify(await ledgerOf(state, "show", ...args)).matchAll(/\\n(\d)/g)].map(([, seq]) => Number(seq));
      expect(await shown()).toEqual([1, 2, 3, 4]);
      expect(await shown("--grant", "g-2")).toEqual([2]);
      expect(await shown("--ticket", "T-2")).toEqual([3]);
      expect(await shown("--host", "db")).toEqual([4]);
      expect(await shown("--grant", "g-1", "--ticket", "T-100", "--host", "web1")).toEqual([1]);
      expect(await shown("--grant", "g-2", "--host", "db")).toEqual([]);
    }));

  it("exports JSON and CSV", () =>
    withState(async (state, ledger) => {
      const key = (char: string) => `SHA256:${char.repeat(43)}`;
      const records = await append(
        ledger,
        entry({ reason: 'a "b",\r\nc', keys: [key("a"), key("b")], authorities: [key("c")], expires: null }),
        { verb: "revoke", grant: "g" },
      );
      const exported = await ledgerOf(state, "export", "--format", "json");
      expect(exported).toMatchObject({ code: 0, err: "" });
      expect(JSON.parse(exported.out)).toEqual(records);
      expect(await ledgerOf(state, "export")).toEqual(exported);
      const [first, second] = records;
      const at = "2026-11-23T10:15:00.000Z";
      expect(await ledgerOf(state, "export", "--format", "csv")).toEqual({
        code: 0,
        err: "",
        out: [
          csvHeader,
          `1,${at},grant,g-1,T-100,kim,support,"a ""b"",\r\nc",,${key("a")} ${key("b")},${key("c")},web1,192.0.2.1,ok,,,,,,,,,`,
          `${first?.prev},${first?.hash}\r\n`,
          `2,${at},revoke,g,,,,,,,,,,,,,,,,,,,${second?.prev},${second?.hash}\r\n`,
        ].join(""),
      });
    }));

  it("shows and exports the rest where a line is broken, says so, and fails", () =>
    withState(async (state, ledger) => {
      await append(ledger, { verb: "grant", grant: "g" });
      appendFileSync(ledger, "{\n");
      const err = `${ledger}:2: it is not JSON\n`;
      expect(await ledgerOf(state, "show")).toMatchObject({ code: 1, err, out: expect.stringContaining("\n1  ") });
      expect(await ledgerOf(state, "export")).toMatchObject({ code: 1, err, out: expect.stringContaining('"seq": 1') });
    }));

  it("wants to know what to do", async () => {
    expect(await ledgerOf("/nonexistent")).toMatchObject({ code: 5, out: "", err: expect.stringContaining("verify") });
    expect(await ledgerOf("/nonexistent", "export", "--format", "xml")).toMatchObject({ code: 5, out: "" });
  });
});
