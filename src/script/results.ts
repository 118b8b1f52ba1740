import type { HostModule } from "../modules/module.ts";
import { type HostPart, type HostValue, hostValueOf, type Slot, type Slots } from "./host-value.ts";
import type { HostRoot } from "./scope.ts";

type Path = readonly (string | number)[];

/** What every result has. */
const outcomeKeys: readonly Path[number][] = ["changed", "failed", "skipped"];

/** Modules whose results are what their bodies say, although they have something to add to them. */
const saidByBody = new Set(["stat"]);
const addedKeys: Readonly<Record<string, readonly string[]>> = { stat: ["attr_flags", "attributes"] };

/** The modules that run a command of the user's, whose output is a part of the result. */
const commandModules = new Set(["command", "shell", "script", "raw"]);

const shortName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** A registered result. */
export const resultRoot = (
  register: string,
  {
    module,
    isLoop,
    slots,
  }: { readonly module: HostModule | undefined; readonly isLoop: boolean; readonly slots: Slots },
): HostRoot => ({
  at: (path) => {
    const [first] = path;
    const value = () => hostValueOf(slots.of([register, ...path]));
    if (first === undefined) return `a script does not know all of "${register}"; use one of its values`;
    if (path.length === 1 && (outcomeKeys.includes(first) || first === "msg")) return value();
    const problem = isLoop
      ? "the result of a loop"
      : module === undefined
        ? "what a controller tells"
        : unknownPart(module, path);
    return problem === undefined
      ? value()
      : `a script does not know "${[register, ...path].join(".")}": it is ${problem}, which needs the controller`;
  },
});

const unknownPart = (module: HostModule, path: Path): string | undefined => {
  const name = shortName(module.name);
  if (path.some((key) => typeof key !== "string")) return "a part of a list";
  const keys = path.map(String);
  if (commandModules.has(name)) {
    return keys.length === 1 && ["rc", "stdout", "stderr"].includes(keys[0] ?? "") ? undefined : "made of the output";
  }
  if (saidByBody.has(name))
    return addedKeys[name]?.includes(keys.at(-1) ?? "") === true ? "looked up in a table" : undefined;
  return module.result === undefined ? undefined : `worked out for the module ${name}`;
};

/** The entries that a getent task with a key tells. */
export const getentRoot = (database: string, keys: readonly string[], slots: Slots): HostRoot => ({
  at: (path) => {
    const [key, column] = path;
    const name = `getent_${database}`;
    if (key === undefined) return `a script does not know all of "${name}"; look one entry up`;
    if (!keys.includes(String(key))) return `no task before this one looks up "${String(key)}" in ${database}`;
    if (path.length > 2 || (column !== undefined && (typeof column !== "number" || column < 0))) {
      return `a script knows the fields of "${name}" by their numbers, from 0 on`;
    }
    return hostValueOf(slots.of([name, ...path]));
  },
});

/** What a grant's beginning tells of it (`latchkey_granted`), and what its texts look like. */
const grantSamples: Readonly<Record<string, HostPart["sample"] | undefined>> = {
  expires: undefined,
  account_expires: undefined,
  account_id: undefined,
  plain_keys: undefined,
  root_tool: undefined,
  expiry_time: (random) => `expiry-time="${String(random).padStart(14, "20")}Z"`,
  sudo_limits: (random) => `NOTAFTER=${String(random).padStart(14, "20")}Z TIMEOUT=60s`,
  sudo_settings: (random) => `!lkh${random.toString(36)}`,
};

export const grantVariable = "latchkey_granted";

/** The grant of the script; its id, ticket, owner and reason are known. */
export const grantRoot = (known: Readonly<Record<string, string>>, slots: Slots): HostRoot => ({
  at: (path) => {
    const [key = ""] = path;
    if (path.length === 1 && typeof key === "string" && Object.hasOwn(grantSamples, key)) {
      return hostValueOf(slots.of([grantVariable, key]), grantSamples[key]);
    }
    if (path.length === 1 && typeof key === "string" && Object.hasOwn(known, key)) {
      return hostValueOf(slots.of([grantVariable, key]));
    }
    return `a grant has no "${path.join(".")}" that a script knows; it knows ${[...Object.keys(known), ...Object.keys(grantSamples)].join(", ")}`;
  },
});

/** The facts that a script finds out by itself. */
export const scriptFacts: readonly string[] = [
  "architecture",
  "distribution",
  "distribution_major_version",
  "distribution_release",
  "distribution_version",
  "hostname",
  "kernel",
  "machine",
  "nodename",
  "os_family",
  "pkg_mgr",
  "service_mgr",
  "system",
  "user_id",
];

const factPath = (name: string): Path => ["ansible_facts", name];

/** `ansible_facts`, or one fact under its name with a prefix. */
export const factsRoot = (slots: Slots, name?: string): HostRoot => ({
  at: (path) => {
    const [fact, ...more] = name === undefined ? path : [name, ...path];
    if (fact === undefined) return "a script does not know all facts; use one of them";
    if (more.length > 0 || !scriptFacts.includes(String(fact))) {
      return `a script does not know the fact "${[fact, ...more].join(".")}"; it knows ${scriptFacts.join(", ")}`;
    }
    return hostValueOf(slots.of(factPath(String(fact))));
  },
});

/** Its lines. */
export const wantedKeys = (slots: readonly Slot[]): readonly string[] =>
  slots
    .map(({ number, path }) => ({ number, key: path.slice(1).join(".") }))
    .filter(({ key }) => ![...outcomeKeys, "msg", "stdout", "stderr"].includes(key))
    .map(({ number, key }) => `${key}) cu_slot=${number} ;;`);

/** The function that a body's words ask, for each key, into which variable its value goes. */
export const wantsFunction = (name: string, keys: readonly string[]): string =>
  `${name}() {\ncase $1 in\n${keys.map((line) => `${line}\n`).join("")}*) return 1 ;;\nesac\n}\n`;

/** What set_fact made of what the host told. */
export const factRoot = (name: string, value: HostValue): HostRoot => ({
  at: (path) => (path.length === 0 ? value : `"${name}" is one value, and has no "${path.join(".")}"`),
});
