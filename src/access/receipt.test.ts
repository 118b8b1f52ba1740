import { describe, expect, it } from "vitest";
import { buildReceipt, formatReceipt, type HostReceipt, judgeReceipt, parseReceipt, type Receipt } from "./receipt.ts";

const host = (change: Partial<HostReceipt> = {}): HostReceipt => ({
  host: "vm1",
  address: "192.0.2.1",
  outcome: "closed",
  grants: ["ops-1"],
  tickets: ["OPS-1"],
  undone: ["account support removed"],
  kept: [],
  checks: ["/etc/passwd: clean"],
  residue: [],
  problems: [],
  ...change,
});
const receipt = (...hosts: readonly HostReceipt[]): Receipt =>
  buildReceipt({ at: "2026-11-23T10:15:00.000Z", by: "kim", run: "r1", hosts: hosts.length === 0 ? [host()] : hosts });

describe("judgeReceipt", () => {
  it.each([
    ["CLOSED", [host(), host({ outcome: "nothing-there" })]],
    ["CLOSED", [host({ kept: ["/etc/x: it was changed since"], problems: ["a warning"] })]],
    ["CLOSED WITH LEFTOVERS", [host(), host({ residue: ["files: /opt/x"] })]],
    ["NOT CLOSED", [host({ residue: ["files: /opt/x"] }), host({ outcome: "unreachable" })]],
    ["NOT CLOSED", [host(), host({ outcome: "failed" })]],
    ["NOT CLOSED", []],
  ] as const)("says %s", (verdict, hosts) => {
    expect(judgeReceipt({ hosts })).toBe(verdict);
    expect(buildReceipt({ at: "", by: "", hosts }).clean).toBe(verdict === "CLOSED");
  });
});

describe("formatReceipt", () => {
  it("has one form, whatever the order in which hosts and members came", () => {
    const [a, b] = [host({ host: "a" }), host({ host: "b" })];
    const turned = Object.fromEntries(Object.entries(a).toReversed()) as unknown as HostReceipt;
    expect(formatReceipt(receipt(b, turned))).toBe(formatReceipt(receipt(a, b)));
    expect(formatReceipt(receipt())).toBe(
      '{"at":"2026-11-23T10:15:00.000Z","by":"kim","clean":true,"hosts":[{"address":"192.0.2.1",' +
        '"checks":["/etc/passwd: clean"],"grants":["ops-1"],"host":"vm1","kept":[],"outcome":"closed","problems":[],' +
        '"residue":[],"tickets":["OPS-1"],"undone":["account support removed"]}],"kind":"latchkey.receipt","run":"r1",' +
        '"v":1}\n',
    );
  });

  it("holds no private key, wherever a host has it from", () => {
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----";
    const written = formatReceipt(receipt(host({ problems: [`cat: ${key}`], residue: [key] })));
    expect(written).not.toContain("BEGIN");
    expect(written).toContain("a private key, left out");
  });
});

describe("parseReceipt", () => {
  const parse = (text: string) => parseReceipt(Buffer.from(text));

  it("reads what was written, with all that a host can say", () => {
    const written = receipt(host({ kept: ["\u001b[2J\u202e\n\ud800 김"] }), host({ host: "vm2", outcome: "failed" }));
    expect(parse(formatReceipt(written))).toEqual({ ok: true, value: written });
    const { run: _run, ...without } = receipt();
    expect(parse(formatReceipt(without))).toEqual({ ok: true, value: without });
  });

  it.each([
    ["it is not JSON", "{"],
    ["it must be an object", "[]"],
    ["it must be an object", "null"],
    ["kind is missing", "{}"],
    ['kind must be "latchkey.receipt"', '{"kind":"x"}'],
  ])("says that %s", (error, text) => {
    expect(parse(text)).toEqual({ ok: false, error });
  });

  it.each<[string, Record<string, unknown>]>([
    ["v must be 1: another version of latchkey wrote it", { v: 2 }],
    ["at must be a time in UTC", { at: "2026-11-23T10:15:00+09:00" }],
    ["at must be a time in UTC", { at: "2026-13-23T10:15:00Z" }],
    ["by must be a text", { by: 1 }],
    ["run must be a text", { run: null }],
    ["hosts must be a list of one host or more", { hosts: [] }],
    ["hosts must be a list of one host or more", { hosts: {} }],
    ["hosts[0] must be an object", { hosts: ["vm1"] }],
    [
      "hosts[1].outcome must be closed, nothing-there, failed or unreachable",
      { hosts: [host(), host({ outcome: "ok" as "closed" })] },
    ],
    ["hosts[0].residue must be a list of texts", { hosts: [{ ...host(), residue: [1] }] }],
    [
      "hosts[0].residue is missing",
      { hosts: [Object.fromEntries(Object.entries(host()).filter(([name]) => name !== "residue"))] },
    ],
    ['there is no member "toString" in a receipt', { hosts: [{ ...host(), toString: "" }] }],
    ['there is no member "note" in a receipt', { note: "all is well" }],
    ["clean must be true or false", { clean: "yes" }],
    ["clean is false, but its hosts are CLOSED", { clean: false }],
    ["clean is true, but its hosts are CLOSED WITH LEFTOVERS", { hosts: [host({ residue: ["/opt/x"] })] }],
    ["clean is true, but its hosts are NOT CLOSED", { hosts: [host({ outcome: "unreachable" })] }],
    ['host "vm1" is there twice, or not in its place by name', { hosts: [host(), host()] }],
    ['host "vm1" is there twice, or not in its place by name', { hosts: [host({ host: "vm2" }), host()] }],
  ])("says that %s", (error, change) => {
    expect(parse(formatReceipt({ ...receipt(), ...change }))).toEqual({ ok: false, error });
  });

  it("takes no other bytes for the same content", () => {
    const written = formatReceipt(receipt());
    for (const bytes of [
      written.trimEnd(),
      written.replace('"by":"kim"', '"by": "kim"'),
      written.replace('"by":"kim"', '"by":"eve","by":"kim"'),
      written.replace("kim", String.raw`ki\u006d`),
    ]) {
      expect(parse(bytes)).toEqual({ ok: false, error: "it is not in the form that was written" });
    }
    expect(parseReceipt(Buffer.from(written.replace("kim", "\u00ff"), "latin1")).ok).toBe(false);
  });
});
