import { describe, expect, it } from "vitest";
import { chainEntry, emptyEnd, type LedgerEntry, type LedgerRecord } from "./ledger-record.ts";
import { describeKnown, lastKnownGrants } from "./last-known.ts";

const until = "2026-11-23T14:15:00Z";
const record = (entry: Partial<LedgerEntry>): LedgerRecord =>
  chainEntry({ verb: "grant", grant: "g-1", host: "vm1", outcome: "ok", ...entry }, emptyEnd, until);
const told = (...entries: readonly Partial<LedgerEntry>[]): unknown =>
  lastKnownGrants(entries.map(record)).get("vm1")?.map(describeKnown);

describe("lastKnownGrants", () => {
  it.each<[string, readonly Partial<LedgerEntry>[], readonly string[]]>([
    ["an open grant", [{ expires: until }], [`the ledger last knew grant g-1 until ${until}`]],
    ["one without an end", [{ expires: null }], ["the ledger last knew grant g-1"]],
    ["a later end", [{}, { verb: "extend", expires: until }], [`the ledger last knew grant g-1 until ${until}`]],
    [
      "an end that was not reached",
      [{}, { verb: "extend", expires: until, outcome: "failed" }],
      ["the ledger last knew grant g-1"],
    ],
    [
      "a revoke that was not heard",
      [{}, { verb: "revoke", outcome: "unreachable" }],
      ["the ledger last knew grant g-1"],
    ],
    ["one that nobody confirmed", [{ outcome: "unreachable" }], ["the ledger saw the beginning of grant g-1"]],
    ["one that failed the second time", [{}, { outcome: "failed" }], ["the ledger last knew grant g-1"]],
    ["several", [{}, { grant: "g-2" }], ["the ledger last knew grant g-1", "the ledger last knew grant g-2"]],
    ["one that was revoked", [{}, { verb: "revoke" }], []],
    ["one that was rolled back", [{ outcome: "rolled-back" }], []],
  ])("knows %s", (_name, entries, expected) => {
    expect(told(...entries)).toEqual(expected);
  });

  it("knows nothing of other hosts", () => {
    expect(told({ host: "vm2" })).toBeUndefined();
  });
});
