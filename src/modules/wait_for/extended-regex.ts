import { err, ok, type Result } from "../../util/result.ts";

/** A pattern for `grep -E`, and whether case is ignored. */
export interface ExtendedRegex {
  readonly pattern: string;
  readonly ignoreCase: boolean;
}

const classes: Readonly<Record<string, string>> = { d: "0-9", w: "[:alnum:]_", s: "[:space:]" };

/**
 * A Python regular expression as one of POSIX, which a host's grep has: enough of it to say whether a line matches. The
 * error names the first part that POSIX cannot say (looking around, references back, matches over several lines).
 */
export const extendedRegex = (source: string): Result<ExtendedRegex, string> => {
  const flags = /^\(\?([im]+)\)/.exec(source);
  let rest = source.slice(flags?.[0].length ?? 0);
  let pattern = "";
  while (rest !== "") {
    const part = nextPart(rest);
    if (part === undefined) return err(`search_regex cannot be used on a host from "${rest}" on`);
    pattern += part.made;
    rest = rest.slice(part.length);
  }
  return ok({ pattern, ignoreCase: flags?.[1]?.includes("i") ?? false });
};

interface Part {
  readonly length: number;
  readonly made: string;
}

const nextPart = (text: string): Part | undefined => {
  const group = /^\((?:\?:|\?P<\w+>)/.exec(text);
  if (group !== null) return { length: group[0].length, made: "(" };
  if (text.startsWith("(?") || text.startsWith("[[:")) return undefined;
  const bracket = /^\[(\^?)(\]?(?:\\[\s\S]|[^\]\\])*)\]/.exec(text);
  if (bracket !== null) return bracketPart(bracket);
  const repeat = /^(\*|\+|\?|\{\d*(?:,\d*)?\})([?+]?)/.exec(text);
  if (repeat !== null) {
    // Whether there is a match at all does not depend on how greedy a part is.
    return repeat[2] === "+" ? undefined : { length: repeat[0].length, made: repeat[1] ?? "" };
  }
  if (text.startsWith("\\")) return escapePart(text.charAt(1));
  const [char = ""] = text;
  if (char === "\n") return undefined;
  return { length: char.length, made: char === "{" ? "\\{" : char };
};

const escapePart = (char: string): Part | undefined => {
  const lower = char.toLowerCase();
  const inside = classes[lower];
  if (inside !== undefined) return { length: 2, made: lower === char ? `[${inside}]` : `[^${inside}]` };
  if (char === "t") return { length: 2, made: "\t" };
  if (char === "" || /[A-Za-z0-9]/.test(char)) return undefined;
  return { length: 2, made: /[.*+?()[\]{}|^$\\]/.test(char) ? `\\${char}` : char };
};

/** In brackets POSIX has no escapes: `]` stands first, `^` not first, `-` last. */
const bracketPart = ([whole, negated = "", body = ""]: RegExpExecArray): Part | undefined => {
  let made = "";
  let closing = "";
  let last = "";
  for (const [part] of body.matchAll(/\\[\s\S]|[\s\S]/g)) {
    const char = part.length === 2 ? part.charAt(1) : part;
    const isClass = part.length === 2 && Object.hasOwn(classes, char);
    if (part.length === 2 && !isClass && /[A-Za-z0-9]/.test(char) && char !== "t") return undefined;
    if (isClass) made += classes[char] ?? "";
    else if (char === "]") closing = "]";
    else if ((char === "^" || char === "-") && part.length === 2) last += char;
    else made += part === "\\t" ? "\t" : char;
  }
  const hyphen = last.includes("-") ? "-" : "";
  const caret = last.includes("^") ? "^" : "";
  return { length: whole.length, made: `[${negated}${closing}${made}${caret}${hyphen}]` };
};
