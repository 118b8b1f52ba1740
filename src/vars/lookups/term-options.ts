import { Fault } from "../evaluate/fault.ts";
import { type Live, truthy } from "../evaluate/live.ts";
import { text } from "../python/text.ts";

/** A term of a lookup that holds options, too: `key file=x col=1`. */
export interface TermOptions {
  /** What stands before the options. */
  readonly key: string;
  readonly get: (name: string) => Live | undefined;
  readonly text: (name: string, fallback: string) => string;
  readonly flag: (name: string) => boolean;
}

/** Reads a term; options of the call stand in where the term has none. @throws Fault for an option of another name */
export const termOptions = (
  lookup: string,
  term: Live,
  given: ReadonlyMap<string, Live>,
  allowed: readonly string[],
): TermOptions => {
  const words = [...text(term).matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word);
  const options = new Map(given);
  const key: string[] = [];
  for (const word of words) {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (name === "") key.push(unquoted(word));
    else options.set(name, unquoted(value));
  }
  for (const name of options.keys()) {
    if (!allowed.includes(name)) {
      throw new Fault(`the lookup '${lookup}' has no option '${name}': its options are ${allowed.join(", ")}`);
    }
  }
  const flag = (value: Live): boolean =>
    typeof value === "string" ? ["yes", "on", "true", "1"].includes(value.toLowerCase()) : truthy(value);
  return {
    key: key.join(" "),
    get: (name) => options.get(name),
    text: (name, fallback) => text(options.get(name) ?? fallback),
    flag: (name) => flag(options.get(name) ?? false),
  };
};

const unquoted = (word: string): string => /^(["'])(.*)\1$/s.exec(word)?.[2] ?? word;
