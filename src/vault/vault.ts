import { err, ok, type Result } from "../util/result.ts";
import { unseal } from "./cipher.ts";
import { type Damage, type Envelope, parseEnvelope } from "./envelope.ts";

/** A password with the label of vaults that it is for. */
export interface VaultPassword {
  readonly label: string;
  readonly password: Uint8Array;
}

/** Why a vaulted text stays closed: there is no password, none that fits, or the text is damaged. */
export interface VaultProblem extends Partial<Damage> {
  readonly kind: "locked" | "refused" | "damaged";
  readonly message: string;
  readonly hint?: string;
}

/** What a vault is opened with, and what for. */
export interface VaultOptions {
  readonly passwords?: readonly VaultPassword[];
  /** A vault that names a label is opened only with a password of that label. */
  readonly matchLabels?: boolean;
  /** What a file is that no password was given for: a mistake, or something to be passed over. */
  readonly withoutPassword?: "report" | "pass-over";
  /** The values of vaulted files stay closed like those of `!vault`, until they are used. */
  readonly keepsValuesClosed?: boolean;
}

const shortestSecret = 4;
const longestSecret = 1024 * 1024;

/** What stands around the expressions of a template. */
const literalParts = (text: string): readonly string[] => {
  const parts: string[] = [];
  const closing = new Map(Object.entries({ "{{": "}}", "{%": "%}", "{#": "#}" }));
  let from = 0;
  for (const { 0: open, index } of text.matchAll(/\{[{%#]/g)) {
    const close = closing.get(open);
    if (index < from || close === undefined) continue;
    const end = text.indexOf(close, index + 2);
    if (end === -1) {
      // What is not closed here is not closed further on.
      closing.delete(open);
      continue;
    }
    parts.push(text.slice(from, index));
    from = end + 2;
  }
  return [...parts, text.slice(from)];
};

/** How passwords are given. */
export const passwordHint =
  "give the password with --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-password";

/** The problem in one line, for the result of a task. */
export const problemText = ({ message, hint }: VaultProblem): string =>
  hint === undefined ? message : `${message}: ${hint}`;

/**
 * What opens vaulted texts, each once: the keys of a password and a salt take ten milliseconds to find. It knows what it
 * let out, and tells whoever has to keep that secret.
 */
export class Vault {
  readonly #passwords: readonly VaultPassword[];
  readonly #options: VaultOptions;
  readonly #opened = new Map<string, Result<Buffer, VaultProblem>>();
  readonly #secrets = new Set<string>();
  /** Those that were taken apart. */
  readonly #texts = new Set<string>();
  readonly #listeners: ((secret: string) => void)[] = [];
  /** The files that were not opened. */
  readonly closed = new Set<string>();

  constructor(options: VaultOptions = {}) {
    this.#passwords = options.passwords ?? [];
    for (const { password } of this.#passwords) this.#learn(Buffer.from(password).toString());
    this.#options = options;
  }

  get passesOver(): boolean {
    return this.#options.withoutPassword === "pass-over";
  }

  get keepsValuesClosed(): boolean {
    return this.#options.keepsValuesClosed === true;
  }

  /** What stands in a vaulted text. */
  open(text: string): Result<Buffer, VaultProblem> {
    let opened = this.#opened.get(text);
    if (opened === undefined) {
      opened = this.#openNew(text);
      this.#opened.set(text, opened);
    }
    return opened;
  }

  /** The text in a vaulted value, which is a secret from now on. */
  openText(text: string): Result<string, VaultProblem> {
    const opened = this.open(text);
    if (!opened.ok) return opened;
    const value = opened.value.toString("utf8");
    this.#learn(value);
    this.learnText(value);
    return ok(value);
  }

  /**
   * Makes a text secret, and each of its lines, since what changes in a file is told line by line; of a template what
   * stands around its expressions. What is shorter would cover half of what a run says, and what is very long nobody tells.
   */
  learnText(text: string): void {
    if (this.#texts.has(text) || text.length > longestSecret) return;
    this.#texts.add(text);
    if (text.length >= shortestSecret) this.#learn(text);
    for (const part of literalParts(text).flatMap((literal) => literal.split("\n"))) {
      if (part.trim().length >= shortestSecret) this.#learn(part.trim());
    }
  }

  /** Tells every secret that was let out so far, and each one to come. */
  onSecret(listener: (secret: string) => void): void {
    for (const secret of this.#secrets) listener(secret);
    this.#listeners.push(listener);
  }

  #learn(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    for (const listener of this.#listeners) listener(secret);
  }

  #openNew(text: string): Result<Buffer, VaultProblem> {
    const parsed = parseEnvelope(text);
    if (!parsed.ok) return err({ kind: "damaged", ...parsed.error });
    const chosen = this.#inOrder(parsed.value);
    if (!chosen.ok) return chosen;
    for (const { password } of chosen.value) {
      const content = unseal(parsed.value, password);
      if (content?.ok === true) return ok(content.value);
      if (content !== undefined) return err({ kind: "damaged", message: content.error });
    }
    const tried = chosen.value.map(({ label }) => label).join(", ");
    const wanted = parsed.value.label === undefined ? "" : `; the vault's own label is ${parsed.value.label}`;
    const message = `Decryption failed: no password fits, or the content was changed (tried: ${tried}${wanted})`;
    return err({ kind: "refused", message });
  }

  /** The passwords of the vault's label first, then all others. */
  #inOrder({ label }: Envelope): Result<readonly VaultPassword[], VaultProblem> {
    if (this.#passwords.length === 0) {
      return err({ kind: "locked", message: "this is vaulted, and no password was given", hint: passwordHint });
    }
    const own = this.#passwords.filter((password) => password.label === label);
    if (this.#options.matchLabels !== true || label === undefined) {
      return ok([...own, ...this.#passwords.filter((password) => !own.includes(password))]);
    }
    if (own.length > 0) return ok(own);
    const given = this.#passwords.map((password) => password.label).join(", ");
    const hint = "ANSIBLE_VAULT_ID_MATCH is set: without it all of them are tried";
    const message = `Decryption failed: no password was given for the label ${label} (given: ${given})`;
    return err({ kind: "refused", message, hint });
  }
}
