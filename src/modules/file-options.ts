import type { ShellParams } from "../shell/program.ts";
import { err, ok, type Result } from "../util/result.ts";

/** The options that every module about files has (FILE OPTS of Ansible's documentation). */
export const fileOptions = {
  owner: { type: "string", description: "The account that is to own it, by name or number." },
  group: { type: "string", description: "The group that is to own it, by name or number." },
  mode: {
    type: ["string", "integer"],
    description: "Permissions, as an octal text ('0644') or symbolic (u=rw,g=r,o=).",
  },
  unsafe_writes: {
    type: "boolean",
    default: false,
    description: "Where the file cannot be replaced (something is mounted on it), write into it.",
  },
  attributes: { type: "string", description: "Not supported yet: attributes for chattr." },
  seuser: { type: "string", description: "Not supported yet: the user of the SELinux context." },
  serole: { type: "string", description: "Not supported yet: the role of the SELinux context." },
  setype: { type: "string", description: "Not supported yet: the type of the SELinux context." },
  selevel: { type: "string", description: "Not supported yet: the level of the SELinux context." },
} as const;

/** `attr` is the other name of `attributes`. */
export const fileOptionAliases = { attr: "attributes" } as const;

/** Arguments that hold the options above. */
export interface FileArguments {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | number | undefined;
  readonly unsafe_writes?: boolean | undefined;
  readonly attributes?: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

const unsupported = ["attributes", "seuser", "serole", "setype", "selevel"] as const;

/** Checks the options above; the mode becomes four octal digits, or stays symbolic. */
export const normalizeFileArguments = <Args extends FileArguments>(args: Args): Result<Args, string> => {
  for (const name of unsupported) if (args[name] !== undefined) return err(`option "${name}" is not supported yet`);
  const mode = args.mode === undefined ? ok(undefined) : normalizeMode(args.mode);
  if (!mode.ok) return mode;
  return ok({ ...args, ...(mode.value === undefined ? {} : { mode: mode.value }) });
};

const symbolicClause = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+$/;

/**
 * A mode as the bodies take it. A number is what YAML made of `0644`: its octal digits count.
 */
export const normalizeMode = (mode: string | number): Result<string, string> => {
  const text = typeof mode === "number" ? mode.toString(8) : mode.trim().replace(/^0o/, "");
  if (text === "preserve") return ok(text);
  if (/^[0-7]+$/.test(text)) {
    const digits = text.replace(/^0+/, "").padStart(4, "0");
    return digits.length > 4 ? err(`mode must be in octal or symbolic form: ${text}`) : ok(digits);
  }
  const wrong = text.split(",").find((clause) => !symbolicClause.test(clause));
  return wrong === undefined ? ok(text) : err(`mode must be in octal or symbolic form: ${text}`);
};

/** The variables of the bodies. */
export const fileParams = (args: FileArguments): ShellParams => ({
  owner: args.owner,
  group: args.group,
  mode: args.mode === undefined || args.mode === "preserve" ? undefined : String(args.mode),
  unsafe_writes: args.unsafe_writes,
});
