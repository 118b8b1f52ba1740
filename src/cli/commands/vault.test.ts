import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import { parseEnvelope } from "../../vault/envelope.ts";
import { Vault } from "../../vault/vault.ts";
import { runCli } from "../cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchkey-vault-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(join(folder, "tmp"), { recursive: true });
  writeFileSync(join(folder, "pw"), "test-password\n");
  writeFileSync(join(folder, "other"), "other-password\n");
});

const vault = async (args: readonly string[], { stdin = "", editor = "false" } = {}) => {
  const env = { PATH: process.env["PATH"], XDG_RUNTIME_DIR: join(folder, "tmp"), EDITOR: editor };
  const { io, said } = capturedIo(folder, env);
  // Only what was piped in is asked of it.
  const input = Readable.from([Buffer.from(stdin)]) as unknown as typeof io.stdin;
  const code = await runCli(["vault", ...args], { ...io, stdin: input });
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  return { code, ...said };
};

const file = (name: string, content?: string): string => {
  if (content !== undefined) writeFileSync(join(folder, name), content, { mode: 0o644 });
  return readFileSync(join(folder, name), "utf8");
};

const opened = (text: string, password = "test-password"): string => {
  const result = new Vault({ passwords: [{ label: "default", password: Buffer.from(password) }] }).open(text);
  return result.ok ? result.value.toString() : result.error.message;
};

const labelOf = (text: string): string | undefined => {
  const parsed = parseEnvelope(text);
  return parsed.ok ? parsed.value.label : parsed.error.message;
};

describe("latchkey vault", () => {
  it("seals files in their place for their owner alone, shows them, and opens them", async () => {
    file("a", "one\n");
    symlinkSync("a", join(folder, "link"));
    const options = ["--vault-password-file", "pw"];
    expect(await vault(["encrypt", "link", ...options])).toEqual({ code: 0, out: "", err: "" });
    expect(opened(file("a"))).toBe("one\n");
    expect(labelOf(file("a"))).toBeUndefined();
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o600);
    const before = file("a");
    expect(await vault(["view", "a", ...options])).toEqual({ code: 0, out: "one\n", err: "" });
    expect(await vault(["encrypt", "a", ...options])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/a: this is vaulted already\n$/) as string,
    });
    expect(file("a")).toBe(before);
    expect(await vault(["view", "a", "--vault-id", "x@other"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("Decryption failed") as string,
    });
    expect((await vault(["decrypt", "a", ...options])).code).toBe(0);
    expect(file("link")).toBe("one\n");
    expect((await vault(["decrypt", "a", ...options])).err).toContain("a: this is not vaulted");
    expect((await vault(["view", "gone", ...options])).err).toContain("ENOENT");
  });

  it("takes of several passwords the one that is named, and keeps to it", async () => {
    file("a", "one\n");
    const both = ["--vault-id", "dev@pw", "--vault-id", "prod@other"];
    expect(await vault(["encrypt", "a", ...both])).toEqual({
      code: 5,
      out: "",
      err: "latchkey: which password is to seal? Say --encrypt-vault-id LABEL with one of dev, prod\n",
    });
    expect((await vault(["encrypt", "a", ...both, "--encrypt-vault-id", "x"])).err).toContain(
      "there is a password for dev, prod only",
    );
    expect((await vault(["encrypt", "a", ...both, "--encrypt-vault-id", "prod"])).code).toBe(0);
    expect([labelOf(file("a")), opened(file("a"), "other-password")]).toEqual(["prod", "one\n"]);
    expect((await vault(["edit", "a", ...both], { editor: "printf two >" })).code).toBe(0);
    expect([labelOf(file("a")), opened(file("a"), "other-password")]).toEqual(["prod", "two"]);
    expect((await vault(["rekey", "a", ...both, "--new-vault-password-file", "pw"])).code).toBe(0);
    expect([labelOf(file("a")), opened(file("a"))]).toEqual([undefined, "two"]);
    expect((await vault(["rekey", "a", ...both, "--new-vault-id", "new@other"])).code).toBe(0);
    expect([labelOf(file("a")), opened(file("a"), "other-password")]).toEqual(["new", "two"]);
  });

  it("has an editor change a file, and leaves it where that came to nothing", async () => {
    const options = ["--vault-password-file", "pw"];
    const editor = join(folder, "editor");
    writeFileSync(
      editor,
      '#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" >modes\ncase $1 in *.yml) echo more >>"$1" ;; esac\n',
    );
    chmodSync(editor, 0o700);
    expect((await vault(["create", "n.yml", ...options], { editor })).code).toBe(0);
    expect(opened(file("n.yml"))).toBe("more\n");
    expect(file("modes")).toBe("600\n700\n");
    expect((await vault(["create", "n.yml", ...options], { editor })).err).toContain("there is such a file already");
    expect((await vault(["edit", "n.yml", ...options], { editor })).code).toBe(0);
    expect(opened(file("n.yml"))).toBe("more\nmore\n");
    const before = file("n.yml");
    expect((await vault(["edit", "n.yml", ...options], { editor: "true" })).code).toBe(0);
    expect(await vault(["edit", "n.yml", ...options], { editor: "echo lost > modes; false" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("false ended with 1; nothing was changed") as string,
    });
    expect(file("n.yml")).toBe(before);
  });

  it("is a filter, and seals a text for YAML", async () => {
    const options = ["--vault-password-file", "pw"];
    const sealed = await vault(["encrypt", ...options], { stdin: "é\n" });
    expect(await vault(["decrypt", ...options], { stdin: sealed.out })).toEqual({
      code: 0,
      out: "é\n",
      err: "",
    });
    const { out } = await vault(["encrypt-string", "--name", "password", ...options], { stdin: "a b\n" });
    expect(out).toMatch(/^password: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n(?: {10}[0-9a-f]{1,80}\n)+$/);
    expect(opened(out.replace(/.*\n/, "").replaceAll(" ", ""))).toBe("a b");
  });

  it("asks for a password where none is given", async () => {
    expect((await vault(["encrypt", "a"])).err).toBe(
      'latchkey: cannot ask "New vault password:": standard input is no terminal\n',
    );
    expect((await vault(["view", "a"])).err).toContain('cannot ask "Vault password:"');
  });
});
