import { describe, expect, it } from "vitest";
import { normalPrefix } from "./prefix.ts";

describe("normalPrefix", () => {
  it.each([
    ["203.245.13.207", "203.245.13.207/32"],
    ["203.245.13.207/24", "203.245.13.0/24"],
    ["0.0.0.0/0", "9.9.9.9/0"],
    ["2001:DB8:0:0::1", "2001:db8::1/128"],
    ["2001:db8::ffff/32", "2001:db8::/32"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ])("%s is %s", (a, b) => {
    expect(normalPrefix(a)).toBeDefined();
    expect(normalPrefix(a)).toBe(normalPrefix(b));
  });

  it.each([
    ["203.245.13.207", "203.245.13.206"],
    ["10.0.0.0/8", "10.0.0.0/9"],
    ["0.0.0.0/0", "::/0"],
    ["::1.2.3.4", "1.2.3.4"],
  ])("%s is not %s", (a, b) => {
    expect(normalPrefix(a)).not.toBe(normalPrefix(b));
  });

  it.each(["", "web", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "fe80::1%eth0", "10.0.0.0/255.0.0.0"])(
    "%j is no network",
    (text) => {
      expect(normalPrefix(text)).toBeUndefined();
    },
  );
});
