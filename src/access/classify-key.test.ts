import { describe, expect, it } from "vitest";
import { classifyKey, type FoundLine, readFoundLines, readHostGrants } from "./classify-key.ts";

const file = "/home/support/.ssh/authorized_keys";
const line: FoundLine = {
  account: "support",
  gecos: "",
  file,
  line: 1,
  fingerprint: "",
  blob: "AAAA",
  options: "",
  commented: false,
};
const open = { state: "open", overdue: false, accounts: ["support"], files: [file] };
const brought = { grants: { g: { ...open, accounts: [], keys: [{ blob: "AAAA", file }] } } };
const classOf = (change: Partial<FoundLine>, status: Parameters<typeof readHostGrants>[0]): unknown =>
  classifyKey({ ...line, ...change }, readHostGrants(status), (blob) => blob === "AAAA");

describe("classifyKey", () => {
  it.each<[string, Partial<FoundLine>, Parameters<typeof readHostGrants>[0], unknown]>([
    ["in an open grant's file", {}, { grants: { g: open } }, { class: "granted", grant: "g" }],
    ["in another file of that account", { file: `${file}2` }, { grants: { g: open } }, { class: "orphan" }],
    ["after the grant's end", {}, { grants: { g: { ...open, overdue: true } } }, { class: "orphan" }],
    ["while the grant is not confirmed", {}, { grants: { g: { ...open, state: "arming" } } }, { class: "orphan" }],
    ["in a leftover", {}, { leftovers: ["support"] }, { class: "orphan" }],
    ["in an account with grant.yml's comment", { gecos: "Vendor support account" }, {}, { class: "orphan" }],
    ["in a customer's account", { account: "root" }, { grants: { g: open } }, { class: "foreign copy" }],
    [
      "in a customer's account, where a grant brought it",
      { account: "root" },
      brought,
      { class: "granted", grant: "g" },
    ],
    ["in a customer's account, where a grant brought another", { blob: "BBBB" }, brought, { class: "trust line" }],
    ["in an account without grants", {}, {}, { class: "foreign copy" }],
    ["commented out", { commented: true }, { grants: { g: open } }, { class: "commented out" }],
    ["an authority that nobody knows", { blob: "BBBB" }, {}, { class: "trust line" }],
  ])("a key %s", (_name, change, status, expected) => {
    expect(classOf(change, status)).toEqual(expected);
  });
});

describe("what a host tells", () => {
  it("is taken for texts, whatever it is", () => {
    const told = {
      grants: { g: "open", h: { accounts: [1, "a"], files: "x", keys: [1, { blob: 2 }] } },
      leftovers: {},
    };
    expect(readHostGrants(told)).toEqual({
      grants: [{ id: "h", isOpen: false, accounts: ["a"], files: [], keys: [" "] }],
      leftovers: [],
    });
    expect(readFoundLines([1, { account: ["x"], line: "7", commented: "true" }])).toEqual([
      { account: "", gecos: "", file: "", line: 7, fingerprint: "", blob: "", options: "", commented: false },
    ]);
    expect(readFoundLines(null)).toEqual([]);
  });
});
