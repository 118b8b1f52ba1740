import { describe, expect, it } from "vitest";
import { matchApplies, originOf, parseConfig, parseSettings } from "./sshd-config.ts";

const visitor = { user: "sup", groups: ["sup", "staff"], address: "203.0.113.7" };

/** As the body sends it: two files, the second included from within a Match block of the first. */
const config = parseConfig(
  [
    "file /etc/ssh/sshd_config",
    "line 1 PubkeyAuthentication yes # of course",
    'line 2 AllowUsers "one two" three',
    "line 3 AllowUsers=four",
    "line 4 Match Address 203.0.113.0/24",
    "line 5 Include other.conf",
    "file /etc/ssh/other.conf",
    "line 2 pubkeyauthentication no",
    "line 3 Match User nobody",
    "line 4 PermitTTY no",
    "end",
    "line 6 PermitTTY yes",
    "line 7 Match all",
    "line 8 Banner none",
    "end",
  ].join("\n"),
);

const placeOf = (name: string, value: string): string | undefined => {
  const found = originOf(config, visitor, { name, value });
  return found && `${found.file}:${found.line}`;
};

describe("the configuration", () => {
  it("finds the line that counts: of a Match block before that of everybody", () => {
    expect(placeOf("pubkeyauthentication", "no")).toBe("/etc/ssh/other.conf:2");
    expect(placeOf("pubkeyauthentication", "yes")).toBe("/etc/ssh/sshd_config:1");
  });

  it("ends the Match of a file with the file, and leaves out blocks about others", () => {
    expect(placeOf("permittty", "yes")).toBe("/etc/ssh/sshd_config:6");
    expect(config.find(({ name }) => name === "banner")?.under).toEqual([["all"]]);
  });

  it("keeps quoted words whole, and comments out", () => {
    expect(config.filter(({ name }) => name === "allowusers").map(({ words }) => words)).toEqual([
      ["one two", "three"],
      ["four"],
    ]);
    expect(config[0]?.words).toEqual(["yes"]);
  });

  it("says nothing about what comes from no line", () => {
    expect(placeOf("allowusers", "nobody")).toBeUndefined();
    expect(placeOf("denyusers", "nobody")).toBeUndefined();
  });
});

describe("a Match line", () => {
  it.each([
    [["all"], true],
    [["User", "s*,!sup"], false],
    [["Group", "staff", "Address", "203.0.113.0/24"], true],
    [["Group", "wheel"], false],
    [["user=sup"], true],
    [["LocalPort", "22"], undefined],
    [["LocalPort", "22", "User", "root"], false],
  ])("%j: %j", (words, expected) => {
    expect(matchApplies(words, visitor)).toBe(expected);
  });
});

it("reads what sshd says, warnings apart", () => {
  const settings = parseSettings(
    "/etc/ssh/sshd_config line 3: Deprecated option\nallowusers a\nallowusers b c\nbanner none",
  );
  expect([...settings]).toEqual([
    ["allowusers", ["a", "b c"]],
    ["banner", ["none"]],
  ]);
});
