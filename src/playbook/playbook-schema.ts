import { findModule } from "../modules/registry.ts";
import { keywordsOf, type KeywordType, type Level } from "./keywords.ts";

type Schema = Readonly<Record<string, unknown>>;

/** A text with template markers: it stands for any value until it is rendered. */
const template: Schema = { type: "string", pattern: "\\{[{%]" };
const text: Schema = { type: ["string", "number", "boolean"] };
const condition: Schema = { type: ["string", "boolean"] };

/** The schema of one keyword's value. */
const schemaOfType = (type: KeywordType): Schema => {
  switch (type) {
    case "string":
      return text;
    case "bool":
      return { type: "boolean" };
    case "int":
      return { type: "integer" };
    case "number":
      return { type: ["number", "string"], pattern: "^-?[0-9]+(\\.[0-9]+)?%?$" };
    case "strings":
      return { type: ["string", "number", "boolean", "array"], items: text };
    case "map":
      return { type: "object" };
    case "conditions":
      return { type: ["string", "boolean", "array"], items: condition };
    case "loop":
      return { type: ["array", "string"] };
    case "entries":
      return { type: "array", items: { type: "object" } };
    case "serial":
      return { type: ["integer", "string", "array"], items: { type: ["integer", "string"] } };
    case "any":
      return {};
  }
};

/** The schema of a level's own keys; a task's module is checked apart, against its own schema. */
export const levelSchema = (level: Level): Schema & { readonly properties: Readonly<Record<string, Schema>> } => ({
  type: "object",
  properties: Object.fromEntries(
    Object.entries(keywordsOf[level]).map(([name, keyword]) => [
      name,
      {
        description: keyword.description,
        ...schemaOfType(keyword.type),
        ...(keyword.choices === undefined ? {} : { enum: keyword.choices }),
      },
    ]),
  ),
  ...(level === "play" ? { required: ["hosts"] } : {}),
  ...(level === "block" ? { required: ["block"] } : {}),
  additionalProperties: false,
});

/** The schema of a whole playbook file, for editors; `modules` are the names that a task may call. */
export const playbookSchema = (modules: readonly string[]): Schema => {
  const entries: Schema = { type: ["array", "null"], items: { $ref: "#/$defs/entry" } };
  const handlers: Schema = { type: ["array", "null"], items: { $ref: "#/$defs/handler" } };
  const prompts: Schema = { type: ["array", "null"], items: { $ref: "#/$defs/prompt" } };
  const calls = Object.fromEntries(modules.map((name) => [name, moduleReference(name)]));
  const imports: Schema = { anyOf: importNames.map((name) => ({ required: [name] })) };
  const files = Object.fromEntries(importNames.map((name) => [name, importedFile]));
  const forEditors = (level: Level, lists: Readonly<Record<string, Schema>>): Schema => {
    const schema = levelSchema(level);
    const properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, lists[name] ?? orTemplate(property)]),
    );
    const own = level === "task" || level === "handler" ? calls : level === "import_tasks" ? files : {};
    return { ...schema, properties: { ...properties, ...own } };
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Latchkey playbook",
    type: "array",
    minItems: 1,
    items: { $ref: "#/$defs/play" },
    $defs: {
      play: forEditors("play", {
        pre_tasks: entries,
        tasks: entries,
        post_tasks: entries,
        handlers,
        vars_prompt: prompts,
      }),
      entry: {
        if: { required: ["block"] },
        then: { $ref: "#/$defs/block" },
        else: { if: imports, then: { $ref: "#/$defs/import" }, else: { $ref: "#/$defs/task" } },
      },
      import: forEditors("import_tasks", {}),
      block: forEditors("block", { block: entries, rescue: entries, always: entries }),
      prompt: { ...forEditors("vars_prompt", {}), required: ["name"] },
      task: forEditors("task", {}),
      handler: { if: imports, then: { $ref: "#/$defs/import" }, else: forEditors("handler", {}) },
    },
  };
};

const importNames = ["import_tasks", "ansible.builtin.import_tasks"];

const importedFile: Schema = {
  description: "A file with tasks, which are read as if they stood here.",
  anyOf: [
    { type: "string" },
    { type: "object", properties: { file: { type: "string" } }, required: ["file"], additionalProperties: false },
  ],
};

const moduleReference = (name: string): Schema => ({
  anyOf: [{ $ref: `modules/${findModule(name)?.shortName ?? name}.json` }, { type: ["string", "null"] }],
});

const orTemplate = (schema: Schema): Schema =>
  Object.keys(schema).length <= 1 ? schema : { description: schema["description"], anyOf: [schema, template] };
