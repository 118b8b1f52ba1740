import { describe, expect, it } from "vitest";
import { parseKnownKeys, renderSweep, sweepRows } from "./sweep.ts";

const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy";
const keys = new Map([[blob, "kim@vendor"]]);
const found = { account: "root", file: "/root/.ssh/authorized_keys", line: 3, fingerprint: "SHA256:x", blob };

describe("parseKnownKeys", () => {
  it("takes keys, with options and line ends of DOS, and leaves out comments", () => {
    expect(parseKnownKeys(`# all\r\n\r\nfrom="192.0.2.1" ssh-ed25519 ${blob} kim@vendor\r\n`)).toEqual({
      ok: true,
      value: keys,
    });
  });

  it.each([
    ["", "it holds no public key"],
    ["# none\nssh-ed25519 AAAA\n", "line 2: its base64 part is cut off or damaged"],
  ])("says what is wrong with %j", (text, error) => {
    expect(parseKnownKeys(text)).toMatchObject({
      ok: false,
      error: error,
    });
  });
});

describe("sweepRows", () => {
  it("gives each line, each file that was not read, and each host a row", () => {
    const told = { swept: { found: [found], unreadable: ["sup /x: it is larger than 4 MiB"] }, grants: {} };
    expect(sweepRows("vm1", told, keys)).toMatchObject([
      { host: "vm1", class: "foreign copy", account: "root", line: 3, comment: "kim@vendor" },
      { host: "vm1", class: "unreadable", problem: "sup /x: it is larger than 4 MiB" },
    ]);
    expect(sweepRows("vm2", { swept: { found: [], unreadable: [] }, grants: {} }, keys)).toEqual([
      { host: "vm2", class: "clean" },
    ]);
  });

  it("is shown as a table in which nothing of a host steers the terminal", () => {
    const told = { swept: { found: [{ ...found, options: 'command="\u001b[2J"' }] }, grants: {} };
    const rows = [...sweepRows("vm1", told, keys), ...sweepRows("vm2", { swept: {}, grants: {} }, keys)];
    expect(renderSweep(rows, "table")).toBe(
      [
        "HOST  ACCOUNT  FILE:LINE                     KEY                  OPTIONS            CLASS",
        String.raw`vm1   root     /root/.ssh/authorized_keys:3  SHA256:x kim@vendor  command="\x1b[2J"  foreign copy`,
        "vm2                                                                                  clean",
        "",
      ].join("\n"),
    );
    expect(renderSweep(rows, "csv").split("\r\n")[0]).toBe("host,account,file:line,key,options,class,grant,problem");
    expect(JSON.parse(renderSweep(rows, "json"))).toEqual(JSON.parse(JSON.stringify(rows)));
  });
});
