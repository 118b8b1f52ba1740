import { PythonDate, PythonDuration } from "../python/datetime.ts";
import { strftime } from "../python/strftime.ts";
import { Arguments } from "./arguments.ts";
import { dictMethods } from "./dict-methods.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { Callable, Float, isList, isMap, LazyEntries, type Live, NumberRange, Tuple, typeName } from "./live.ts";
import { listMethods, tupleMethods } from "./list-methods.ts";
import { stringMethods } from "./string-methods.ts";

/** A method of one of Python's types. */
export interface Method<Receiver> {
  readonly parameters: readonly string[];
  /** Whether it changes what it is called on. */
  readonly changes?: true;
  readonly run: (receiver: Receiver, args: Arguments, evaluation: Evaluation) => Live;
}

const dateMethods: Readonly<Record<string, Method<PythonDate>>> = {
  strftime: { parameters: ["format"], run: (date, args) => strftime(args.requiredText("format"), date.clock()) },
  isoformat: { parameters: [], run: (date) => date.isoformat() },
  timestamp: { parameters: [], run: (date) => Number(strftime("%s", date.clock())) + date.microsecond / 1e6 },
};

const durationMethods: Readonly<Record<string, Method<PythonDuration>>> = {
  total_seconds: { parameters: [], run: (duration) => liveSeconds(duration) },
};

const liveSeconds = (duration: PythonDuration): Live => {
  const seconds = duration.ms / 1000;
  return Number.isInteger(seconds) ? new Float(seconds) : seconds;
};

/** Python's methods that are not here, so that they are refused by name instead of being taken for a missing key. */
const refused: Readonly<Record<"str" | "dict", ReadonlySet<string>>> = {
  str: new Set(
    "casefold encode expandtabs format_map isascii isdecimal isidentifier isprintable istitle maketrans translate".split(
      " ",
    ),
  ),
  dict: new Set(["fromkeys"]),
};

/** The method of a value, ready to be called; undefined where its type has none of this name. */
export const method = (object: Live, name: string, evaluation: Evaluation): Callable | undefined => {
  if (typeof object === "string") return bind(object, name, stringMethods, evaluation, "str");
  if (object instanceof LazyEntries || isMap(object)) return bind(object, name, dictMethods, evaluation, "dict");
  if (object instanceof Tuple || object instanceof NumberRange) return bind(object, name, tupleMethods, evaluation);
  if (isList(object)) return bind(object, name, listMethods, evaluation);
  if (object instanceof PythonDate) return bind(object, name, dateMethods, evaluation);
  if (object instanceof PythonDuration) return bind(object, name, durationMethods, evaluation);
  return undefined;
};

const bind = <Receiver extends Live>(
  object: Receiver,
  name: string,
  methods: Readonly<Record<string, Method<Receiver>>>,
  evaluation: Evaluation,
  kind?: keyof typeof refused,
): Callable | undefined => {
  const found = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (found !== undefined) {
    return new Callable(name, (call) => {
      if (found.changes === true) evaluation.requireCopies(`${name}()`);
      return found.run(object, new Arguments(`${name}()`, found.parameters, call), evaluation);
    });
  }
  if (kind === undefined || !refused[kind].has(name)) return undefined;
  const key = kind === "dict" ? `; for a key of this name write ['${name}']` : "";
  throw new Fault(`the method '${name}' of '${typeName(object)}' is not supported in Latchkey${key}`);
};

/** The names of all methods, for suggestions. */
export const methodNames: readonly string[] = [
  stringMethods,
  listMethods,
  dictMethods,
  dateMethods,
  durationMethods,
].flatMap((methods) => Object.keys(methods));
