import { describe, expect, it } from "vitest";
import { parseHostKeyLine } from "./host-key-line.ts";

const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy";
const hashOfFoo = "|1|3OaI98U/69uBcaNg0mBn2EpMSsg=|vCoRiaNCAQF3AAADBZzFiXiWz0s=";

describe("parseHostKeyLine", () => {
  it("takes a line apart", () => {
    const text = `@cert-authority *.example.org,!x.example.org ssh-ed25519 ${blob} of the team`;
    expect(parseHostKeyLine(`${text}\r\n`, "a.example.org")).toEqual({
      ok: true,
      value: {
        marker: "@cert-authority",
        hosts: "*.example.org,!x.example.org",
        type: "ssh-ed25519",
        blob,
        comment: " of the team",
        text,
      },
    });
  });

  // As `ssh-keygen -F` finds them.
  it.each([
    ["foo", "foo", true],
    ["Foo", "fOO", true],
    ["bar,foo", "foo", true],
    ["fo", "foo", false],
    ["f?o", "foo", true],
    ["f*", "foo", true],
    ["f*,!foo", "foo", false],
    ["!foo,f*", "foo", false],
    ["!bar", "foo", false],
    ["f.o", "foo", false],
    ["[foo]:2222", "[foo]:2222", true],
    ["[foo]:2222", "foo", false],
    ["[fo]o", "foo", false],
    [hashOfFoo, "FOO", true],
    [hashOfFoo, "bar", false],
    ["|1|x|y", "foo", false],
    ["|2|x|y", "foo", false],
  ])("%s is about %s: %s", (hosts, name, matches) => {
    expect(parseHostKeyLine(`${hosts} ssh-ed25519 ${blob}`, name).ok).toBe(matches);
  });

  it.each([
    [`ssh-ed25519 ${blob}`, "Host parameter does not match"],
    ["foo ssh-ed25519", "Host parameter does not match"],
    [`# foo ssh-ed25519 ${blob}`, "Host parameter does not match"],
    [`@ca foo ssh-ed25519 ${blob}`, "a marker that ssh does not know: @ca"],
    [`foo ssh-ed25519 ${blob}\nfoo ssh-rsa AAAA`, "several lines"],
    [`foo ssh-ed25519 ${blob} \u0007`, "control character"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA", "private key"],
  ])("refuses %j", (key, message) => {
    const parsed = parseHostKeyLine(key, "foo");
    expect(parsed.ok ? "" : parsed.error).toContain(message);
    expect(parsed.ok ? "" : parsed.error).not.toContain("b3Bl");
  });
});
