import { describe, expect, it } from "vitest";
import { chainEntry, emptyEnd, type LedgerEntry } from "../../access/ledger-record.ts";
import { renderStatus, rowsOf, ruleRows, type StatusRow } from "./status.ts";

const grant = {
  state: "open",
  overdue: false,
  armed: 0,
  expires: 3600,
  accounts: ["support"],
  keys: [
    { blob: "AAAA", file: "/a", fingerprint: "SHA256:a" },
    { blob: "AAAA", file: "/b", fingerprint: "SHA256:a" },
  ],
  authorities: [{ blob: "BBBB", file: "/a", fingerprint: "SHA256:b" }],
  last_login: 60,
  sessions: 1,
  processes: 2,
  ends: [],
  guaranteed: "nothing",
};

describe("rowsOf", () => {
  it("gives a host without anything one row", () => {
    expect(rowsOf("vm1", { leftovers: [] })).toEqual([{ host: "vm1", state: "closed" }]);
  });

  it("gives each grant and each account that is left of one a row", () => {
    const rows = rowsOf("vm1", {
      grants: { "g-1": grant, "g-2": { ...grant, overdue: true } },
      leftovers: ["old"],
      remains: ["/x"],
    });
    expect(rows.map(({ state, accounts }) => [state, accounts])).toEqual([
      ["open", ["support"]],
      ["open", ["support"]],
      ["leftover", ["old"]],
      ["leftover", undefined],
    ]);
    const shorter = rows.map(({ since: _since, processes: _processes, guaranteed: _guaranteed, ...row }) => row);
    expect(renderStatus(shorter, "table")).toBe(
      [
        "HOST  STATE     GRANT  KEYS                         UNTIL                     LAST LOGIN                SESSIONS  ACCOUNTS  PROBLEM",
        "vm1   open      g-1    SHA256:a authority SHA256:b  1970-01-01T01:00:00.000Z  1970-01-01T00:01:00.000Z  1         support",
        "vm1   OVERDUE   g-2    SHA256:a authority SHA256:b  1970-01-01T01:00:00.000Z  1970-01-01T00:01:00.000Z  1         support",
        "vm1   leftover                                                                                                    old",
        "vm1   leftover                                                                                                              /x is of no grant",
        "",
      ].join("\n"),
    );
  });
});

describe("ruleRows", () => {
  const at = "2026-11-23T10:00:00.000Z";
  const open: LedgerEntry = {
    verb: "open",
    grant: "g",
    ticket: "T",
    host: "vm1",
    expires: "2026-11-23T14:00:00Z",
    cloud: "customer",
    group: "sg",
    rule: "r1",
  };
  const states = (time: string, told: readonly StatusRow[], ...entries: readonly LedgerEntry[]) =>
    ruleRows(
      [open, ...entries].map((entry) => chainEntry(entry, emptyEnd, at)),
      told,
      new Date(time),
    );
  const has = { host: "vm1", state: "open", grant: "g" };

  it("tells of a rule whose grant has ended, and how it is closed", () => {
    expect(states("2026-11-23T14:00:00Z", [])).toEqual([
      {
        host: "vm1",
        state: "leftover",
        grant: "g",
        ticket: "T",
        until: "2026-11-23T14:00:00Z",
        problem: "rule r1 of security group sg in cloud customer outlived its grant: latchkey revoke --grant g",
      },
    ]);
    expect(states("2026-11-23T11:00:00Z", [has], { verb: "revoke", grant: "g", host: "vm1" })).toHaveLength(1);
  });

  it.each([
    ["the host has the grant", [has], "2026-11-23T11:00:00Z", 0],
    ["the host has none any more", [{ host: "vm1", state: "closed" }], "2026-11-23T11:00:00Z", 1],
    ["the host has another one", [{ host: "vm1", state: "open", grant: "h" }], "2026-11-23T11:00:00Z", 1],
    ["the host says nothing", [{ host: "vm1", state: "unreachable" }], "2026-11-23T11:00:00Z", 0],
    ["the host was not asked", [{ host: "vm2", state: "closed" }], "2026-11-23T11:00:00Z", 0],
  ])("before that end goes by the host's own word: %s", (_what, told, time, rows) => {
    expect(states(time, told, { verb: "grant", grant: "g", host: "vm1", outcome: "ok" })).toHaveLength(rows);
  });

  it("waits for a grant that may be about to begin on the host", () => {
    const closed = [{ host: "vm1", state: "closed" }];
    expect(states("2026-11-23T10:04:59Z", closed)).toEqual([]);
    expect(states("2026-11-23T10:05:00Z", closed)).toHaveLength(1);
  });
});
