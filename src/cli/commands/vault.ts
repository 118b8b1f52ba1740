import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { exitCodes } from "../../run/exit-code.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { seal } from "../../vault/cipher.ts";
import { isVaulted, renderEnvelope } from "../../vault/envelope.ts";
import { Vault, type VaultPassword } from "../../vault/vault.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { promptFor } from "../prompt.ts";
import { requireVaultPasswords } from "../vault.ts";
import { textOf } from "../given-texts.ts";
import { usage } from "../usage.ts";

/** What can be done with a vault. */
export type VaultVerb = "encrypt" | "decrypt" | "view" | "create" | "edit" | "rekey" | "encrypt-string";

/** `latchkey vault`: what ansible-vault does, for who has no Ansible. */
export const vaultCommand = async (
  verb: VaultVerb,
  files: readonly string[],
  given: GivenOptions,
  io: Io,
): Promise<number> => {
  const isNew = verb === "encrypt" || verb === "create" || verb === "encrypt-string";
  const passwords = await requireVaultPasswords(given, io, { isNew });
  if (!passwords.ok) return usage(io, passwords.error);
  const work = isNew
    ? await sealing(verb, passwords.value, given, io)
    : await opening(verb, passwords.value, given, io);
  if (!work.ok) return usage(io, work.error);
  const paths = files.map((file) => resolve(io.cwd, file));
  for (const path of paths.length === 0 ? [undefined] : paths) {
    const done = await attempt(() => work.value(path));
    if (done.ok) continue;
    io.stderr.write(`latchkey: ${path === undefined ? "" : `${path}: `}${done.error}\n`);
    return exitCodes.failed;
  }
  return exitCodes.ok;
};

/** Does one file; undefined is standard input. */
type Work = (path: string | undefined) => Promise<Result<undefined, string>>;

const sealing = async (
  verb: VaultVerb,
  passwords: readonly VaultPassword[],
  given: GivenOptions,
  io: Io,
): Promise<Result<Work, string>> => {
  const chosen = choose(passwords, textOf(given["encryptVaultId"]));
  if (!chosen.ok) return chosen;
  const sealed = (content: Uint8Array): string => sealWith(chosen.value, content);
  if (verb === "create") {
    return ok(async (path = "") => {
      if (existsSync(path)) return err("there is such a file already: latchkey vault edit changes it");
      const content = await edited(Buffer.alloc(0), path, io);
      return content.ok ? replaceFile(path, sealed(content.value)) : content;
    });
  }
  const isText = verb === "encrypt-string";
  return ok(async (path) => {
    const content = path === undefined ? await readInput(isText, io) : ok(readFileSync(path));
    if (!content.ok) return content;
    if (isVaulted(content.value)) return err("this is vaulted already");
    if (path !== undefined) return replaceFile(path, sealed(content.value));
    io.stdout.write(isText ? yamlValue(sealed(content.value), textOf(given["name"])) : sealed(content.value));
    return ok(undefined);
  });
};

const opening = async (
  verb: VaultVerb,
  passwords: readonly VaultPassword[],
  given: GivenOptions,
  io: Io,
): Promise<Result<Work, string>> => {
  const next = verb === "rekey" ? await newPassword(given, io) : ok(undefined);
  if (!next.ok) return next;
  return ok(async (path) => {
    const text = path === undefined ? (await buffer(io.stdin)).toString("latin1") : readFileSync(path, "latin1");
    if (!isVaulted(text)) return err("this is not vaulted");
    const opened = openWith(passwords, text);
    if (!opened.ok) return opened;
    const { content, password } = opened.value;
    if (next.value !== undefined && path !== undefined) return replaceFile(path, sealWith(next.value, content));
    if (verb === "edit" && path !== undefined) {
      const after = await edited(content, path, io);
      if (!after.ok) return after;
      return after.value.equals(content) ? ok(undefined) : replaceFile(path, sealWith(password, after.value));
    }
    if (verb === "decrypt" && path !== undefined) return replaceFile(path, content);
    io.stdout.write(content);
    return ok(undefined);
  });
};

/** With which of the passwords a vault is opened: it is sealed with the same again. */
const openWith = (
  passwords: readonly VaultPassword[],
  text: string,
): Result<{ readonly content: Buffer; readonly password: VaultPassword }, string> => {
  for (const password of passwords) {
    const opened = new Vault({ passwords: [password] }).open(text);
    if (opened.ok) return ok({ content: opened.value, password });
  }
  const opened = new Vault({ passwords }).open(text);
  return err(opened.ok ? "" : opened.error.message);
};

const choose = (passwords: readonly VaultPassword[], label: string | undefined): Result<VaultPassword, string> => {
  const fitting = label === undefined ? passwords : passwords.filter((password) => password.label === label);
  const [chosen, ...others] = fitting;
  const labels = passwords.map((password) => password.label).join(", ");
  if (chosen === undefined) return err(`--encrypt-vault-id ${label}: there is a password for ${labels} only`);
  if (label !== undefined || others.length === 0) return ok(chosen);
  return err(`which password is to seal? Say --encrypt-vault-id LABEL with one of ${labels}`);
};

const newPassword = async (given: GivenOptions, io: Io): Promise<Result<VaultPassword, string>> => {
  const [file, id] = [textOf(given["newVaultPasswordFile"]), textOf(given["newVaultId"])];
  const options = {
    ...(file === undefined ? {} : { vaultPasswordFile: [file] }),
    ...(id === undefined ? {} : { vaultId: [id] }),
  };
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !name.startsWith("ANSIBLE_VAULT_")));
  const passwords = await requireVaultPasswords(options, { ...io, env }, { isNew: true });
  return passwords.ok ? choose(passwords.value, undefined) : passwords;
};

/** The usual label is not written: that is the older form, which every version of Ansible reads. */
const sealWith = ({ label, password }: VaultPassword, content: Uint8Array): string =>
  renderEnvelope(seal(content, password, label === "default" ? undefined : label));

/** An argument could be read by everybody on this machine. */
const readInput = async (isText: boolean, io: Io): Promise<Result<Buffer, string>> => {
  if (isText && io.stdin.isTTY) {
    const typed = await promptFor("The text to seal: ", false, io);
    return typed.ok ? ok(Buffer.from(typed.value)) : typed;
  }
  const input = await buffer(io.stdin);
  // `echo` adds what nobody means to be part of a password.
  return ok(isText ? Buffer.from(input.toString().replace(/\r?\n$/, "")) : input);
};

const yamlValue = (envelope: string, name: string | undefined): string =>
  `${name === undefined ? "" : `${name}: `}!vault |\n${envelope.replaceAll(/^(?=.)/gm, " ".repeat(10))}`;

/** Whole or not at all, and for nobody else's eyes; a link stays one. */
const replaceFile = (path: string, content: string | Uint8Array): Result<undefined, string> => {
  const target = existsSync(path) ? realpathSync(path) : path;
  const beside = `${target}.${randomUUID()}.tmp`;
  try {
    writeFileSync(beside, content, { mode: 0o600, flag: "wx", flush: true });
    renameSync(beside, target);
    return ok(undefined);
  } finally {
    rmSync(beside, { force: true });
  }
};

/** What a person makes of a content, in a folder that nobody else can enter and that is gone afterwards. */
const edited = async (content: Uint8Array, path: string, io: Io): Promise<Result<Buffer, string>> => {
  // Where there is one, in memory.
  const runtime = io.env["XDG_RUNTIME_DIR"] ?? "";
  const folder = mkdtempSync(join(existsSync(runtime) ? runtime : tmpdir(), "latchkey-vault-"));
  // Ctrl-C is for the editor.
  const unlisten = io.onInterrupt(() => {});
  try {
    const file = join(folder, `content${extname(path)}`);
    writeFileSync(file, content, { mode: 0o600, flag: "wx" });
    const editor = io.env["VISUAL"] || io.env["EDITOR"] || "vi";
    const code = await new Promise<number | string | null>((done, fail) => {
      const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", file], {
        cwd: io.cwd,
        env: io.env,
        stdio: "inherit",
      });
      child.on("error", fail).on("close", (status, signal) => done(status ?? signal));
    });
    return code === 0 ? ok(readFileSync(file)) : err(`${editor} ended with ${code}; nothing was changed`);
  } finally {
    unlisten();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The border to the file system: what it throws is an expected failure. */
const attempt = async (work: () => Promise<Result<undefined, string>>): Promise<Result<undefined, string>> => {
  try {
    return await work();
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
};
