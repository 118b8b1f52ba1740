import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createRedactor } from "../events/redact.ts";
import { err, ok, type Result } from "../util/result.ts";
import { isVaulted } from "../vault/envelope.ts";
import { Vault, type VaultOptions, type VaultPassword } from "../vault/vault.ts";
import type { Io } from "./io.ts";
import { textsOf } from "./given-texts.ts";
import type { GivenOptions } from "./options.ts";
import { promptFor } from "./prompt.ts";

/** The label of a password that was given without one. */
const usualLabel = "default";

/** A place where a password comes from. */
interface Source {
  readonly label: string;
  /** A file, or `prompt`. */
  readonly from: string;
  /** How the prompt names it. */
  readonly prompt: string;
}

/**
 * What opens vaults with the passwords of the command line and the environment. A person is asked at once, and once:
 * whole files have to be open before the first check.
 */
export const readVault = async (
  given: GivenOptions,
  io: Io,
  options: Omit<VaultOptions, "passwords" | "matchLabels"> = {},
): Promise<Result<Vault, string>> => {
  const passwords = await readVaultPasswords(given, io);
  if (!passwords.ok) return passwords;
  const matchLabels = /^(?:1|true|yes|on|t|y)$/i.test(io.env["ANSIBLE_VAULT_ID_MATCH"] ?? "");
  return ok(new Vault({ ...options, passwords: passwords.value, matchLabels }));
};

/** The passwords themselves, in the order in which they are tried. */
export const readVaultPasswords = async (
  given: GivenOptions,
  io: Io,
): Promise<Result<readonly VaultPassword[], string>> => readAll(sourcesOf(given, io), io);

/** For working on a vault there has to be a password: it is asked for where none is given, a new one twice. */
export const requireVaultPasswords = async (
  given: GivenOptions,
  io: Io,
  { isNew }: { readonly isNew: boolean },
): Promise<Result<readonly VaultPassword[], string>> => {
  const sources = sourcesOf(given, io);
  const asked = { label: usualLabel, from: "prompt", prompt: isNew ? "New vault password: " : "Vault password: " };
  return readAll(sources.length === 0 ? [asked] : sources, io, isNew);
};

const readAll = async (
  sources: readonly Source[],
  io: Io,
  isNew = false,
): Promise<Result<readonly VaultPassword[], string>> => {
  const passwords: VaultPassword[] = [];
  for (const source of sources) {
    const read = await readSource(source, io);
    if (read.ok && isNew && source.from === "prompt") {
      const again = await readSource({ ...source, prompt: `Again: ${source.prompt}` }, io);
      if (!again.ok) return again;
      if (Buffer.compare(read.value, again.value) !== 0) return err("the two vault passwords are not the same");
    }
    if (!read.ok) return read;
    passwords.push({ label: source.label, password: read.value });
  }
  return ok(passwords);
};

const sourcesOf = (given: GivenOptions, { env }: Io): readonly Source[] => {
  const ids = [...listed(env["ANSIBLE_VAULT_IDENTITY_LIST"]), ...textsOf(given["vaultId"])].map(vaultId);
  const files = [...textsOf(given["vaultPasswordFile"]), env["ANSIBLE_VAULT_PASSWORD_FILE"] ?? ""].filter(
    (file) => file !== "",
  );
  const asked = given["askVaultPassword"] === true || given["askVaultPass"] === true;
  return [
    ...ids,
    ...files.map((from) => ({ label: usualLabel, from, prompt: "" })),
    ...(asked ? [{ label: usualLabel, from: "prompt", prompt: "Vault password: " }] : []),
  ];
};

/** `LABEL@FILE`, `LABEL@prompt`, or only what stands behind the sign. */
const vaultId = (text: string): Source => {
  const at = text.indexOf("@");
  const label = at > 0 ? text.slice(0, at) : usualLabel;
  const from = text.slice(at + 1);
  const asks = from === "prompt" || from === "prompt_ask" || from === "prompt_ask_vault_pass";
  return { label, from: asks ? "prompt" : from, prompt: `Vault password (${label}): ` };
};

const listed = (value: string | undefined): readonly string[] =>
  (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const readSource = async ({ label, from, prompt }: Source, io: Io): Promise<Result<Uint8Array, string>> => {
  if (from === "prompt") {
    const answer = await promptFor(prompt === "" ? "Vault password: " : prompt, false, io);
    if (!answer.ok) return answer;
    const password = Buffer.from(answer.value.trim());
    return password.length === 0 ? err("a vault password cannot be empty") : ok(password);
  }
  const home = io.env["HOME"] ?? "";
  const path = from.startsWith("~/") ? join(home, from.slice(2)) : isAbsolute(from) ? from : resolve(io.cwd, from);
  const read = isExecutable(path) ? runScript(path, label, io) : readFile(path);
  if (!read.ok) return read;
  return read.value.length === 0 ? err(`the vault password of ${path} is empty`) : read;
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** What the script prints; one whose name ends in `-client` is told for which label. */
const runScript = (path: string, label: string, { cwd }: Io): Result<Uint8Array, string> => {
  const isClient = basename(path)
    .replace(/\.[^.]*$/, "")
    .endsWith("-client");
  const done = spawnSync(path, isClient ? ["--vault-id", label] : [], { cwd, stdio: ["inherit", "pipe", "inherit"] });
  if (done.error !== undefined) return err(`the vault password script ${path}: ${done.error.message}`);
  if (isClient && done.status === 2) return err(`the vault password script ${path} has no password for ${label}`);
  if (done.status !== 0) return err(`the vault password script ${path} ended with ${done.status ?? done.signal}`);
  return ok(trimmed(done.stdout, /^[\r\n]+|[\r\n]+$/g));
};

const readFile = (path: string): Result<Uint8Array, string> => {
  try {
    const content = readFileSync(path);
    if (isVaulted(content)) return err(`the vault password file ${path} is vaulted itself`);
    return ok(trimmed(content, /^\s+|\s+$/g));
  } catch (error) {
    return err(`cannot read the vault password file: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Byte for byte: a password need not be UTF-8. */
const trimmed = (content: Uint8Array, ends: RegExp): Uint8Array =>
  Buffer.from(Buffer.from(content).toString("latin1").replaceAll(ends, ""), "latin1");

/**
 * Findings as they may be told: without what came out of a vault, since messages quote what they are about; and without
 * what is missing only because some vault stayed closed.
 */
export const throughVault = (diagnostics: readonly Diagnostic[], vault: Vault): readonly Diagnostic[] => {
  const found = diagnostics.filter((one) => vault.closed.size === 0 || !mayComeOfClosed(one, vault)).map(withoutQuotes);
  const secrets: string[] = [];
  vault.onSecret((secret) => void secrets.push(secret));
  if (secrets.length === 0) return found;
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return found.map((one) => ({
    ...one,
    message: redactor.text(one.message),
    ...(one.hint === undefined ? {} : { hint: redactor.text(one.hint) }),
    ...(one.related === undefined
      ? {}
      : { related: one.related.map(({ message, span }) => ({ message: redactor.text(message), span })) }),
  }));
};

/** Where it was not even understood what is a value, all that a message quotes may be one. */
export const withoutQuotes = (one: Diagnostic): Diagnostic => {
  if (one.span?.file.isSecret !== true) return one;
  if (one.code === "V01") return { ...one, message: "the YAML is wrong here; what is in a vault is not shown" };
  const isUnread = one.code === "V41" || one.code === "V42";
  return isUnread ? { ...one, message: one.message.replaceAll(/".*"/gs, '"********"') } : one;
};

/** A variable, a handler or a host may be defined where nobody could look. */
const mayComeOfClosed = ({ code, span }: Diagnostic, { closed }: Vault): boolean =>
  ["V21", "V25", "V26", "V30", "V40"].includes(code) ||
  (code !== "V46" && span !== undefined && closed.has(span.file.path));
