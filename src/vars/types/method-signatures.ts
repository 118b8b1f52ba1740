import { type Signature, signature } from "./signature.ts";

/** The methods of each kind of value; the first word is the receiver. */
const written: Readonly<Record<"str" | "list" | "map", Readonly<Record<string, string>>>> = {
  str: {
    capitalize: "str () -> str",
    center: "str (width: int, fillchar?) -> str",
    count: "str (sub: str) -> int",
    endswith: "str (affix, start?: int, end?: int) -> bool",
    find: "str (sub: str) -> int",
    format: "str (*arguments, **names) -> str",
    index: "str (sub: str) -> int",
    isalnum: "str () -> bool",
    isalpha: "str () -> bool",
    isdigit: "str () -> bool",
    islower: "str () -> bool",
    isnumeric: "str () -> bool",
    isspace: "str () -> bool",
    isupper: "str () -> bool",
    join: "str (iterable: seq) -> str",
    ljust: "str (width: int, fillchar?) -> str",
    lower: "str () -> str",
    lstrip: "str (chars?: str?) -> str",
    partition: "str (sep: str) -> list<str>",
    removeprefix: "str (prefix: str) -> str",
    removesuffix: "str (suffix: str) -> str",
    replace: "str (old: str, new: str, count?: int) -> str",
    rfind: "str (sub: str) -> int",
    rindex: "str (sub: str) -> int",
    rjust: "str (width: int, fillchar?) -> str",
    rpartition: "str (sep: str) -> list<str>",
    rsplit: "str (sep?: str?, maxsplit?: int) -> list<str>",
    rstrip: "str (chars?: str?) -> str",
    split: "str (sep?: str?, maxsplit?: int) -> list<str>",
    splitlines: "str (keepends?) -> list<str>",
    startswith: "str (affix, start?: int, end?: int) -> bool",
    strip: "str (chars?: str?) -> str",
    swapcase: "str () -> str",
    title: "str () -> str",
    upper: "str () -> str",
    zfill: "str (width: int) -> str",
  },
  list: { count: "list (value) -> int", index: "list (value) -> int" },
  map: {
    get: "map (key, default?) -> any",
    items: "map () -> list",
    keys: "map () -> list<str>",
    values: "map () -> list",
  },
};

/** The signature of a method; undefined where the kind of value has none of this name. */
export const methodSignature = (kind: "str" | "list" | "map", name: string): Signature | undefined => {
  const text = Object.hasOwn(written[kind], name) ? written[kind][name] : undefined;
  return text === undefined ? undefined : signature(text);
};

/** The names of the methods of a kind of value. */
export const methodNamesOf = (kind: "str" | "list" | "map"): readonly string[] => Object.keys(written[kind]);
