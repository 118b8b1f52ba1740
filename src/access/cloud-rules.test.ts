import { describe, expect, it } from "vitest";
import { isLive, openRules } from "./cloud-rules.ts";
import type { LedgerEntry, LedgerRecord } from "./ledger-record.ts";

const ledger = (...entries: readonly Partial<LedgerEntry>[]): readonly LedgerRecord[] =>
  entries.map((entry, index) => ({
    verb: "grant",
    grant: "g",
    host: "vm1",
    outcome: "ok",
    seq: index + 1,
    at: `2026-11-23T10:0${index}:00Z`,
    prev: "",
    hash: "",
    ...entry,
  }));

const until = "2026-11-23T14:00:00Z";
const open = (own: Partial<LedgerEntry> = {}): Partial<LedgerEntry> => ({
  verb: "open",
  expires: until,
  provider: "openstack",
  cloud: "customer",
  url: "http://cloud/v3",
  project: "p1",
  group: "sg",
  rule: "r1",
  ...own,
});
const close = (own: Partial<LedgerEntry> = {}): Partial<LedgerEntry> => ({ ...open(own), verb: "close" });

const live = (time: string, ...entries: readonly Partial<LedgerEntry>[]): readonly string[] =>
  openRules(ledger(...entries)).flatMap(({ rule, users }) =>
    users.filter((user) => isLive(user, new Date(time))).map(({ grant, host }) => `${rule} ${grant} ${host}`),
  );
const before = "2026-11-23T13:59:59Z";

describe("openRules", () => {
  it("knows a rule with its place from its opening to its closing", () => {
    expect(openRules(ledger(open({ region: "R1", ticket: "T" }), {}))).toEqual([
      {
        rule: "r1",
        provider: "openstack",
        cloud: "customer",
        url: "http://cloud/v3",
        project: "p1",
        region: "R1",
        group: "sg",
        users: [
          {
            grant: "g",
            host: "vm1",
            ticket: "T",
            since: "2026-11-23T10:00:00Z",
            until,
            isConfirmed: true,
            isOver: false,
          },
        ],
      },
    ]);
    expect(openRules(ledger(open(), close()))).toEqual([]);
    expect(openRules(ledger(open(), close({ outcome: "failed" })))).toHaveLength(1);
    expect(openRules(ledger(open(), close({ rule: "r2" }), {}))).toHaveLength(1);
  });

  it("is open for each host and grant that was not closed", () => {
    const both = [open(), open({ host: "vm2" }), open({ grant: "h" })];
    expect(live(before, ...both)).toEqual(["r1 g vm1", "r1 g vm2", "r1 h vm1"]);
    expect(live(before, ...both, close())).toEqual(["r1 g vm2", "r1 h vm1"]);
    expect(live(before, ...both, close(), close({ host: "vm2" }), close({ grant: "h" }))).toEqual([]);
  });

  it.each<[string, readonly Partial<LedgerEntry>[], boolean]>([
    ["while its grant begins", [], true],
    ["while its grant is open", [{ expires: until }], true],
    ["after a revoke", [{}, { verb: "revoke" }], false],
    ["after a revoke that failed", [{}, { verb: "revoke", outcome: "failed" }], true],
    ["after a revoke of another grant", [{}, { verb: "revoke", grant: "h" }], true],
    ["after a revoke elsewhere", [{}, { verb: "revoke", host: "vm2" }], true],
    ["after a roll-back", [{ outcome: "rolled-back" }], false],
    ["after a host that was never reached", [{ outcome: "unreachable" }], false],
    ["after a second run that failed", [{}, { outcome: "failed" }], true],
    ["after a closing that failed", [{}, { verb: "close", outcome: "failed" }], false],
    ["after a closing of another rule that failed", [{}, { verb: "close", outcome: "failed", rule: "r2" }], true],
    ["after a new grant", [{}, { verb: "revoke" }, {}], true],
  ])("is needed %s", (_when, entries, expected) => {
    expect(live(before, open(), ...entries)).toHaveLength(expected ? 1 : 0);
  });

  it("may be there from the moment that it is about to be made", () => {
    const [wanted, other] = [{ wanted: "{1}" }, { wanted: "{2}" }];
    const unseen = (own: Partial<LedgerEntry>): Partial<LedgerEntry> => {
      const { rule: _rule, ...entry } = open(own);
      return entry;
    };
    const opening = (own: Partial<LedgerEntry>) => ({ ...unseen(own), verb: "opening" as const });
    const closing = (own: Partial<LedgerEntry>) => ({ ...unseen(own), verb: "close" as const });
    const seen = (...entries: readonly Partial<LedgerEntry>[]) =>
      openRules(ledger(...entries)).map(({ rule, wanted: text }) => rule ?? text);
    expect(seen(opening(wanted))).toEqual(["{1}"]);
    expect(seen(opening(wanted), open({ wanted: "{1}" }))).toEqual(["r1"]);
    expect(seen(opening(wanted), opening(other), closing(other))).toEqual(["{1}"]);
    expect(seen(opening(wanted), closing({ ...wanted, outcome: "failed" }))).toEqual(["{1}"]);
    expect(seen(opening(wanted), open({ wanted: "{1}" }), close({ wanted: "{1}" }))).toEqual([]);
    expect(live(before, opening(wanted), closing({ ...wanted, outcome: "failed" }))).toEqual([]);
  });

  it("is needed until the end of its grant, which may be moved", () => {
    const later = { verb: "extend" as const, expires: "2026-11-23T16:00:00Z" };
    expect(live(until, open(), {})).toEqual([]);
    expect(live(until, open(), {}, later)).toHaveLength(1);
    expect(live(until, open(), {}, { ...later, outcome: "failed" })).toEqual([]);
    expect(live("2026-11-23T16:00:00Z", open(), {}, later)).toEqual([]);
  });
});
