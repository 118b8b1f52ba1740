import { describe, expect, it } from "vitest";
import type { AuthorizedKeyArguments } from "./authorized_key.schema.ts";
import { authorizedKey } from "./authorized_key.ts";

const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy";
const other = "AAAAC3NzaC1lZDI1NTE5AAAAIP1MvjXSls2Q7TyyCzsmzsqu+njQMpZnrlc3awn0muyN";

const withDefaults = (given: Partial<AuthorizedKeyArguments>): AuthorizedKeyArguments => ({
  user: "support",
  key: `ssh-ed25519 ${blob} team`,
  state: "present",
  exclusive: false,
  manage_dir: true,
  follow: false,
  validate_certs: true,
  ...given,
});

const context = {
  check: false,
  diff: false,
  readFile: () => ({ ok: false, error: "none" }) as const,
  renderTemplate: () => ({ ok: false, error: "none" }) as const,
};

const lines = (given: Partial<AuthorizedKeyArguments>): unknown => {
  const params = authorizedKey.params(withDefaults(given), context);
  return params.ok ? params.value["line"] : params.error;
};

const problem = (given: Partial<AuthorizedKeyArguments>): string | undefined => {
  const checked = authorizedKey.normalize?.(withDefaults(given));
  return checked === undefined || checked.ok ? undefined : checked.error;
};

describe("authorized_key", () => {
  it("takes options and comment of the task instead of those of the key", () => {
    const key = `no-pty ssh-ed25519 ${blob} team`;
    expect(lines({ key })).toEqual([key]);
    expect(lines({ key, key_options: 'from="10.0.0.1",restrict', comment: " new \t one " })).toEqual([
      `from="10.0.0.1",restrict ssh-ed25519 ${blob} new one`,
    ]);
    expect(lines({ key, key_options: "", comment: "" })).toEqual([`ssh-ed25519 ${blob} `]);
  });

  it("reads several keys, of one that is there twice the last", () => {
    const key = `# team\r\nssh-ed25519 ${blob} a\r\n\r\nssh-ed25519 ${other} b\nssh-ed25519 ${blob} c\n`;
    expect(lines({ key })).toEqual([`ssh-ed25519 ${blob} c`, `ssh-ed25519 ${other} b`]);
  });

  it("has an example that it accepts", () => {
    const key = /key: (.*)/.exec(authorizedKey.examples)?.[1] ?? "";
    const options = /key_options: (.*)/.exec(authorizedKey.examples)?.[1] ?? "";
    expect(problem({ key, key_options: options })).toBeUndefined();
  });

  it.each([
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n-----END OPENSSH PRIVATE KEY-----",
    `ssh-ed25519 ${blob} team\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE`,
  ])("does not repeat a private key in its answer", (key) => {
    expect(problem({ key })).toContain("this is a private key");
    expect(problem({ key })).not.toContain("b3Bl");
  });

  it.each([
    [{ key: "https://example.org/keys" }, "not supported"],
    [{ key: "file:///etc/keys" }, "not supported"],
    [{ key: "hello" }, "invalid key specified: hello: "],
    [{ key: `ssh-rsa ${blob}` }, "says ssh-rsa, but the key in it is ssh-ed25519"],
    [{ key_options: 'from="x' }, "quote in key_options is not closed"],
    [{ key_options: "restrict, pty" }, "blank outside of quotes"],
    [{ key_options: 'command="x\nssh-rsa y"' }, "control character"],
    [{ comment: "a\nssh-rsa AAAA" }, "comment holds a control character"],
    [{ user: "a:b" }, "one of : , /"],
  ])("B2, B3: refuses %j", (given, message) => {
    expect(problem(given)).toContain(message);
  });
});
