import { describe, expect, it } from "vitest";
import { renderStatus, rowsOf } from "./status.ts";

const grant = {
  state: "open",
  overdue: false,
  armed: 0,
  expires: 3600,
  accounts: ["support"],
  processes: 2,
  ends: [],
  guaranteed: "nothing",
  keys: ["SHA256:a", "authority SHA256:b"],
};

describe("rowsOf", () => {
  it("gives a host without anything one row", () => {
    expect(rowsOf("vm1", { leftovers: [] })).toEqual([{ host: "vm1", state: "closed" }]);
  });

  it("gives each grant and each account that is left of one a row", () => {
    const rows = rowsOf("vm1", { grants: { "g-1": grant, "g-2": { ...grant, overdue: true } }, leftovers: ["old"] });
    expect(rows.map(({ state, accounts }) => [state, accounts])).toEqual([
      ["open", ["support"]],
      ["open", ["support"]],
      ["leftover", ["old"]],
    ]);
    expect(renderStatus(rows, "table")).toBe(
      [
        "HOST  STATE     GRANT  SINCE                     UNTIL                     ACCOUNTS  PROCESSES  GUARANTEED  KEYS",
        "vm1   open      g-1    1970-01-01T00:00:00.000Z  1970-01-01T01:00:00.000Z  support   2          nothing     SHA256:a authority SHA256:b",
        "vm1   OVERDUE   g-2    1970-01-01T00:00:00.000Z  1970-01-01T01:00:00.000Z  support   2          nothing     SHA256:a authority SHA256:b",
        "vm1   leftover                                                             old",
        "",
      ].join("\n"),
    );
  });
});
