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
    case "name":
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
    case "roles":
      return { type: "array", items: { type: ["string", "object"] } };
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
        ...(keyword.min === undefined ? {} : { minimum: keyword.min }),
        ...(keyword.max === undefined ? {} : { maximum: keyword.max }),
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
  const roles: Schema = { type: ["array", "null"], items: { $ref: "#/$defs/role" } };
  const references = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, moduleReference(name)]));
  const levels = { import: namesOf("import_tasks", "import_role"), include: namesOf("include_tasks", "include_role") };
  const apart = new Set([...levels.import, ...levels.include]);
  const calls = references(modules.filter((name) => !apart.has(name)));
  const forEditors = (level: Level, own: Readonly<Record<string, Schema>> = {}): Schema => {
    const schema = levelSchema(level);
    const properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, orTemplate(property)]),
    );
    return { ...schema, properties: { ...properties, ...own } };
  };
  const choose = (choices: readonly (readonly [names: readonly string[], level: string])[], other: Schema): Schema =>
    choices.reduceRight<Schema>(
      (rest, [names, level]) => ({
        if: { anyOf: names.map((name) => ({ required: [name] })) },
        then: { $ref: `#/$defs/${level}` },
        else: rest,
      }),
      other,
    );
  const task = [
    [levels.import, "import"],
    [levels.include, "include"],
  ] as const;
  const lists = { block: entries, rescue: entries, always: entries };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Latchkey playbook",
    type: "array",
    minItems: 1,
    items: choose([[namesOf("import_playbook"), "import_playbook"]], { $ref: "#/$defs/play" }),
    $defs: {
      import_playbook: forEditors("import_playbook", {
        import_playbook: { description: "A playbook whose plays are read as if they stood here.", type: "string" },
      }),
      play: forEditors("play", {
        pre_tasks: entries,
        roles,
        tasks: entries,
        post_tasks: entries,
        handlers,
        vars_prompt: prompts,
      }),
      prompt: { ...forEditors("vars_prompt"), required: ["name"] },
      role: { anyOf: [{ type: "string" }, { ...forEditors("role"), additionalProperties: true }] },
      entry: choose([[["block"], "block"], ...task], { $ref: "#/$defs/task" }),
      import: forEditors("import", references(levels.import)),
      include: forEditors("include", references(levels.include)),
      block: forEditors("block", lists),
      task: forEditors("task", calls),
      handler: choose(task, forEditors("handler", calls)),
    },
  };
};

const namesOf = (...shortNames: readonly string[]): readonly string[] =>
  shortNames.flatMap((name) => [name, `ansible.builtin.${name}`]);

const moduleReference = (name: string): Schema => ({
  anyOf: [{ $ref: `modules/${findModule(name)?.shortName ?? name}.json` }, { type: ["string", "null"] }],
});

const orTemplate = (schema: Schema): Schema =>
  Object.keys(schema).length <= 1 ? schema : { description: schema["description"], anyOf: [schema, template] };
