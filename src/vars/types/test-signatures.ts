import { type Signature, signature } from "./signature.ts";

const plain = "any () -> bool";
const comparing = "any (other) -> bool";
const matching = "any (pattern: str, ignorecase?, multiline?) -> bool";
const ofResult = "map () -> bool";
const version = "any (version, operator?, strict?, version_type?) -> bool";
const ofSets = "seq (other: seq) -> bool";

const written: Readonly<Record<string, string>> = {
  "!=": comparing,
  "<": comparing,
  "<=": comparing,
  "==": comparing,
  ">": comparing,
  ">=": comparing,
  abs: plain,
  all: "seq () -> bool",
  any: "seq () -> bool",
  boolean: plain,
  callable: plain,
  change: ofResult,
  changed: ofResult,
  contains: "seq (value) -> bool",
  defined: plain,
  directory: plain,
  divisibleby: "int (num: int) -> bool",
  eq: comparing,
  equalto: comparing,
  even: "int () -> bool",
  exists: plain,
  failed: ofResult,
  failure: ofResult,
  false: plain,
  falsy: "any (convert_bool?) -> bool",
  file: plain,
  finished: ofResult,
  float: plain,
  ge: comparing,
  greaterthan: comparing,
  gt: comparing,
  in: "any (seq: seq) -> bool",
  integer: plain,
  is_dir: plain,
  is_file: plain,
  issubset: ofSets,
  issuperset: ofSets,
  iterable: plain,
  le: comparing,
  lessthan: comparing,
  lower: plain,
  lt: comparing,
  mapping: plain,
  match: matching,
  nan: plain,
  ne: comparing,
  none: plain,
  number: plain,
  odd: "int () -> bool",
  reachable: ofResult,
  regex: "any (pattern: str, ignorecase?, multiline?, match_type?) -> bool",
  sameas: comparing,
  search: matching,
  sequence: plain,
  skip: ofResult,
  skipped: ofResult,
  started: ofResult,
  string: plain,
  subset: ofSets,
  succeeded: ofResult,
  success: ofResult,
  successful: ofResult,
  superset: ofSets,
  timedout: ofResult,
  true: plain,
  truthy: "any (convert_bool?) -> bool",
  undefined: plain,
  unreachable: ofResult,
  upper: plain,
  version,
  version_compare: version,
};

/** The signature of a test's short or fully qualified name. */
export const testSignature = (name: string): Signature | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  const text = Object.hasOwn(written, short) ? written[short] : undefined;
  return text === undefined ? undefined : signature(text);
};
