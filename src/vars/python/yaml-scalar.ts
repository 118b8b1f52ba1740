import { resolvePlainScalar } from "../../source/resolve-scalar.ts";
import { characters } from "./text.ts";

/** How a text can be written in YAML, found by looking at its characters as YAML 1.1 sees them. */
export interface ScalarStyles {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const breaks = "\n\u0085\u2028\u2029";
const timestamp =
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/;

/** Whether a plain scalar of this text would be read back as something other than this text. */
const readsOtherwise = (value: string): boolean =>
  typeof resolvePlainScalar(value) !== "string" || timestamp.test(value) || value === "=" || value === "<<";

/** The styles in which a text keeps its value. */
export const scalarStyles = (value: string): ScalarStyles => {
  if (value === "") return { multiline: false, flowPlain: false, blockPlain: false, singleQuoted: true };
  const { flowIndicators, blockIndicators } = indicators(value);
  const multiline = [...value].some((character) => breaks.includes(character));
  const special = /[^\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(value);
  const blank = `[${breaks}]`;
  const edges = new RegExp(`^[ ${breaks}]|[ ${breaks}]$`).test(value);
  const breakSpace = new RegExp(`${blank} `).test(value);
  const spaceBreak = new RegExp(` ${blank}`).test(value);
  const plain = !edges && !breakSpace && !spaceBreak && !special && !multiline && !readsOtherwise(value);
  return {
    multiline,
    flowPlain: plain && !flowIndicators,
    blockPlain: plain && !blockIndicators,
    singleQuoted: !breakSpace && !spaceBreak && !special,
  };
};

const indicators = (value: string): { flowIndicators: boolean; blockIndicators: boolean } => {
  let flowIndicators = /^(?:---|\.\.\.)/.test(value);
  let blockIndicators = flowIndicators;
  const units = characters(value);
  const isBlank = (unit: string | undefined): boolean => unit === undefined || ` \t\r${breaks}`.includes(unit);
  for (const [index, unit] of units.entries()) {
    const followed = isBlank(units[index + 1]);
    if (index === 0) {
      if ("#,[]{}&*!|>'\"%@`".includes(unit)) flowIndicators = blockIndicators = true;
      if ("?:".includes(unit)) {
        flowIndicators = true;
        if (followed) blockIndicators = true;
      }
      if (unit === "-" && followed) flowIndicators = blockIndicators = true;
      continue;
    }
    if (",?[]{}".includes(unit)) flowIndicators = true;
    if (unit === ":") {
      flowIndicators = true;
      if (followed) blockIndicators = true;
    }
    if (unit === "#" && isBlank(units[index - 1])) flowIndicators = blockIndicators = true;
  }
  return { flowIndicators, blockIndicators };
};

const escapes: Readonly<Record<string, string>> = {
  "\0": "0",
  "\u0007": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\u001b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u00a0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** A character inside of double quotes. */
export const escapedCharacter = (character: string): string => {
  const letter = escapes[character];
  if (letter !== undefined) return `\\${letter}`;
  const code = character.codePointAt(0) ?? 0;
  if (
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  ) {
    return character;
  }
  if (code >= 0x10000) return `\\U${code.toString(16).toUpperCase().padStart(8, "0")}`;
  if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
  return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
};
