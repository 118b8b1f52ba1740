import { isIP } from "node:net";
import { accountsLibrary } from "../../shell/accounts.ts";
import { filesLibrary, pathsLibrary } from "../../shell/libraries.ts";
import type { FieldValue, ProgramResult, ShellParams } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { checkAccountName } from "../account-name.ts";
import { parsePublicKey, type PublicKey } from "../authorized_key/public-key.ts";
import type { HostModule } from "../module.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { judgeKeyLines, looseKeyLines } from "./judge-key-lines.ts";
import { judgeSecondLines } from "./judge-second-lines.ts";
import { type LoginCheckArguments, loginCheckSchema, loginCheckReturns } from "./login_check.schema.ts";
import { NOWHERE } from "./nowhere.ts";

/** Tells whether sshd would let an account in with a key. */
export const loginCheck: HostModule<LoginCheckArguments> = {
  runs: "host",
  name: "latchkey.access.login_check",
  summary: "Tells whether a host's SSH server would let an account in with a public key, and what keeps it out.",
  schema: loginCheckSchema,
  readOnly: true,
  normalize: (args) => {
    const name = checkAccountName(args.user, "user");
    if (!name.ok) return name;
    if (args.address !== undefined && isIP(args.address) === 0) {
      return err(`address is "${args.address}"; expected one address, such as 203.0.113.7`);
    }
    const [key, lines] = [keyOf(args), linesOf(args)];
    if (!key.ok) return key;
    return lines.ok ? ok(args) : lines;
  },
  functions: [
    accountsLibrary,
    pathsLibrary,
    filesLibrary,
    shellBody("m_login_check", new URL("login_check.sh", import.meta.url)),
  ],
  params: (args) => {
    const key = keyOf(args);
    return key.ok ? ok(commonParams("ask", args, key.value)) : key;
  },
  // The host tells what sshd, its configuration and the account say; the controller judges that; the host then looks at
  // the key files that follow from it, and has the last word.
  next: (result, args) => nextParams(result, args),
  result: ({ fields }) => {
    const { found: _, ...told } = fields;
    return { ...told, ...verdictOf(fields) };
  },
  failure: ({ fields }) => ({ ...fields, ...(fields["allowed"] === undefined ? {} : verdictOf(fields)) }),
  checkMode: "full",
  returns: loginCheckReturns,
  examples: `
- name: Would the support account get in from the bastion?
  latchkey.access.login_check:
    user: support
    address: 203.245.13.207
  become: true
`,
};

const commonParams = (stage: string, { user, address, lines }: LoginCheckArguments, key: PublicKey | undefined) => ({
  stage,
  user,
  address: address ?? NOWHERE,
  place: address === undefined ? "" : ` from ${address}`,
  blob: key?.blob ?? "",
  blobs: lines.map((line) => blobOf(line)).join("\n"),
});

const blobOf = (line: string): string => {
  const parsed = parsePublicKey(line);
  return parsed.ok ? parsed.value.blob : "";
};

const keyOf = ({ key }: LoginCheckArguments): Result<PublicKey | undefined, string> => {
  if (key === undefined || key.trim() === "") return ok(undefined);
  const parsed = parsePublicKey(key);
  return parsed.ok ? parsed : err(`key is not one line of a public key: ${parsed.error}`);
};

/** The keys of the lines that were given; the error says which is none. */
const linesOf = ({ lines }: LoginCheckArguments): Result<readonly PublicKey[], string> => {
  const keys: PublicKey[] = [];
  for (const line of lines) {
    const parsed = parsePublicKey(line);
    if (!parsed.ok) return err(`an entry of lines is not one line of authorized_keys: ${parsed.error}`);
    keys.push(parsed.value);
  }
  return ok(keys);
};

const nextParams = (result: ProgramResult, args: LoginCheckArguments): Result<ShellParams | undefined, string> => {
  const key = keyOf(args);
  if (!key.ok) return key;
  if (result.outcome !== "ok") return ok(undefined);
  const { fields } = result;
  if (fields["asked"] !== undefined) {
    const place = { address: args.address ?? NOWHERE, hasAddress: args.address !== undefined };
    const { blockers, notes, ...files } = judgeAnswer(fields, { user: args.user, ...place, key: key.value });
    return ok({ ...commonParams("look", args, key.value), ...files, blocker: blockers, note: notes });
  }
  // The host found nothing to object to, and so its notes are all that is to be kept.
  const tell = (stage: "tell" | "second", blocker: readonly string[]): Result<ShellParams, string> =>
    ok({ ...commonParams(stage, args, key.value), blocker, note: listOf(fields["notes"]) });
  const kept = judgeKeyLines(listOf(fields["key_options"]), args.address);
  if (kept !== undefined) return tell("tell", [kept]);
  const lines = linesOf(args);
  const second = lines.ok ? judgeSecondLines(fields["found"], lines.value) : [];
  return second.length === 0 ? ok(undefined) : tell("second", second);
};

const listOf = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const verdictOf = (fields: Readonly<Record<string, FieldValue>>): Readonly<Record<string, FieldValue>> => {
  const warnings = [...listOf(fields["warnings"]), ...looseKeyLines(listOf(fields["key_options"]))];
  return {
    blockers: listOf(fields["blockers"]),
    notes: listOf(fields["notes"]),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
};
