import { Fault } from "../evaluate/fault.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { isList, type Live, mapOf, Tuple } from "../evaluate/live.ts";
import { replaceText } from "../evaluate/string-methods.ts";
import { formatPercent } from "../python/format.ts";
import { mapView } from "../python/map-view.ts";
import { capitalize, pad, splitText, strip } from "../python/string-operations.ts";
import { characters, text, textLength } from "../python/text.ts";
import { comment } from "./comment.ts";
import { filter, type FilterTable, requireText, strictTextFilter, textFilter } from "./filter.ts";
import { wrapText } from "./wrap-text.ts";

const indent = filter("width first blank", (value, args) => {
  const width = args.get("width") ?? 4;
  const blanks = typeof width === "string" ? width : " ".repeat(args.integer("width", 4));
  const blank = args.boolean("blank", false);
  const [head = "", ...rest] = `${requireText(value, "indent")}\n`.split("\n").slice(0, -1);
  const body = rest.map((line) => (blank || line !== "" ? blanks + line : line));
  return [args.boolean("first", false) ? blanks + head : head, ...body].join("\n");
});

const truncate = filter("length killwords end leeway", (value, args) => {
  const subject = requireText(value, "truncate");
  const length = args.integer("length", 255);
  const end = args.text("end", "...");
  const keep = length - textLength(end);
  if (keep < 0) throw new Fault(`truncate: expected length >= ${textLength(end)}, got ${length}`);
  if (textLength(subject) <= length + args.integer("leeway", 5)) return subject;
  const head = characters(subject).slice(0, keep).join("");
  if (args.boolean("killwords", false)) return head + end;
  const space = head.lastIndexOf(" ");
  return (space === -1 ? head : head.slice(0, space)) + end;
});

/** Jinja's: every word begins upper case, the rest lower case; words are separated by blanks, hyphens and brackets. */
const title = (value: string): string =>
  value
    .split(/([-\s({[<]+)/)
    .map((word) => capitalize(word))
    .join("");

const urlencode = (value: Live, evaluation: Evaluation): string => {
  const map = mapView(value);
  const encode = (part: string, keep: string): string =>
    encodeURIComponent(part).replace(/[!'()*]|%2F/g, (found) =>
      found === "%2F" ? (keep === "/" ? "/" : found) : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  if (map === undefined && !isList(value)) return encode(text(value), "/");
  const form = (part: Live): string => encode(text(part), "").replaceAll("%20", "+");
  const pairs =
    map === undefined ? evaluation.items(value).map((item) => pairOf(item, evaluation)) : Object.entries(map);
  return pairs.map(([key, item]) => `${form(key)}=${form(item)}`).join("&");
};

const pairOf = (item: Live, evaluation: Evaluation): readonly [Live, Live] => {
  const [key, value, extra] = evaluation.items(item);
  if (key === undefined || value === undefined || extra !== undefined) {
    throw new Fault("urlencode takes a text, a mapping or pairs of a name and a value");
  }
  return [key, value];
};

/** Filters about texts. */
export const textFilters: FilterTable = {
  string: filter("", (value) => text(value)),
  trim: filter("chars", (value, args) => {
    const chars = args.get("chars");
    return strip(text(value), "both", chars === undefined || chars === null ? undefined : text(chars));
  }),
  upper: textFilter((value) => value.toUpperCase()),
  lower: textFilter((value) => value.toLowerCase()),
  capitalize: textFilter(capitalize),
  title: textFilter(title),
  replace: filter("old new count", (value, args) => {
    const count = args.get("count") ?? null;
    return replaceText(
      text(value),
      text(args.required("old")),
      text(args.required("new")),
      count === null ? -1 : args.integer("count", -1),
    );
  }),
  split: filter("sep maxsplit", (value, args) => {
    const separator = args.get("sep") ?? null;
    return splitText(
      requireText(value, "split"),
      separator === null ? undefined : text(separator),
      args.integer("maxsplit", -1),
    );
  }),
  indent,
  wordwrap: filter("width break_long_words wrapstring break_on_hyphens", (value, args) =>
    wrapText(requireText(value, "wordwrap"), {
      width: Math.max(args.integer("width", 79), 1),
      breakLongWords: args.boolean("break_long_words", true),
      separator: args.text("wrapstring", "\n"),
      breakOnHyphens: args.boolean("break_on_hyphens", true),
    }),
  ),
  truncate,
  center: filter("width", (value, args) => pad(text(value), args.integer("width", 80), " ", "both")),
  wordcount: textFilter((value) => (value.match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  format: filter("*arguments **names", (value, args) => {
    if (args.rest.length > 0 && args.others.size > 0)
      throw new Fault("can't handle positional and keyword arguments at the same time");
    return formatPercent(text(value), args.others.size > 0 ? mapOf(args.others) : Tuple.fromItems(args.rest));
  }),
  comment,
  urlencode: filter("", (value, _args, evaluation) => urlencode(value, evaluation)),
  urldecode: strictTextFilter("urldecode", (value) => {
    try {
      return decodeURIComponent(value.replaceAll("+", " "));
    } catch {
      throw new Fault("urldecode: the text is not URL-encoded");
    }
  }),
  quote: filter("", (value) => shellQuote(value === null ? "" : text(value))),
};

/** As Python's `shlex.quote` writes a word: bare where it is safe, else in single quotes. */
const shellQuote = (value: string): string => {
  if (value === "") return "''";
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
};
