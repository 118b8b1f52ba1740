import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { type Live, numberOf } from "../evaluate/live.ts";
import { parseInteger } from "../filters/numbers.ts";
import { formatPercent } from "../python/format.ts";
import { text } from "../python/text.ts";

const maxCount = 100_000;

/** What a sequence is made of; null where it was not given. */
interface Sequence {
  start: number;
  end: number | null;
  count: number | null;
  stride: number;
  format: string;
}

/**
 * `lookup('sequence', 'start=1 end=5 stride=2 format=x%02d')`, the short form `1-5/2:x%02d`, or the same as named
 * options: the numbers as texts.
 */
export const sequence: Lookup = (terms, options) => {
  if (terms.length === 0) return build(options);
  return terms.flatMap((term) => build(new Map([...options, ...parse(text(term))])));
};

const parse = (term: string): ReadonlyMap<string, Live> => {
  const short = /^(?:(-?(?:0x[\da-f]+|\d+))-)?(-?(?:0x[\da-f]+|\d+))(?:\/(-?(?:0x[\da-f]+|\d+)))?(?::(.+))?$/i.exec(
    term.trim(),
  );
  if (short !== null) {
    const [, start = "1", end = "", stride = "1", format = "%d"] = short;
    return new Map(Object.entries({ start, end, stride, format }));
  }
  const pairs = term
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Fault(`can't parse the sequence: ${term}`);
      return [name, value] as const;
    });
  return new Map(pairs);
};

const read = (options: ReadonlyMap<string, Live>): Sequence => {
  for (const name of options.keys()) {
    if (!["start", "end", "count", "stride", "format"].includes(name)) {
      throw new Fault(`unrecognized arguments to with_sequence: ${name}`);
    }
  }
  const number = (name: string): number | null => {
    const value = options.get(name);
    if (value === undefined || value === null) return null;
    const parsed = typeof value === "string" ? parseInteger(value, 0) : numberOf(value)?.n;
    if (parsed === undefined) throw new Fault(`can't parse ${name}=${text(value)} as integer`);
    return parsed;
  };
  return {
    start: number("start") ?? 1,
    end: number("end"),
    count: number("count"),
    stride: number("stride") ?? 1,
    format: text(options.get("format") ?? "%d"),
  };
};

const build = (options: ReadonlyMap<string, Live>): Live[] => {
  const { start, end: given, count, stride, format } = read(options);
  if (given === null && count === null) throw new Fault("must specify count or end in with_sequence");
  if (given !== null && count !== null) throw new Fault("can't specify both count and end in with_sequence");
  if (count === 0) return [];
  const end = given ?? start + (count ?? 0) * stride - stride;
  if (stride > 0 && end < start) throw new Fault("to count backwards make stride negative");
  if (stride < 0 && end > start) throw new Fault("to count forward don't make stride negative");
  if (stride === 0) return [];
  const size = Math.floor((end - start) / stride) + 1;
  if (size > maxCount) throw new Fault(`a sequence may have at most ${maxCount} items`);
  return Array.from({ length: size }, (_, index) => formatPercent(format, start + index * stride));
};
