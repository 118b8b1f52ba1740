import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { formatPublicKey, holdsPrivateKey, keyFingerprint, parsePublicKey } from "./public-key.ts";

/** Keys as `ssh-keygen` made them, with the length and the fingerprint that `ssh-keygen -l` shows. */
const keys = [
  {
    type: "ssh-ed25519",
    blob: "AAAAC3NzaC1lZDI1NTE5AAAAIP1MvjXSls2Q7TyyCzsmzsqu+njQMpZnrlc3awn0muyN",
    bits: 256,
    fingerprint: "SHA256:QgFvfXRDnaeLiBny81jWL1NSdij3woYiTlV/YN9HCis",
  },
  {
    type: "ssh-rsa",
    blob: "AAAAB3NzaC1yc2EAAAADAQABAAABAQDHenuqEanlbtnOJabki75TOQA4bxR8ALqB7HEqZnIJxFOsVVRlfbbEM2mu259MUoESaksXd/mxRYWjUQc+IZ5b0Pjw6dFWrLqAOzXRPku4Ygu0iZTY/RbvUjJ8p8G4Up1x22DuVGKl2yyv9W1MiG5lA/yEqKnxATjQKFDfSR9Z9ZMpQrab8aCH097FzcaMxHCghF18OdXVQ/3r3DgamTTVoxI3oamrCRlmaXaHCohHynX9FtLDKKCk/Mi+IJnBlBvn8+D7J/3tTmrAbCpmduUS3fjlSgVmuCeh8tHhulgJn7jms8uAW2zmt7wri6TjD5YxnpoKrzOo/KIua8Cfpr4b",
    bits: 2048,
    fingerprint: "SHA256:xvf86kpaG/fEwFbSuHgv4sYyDGpnqTmnjBgIK5nPqEs",
  },
  {
    type: "ssh-dss",
    blob: "AAAAB3NzaC1kc3MAAACBAMxb6IniMbDHqIFoIPt6OUTKtltfJMJAhLOQeHa88kYDvde03bV0T8LoxzwBT/jj6+dzVCfFK3q8ujP8sJiqq5nLSD90vMVevd2Ff8C5WzH6QkZLrSMklvPxB0rHCm7qsipHGPSywXej/BkYKp+N4qTSXgbvk8HQqjnTNoVqxZdJAAAAFQCDTEB68DfwT/ZDnetg+D/TT8+kMwAAAIEAwDegMyfBoDbg6TxuerPXWOS7CG0EO8bgrbTaeTv1wo1qFqgWpw4rI2ABSQ3UBaul/EwK4camCGnpIUmBt+lUn4RERGmPirYeiSOx3WVLed0Z3wtu6aUueOamnK+GPhIOElTL4lbT42u/02wlqzz8oVTQ+mZwCeMS/Y68ABb+VOUAAACAHKeN6fizJ74RbdT6wjmWly9Wfy80xsNdna+/yTp6+c7+EMc5S6WKThvrl4PeS5AVjEbdra/aa+JD4nkiELVAiURX3WDQcwqxm9aIoARiIRchF28byuve/iNrZKjqkVMqFNaMnnp7iWTZq6N8Dn7HsKrlIEqqokyeoabBITLHdWg=",
    bits: 1024,
    fingerprint: "SHA256:e3udEScxejLiGAkV2w4GLajaBnIciPbVRNXjbY0WKDs",
  },
  {
    type: "ecdsa-sha2-nistp256",
    blob: "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBK2l3S1rXaMKHNrzTdmWp7ICJeXTQvwSem6f2/Scef7d7yCAvaty+ZIf1DYqe5xLZ4cqWkA8dWNEgli6nlQJVUQ=",
    bits: 256,
    fingerprint: "SHA256:pB8RXxplhcwYg5Q0sOFW0r4mkLuOjGWNVK6Buh34kys",
  },
  {
    type: "ecdsa-sha2-nistp384",
    blob: "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBPxjmWDaQvlTeJb5se5N6CY2INnokqBQMXhQ+lglNRwRp8bgMK1AZSIYo3Ljx2RDLmWBmzdt0HK70R9IoNu7aRRFw+HpFv4uSZ0+HnossnhYGzUMWs6yVOw1Q1lw0LNGZg==",
    bits: 384,
    fingerprint: "SHA256:gQWewhFJd6z+rC+jjIYyE3K8gWutF4n2cM2kkbAt3HI",
  },
  {
    type: "ecdsa-sha2-nistp521",
    blob: "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAE/y2zUIUAsN4qgNKdI7LXE+AxcBgnh6c5EYBY/Q5NXkMk2I4BCt8RKo87fY3h82CN36FD8CVgvipVJJWXcaBU9TwB0XjLJi4h+HdmRcbS5O7pivQNWgYHtKRrN8gDcytci0V1cFoVhpIhw7jyQISM/FbG+6eygfUwMURb3N82+vZJKIw==",
    bits: 521,
    fingerprint: "SHA256:OnwCU/CI333bs2bYZrp8Vu8al3X6aVxzWQwoYeuSUe4",
  },
] as const;

const [ed25519, rsa] = keys;

const certificate =
  "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIP/FU9O+IBqjXJWRqBH3+8H/uEu8B6xvuLImeY6Dd4h7AAAAIP1MvjXSls2Q7TyyCzsmzsqu+njQMpZnrlc3awn0muyNAAAAAAAAAAAAAAABAAAAAmlkAAAABwAAAANzdXAAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAghU5Lj2ye7ThvxsBupnSzGBHAcKkLkvitwsi0MhpTHckAAABTAAAAC3NzaC1lZDI1NTE5AAAAQHPG9shD8Lwd1KGgJAViMyeTu66TPa/bZUubDxV+FJY9TDu7mJuxzbjszZIyhRe1nLNT24ss0rLlakeKLgEjjAY=";

describe("parsePublicKey", () => {
  it.each(keys)("reads a key of type $type", ({ type, blob, bits, fingerprint }) => {
    expect(parsePublicKey(`${type} ${blob} alice@desk`)).toEqual({
      ok: true,
      value: { options: "", type, blob, comment: "alice@desk", bits, fingerprint },
    });
  });

  it("reads options, however they are quoted, and makes one blank of several in the comment", () => {
    const options = 'from="10.0.0.0/8,!10.1.0.0/16",command="echo \\"ssh-rsa x\\"",restrict';
    const parsed = parsePublicKey(`  ${options}  ${ed25519.type}\t${ed25519.blob}   a  b\tc `);
    expect(parsed).toMatchObject({ ok: true, value: { options, type: ed25519.type, comment: "a b c" } });
  });

  it("reads a certificate", () => {
    const type = "ssh-ed25519-cert-v01@openssh.com";
    expect(parsePublicKey(`${type} ${certificate}`)).toMatchObject({ ok: true, value: { type, bits: 0 } });
  });

  it.each([
    ["nothing", "", "does not begin with a type"],
    ["no type", ed25519.blob, "does not begin with a type"],
    ["no key", ed25519.type, "cut off or damaged"],
    ["an unknown type", `ssh-foo ${ed25519.blob}`, "does not begin with a type"],
    ["another type", `ssh-rsa ${ed25519.blob}`, "says ssh-rsa, but the key in it is ssh-ed25519"],
    ["a folded key", `${rsa.type} ${rsa.blob.slice(0, 100)}`, "cut off or damaged"],
    ["a damaged key", `${rsa.type} ${rsa.blob.replace("B", "*")}`, "cut off or damaged"],
    ["an open quote", `from="x ${ed25519.type} ${ed25519.blob}`, "a quote in its options is not closed"],
    ["a second line", `${ed25519.type} ${ed25519.blob} x\nssh-rsa`, "control character"],
    ["a NUL", `${ed25519.type} ${ed25519.blob} x\0y`, "control character"],
  ])("refuses %s", (_, line, message) => {
    const parsed = parsePublicKey(line);
    expect(parsed.ok ? parsed.value : parsed.error).toContain(message);
  });

  it("refuses a key of which anything is missing", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.integer({ min: 1, max: 200 }), ({ type, blob }, missing) => {
        const bytes = Buffer.from(blob, "base64");
        const cut = bytes.subarray(0, Math.max(0, bytes.length - missing)).toString("base64");
        return !parsePublicKey(`${type} ${cut}`).ok;
      }),
    );
  });

  it("never throws, and gives a line that it reads as the same key", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...keys), (text, { type, blob }) => {
        const parsed = parsePublicKey(`${text} ${type} ${blob} ${text}`);
        if (parsed.ok) expect(parsePublicKey(formatPublicKey(parsed.value))).toEqual(parsed);
      }),
    );
  });
});

describe("holdsPrivateKey", () => {
  it.each([
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "PuTTY-User-Key-File-3: ssh-ed25519",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
  ])("sees %s", (text) => {
    expect(holdsPrivateKey(`x\n${text}\nx`)).toBe(true);
  });

  it.each(keys)("does not take a public key of type $type for one", ({ type, blob }) => {
    expect(holdsPrivateKey(`${type} ${blob} private key of alice`)).toBe(false);
  });
});

describe.skipIf(spawnSync("ssh-keygen", ["-?"]).error !== undefined)("keyFingerprint", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-keys-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: readonly string[]): string =>
    execFileSync("ssh-keygen", args, { cwd: folder, encoding: "utf8" });
  const make = (name: string, ...args: readonly string[]): void => {
    run("-q", "-N", "", "-C", "a b", "-f", name, ...args);
  };

  it.each([
    ["ed25519", ["-t", "ed25519"]],
    ["rsa", ["-t", "rsa", "-b", "2048"]],
    ["ecdsa", ["-t", "ecdsa", "-b", "521"]],
  ])("is what ssh-keygen shows of a key of type %s, and of a certificate for it", (name, args) => {
    make(name, ...args);
    make(`${name}-ca`, "-t", "ed25519");
    run("-q", "-s", `${name}-ca`, "-I", "id", "-n", "support", `${name}.pub`);
    for (const file of [`${name}.pub`, `${name}-cert.pub`]) {
      const line = readFileSync(join(folder, file), "utf8").trim();
      expect(keyFingerprint(`restrict,from="10.0.0.0/8" ${line}`)).toEqual({
        ok: true,
        value: run("-l", "-E", "sha256", "-f", file).split(" ")[1],
      });
    }
  });

  it("is not there for what is no key", () => {
    expect(keyFingerprint("ssh-ed25519 AAAA")).toMatchObject({ ok: false });
  });
});
