import { describe, expect, it } from "vitest";
import type { MapNode } from "../source/node.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";
import { err, ok } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import { checkArguments, coerceArguments, readArguments } from "./arguments.ts";
import { command } from "./command/command.ts";
import { meta } from "./meta/meta.ts";
import type { ControllerModule, Module } from "./module.ts";

const door: ControllerModule<PlainMap> = {
  runs: "controller",
  name: "ansible.builtin.door",
  summary: "Opens doors.",
  schema: {
    type: "object",
    properties: {
      name: { type: "string", description: "Which door." },
      state: { type: "string", enum: ["open", "shut"], default: "open", description: "How it is to be." },
      width: { type: "integer", minimum: 1, description: "In cm." },
      locked: { type: "boolean", description: "Whether the key was turned." },
      keys: { type: "array", items: { type: "string", enum: ["iron", "brass"] }, description: "Who fits." },
      frame: { description: "Anything." },
      wood: { type: "string", description: "Of what." },
      metal: { type: "string", description: "Of what else." },
      polish: { type: "string", description: "With what." },
    },
    required: ["name"],
    additionalProperties: false,
  },
  optionAliases: { door: "name" },
  rules: {
    exclusive: [["wood", "metal"]],
    requiredIf: [{ option: "state", is: "shut", needs: ["locked"] }],
    requiredBy: { polish: ["metal"] },
  },
  normalize: (args) => (args["name"] === "" ? err("name must not be empty") : ok(args)),
  run: () => ({ outcome: "ok", fields: {} }),
  returns: {},
  examples: "",
};

const parse = (text: string): MapNode => {
  const { root, problems } = parseYaml(new SourceFile("t.yml", text));
  expect(problems).toEqual([]);
  if (root?.kind !== "map") throw new Error("the test wants a mapping");
  return root;
};

/** What the loader says of a task's text, one finding a line. */
const check = (text: string, module: Module = door): readonly string[] => {
  const [call, args] = parse(text).entries;
  if (call === undefined) throw new Error("the test wants a call");
  const { map, problems } = readArguments(
    module,
    call.key,
    call.value,
    args?.value.kind === "map" ? args.value : undefined,
  );
  const found = problems.length > 0 ? problems : checkArguments(module, call.key, map);
  return found.map(({ span, message, code }) => {
    const { line, column } = span?.file.position(span.start) ?? { line: 0, column: 0 };
    return `t.yml:${line}:${column}: ${message} [${code}]`;
  });
};

const errorOf = (args: PlainMap, module: Module = door): unknown => {
  const result = coerceArguments(module, args);
  return result.ok ? result.value : result.error;
};

describe("checkArguments", () => {
  it.each([
    ["door:\n  name: front\n", []],
    ["door: name=front state=shut locked=yes\n", []],
    ["door: {nme: x}\n", [/^t.yml:1:8: unknown option "nme" .*expected one of frame, keys, /]],
    ["door: {xyz: x}\n", ['t.yml:1:1: module "door" needs option "name" [V11]', /^t.yml:1:8: unknown option "xyz"/]],
    [
      "door:\n  name: x\n  state: opn\n",
      ['t.yml:3:10: option "state" of module "door" is "opn"; expected one of open, shut [V11]'],
    ],
    [
      "door:\n  name: x\n  width: wide\n",
      ['t.yml:3:10: option "width" of module "door" must be a whole number, not "wide" [V11]'],
    ],
    ["door:\n  name: x\n  width: 0\n", ['t.yml:3:10: option "width" of module "door" must be >= 1 [V11]']],
    ["door:\n  name: x\n  keys: [iron, gold]\n", [/is "gold"; expected one of iron, brass/]],
    [
      "door:\n  name: x\n  wood: a\n  metal: b\n",
      ['t.yml:4:3: options "wood", "metal" of module "door" exclude each other; expected one of them [V11]'],
    ],
    ["door:\n  name: x\n  state: shut\n", ['t.yml:1:1: module "door" with "state" shut needs option "locked" [V11]']],
    ["door:\n  name: x\n  polish: wax\n", ['t.yml:3:3: option "polish" of module "door" needs option "metal" [V11]']],
    ["door:\n  name: x\n  door: y\n", [/"name" and "door" of module "door" mean the same/]],
    ["door:\n  name: ''\n", ['t.yml:2:9: module "door": name must not be empty [V11]']],
    ["door:\n  door: ''\n", ['t.yml:2:9: module "door": name must not be empty [V11]']],
    ["door: [a]\n", ['t.yml:1:7: module "door" takes a mapping of options, not a list [V11]']],
    ["door: just text\n", ['t.yml:1:7: module "door" takes options, not the text "just text" [V11]']],
    [
      "door: name=x state=opn\n",
      ['t.yml:1:14: option "state" of module "door" is "opn"; expected one of open, shut [V11]'],
    ],
  ])("finds in %j", (text, wanted) => {
    const found = check(text);
    expect(found).toHaveLength(wanted.length);
    wanted.forEach((line, index) => expect(found[index]).toMatch(line));
  });

  it("lets pass what only rendering will show", () => {
    expect(
      check(`door:\n  name: "{{ n }}"\n  state: "{{ s }}"\n  width: "{{ w }}"\n  keys: ["{{ k }}", iron]\n`),
    ).toEqual([]);
    expect(check(`door:\n  name: x\n  wood: a\n  metal: "{{ m | default(omit) }}"\n`)).toEqual([]);
    expect(check(`door:\n  name: x\n  keys: ["{{ k }}", gold]\n`)).toHaveLength(1);
    expect(check(`door:\n  name: x\n  width: !unsafe "{{ w }}"\n`)).toHaveLength(1);
  });

  it("does not name the option of a free-form text, which nobody writes", () => {
    expect(check("meta: flush_handler\n", meta)).toEqual([
      expect.stringMatching(/^t.yml:1:7: module "meta" is "flush_handler"; expected one of clear_facts, /),
    ]);
  });

  it("lets missing options pass where more may come", () => {
    const [call] = parse("door: {state: shut}\n").entries;
    if (call?.value.kind !== "map") throw new Error("unreachable");
    expect(checkArguments(door, call.key, call.value).map(({ code }) => code)).toEqual(["V11", "V11"]);
    expect(checkArguments(door, call.key, call.value, { incomplete: true })).toEqual([]);
  });

  it("reads a free-form text, and args below it", () => {
    expect(check("command: id -u chdir=/tmp\nargs: {creates: /x}\n", command)).toEqual([]);
    expect(check("command: id\nargs: {create: /x}\n", command)).toEqual([
      expect.stringContaining('unknown option "create"'),
    ]);
    expect(check("command:\n", command)).toEqual([expect.stringContaining("no command given")]);
    const [call] = parse("command: id -u chdir=/tmp\n").entries;
    if (call === undefined) throw new Error("unreachable");
    const { map } = readArguments(command, call.key, call.value);
    const read = map.entries.map(({ key, value }) => [
      key.value,
      value.kind === "scalar" && value.value,
      key.span.start,
    ]);
    expect(read).toEqual([
      ["chdir", "/tmp", 15],
      ["cmd", "id -u", 0],
    ]);
  });
});

describe("coerceArguments", () => {
  it("gives canonical names, coerced values and defaults", () => {
    expect(errorOf({ door: 7, locked: "yes", keys: "iron,brass", width: "3", wood: null })).toEqual({
      name: "7",
      locked: true,
      keys: ["iron", "brass"],
      width: 3,
      state: "open",
    });
  });

  it.each([
    [{}, "missing required arguments: name"],
    [{ name: null }, "missing required arguments: name"],
    [{ name: "x", state: "opn" }, "value of state must be one of: open, shut, got: opn"],
    [
      { name: "x", width: "w" },
      "argument 'width' is of type str and we were unable to convert to int: str cannot be converted to an int",
    ],
    [{ name: "x", width: 0 }, "argument 'width' must be >= 1"],
    [{ name: "x", keys: ["gold"] }, "value of keys must be one or more of: iron, brass. Got no match for: gold"],
    [{ name: "x", wood: "a", metal: "b" }, "parameters are mutually exclusive: wood|metal"],
    [{ name: "x", state: "shut" }, "state is shut but all of the following are missing: locked"],
    [{ name: "x", polish: "a" }, "missing parameter(s) required by 'polish': metal"],
    [{ name: "" }, "name must not be empty"],
    [
      { name: "x", nme: 1, b: 2 },
      "Unsupported parameters for (ansible.builtin.door) module: b, nme. Supported parameters include: frame, keys, locked, metal, name, polish, state, width, wood (door).",
    ],
  ])("refuses %j", (args, message) => {
    expect(errorOf(args)).toBe(message);
  });
});
