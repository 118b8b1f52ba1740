import { err, ok, type Result } from "../util/result.ts";

/** One `key=value` of a text, or with an empty `key` the rest of it, still with templates. Offsets count in the text. */
export interface FreeFormPart {
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Takes a text such as `id -u chdir=/tmp` apart, as Ansible does: into pairs at white space outside quotes and outside
 * template blocks, and the rest, which keeps its quotes and inner spaces. `isOption` says which keys are pairs.
 */
export const parseFreeForm = (
  text: string,
  isOption: (key: string) => boolean,
): Result<{ readonly pairs: readonly FreeFormPart[]; readonly rest: string }, string> => {
  const tokens = splitTokens(text);
  if (tokens === undefined) {
    return err("failed at splitting arguments, either an unbalanced jinja2 block or quotes");
  }
  const pairs: FreeFormPart[] = [];
  let rest = "";
  let last = 0;
  for (const [index, { start, end }] of tokens.entries()) {
    const pair = readPair(text.slice(start, end), isOption);
    if (pair === undefined) continue;
    const next = tokens[index + 1]?.start ?? text.length;
    pairs.push({ ...pair, start, end });
    rest += text.slice(last, start);
    last = next;
  }
  return ok({ pairs, rest: (rest + text.slice(last)).trim() });
};

interface Token {
  readonly start: number;
  readonly end: number;
}

/** The stretches between white space; undefined where a quote or a template block does not end. */
const splitTokens = (text: string): readonly Token[] | undefined => {
  const tokens: Token[] = [];
  let start = -1;
  let quote = "";
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const blockEnd = templateEnd(text, at);
    if (blockEnd === -1) return undefined;
    if (quote === "" && /\s/.test(char)) {
      if (start !== -1) tokens.push({ start, end: at });
      start = -1;
      at++;
      continue;
    }
    if (start === -1) start = at;
    if (blockEnd !== undefined) at = blockEnd;
    else if (char === "\\" && quote !== "'") at += 2;
    else {
      if (char === quote) quote = "";
      else if (quote === "" && (char === '"' || char === "'")) quote = char;
      at++;
    }
  }
  if (quote !== "") return undefined;
  return start === -1 ? tokens : [...tokens, { start, end: text.length }];
};

/** Where the template block that begins here ends: undefined when none begins, -1 when it has no end. */
const templateEnd = (text: string, at: number): number | undefined => {
  const closing = { "{{": "}}", "{%": "%}", "{#": "#}" }[text.slice(at, at + 2)];
  if (closing === undefined) return undefined;
  let quote = "";
  for (let inside = at + 2; inside < text.length; inside++) {
    const char = text.charAt(inside);
    if (quote === "" && text.startsWith(closing, inside)) return inside + 2;
    if (closing === "#}") continue;
    if (char === "\\" && quote !== "") inside++;
    else if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
  }
  return -1;
};

const readPair = (
  token: string,
  isOption: (key: string) => boolean,
): { readonly key: string; readonly value: string } | undefined => {
  const at = /(?<!\\)=/.exec(token)?.index ?? 0;
  const key = token.slice(0, at).trim();
  if (at === 0 || !isOption(key)) return undefined;
  return { key, value: unquote(decodeEscapes(token.slice(at + 1).trim())) };
};

const unquote = (text: string): string => {
  const first = text.charAt(0);
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== "\\";
  return quoted ? text.slice(1, -1) : text;
};

const named: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** Python's escapes of a text literal, but for octal ones: `\\1` is a group of an expression. */
const decodeEscapes = (text: string): string =>
  text.replaceAll(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([abfnrtv\\'"]))/g,
    (whole: string, long?: string, short?: string, byte?: string, letter?: string) => {
      if (letter !== undefined) return named[letter] ?? whole;
      const code = Number.parseInt(long ?? short ?? byte ?? "0", 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
