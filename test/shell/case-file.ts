import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedState } from "../../src/shell/program.ts";
import type { Node } from "../../src/source/node.ts";
import { parseYaml } from "../../src/source/parse-yaml.ts";
import { SourceFile } from "../../src/source/source-file.ts";
import type { Plain, PlainMap } from "../../src/vars/value.ts";

/** One situation of a module, as `cases.test.ts` describes it. */
export interface Case {
  /** The file's name without its ending. */
  readonly file: string;
  /** The folder of the case, where `src:` options find their files. */
  readonly folder: string;
  readonly name: string;
  readonly args: PlainMap;
  readonly given: string;
  readonly then: string;
  readonly expect: PlainMap;
  readonly plans: readonly PlannedState[];
  readonly planned: readonly PlannedState[];
  readonly vars: PlainMap;
  readonly check: boolean;
  readonly diff: boolean;
  readonly becomeUser: string;
  readonly notIdempotent: string | undefined;
  readonly checkDiffers: string | undefined;
  readonly undoDiffers: string | undefined;
  readonly shells: readonly string[] | undefined;
  /** A path that this machine has to have for it. */
  readonly needs: string | undefined;
}

/** What a case is that says nothing: for tests that make one by hand. */
export const silentCase: Omit<Case, "file" | "name" | "given" | "then"> = {
  folder: "/",
  args: {},
  expect: {},
  plans: [],
  planned: [],
  vars: {},
  check: false,
  diff: false,
  becomeUser: "",
  notIdempotent: undefined,
  checkDiffers: undefined,
  undoDiffers: undefined,
  shells: undefined,
  needs: undefined,
};

/** Reads the cases of a module, ordered by name. */
export const loadCases = (folder: string): readonly Case[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yml"))
    .toSorted()
    .map((name) => parseCase(folder, name));

const knownKeys = new Set(
  "name args given then expect plans planned vars check diff become_user not_idempotent check_differs undo_differs shells needs".split(
    " ",
  ),
);

const parseCase = (folder: string, name: string): Case => {
  const path = join(folder, name);
  const parsed = parseYaml(new SourceFile(path, readFileSync(path, "utf8")));
  const [problem] = parsed.problems;
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  const data = parsed.root === undefined ? undefined : toPlain(parsed.root);
  if (!isMap(data)) throw new Error(`${path}: a case is a mapping`);
  for (const key of Object.keys(data)) if (!knownKeys.has(key)) throw new Error(`${path}: unknown key ${key}`);
  if (typeof data["name"] !== "string") throw new Error(`${path}: a case has a name`);
  const text = (key: string): string | undefined => (data[key] === undefined ? undefined : textOf(data[key]));
  if (/^! (?!.*\|\|).*\n./m.test(text("then") ?? "")) {
    throw new Error(`${path}: sh -e goes on behind a line with "!" in front: write [ ! … ], or || exit 1 behind it`);
  }
  return {
    file: name.replace(/\.yml$/, ""),
    folder,
    name: data["name"],
    args: mapOf(data["args"]),
    given: text("given") ?? "",
    then: text("then") ?? "",
    expect: mapOf(data["expect"]),
    plans: plannedOf(data["plans"]),
    planned: plannedOf(data["planned"]),
    vars: mapOf(data["vars"]),
    check: data["check"] === true,
    diff: data["diff"] === true,
    becomeUser: text("become_user") ?? "",
    notIdempotent: text("not_idempotent"),
    checkDiffers: text("check_differs"),
    undoDiffers: text("undo_differs"),
    needs: text("needs"),
    shells: Array.isArray(data["shells"]) ? data["shells"].map(String) : undefined,
  };
};

const mapOf = (value: Plain | undefined): PlainMap => (isMap(value) ? value : {});

const plannedOf = (value: Plain | undefined): readonly PlannedState[] =>
  (Array.isArray(value) ? value : []).map((item) => {
    const map = mapOf(item as Plain);
    return { kind: textOf(map["kind"]), key: textOf(map["key"]), data: textOf(map["data"] ?? "") };
  });

/** A scalar of a case as text. */
export const textOf = (value: Plain | undefined): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Whether plain data is a mapping. */
export const isMap = (value: unknown): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Arguments of a case stand for what templating gave, so markers are plain text here. */
const toPlain = (node: Node): Plain => {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "seq":
      return node.items.map(toPlain);
    case "map":
      return Object.fromEntries(node.entries.map((entry) => [String(entry.key.value), toPlain(entry.value)]));
  }
};
