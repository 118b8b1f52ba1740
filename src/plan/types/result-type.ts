import { commonReturns } from "../../modules/common-returns.ts";
import type { Module, ReturnedValue, ReturnedValues } from "../../modules/module.ts";
import { any, bool, int, listOf, type MapType, openMap, str, type Type, union, float } from "../../vars/types/type.ts";

/** The type of what a task registers: that of its module's result, or of a loop over it. */
export const resultType = (module: Module, loopVariables: ReadonlyMap<string, Type> | undefined): MapType => {
  const result = itemResult(module, loopVariables);
  if (loopVariables === undefined) return result;
  const keys = new Map(typesOf(ofLoop));
  keys.set("results", listOf(result));
  const short = shortName(module);
  return {
    kind: "map",
    keys,
    isOpen: false,
    isResult: true,
    name: `the result of a loop over "${short}"`,
    absent: "the result of each item is in its list `results`",
  };
};

/** The type of the result of a task without a loop, or of one item of it. */
export const itemResult = (module: Module, loopVariables: ReadonlyMap<string, Type> | undefined): MapType => {
  const base = moduleResult(module);
  if (loopVariables === undefined) return base;
  return { ...base, keys: new Map([...base.keys, ...loopVariables]) };
};

const known = new WeakMap<Module, MapType>();

const moduleResult = (module: Module): MapType => {
  let type = known.get(module);
  if (type === undefined) {
    const keys = new Map([...typesOf(commonReturns), ...typesOf(unlisted), ...typesOf(module.returns)]);
    type = {
      kind: "map",
      keys,
      isOpen: module.anyReturns === true,
      isResult: true,
      name: `the result of "${shortName(module)}"`,
    };
    known.set(module, type);
  }
  return type;
};

/** What Ansible may add to any result, though nothing here does: asking for it is no slip of the pen. */
const unlisted: ReturnedValues = {
  async_result: { description: "", type: "object" },
  module_stderr: { description: "", type: "string" },
  module_stdout: { description: "", type: "string" },
  rc: { description: "", type: "any" },
  retries: { description: "", type: "integer" },
  stop: { description: "", type: "any" },
};

const loopKeys = [
  "changed",
  "failed",
  "msg",
  "skipped",
  "skipped_reason",
  "unreachable",
  "warnings",
  "deprecations",
  "results",
];
const ofLoop = Object.fromEntries(Object.entries(commonReturns).filter(([name]) => loopKeys.includes(name)));

const typesOf = (values: ReturnedValues): readonly (readonly [string, Type])[] =>
  Object.entries(values).map(([name, value]) => [name, typeOf(name, value)]);

const scalars = { string: str, boolean: bool, integer: int, any } as const;

const typeOf = (name: string, { type, contains }: ReturnedValue): Type => {
  if (type === "array") return listOf(contains !== undefined ? mapping(contains) : lineLists.has(name) ? str : any);
  if (type === "object") return contains === undefined ? openMap() : mapping(contains);
  // A number of Ansible's may come out whole.
  return type === "number" ? union([int, float]) : scalars[type];
};

const lineLists = new Set(["stdout_lines", "stderr_lines"]);

const mapping = (contains: ReturnedValues): MapType => ({
  kind: "map",
  keys: new Map(typesOf(contains)),
  isOpen: false,
  isResult: true,
});

const shortName = (module: Module): string => module.name.slice(module.name.lastIndexOf(".") + 1);
