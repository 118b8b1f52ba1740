import { describe, expect, it } from "vitest";
import { renderStatus, rowsOf } from "./status.ts";

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
