import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { type Given, unknownYet } from "../schema/coerce.ts";
import { editorSchema } from "../schema/editor-schema.ts";
import { canonicalName, examine, type GivenOption, optionsSchema } from "../schema/examine.ts";
import { type MapNode, type Node, entryOf } from "../source/node.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";
import type { Plain } from "../vars/value.ts";
import { checkArguments, readArguments } from "./arguments.ts";
import type { Module } from "./module.ts";
import { findModule, moduleEntries } from "./registry.ts";

const plainOf = (node: Node): unknown => {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(plainOf);
  return Object.fromEntries(node.entries.map((entry) => [String(entry.key.value), plainOf(entry.value)]));
};

/** One call in a module's examples. */
interface ExampleCall {
  readonly module: Module;
  readonly map: MapNode;
  readonly findings: readonly string[];
}

/** The calls in a module's examples, those of other modules too. */
const exampleCalls = async (text: string): Promise<readonly ExampleCall[]> => {
  const { root, problems } = parseYaml(new SourceFile("example.yml", text));
  expect(problems).toEqual([]);
  expect(root?.kind).toBe("seq");
  const tasks = root?.kind === "seq" ? root.items : [];
  return Promise.all(
    tasks.map(async (task) => {
      if (task.kind !== "map") throw new Error("an example is a task");
      const call = task.entries.find((entry) => findModule(String(entry.key.value)) !== undefined);
      const module = await findModule(String(call?.key.value))?.load();
      if (call === undefined || module === undefined) throw new Error("an example calls a module");
      expect(call.key.value).toBe(module.name);
      const args = entryOf(task, "args")?.value;
      const written = readArguments(module, call.key, call.value, args?.kind === "map" ? args : undefined);
      const found = [...written.problems, ...checkArguments(module, call.key, written.map)];
      return { module, map: written.map, findings: found.map((diagnostic) => diagnostic.message) };
    }),
  );
};

const withUnknown = (value: Plain): Given => {
  if (typeof value === "string" && value.includes("{{")) return unknownYet;
  return Array.isArray(value) ? value.map(withUnknown) : value;
};

describe("the modules", () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false });

  it.each(moduleEntries())("$shortName: its examples are right, for the loader and for an editor", async (entry) => {
    const module = await entry.load();
    const calls = await exampleCalls(module.examples);
    expect(calls.map((call) => call.module.name)).toContain(module.name);
    for (const { module: called, map, findings } of calls) {
      const validate = ajv.compile(editorSchema(called));
      expect(findings).toEqual([]);
      expect([validate(plainOf(map)), validate.errors]).toEqual([true, null]);
    }
  });

  it.each(moduleEntries())("$shortName: what the loader accepts, an editor accepts", async (entry) => {
    const module = await entry.load();
    const validate = ajv.compile(editorSchema(module));
    const names = [...Object.keys(optionsSchema(module).properties), ...Object.keys(module.optionAliases ?? {})];
    const required = Object.fromEntries((optionsSchema(module).required ?? []).map((name) => [name, "{{ x }}"]));
    const choices = Object.values(optionsSchema(module).properties).flatMap((option) => option.enum ?? []);
    const common = [true, "yes", " No ", 5, "22", 1.5, "a,b", "x=1", ["a", "b"], ["{{ x }}"], "{{ x }}", { a: "1" }];
    const value = fc.constantFrom<Plain>(...common, ...choices);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }), (given) => {
        const args = { ...required, ...given };
        const options = Object.entries(args).map(([name, item]): GivenOption => ({ name, value: withUnknown(item) }));
        const isTwice = new Set(Object.keys(args).map((name) => canonicalName(module, name))).size < options.length;
        if (isTwice || examine(module, options).problems.length > 0) return;
        expect([args, validate(args), validate.errors]).toEqual([args, true, null]);
      }),
    );
  });

  it("lets an editor accept a choice that is a number without quotes", () => {
    const level = { type: "string", enum: ["5", "warning"], description: "A level." };
    const validate = ajv.compile(editorSchema({ name: "m", summary: "A module.", schema: { properties: { level } } }));
    expect([5, "5", "warning", 6].map((given) => validate({ level: given }))).toEqual([true, true, true, false]);
  });

  it("lets an editor accept a boolean for the only choice that it can mean", () => {
    const follow = { type: "string", enum: ["all", "no", "none"], description: "Whether." };
    const schema = editorSchema({ name: "m", summary: "A module.", schema: { properties: { follow } } });
    const validate = ajv.compile(schema);
    expect(["no", false, true].map((given) => validate({ follow: given }))).toEqual([true, true, false]);
  });

  it.each(moduleEntries())("$shortName: every option is described, and rules speak of options", async (entry) => {
    const module = await entry.load();
    const { properties } = optionsSchema(module);
    for (const [name, option] of Object.entries(properties)) {
      expect(option.description, name).toMatch(/^\S.*\.$/s);
    }
    const { exclusive = [], together = [], oneOf = [], requiredIf = [], requiredBy = {} } = module.rules ?? {};
    const named = [
      ...[...exclusive, ...together, ...oneOf].flat(),
      ...requiredIf.flatMap(({ option, needs }) => [option, ...needs]),
      ...Object.entries(requiredBy).flatMap(([option, needs]) => [option, ...needs]),
      ...Object.values(module.optionAliases ?? {}),
      ...(module.freeForm === undefined ? [] : [module.freeForm]),
    ];
    expect(named.filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
  });

  it.each(moduleEntries())("$shortName: a misspelt option is found by both", async (entry) => {
    const module = await entry.load();
    if (module.anyOptions === true) return;
    const validate = ajv.compile(editorSchema(module));
    expect(validate({ no_such_option: 1 })).toBe(false);
  });
});
