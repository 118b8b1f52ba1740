import { journalLibraries } from "./grant.ts";
import type { PlannedState, Program, ShellFunction, ShellParams, ShellValue } from "./program.ts";
import { quote } from "./quote.ts";

/** What a program needs besides its parameters. */
export interface CompileOptions {
  readonly check: boolean;
  readonly diff: boolean;
  /** What earlier steps of a dry run would have made. */
  readonly planned: readonly PlannedState[];
  /** Exported for the commands of the body (the `environment` keyword). */
  readonly environment: Readonly<Record<string, string>>;
  /** The grant whose journal keeps what the program changes. */
  readonly grant?: GrantStep | undefined;
  /** How a value becomes a word of a shell, where one holds more than its text. */
  readonly quote?: (text: string) => string;
  /** Assignments of parameters that only the host can make. */
  readonly onHost?: readonly string[];
}

/** A step of a grant: which one, and where the module cannot tell by itself, how the step is taken back. */
export interface GrantStep {
  readonly id: string;
  /** A command of a shell, or `keep` for what stays. Absent where a dry run of the module tells what it changes. */
  readonly undo?: { readonly command: string } | "keep";
  /** The step for people. */
  readonly name: string;
}

/**
 * Writes the text of one step: quoted assignments, then the call of the last function.
 *
 * A list becomes `p_name_n` and `p_name_1` …; bytes become a function `p_name` that writes them to standard output.
 */
export const compile = (functions: readonly ShellFunction[], params: ShellParams, options: CompileOptions): Program => {
  const lines: string[] = [];
  const toWord = options.quote ?? quote;
  if (options.check) lines.push("lk_check=1");
  if (options.diff) lines.push("lk_diff=1");
  options.planned.forEach((state, index) => {
    const name = `lk_planned_${index + 1}`;
    lines.push(`${name}_kind=${quote(state.kind)} ${name}_key=${quote(state.key)} ${name}_data=${quote(state.data)}`);
  });
  if (options.planned.length > 0) lines.push(`lk_planned_n=${options.planned.length}`);
  for (const [name, value] of Object.entries(options.environment)) lines.push(exportLine(name, value));
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) lines.push(...assignments(`p_${name}`, value, toWord));
  }
  lines.push(...(options.onHost ?? []));
  const entry = functions.at(-1);
  if (entry === undefined) throw new Error("Internal error: a program without a body");
  if (options.grant === undefined) lines.push(entry.name);
  else lines.push(...journalled(options.grant, entry.name));
  const all = options.grant === undefined ? functions : [...journalLibraries, ...functions];
  return { functions: [...new Set(all)], text: `${lines.join("\n")}\n` };
};

const journalled = ({ id, undo, name }: GrantStep, body: string): readonly string[] => {
  if (undo === undefined) return [`lk_journalled ${quote(id)} ${body}`];
  const command = undo === "keep" ? "" : undo.command;
  return [`lk_journalled_command ${quote(id)} ${quote(name)} ${quote(command)} ${body}`];
};

/** A body's own work needs LC_ALL=C (lengths are bytes): a locale of the user's is for the commands that it runs in the open. */
const exportLine = (name: string, value: string): string => {
  if (name === "LC_ALL") return `LC_ALL_BEFORE=${quote(value)}`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`Internal error: not a variable's name: ${name}`);
  return `${name}=${quote(value)}; export ${name}`;
};

type ToWord = (text: string) => string;

const assignments = (name: string, value: ShellValue, toWord: ToWord): string[] => {
  if (typeof value === "string") return [`${name}=${toWord(value)}`];
  if (typeof value === "number") return [`${name}=${toWord(String(value))}`];
  if (typeof value === "boolean") return [`${name}=${value ? "1" : "0"}`];
  return value instanceof Uint8Array ? bytesFunction(name, value, toWord) : listAssignments(name, value, toWord);
};

const listAssignments = (name: string, items: readonly string[], toWord: ToWord): string[] => [
  `${name}_n=${items.length}`,
  ...items.map((item, index) => `${name}_${index + 1}=${toWord(item)}`),
];

/** `\0ddd` is what every shell's own writing command understands; see `lk_bytes`. */
const bytesFunction = (name: string, bytes: Uint8Array, toWord: ToWord): string[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  if (!text.includes("\0") && Buffer.from(text, "utf8").equals(buffer)) {
    return [`${name}() {`, `lk_put ${toWord(text)}`, "}"];
  }
  const escaped = Array.from(buffer, (byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
  return [`${name}() {`, `lk_bytes ${quote(escaped)}`, "}"];
};
