import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostName, lineMatches, parseKnownHostsLine } from "./known-hosts-line.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEzZ";
const parse = (text: string) => parseKnownHostsLine(text, "known_hosts", 1);
const matches = (names: string, name: string): boolean => {
  const line = parse(`${names} ${KEY}`);
  return line !== undefined && lineMatches(line.names, name);
};

const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);

describe("a line of known_hosts", () => {
  it.each([
    ["web1", "web1", true],
    ["WEB1", "web1", true],
    ["web1,10.0.0.5", "10.0.0.5", true],
    ["web1", "web10", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "example.com", false],
    ["*.example.com,!bad.example.com", "bad.example.com", false],
    ["!bad.example.com,*.example.com", "bad.example.com", false],
    ["!bad.example.com,*.example.com", "good.example.com", true],
    ["!web1", "web2", false],
    ["web?", "web1", true],
    ["web?", "web", false],
    ["[web1]:2222", "[web1]:2222", true],
    ["web1", "[web1]:2222", false],
    ["[*]:2222", "[web1]:2222", true],
    ["fe80::1", "fe80::1", true],
    ["*a*a*a*a*a*a*a*a*b", "a".repeat(200), false],
  ])("%s and %s", (names, host, expected) => {
    expect(matches(names, host)).toBe(expected);
  });

  it("knows the markers, and nothing else that begins with @", () => {
    expect(parse(`@revoked * ${KEY}`)?.marker).toBe("revoked");
    expect(parse(`@cert-authority *.example.com ${KEY}`)?.marker).toBe("cert-authority");
    expect(parse(`web1 ${KEY} a comment`)?.marker).toBe("key");
    expect(parse(`@other * ${KEY}`)).toBeUndefined();
  });

  it.each([
    "",
    "   ",
    "# comment",
    "#web1 ssh-rsa AAAA",
    "web1",
    "web1 ssh-rsa",
    "web1 ssh-rsa n!t",
    "|2|a|b ssh-rsa AAAA",
  ])("ignores %j", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it("matches a plain name exactly, whatever it is", () => {
    fc.assert(fc.property(name, name, (one, other) => matches(one, other) === (one === other)));
  });

  it("matches a hashed name exactly", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const salt = randomBytes(20);
        const hash = createHmac("sha1", salt).update(one).digest("base64");
        const names = `|1|${salt.toString("base64")}|${hash}`;
        return matches(names, one) && matches(names, other) === (one === other);
      }),
    );
  });

  it("takes a negation before any other pattern, in any order", () => {
    fc.assert(
      fc.property(name, fc.shuffledSubarray(["*", "?*", "a*", "*z"]), (host, others) => {
        return !matches([...others, `!${host}`].join(","), host) && !matches([`!${host}`, ...others].join(","), host);
      }),
    );
  });

  it("matches wildcards as a regular expression would", () => {
    const pattern = fc.stringMatching(/^[ab*?]{1,8}$/);
    const text = fc.stringMatching(/^[ab]{0,8}$/);
    fc.assert(
      fc.property(pattern, text, (glob, host) => {
        const expression = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        return matches(glob, host) === expression.test(host);
      }),
    );
  });

  it("writes names as ssh does", () => {
    expect([hostName("Web1", 22), hostName("Web1", 2222), hostName("FE80::1", 22)]).toEqual([
      "web1",
      "[web1]:2222",
      "fe80::1",
    ]);
  });
});
