import { globToRegExp } from "../../util/glob.ts";
import { pythonRegex } from "../../vars/python/regex.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { normalizeMode } from "../file-options.ts";
import type { FindArguments } from "./find.schema.ts";

/** What find is asked for, worked out from its arguments. */
export interface Criteria {
  readonly type: FindArguments["file_type"];
  readonly hidden: boolean;
  /** A name has to match one of these, where there are any. */
  readonly patterns: readonly RegExp[];
  readonly excludes: readonly RegExp[];
  /** Seconds; negative for the greatest age. */
  readonly age: Bound | undefined;
  readonly stamp: FindArguments["age_stamp"];
  /** Bytes. */
  readonly size: Bound | undefined;
  readonly mode: number | undefined;
  readonly exactMode: boolean;
  readonly limit: number;
}

/** At least so much, or at most. */
export interface Bound {
  readonly is: "least" | "most";
  readonly value: number;
}

const ageUnits = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const sizeUnits = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** The error is one sentence about the option that is wrong. */
export const criteriaOf = (args: FindArguments): Result<Criteria, string> => {
  const patterns = compile("patterns", args.patterns, args.use_regex);
  if (!patterns.ok) return patterns;
  const excludes = compile("excludes", args.excludes ?? [], args.use_regex);
  if (!excludes.ok) return excludes;
  const age = boundOf("age", args.age, ageUnits);
  if (!age.ok) return age;
  const size = boundOf("size", args.size, sizeUnits);
  if (!size.ok) return size;
  const mode = modeOf(args.mode);
  if (!mode.ok) return mode;
  return ok({
    type: args.file_type,
    hidden: args.hidden,
    patterns: patterns.value,
    excludes: excludes.value,
    age: age.value,
    stamp: args.age_stamp,
    size: size.value,
    mode: mode.value,
    exactMode: args.exact_mode,
    limit: args.limit ?? Number.POSITIVE_INFINITY,
  });
};

/** Expressions that a whole name is tested with. */
const compile = (option: string, patterns: readonly string[], regex: boolean): Result<readonly RegExp[], string> => {
  const compiled: RegExp[] = [];
  for (const pattern of patterns) {
    if (regex) {
      const expression = pythonRegex(pattern);
      if (!expression.ok) return err(`${option}: ${JSON.stringify(pattern)} does not work here: ${expression.error}`);
      // Sticky, since Python's match() begins at the beginning.
      compiled.push(new RegExp(expression.value.source, expression.value.flags.replace("g", "y")));
    } else compiled.push(globToRegExp(pattern));
  }
  return ok(compiled);
};

const boundOf = (
  option: string,
  text: string | undefined,
  units: Readonly<Record<string, number>>,
): Result<Bound | undefined, string> => {
  if (text === undefined) return ok(undefined);
  const [, sign = "", digits = "", unit = ""] = /^(-?)(\d+)([a-z]?)$/.exec(text.trim().toLowerCase()) ?? [];
  const factor = unit === "" ? 1 : units[unit];
  if (digits === "" || factor === undefined) {
    return err(`failed to process ${option} "${text}": give a number, or one with ${Object.keys(units).join(", ")}`);
  }
  return ok({ is: sign === "-" ? "most" : "least", value: Number(digits) * factor });
};

const modeOf = (mode: FindArguments["mode"]): Result<number | undefined, string> => {
  if (mode === undefined) return ok(undefined);
  const normalized = normalizeMode(mode);
  if (!normalized.ok) return normalized;
  return /^[0-7]+$/.test(normalized.value)
    ? ok(Number.parseInt(normalized.value, 8))
    : err(`mode "${mode}" is not supported: find takes octal permissions alone, such as '0644'`);
};

/**
 * Patterns for the host's own find that let through all that shell patterns do, and maybe more: finds differ in what
 * `[`, a backslash and letters beyond ASCII mean. None where everything has to come.
 */
export const namesForHost = ({ patterns, use_regex }: FindArguments): readonly string[] => {
  if (use_regex) return [];
  const names = patterns.map((pattern) =>
    pattern
      .replace(/\[.*$/s, "*")
      .replaceAll(/[^\w.,:=+@%~ -]/g, "*")
      .replaceAll(/\*+/g, "*"),
  );
  return names.includes("*") ? [] : names;
};
