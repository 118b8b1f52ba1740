import { OMIT } from "../omit.ts";
import { PythonDate } from "../python/datetime.ts";
import { localClock, strftime, utcClock, type WallClock } from "../python/strftime.ts";
import { text } from "../python/text.ts";
import { mapView } from "../python/map-view.ts";
import { mapKey } from "../python/compare.ts";
import { Arguments } from "./arguments.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { Callable, type CallArguments, integer, type Live, mapOf, Namespace, NumberRange, Undefined } from "./live.ts";
import { callLookup } from "./lookup-call.ts";

/** Jinja's limit on `range()` in a sandbox. */
const maxRange = 100_000;

/** The names of the functions that every template has. */
export const globalNames: readonly string[] = [
  "range",
  "lookup",
  "query",
  "q",
  "now",
  "dict",
  "namespace",
  "undef",
  "omit",
];

/** Functions of Jinja that are deliberately not here, with what to do instead. */
export const refusedGlobals: Readonly<Record<string, string>> = {
  lipsum: "write the text",
  cycler: "use loop.cycle(…)",
  joiner: "write the separator unless loop.last, or use the filter join",
  self: "set what is written twice before, or write it as a macro",
  super: "set what is written twice before, or write it as a macro",
  caller: "hand the text to the macro as an argument",
};

/** A function or constant that every template has, or undefined. @throws Fault for what is refused by name */
export const globalValue = (name: string, evaluation: Evaluation): Live | undefined => {
  switch (name) {
    case "omit":
      return OMIT;
    case "range":
      return new Callable(name, range);
    case "dict":
      return new Callable(name, (call) => mapOf(pairs(call, evaluation)));
    case "namespace":
      return new Callable(name, (call) => new Namespace(pairs(call, evaluation)));
    case "now":
      return new Callable(name, (call) => now(call, evaluation));
    case "undef":
      return new Callable(name, (call) => {
        const hint = new Arguments("undef()", ["hint"], call).get("hint");
        return new Undefined(
          hint === undefined || hint === null ? "Mandatory variable has not been overridden" : text(hint),
        );
      });
    case "lookup":
    case "query":
    case "q":
      return new Callable(name, (call) => callLookup(name, call, evaluation));
    default:
      if (Object.hasOwn(refusedGlobals, name)) throw new Fault(`'${name}' is not supported in Latchkey`);
      return undefined;
  }
};

const range = ({ positional, named }: CallArguments): Live => {
  if (named.size > 0 || positional.length === 0 || positional.length > 3) throw new Fault("range takes 1 to 3 numbers");
  const numbers = positional.map((value) => integer(value, "an argument of range"));
  const [first = 0, second, step = 1] = numbers;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new Fault("range() arg 3 must not be zero");
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count > maxRange) throw new Fault(`range is too big: at most ${maxRange} numbers`);
  const result = new NumberRange();
  for (let index = 0; index < count; index += 1) result.push(start + index * step);
  return result;
};

/** The entries of a mapping or of pairs, and those that are given by name. */
const pairs = ({ positional, named }: CallArguments, evaluation: Evaluation): readonly (readonly [string, Live])[] => {
  const [source] = positional;
  if (positional.length > 1) throw new Fault("dict takes at most 1 positional argument");
  const map = source === undefined ? {} : mapView(source);
  const listed =
    map === undefined
      ? evaluation.items(source ?? null).map((pair) => {
          const [key, value, extra] = evaluation.items(pair);
          if (key === undefined || value === undefined || extra !== undefined) {
            throw new Fault("dict needs pairs of a key and a value");
          }
          return [mapKey(key), value] as const;
        })
      : Object.entries(map);
  return [...listed, ...named];
};

const now = (call: CallArguments, evaluation: Evaluation): Live => {
  const args = new Arguments("now()", ["utc", "fmt"], call);
  const at = evaluation.context.lookups.now();
  const clock = args.boolean("utc", false) ? utcClock(at) : localClock(at);
  const format = args.get("fmt");
  if (format !== undefined && format !== null) return strftime(text(format), clock);
  return dateOf(clock);
};

const dateOf = (clock: WallClock): PythonDate =>
  new PythonDate(
    Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second),
    clock.microsecond,
  );
