import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeFromPattern, judgeNetwork } from "./network.ts";

describe("judgeNetwork", () => {
  it.each([
    "203.0.113.7",
    "203.0.113.7/32",
    "10.0.0.0/8",
    "::1",
    "2001:db8::/32",
    "2001:DB8:0:0::1/128",
    "128.0.0.0/1",
  ])("has nothing against %s", (text) => {
    expect(judgeNetwork(text)).toBeUndefined();
  });

  it.each([
    ["", "neither an address"],
    ["bastion", "neither an address"],
    ["10.0.0", "neither an address"],
    ["010.0.0.1", "neither an address"],
    ["10.0.0.256", "neither an address"],
    ["10.0.0.1-10.0.0.9", "neither an address"],
    ["10.0.0.0/8/8", "neither an address"],
    ["10.0.0.0/8 ", 'the prefix "8 "; expected 0 to 32'],
    ["10.0.0.0/", 'the prefix ""; expected 0 to 32'],
    ["10.0.0.0/08", 'the prefix "08"; expected 0 to 32'],
    ["10.0.0.0/33", 'the prefix "33"; expected 0 to 32'],
    ["::/129", 'the prefix "129"; expected 0 to 128'],
    ["fe80::1%eth0", "neither an address"],
    ["[::1]", "neither an address"],
  ])("refuses %j", (text, message) => {
    expect(judgeNetwork(text)).toMatchObject({
      severity: "error",
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ["10.1.2.3/8", 'write "10.0.0.0/8" for the network, or "10.1.2.3/32" for the one address'],
    ["2001:db8::1/32", 'write "2001:db8::/32" for the network, or "2001:db8::1/128" for the one address'],
    ["::ffff:192.0.2.1", 'write "192.0.2.1"'],
    ["::ffff:c000:200/120", 'write "192.0.2.0/24"'],
    ["10.0.0.0/255.0.0.0", 'write "10.0.0.0/8"'],
  ])("B3: says what to write instead of %s", (text, hint) => {
    expect(judgeNetwork(text)).toMatchObject({ severity: "error", hint });
  });

  it.each(["0.0.0.0/0", "::/0"])("warns of %s", (text) => {
    expect(judgeNetwork(text)).toMatchObject({ severity: "warning" });
  });

  it("finds bits behind the prefix wherever the network that it names instead holds another address", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 128 }), (text, prefix) => {
        const family = text.includes(":") ? "ipv6" : "ipv4";
        const found = judgeNetwork(`${text}/${prefix}`);
        const network = /write "([^"/]+)\/\d+" for the network/.exec(found?.hint ?? "")?.[1];
        if (network === undefined) return;
        const list = new BlockList();
        list.addSubnet(network, prefix, family);
        expect(list.check(text, family)).toBe(true);
        expect(judgeNetwork(`${network}/${prefix}`)).toBeUndefined();
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        judgeNetwork(text);
        judgeFromPattern(text);
      }),
    );
  });
});

describe("judgeFromPattern", () => {
  it.each(["10.0.0.*", "!10.0.0.1", "!0.0.0.0/0", "*.example.com", "192.0.2.0/24", "2001:db8::?"])(
    "has nothing against %s",
    (pattern) => {
      expect(judgeFromPattern(pattern)).toBeUndefined();
    },
  );

  it.each([
    ["*", "warning"],
    ["0.0.0.0/0", "warning"],
    ["bastion.example.com", "warning"],
    ["", "error"],
    ["!", "error"],
    ["!10.0.0.1/8", "error"],
    ["10.0.0.0/33", "error"],
  ])("gives for %j a %s", (pattern, severity) => {
    expect(judgeFromPattern(pattern)).toMatchObject({ severity });
  });
});
