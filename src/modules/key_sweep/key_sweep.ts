import { accountsLibrary } from "../../shell/accounts.ts";
import type { FieldValue, ShellFunction, ShellParams } from "../../shell/program.ts";
import { quote } from "../../shell/quote.ts";
import { shellBody, shellLibrary, withoutComments } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { keyLinesLibrary } from "../authorized_key/key-lines.ts";
import { blobFingerprint } from "../authorized_key/public-key.ts";
import type { HostModule } from "../module.ts";
import { type KeySweepArguments, keySweepSchema, keySweepReturns } from "./key_sweep.schema.ts";

/** The part that runs with an account's own rights: a script in a variable, for another shell. */
const keyFilesScript: ShellFunction = {
  name: "key_files",
  get text() {
    return `ks_script=${quote(withoutComments(new URL("key-files.sh", import.meta.url)))}\n`;
  },
};

/** Looks into every file that sshd reads keys from: `ks_sweep`. */
export const sweepLibraries: readonly ShellFunction[] = [
  accountsLibrary,
  keyFilesScript,
  keyLinesLibrary,
  shellLibrary("key_sweep", new URL("sweep.sh", import.meta.url)),
];

/** So many of them fit into the one argument that a search for all of them has. */
const mostKeys = 4000;

/** What is wrong with the keys that are to be looked for. */
export const blobsProblem = (blobs: readonly string[]): string | undefined => {
  const wrong = blobs.findIndex((blob) => !/^[A-Za-z0-9+/]{40,}={0,2}$/.test(blob));
  if (wrong !== -1) return `entry ${wrong + 1} of blobs is not the base64 part of a public key`;
  return blobs.length > mostKeys ? `blobs holds more than ${mostKeys} keys` : undefined;
};

/** What `ks_sweep` needs to know of them. */
export const sweepParams = (blobs: readonly string[]): ShellParams => ({
  blobs: blobs.join("\n"),
  look: patternsOf(blobs).join("\n"),
});

/** Looks for keys in every file that sshd reads them from, for every account. */
export const keySweep: HostModule<KeySweepArguments> = {
  runs: "host",
  name: "latchkey.access.key_sweep",
  summary: "Looks for public keys, and for lines that trust an authority, in every account's key files.",
  schema: keySweepSchema,
  readOnly: true,
  normalize: (args) => {
    const problem = blobsProblem(args.blobs);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [...sweepLibraries, shellBody("m_key_sweep", new URL("key_sweep.sh", import.meta.url))],
  params: ({ blobs }) => ok(sweepParams(blobs)),
  result: ({ fields }) => ({
    ...fields,
    found: Object.values(fields["found"] ?? {}).map(withFingerprint),
    unreadable: fields["unreadable"] ?? [],
  }),
  checkMode: "full",
  returns: keySweepReturns,
  examples: `
- name: Look where the vendor's keys are
  latchkey.access.key_sweep:
    blobs: [AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy]
  register: found
`,
};

/** What a line is first looked for by: the end of a key is enough, and keeps the search short. */
const patternsOf = (blobs: readonly string[]): readonly string[] => [
  ...new Set(blobs.map((blob) => blob.slice(-24))),
  "cert-authority",
];

/** With the fingerprint, as `ssh-keygen -l` shows it; empty where the line's key is damaged. */
const withFingerprint = (found: FieldValue): FieldValue => {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return found;
  const { blob, ...line } = found as Readonly<Record<string, FieldValue>>;
  if (typeof blob !== "string") return found;
  return { ...line, blob, fingerprint: blobFingerprint(blob) };
};
