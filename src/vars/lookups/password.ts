import { posix } from "node:path";
import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { integer, isList, type Live } from "../evaluate/live.ts";
import { parseInteger } from "../filters/numbers.ts";
import { randomBelow } from "../filters/lists.ts";
import { text } from "../python/text.ts";
import { termOptions, type TermOptions } from "./term-options.ts";

const lower = "abcdefghijklmnopqrstuvwxyz";
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/** Python's names of sets of characters. */
const sets: Readonly<Record<string, string>> = {
  ascii_letters: lower + lower.toUpperCase(),
  ascii_lowercase: lower,
  ascii_uppercase: lower.toUpperCase(),
  digits: "0123456789",
  hexdigits: "0123456789abcdefABCDEF",
  octdigits: "01234567",
  punctuation,
  printable: `0123456789${lower}${lower.toUpperCase()}${punctuation} \t\n\r\v\f`,
  whitespace: " \t\n\r\v\f",
};

const allowed = ["length", "chars", "encrypt", "seed"];

/**
 * `lookup('password', path, length=20, chars=…, encrypt=…, seed=…)`: what stands in a file of the controller, a random
 * password where there is none yet. /dev/null keeps nothing.
 */
export const password: Lookup = (terms, options, evaluation) =>
  terms.map((term) => {
    const given = termOptions("password", term, options, allowed);
    const { lookups } = evaluation.context;
    const path = lookups.realPath(posix.join(given.key.startsWith("/") ? "/" : lookups.playbookFolder, given.key));
    const read = given.key !== "/dev/null" && lookups.fileKind(path) !== undefined ? lookups.readFile(path) : undefined;
    if (read?.ok === false) throw new Fault(`cannot read ${path}: ${read.error}`);
    const kept = read === undefined ? undefined : new TextDecoder().decode(read.value).replace(/\n$/, "");
    const [, plain = kept ?? generated(given), keptSalt] = /^(.*) salt=(\S+)$/.exec(kept ?? "") ?? [];
    const scheme = given.get("encrypt") ?? null;
    const salt = scheme === null ? keptSalt : (keptSalt ?? characters("ascii_letters,digits", 16, null));
    const content = salt === undefined ? plain : `${plain} salt=${salt}`;
    if (content !== kept && given.key !== "/dev/null") {
      const written = lookups.writeSecret(path, `${content}\n`);
      if (!written.ok) throw new Fault(`cannot write ${path}: ${written.error}`);
    }
    if (scheme === null || salt === undefined) return plain;
    return evaluation.callFilter("password_hash", plain, { positional: [scheme, salt], named: new Map() });
  });

const generated = (given: TermOptions): string => {
  const length = given.get("length") ?? 20;
  const size = integer((typeof length === "string" ? parseInteger(length, 10) : undefined) ?? length, "a length");
  return characters(given.get("chars") ?? ["ascii_letters", "digits", ".,:-_"], size, given.get("seed") ?? null);
};

/** Random characters of sets, which are separated by commas; two commas are one of the characters, the first. */
const characters = (from: Live, length: number, seed: Live): string => {
  const names = isList(from) ? from.map(text) : splitSets(text(from));
  const all = [
    ...names
      .map((name) => (Object.hasOwn(sets, name) ? sets[name] : name))
      .join("")
      // Quotes would be lost in most places where a password is written.
      .replaceAll(/["']/g, ""),
  ];
  if (all.length === 0) throw new Fault("password: there are no characters to choose from");
  const below = randomBelow(seed);
  return Array.from({ length }, () => all[below(all.length)]).join("");
};

const splitSets = (names: string): string[] => {
  const parts = names
    .replaceAll(",,", ",")
    .split(",")
    .filter((part) => part !== "");
  return names.includes(",,") ? [",", ...parts] : parts;
};
