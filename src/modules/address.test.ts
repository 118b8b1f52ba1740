import { describe, expect, it } from "vitest";
import { checkComment, parseNetwork } from "./address.ts";

describe("parseNetwork", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7/32", "203.0.113.7"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8:0:0::7", "2001:db8::7"],
    ["2001:db8::7/128", "2001:db8::7"],
    ["2001:db8:0:1::/64", "2001:db8:0:1::/64"],
    ["::/0", "::/0"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ])("writes %s as %s", (text, written) => {
    expect(parseNetwork(text)).toEqual({ ok: true, value: written });
  });

  it.each([
    "",
    "bastion",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "10.0.0",
    "fe80::1%eth0",
    "::/129",
    "010.0.0.1",
  ])("refuses %s", (text) => {
    expect(parseNetwork(text).ok).toBe(false);
  });

  it.each([
    ["10.1.2.3/8", "write 10.0.0.0/8 or 10.1.2.3"],
    ["2001:db8::7/64", "write 2001:db8::/64 or 2001:db8::7"],
  ])("says what was meant by %s", (text, hint) => {
    expect(parseNetwork(text)).toMatchObject({ error: expect.stringContaining(hint) as string });
  });
});

describe("checkComment", () => {
  it.each(["latchkey", "REQ 42: support (alice)", "a".repeat(100)])("takes %s", (comment) => {
    expect(checkComment(comment)).toBeUndefined();
  });

  it.each(["", " x", "x ", "-x", "x  y", "it's", 'a "b"', "a\nb", "$(x)", "ä", "a".repeat(101), "x;y", "{", "x\\"])(
    "refuses %s",
    (comment) => {
      expect(checkComment(comment)).toContain("comment is to be");
    },
  );
});
