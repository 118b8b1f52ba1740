import { supportComment } from "../modules/grant_status/grant_status.ts";
import type { Plain, PlainMap } from "../vars/value.ts";

/**
 * What a line of a key file is to us.
 *
 * - `granted`: a grant that is open on this host brought it there, or found it in a file and an account of its own
 * - `orphan`: it is in a support account, and no open grant accounts for it
 * - `foreign copy`: it is in an account that no grant ever made
 * - `commented out`: sshd does not read it, and a single character brings it back
 * - `trust line`: it lets in whomever an authority certifies that is none of the known keys
 */
export type KeyClass = "granted" | "orphan" | "foreign copy" | "commented out" | "trust line";

/** A line as the host tells it. */
export interface FoundLine {
  readonly account: string;
  readonly gecos: string;
  readonly file: string;
  readonly line: number;
  readonly fingerprint: string;
  readonly blob: string;
  readonly options: string;
  readonly commented: boolean;
}

/** The grants of a host, as far as lines of keys belong to them. */
export interface HostGrants {
  readonly grants: readonly {
    readonly id: string;
    readonly isOpen: boolean;
    readonly accounts: readonly string[];
    readonly files: readonly string[];
    /** What it brought into files: `BLOB FILE`. */
    readonly keys: readonly string[];
  }[];
  readonly leftovers: readonly string[];
}

/** What a line is, and of which grant. `known` says whether its key is one of those that were looked for. */
export const classifyKey = (
  found: FoundLine,
  { grants, leftovers }: HostGrants,
  known: (blob: string) => boolean,
): { readonly class: KeyClass; readonly grant?: string } => {
  const { account, file } = found;
  if (found.commented) return { class: "commented out" };
  const grant = grants.find(
    ({ isOpen, accounts, files, keys }) =>
      isOpen && (keys.includes(`${found.blob} ${file}`) || (accounts.includes(account) && files.includes(file))),
  );
  if (grant !== undefined) return { class: "granted", grant: grant.id };
  if (!known(found.blob)) return { class: "trust line" };
  const isSupport =
    found.gecos === supportComment ||
    leftovers.includes(account) ||
    grants.some(({ accounts }) => accounts.includes(account));
  return { class: isSupport ? "orphan" : "foreign copy" };
};

/** Reads what `key_sweep` told of lines; what a host says is taken for nothing but texts. */
export const readFoundLines = (value: Plain | undefined): readonly FoundLine[] =>
  (Array.isArray(value) ? value : []).filter(isMap).map((line) => ({
    account: textOf(line["account"]),
    gecos: textOf(line["gecos"]),
    file: textOf(line["file"]),
    line: Number(line["line"] ?? 0),
    fingerprint: textOf(line["fingerprint"]),
    blob: textOf(line["blob"]),
    options: textOf(line["options"]),
    commented: line["commented"] === true,
  }));

/** Reads what `grant_status` told. A grant that is overdue is not open: nothing is granted by it any more. */
export const readHostGrants = (result: PlainMap): HostGrants => ({
  grants: Object.entries(isMap(result["grants"]) ? result["grants"] : {}).flatMap(([id, value]) =>
    isMap(value)
      ? [
          {
            id,
            isOpen: value["state"] === "open" && value["overdue"] !== true,
            accounts: textsOf(value["accounts"]),
            files: textsOf(value["files"]),
            keys: (Array.isArray(value["keys"]) ? value["keys"] : [])
              .filter(isMap)
              .map((key) => `${textOf(key["blob"])} ${textOf(key["file"])}`),
          },
        ]
      : [],
  ),
  leftovers: textsOf(result["leftovers"]),
});

const isMap = (value: unknown): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: Plain | undefined): string => (typeof value === "string" ? value : "");

const textsOf = (value: Plain | undefined): readonly string[] =>
  (Array.isArray(value) ? value : []).filter((item): item is string => typeof item === "string");
