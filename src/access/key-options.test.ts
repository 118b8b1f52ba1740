import { describe, expect, it } from "vitest";
import { judgeKeyOptions } from "./key-options.ts";

describe("judgeKeyOptions", () => {
  it.each([
    "",
    "restrict,pty",
    "restrict,,pty,",
    'permitopen="10.0.0.1:443",permitlisten="8080"',
    'from="10.0.0.0/8,!10.1.0.0/16,*.example.com",restrict',
    'command="echo \\"a,b\\"",no-pty',
    "No-PTY,X11-Forwarding",
    'expiry-time="20300131180000Z",environment="A=b,c"',
    'expiry-time="203001311800",environment="A=b,c"',
  ])("has nothing against %s", (options) => {
    expect(judgeKeyOptions(options)).toEqual([]);
  });

  it.each([
    ["restrict,ptty", "V50", "ptty", 'knows no option "ptty"'],
    ['from="10.0.0.1",From="10.0.0.2"', "V50", 'From="10.0.0.2"', "is given twice"],
    ['permitopen="x"', "V50", 'permitopen="x"', "no permitopen"],
    ["pty=yes", "V50", "pty=yes", "takes no value"],
    ["from=10.0.0.1", "V50", "from=10.0.0.1", "a value in quotes"],
    ["from", "V50", "from", "a value in quotes"],
    ['from="10.0.0.1"x', "V50", 'from="10.0.0.1"x', "a value in quotes"],
    ['expiry-time="2030-01-31"', "V50", 'expiry-time="2030-01-31"', "no expiry-time"],
    ['from="10.0.0.1,10.0.0.0/33"', "V53", "10.0.0.0/33", "expected 0 to 32"],
  ])("B3: refuses %s", (options, code, text, message) => {
    expect(judgeKeyOptions(options)).toMatchObject([
      { code, text, severity: "error", message: expect.stringContaining(message) as string },
    ]);
  });
});
