import { type Signature, signature } from "./signature.ts";

/** The methods of each kind of value; the first word is the receiver. */
const written: Readonly<Record<"str" | "list" | "map", Readonly<Record<string, string>>>> = {
  str: {
    capitalize: "str () -> str",
    center: "str (width: int, fillchar?) -> str",
    count: "str (sub: str, start?: int, end?: int) -> int",
    endswith: "str (affix, start?: int, end?: int) -> bool",
    find: "str (sub: str, start?: int, end?: int) -> int",
    format: "str (*arguments, **names) -> str",
    index: "str (sub: str, start?: int, end?: int) -> int",
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
    rfind: "str (sub: str, start?: int, end?: int) -> int",
    rindex: "str (sub: str, start?: int, end?: int) -> int",
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
  list: {
    append: "list (object) -> null",
    clear: "list () -> null",
    copy: "list () -> list",
    count: "list (value) -> int",
    extend: "list (iterable: seq) -> null",
    index: "list (value, start?: int, stop?: int) -> int",
    insert: "list (index: int, object) -> null",
    pop: "list (index?: int) -> any",
    remove: "list (value) -> null",
    reverse: "list () -> null",
    sort: "list (reverse?) -> null",
  },
  map: {
    clear: "map () -> null",
    copy: "map () -> map",
    get: "map (key, default?) -> any",
    items: "map () -> list",
    keys: "map () -> list<str>",
    pop: "map (key, default?) -> any",
    popitem: "map () -> list",
    setdefault: "map (key, default?) -> any",
    update: "map (*others, **names) -> null",
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
