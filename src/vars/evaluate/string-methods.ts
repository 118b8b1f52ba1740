import { formatBraces } from "../python/format.ts";
import { splitLines } from "../python/split-lines.ts";
import { capitalize, pad, splitText, strip, titleCase } from "../python/string-operations.ts";
import { characters, textLength } from "../python/text.ts";
import type { Arguments } from "./arguments.ts";
import { Fault } from "./fault.ts";
import { type Live, Tuple, typeName } from "./live.ts";
import type { Method } from "./methods.ts";

const simple = (run: (value: string) => Live): Method<string> => ({ parameters: [], run: (value) => run(value) });

const stripping = (sides: "both" | "left" | "right"): Method<string> => ({
  parameters: ["chars"],
  run: (value, args) => strip(value, sides, optionalText(args, "chars")),
});

const optionalText = (args: Arguments, name: string): string | undefined => {
  const value = args.get(name);
  return value === undefined || value === null ? undefined : args.requiredText(name);
};

const splitting = (fromRight: boolean): Method<string> => ({
  parameters: ["sep", "maxsplit"],
  run: (value, args) => splitText(value, optionalText(args, "sep"), args.integer("maxsplit", -1), fromRight),
});

/** `startswith` and `endswith`: the affix may be a tuple of affixes. */
const affix = (name: string, has: (value: string, affix: string) => boolean): Method<string> => ({
  parameters: ["affix", "start", "end"],
  run: (value, args) => {
    const given = args.required("affix");
    const affixes = given instanceof Tuple ? [...given] : [given];
    const size = textLength(value);
    const part = characters(value).slice(args.integer("start", 0), args.integer("end", size)).join("");
    return affixes.some((item) => {
      if (typeof item === "string") return has(part, item);
      throw new Fault(`${name} first arg must be str or a tuple of str, not ${typeName(item)}`);
    });
  },
});

/** The part of a text that `start` and `end` leave, and where it begins. */
const within = (value: string, args: Arguments): { readonly part: string; readonly from: number } => {
  const size = textLength(value);
  const start = args.integer("start", 0);
  const from = start < 0 ? Math.max(start + size, 0) : start;
  return { part: characters(value).slice(from, args.integer("end", size)).join(""), from };
};

/** `find` and the like: a position in characters, or -1. */
const position = (run: (value: string, part: string) => number, needed: boolean): Method<string> => ({
  parameters: ["sub", "start", "end"],
  run: (value, args) => {
    const { part, from } = within(value, args);
    const index = run(part, args.requiredText("sub"));
    if (index === -1 && needed) throw new Fault("substring not found");
    return index === -1 ? -1 : from + textLength(part.slice(0, index));
  },
});

const padding = (side: "left" | "right" | "both"): Method<string> => ({
  parameters: ["width", "fillchar"],
  run: (value, args) => pad(value, args.integer("width", 0), args.text("fillchar", " "), side),
});

const partition = (find: (value: string, separator: string) => number, whole: "first" | "last"): Method<string> => ({
  parameters: ["sep"],
  run: (value, args) => {
    const separator = args.requiredText("sep");
    const at = find(value, separator);
    if (at === -1) return Tuple.fromItems(whole === "first" ? [value, "", ""] : ["", "", value]);
    return Tuple.fromItems([value.slice(0, at), separator, value.slice(at + separator.length)]);
  },
});

/** The methods of a text, as Python's `str` has them. */
export const stringMethods: Readonly<Record<string, Method<string>>> = {
  split: splitting(false),
  rsplit: splitting(true),
  splitlines: {
    parameters: ["keepends"],
    run: (value, args) => splitLines(value, args.boolean("keepends", false)),
  },
  strip: stripping("both"),
  lstrip: stripping("left"),
  rstrip: stripping("right"),
  lower: simple((value) => value.toLowerCase()),
  upper: simple((value) => value.toUpperCase()),
  title: simple(titleCase),
  capitalize: simple(capitalize),
  swapcase: simple((value) =>
    value.replace(/\p{L}/gu, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    ),
  ),
  replace: {
    parameters: ["old", "new", "count"],
    run: (value, args) =>
      replaceText(value, args.requiredText("old"), args.requiredText("new"), args.integer("count", -1)),
  },
  startswith: affix("startswith", (value, start) => value.startsWith(start)),
  endswith: affix("endswith", (value, end) => value.endsWith(end)),
  removeprefix: {
    parameters: ["prefix"],
    run: (value, args) => {
      const prefix = args.requiredText("prefix");
      return value.startsWith(prefix) ? value.slice(prefix.length) : value;
    },
  },
  removesuffix: {
    parameters: ["suffix"],
    run: (value, args) => {
      const suffix = args.requiredText("suffix");
      return suffix !== "" && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value;
    },
  },
  join: {
    parameters: ["iterable"],
    run: (value, args, evaluation) =>
      evaluation
        .items(args.required("iterable"))
        .map((item, index) => {
          if (typeof item === "string") return item;
          throw new Fault(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
        })
        .join(value),
  },
  format: {
    parameters: ["*arguments", "**names"],
    run: (value, args, evaluation) => formatBraces(value, args.rest, args.others, evaluation),
  },
  find: position((value, part) => value.indexOf(part), false),
  rfind: position((value, part) => value.lastIndexOf(part), false),
  index: position((value, part) => value.indexOf(part), true),
  rindex: position((value, part) => value.lastIndexOf(part), true),
  count: {
    parameters: ["sub", "start", "end"],
    run: (value, args) => {
      const { part } = within(value, args);
      const sub = args.requiredText("sub");
      return sub === "" ? textLength(part) + 1 : part.split(sub).length - 1;
    },
  },
  partition: partition((value, separator) => value.indexOf(separator), "first"),
  rpartition: partition((value, separator) => value.lastIndexOf(separator), "last"),
  ljust: padding("right"),
  rjust: padding("left"),
  center: padding("both"),
  zfill: {
    parameters: ["width"],
    run: (value, args) => {
      const sign = /^[-+]/.exec(value)?.[0] ?? "";
      return sign + value.slice(sign.length).padStart(args.integer("width", 0) - sign.length, "0");
    },
  },
  isdigit: simple((value) => /^\p{Nd}+$/u.test(value)),
  isnumeric: simple((value) => /^\p{N}+$/u.test(value)),
  isalpha: simple((value) => /^\p{L}+$/u.test(value)),
  isalnum: simple((value) => /^[\p{L}\p{N}]+$/u.test(value)),
  isspace: simple((value) => value !== "" && value.trim() === ""),
  islower: simple((value) => value !== value.toUpperCase() && value === value.toLowerCase()),
  isupper: simple((value) => value !== value.toLowerCase() && value === value.toUpperCase()),
};

/** Python's `str.replace`; a negative count replaces all. */
export const replaceText = (value: string, old: string, replacement: string, count: number): string => {
  if (count === 0) return value;
  if (old === "") {
    const parts = characters(value);
    const places = count < 0 ? parts.length + 1 : Math.min(count, parts.length + 1);
    return [...parts, ""].map((part, index) => (index < places ? replacement + part : part)).join("");
  }
  if (count < 0) return value.split(old).join(replacement);
  const pieces = value.split(old);
  const head = pieces.slice(0, count + 1).join(replacement);
  return [head, ...pieces.slice(count + 1)].join(old);
};
