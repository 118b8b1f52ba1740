import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judgeKeyFile } from "./judge-key-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-key-"));
  path = join(folder, "id");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string, mode = 0o600): void => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};
const nothing = { hasPassphrase: false, hasAgent: false };
const judged = (openers = nothing): string | undefined => judgeKeyFile(path, openers)?.message.replace(folder, "");

describe("judgeKeyFile", () => {
  it("accepts a private key that only its owner reads", () => {
    write(ssh2.utils.generateKeyPairSync("ed25519").private);
    expect(judged()).toBeUndefined();
  });

  it("refuses one that others may read, as ssh does", () => {
    write(ssh2.utils.generateKeyPairSync("ed25519").private, 0o644);
    expect(judged()).toBe('the private key file "/id" may be read by others (mode 0644)');
  });

  it("tells an encrypted one that nothing opens", () => {
    const keys = ssh2.utils.generateKeyPairSync("ed25519", { passphrase: "x", cipher: "aes256-ctr", rounds: 4 });
    write(keys.private);
    expect(judged()).toBe('the private key "/id" is encrypted, and there is neither an agent nor a passphrase');
    expect(judged({ ...nothing, hasAgent: true })).toBeUndefined();
    expect(judged({ ...nothing, hasPassphrase: true })).toBeUndefined();
  });

  it.each([
    ["-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"],
    ["-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nAAAA\n"],
  ])("knows an encrypted key in PEM by its head", (text) => {
    write(text);
    expect(judged()).toContain("is encrypted");
  });

  it("tells a public half, what is no key, a folder, and what is not there", () => {
    write("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 kim@vendor\n");
    expect(judged()).toBe('"/id" is a public key');
    write("hello\n");
    expect(judged()).toBe('"/id" is not a private key');
    path = folder;
    expect(judged()).toBe('"" is not a file');
    path = join(folder, "other");
    expect(judged()).toBe('there is no private key file "/other"');
  });
});
