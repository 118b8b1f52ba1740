import { accountsLibrary } from "../../shell/accounts.ts";
import type { FieldValue, ShellFunction } from "../../shell/program.ts";
import { quote } from "../../shell/quote.ts";
import { shellBody, withoutComments } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { checkAccountName } from "../account-name.ts";
import type { HostModule } from "../module.ts";
import { type AuthorizedKeyArguments, authorizedKeySchema, authorizedKeyReturns } from "./authorized_key.schema.ts";
import { keyLinesLibrary } from "./key-lines.ts";
import { checkOptions } from "./key-options.ts";
import { formatPublicKey, holdsPrivateKey, parsePublicKey, type PublicKey } from "./public-key.ts";

/** The part that runs with the account's own rights: a script in a variable, for another shell. */
const keyFileScript: ShellFunction = {
  name: "key_file",
  get text() {
    return `ak_script=${quote(withoutComments(new URL("key-file.sh", import.meta.url)))}\n`;
  },
};

/** Puts public keys into an account's authorized_keys, or takes them out. */
export const authorizedKey: HostModule<AuthorizedKeyArguments> = {
  runs: "host",
  name: "ansible.posix.authorized_key",
  summary: "Puts public keys into an account's authorized_keys, or takes them out.",
  schema: authorizedKeySchema,
  rules: {
    ignored: [{ options: ["comment", "exclusive", "key_options"], option: "state", is: ["absent"] }],
  },
  normalize: (args) => {
    const checked = checkAll(args);
    return checked.ok ? ok(args) : checked;
  },
  functions: [
    accountsLibrary,
    keyFileScript,
    keyLinesLibrary,
    shellBody("m_authorized_key", new URL("authorized_key.sh", import.meta.url)),
  ],
  params: (args) => {
    const keys = checkAll(args);
    if (!keys.ok) return keys;
    const { user, path, state, exclusive, manage_dir, follow } = args;
    const column = (part: (key: PublicKey) => string): readonly string[] => keys.value.map(part);
    return ok({
      user,
      path,
      state,
      exclusive,
      manage_dir,
      follow,
      option: column((key) => key.options),
      type: column((key) => key.type),
      blob: column((key) => key.blob),
      comment: column((key) => key.comment),
      line: column(formatPublicKey),
    });
  },
  result: ({ fields }, args) => ({ ...nullsOfUnset, ...args, ...fields }),
  checkMode: "full",
  returns: authorizedKeyReturns,
  examples: `
- name: The support team's key, from the bastion only
  ansible.posix.authorized_key:
    user: support
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy vendor support
    key_options: from="203.245.13.207",restrict,pty
`,
};

const nullsOfUnset: Readonly<Record<string, FieldValue>> = { path: null, key_options: null, comment: null };

const checkAll = (args: AuthorizedKeyArguments): Result<readonly PublicKey[], string> => {
  const name = checkAccountName(args.user, "user");
  if (!name.ok) return name;
  if (args.key_options !== undefined) {
    const options = checkOptions(args.key_options);
    if (!options.ok) return options;
  }
  // oxlint-disable-next-line no-control-regex -- a line break in a comment would be a second key
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(args.comment ?? "")) return err("comment holds a control character");
  return readKeys(args);
};

/** The keys of `key`, with the options and the comment of the task. Of a key that is there twice the last counts. */
const readKeys = (args: AuthorizedKeyArguments): Result<readonly PublicKey[], string> => {
  if (holdsPrivateKey(args.key)) {
    return err("invalid key specified: this is a private key. Give the public one, from the file that ends in .pub");
  }
  if (/^\s*(?:https?|file):/.test(args.key)) {
    return err("key is a URL, which is not supported: write the public key itself, or read it with lookup('file', …)");
  }
  const keys = new Map<string, PublicKey>();
  for (const line of args.key.split(/\r?\n/).filter((text) => text.trim() !== "" && !text.startsWith("#"))) {
    const parsed = parsePublicKey(line);
    if (!parsed.ok) return err(`invalid key specified: ${line}: ${parsed.error}`);
    const key = { ...parsed.value, options: args.key_options ?? parsed.value.options };
    keys.set(key.blob, { ...key, comment: oneBlank(args.comment) ?? key.comment });
  }
  return ok([...keys.values()]);
};

const oneBlank = (text: string | undefined): string | undefined => text?.trim().replaceAll(/[ \t]+/g, " ");
