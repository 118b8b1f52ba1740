import { describe, expect, it } from "vitest";
import { addressProblem, hostNameProblem, portNumber, splitPort } from "./host-name.ts";

describe("splitPort", () => {
  it.each([
    ["h1", { name: "h1" }],
    ["h1:2222", { name: "h1", port: 2222 }],
    ["10.0.0.1:22", { name: "10.0.0.1", port: 22 }],
    ["[10.0.0.1]:22", { name: "10.0.0.1", port: 22 }],
    ["h[1:2]", { name: "h[1:2]" }],
    ["h[1:2]:22", { name: "h[1:2]", port: 22 }],
    ["2001:db8::1", { name: "2001:db8::1" }],
    ["[2001:db8::1]", { name: "2001:db8::1" }],
    ["[2001:db8::1]:22", { name: "2001:db8::1", port: 22 }],
    ["[fe80::1%eth0]:22", { name: "fe80::1%eth0", port: 22 }],
    ["[1:3]", { name: "[1:3]" }],
  ])("splits %s", (entry, value) => {
    expect(splitPort(entry)).toEqual({ ok: true, value });
  });

  it.each(["h:abc", "h:", "h:0", "h:65536", "h:99999999", "[::1]:x"])("refuses the port of %s", (entry) => {
    expect(splitPort(entry)).toMatchObject({ ok: false });
  });
});

describe("hostNameProblem", () => {
  it.each(["h", "web-1.example.com", "10.0.0.1", "::1", "fe80::1%eth0", "kunde_7", "büro", "vm+1", "a=b"])(
    "allows %s",
    (name) => {
      expect(hostNameProblem(name)).toBeUndefined();
    },
  );

  it.each([
    "",
    "-oProxyCommand=x",
    "a b",
    "a,b",
    "../x",
    "h;c",
    "h$(id)",
    "h`id`",
    "{{ x }}",
    "h\u0007",
    "a:b",
    "*",
    "!x",
  ])("refuses %j", (name) => {
    expect(hostNameProblem(name)?.message).toBeTypeOf("string");
  });

  it("says how to write a login", () => {
    expect(hostNameProblem("root@h1")?.hint).toBe('name the host "h1" and set ansible_user to "root"');
  });
});

describe("addressProblem", () => {
  it("wants IPv6 addresses bare", () => {
    expect(addressProblem("::1")).toBeUndefined();
    expect(addressProblem("[::1]")).toContain("without them");
    expect(addressProblem("-oProxyCommand=x")).toBe('the address "-oProxyCommand=x" begins with "-"');
  });
});

describe("portNumber", () => {
  it.each([
    [22, 22],
    ["22", 22],
    [65_535, 65_535],
  ])("takes %j", (value, port) => {
    expect(portNumber(value)).toBe(port);
  });
  it.each([0, 65_536, 1.5, "x", "", true, null, "-1"])("refuses %j", (value) => {
    expect(portNumber(value)).toBeUndefined();
  });
});
