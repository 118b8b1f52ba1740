import { didYouMean } from "../../diagnostics/suggest.ts";
import { eventSchema } from "../../events/event.schema.ts";
import { inventorySchema } from "../../inventory/inventory-schema.ts";
import { moduleEntries, moduleNames } from "../../modules/registry.ts";
import { playbookSchema } from "../../playbook/playbook-schema.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { editorSchema } from "../../schema/editor-schema.ts";
import type { Io } from "../io.ts";
import { moduleOfAnyName } from "./doc.ts";
import { usage } from "../usage.ts";

/** What `latchkey schema` knows besides modules. */
export const schemaNames = ["playbook", "inventory", "event"];

/** `latchkey schema`: a JSON Schema that needs no other file. */
export const schemaCommand = async (name: string, io: Io): Promise<number> => {
  const schema = await schemaOf(name);
  if (schema === undefined) {
    const hint = didYouMean(name, [...schemaNames, ...moduleNames()]) ?? "latchkey modules lists the modules";
    return usage(io, `there is no schema of "${name}", only of ${schemaNames.join(", ")} and modules: ${hint}`);
  }
  io.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
  return exitCodes.ok;
};

const schemaOf = async (name: string): Promise<object | undefined> => {
  if (name === "inventory") return inventorySchema;
  if (name === "event") return eventSchema;
  if (name === "playbook") return bundledPlaybookSchema();
  const module = await moduleOfAnyName(name)?.load();
  return module === undefined ? undefined : editorSchema(module);
};

/** The schema of playbooks with those of the modules in it: the shipped file refers to files beside it. */
const bundledPlaybookSchema = async (): Promise<object> => {
  const modules: Record<string, object> = {};
  for (const entry of moduleEntries()) {
    const { $schema: _, ...schema } = editorSchema(await entry.load());
    modules[entry.shortName] = schema;
  }
  const schema = withReferences(playbookSchema(moduleNames()));
  return { ...schema, $defs: { ...(schema["$defs"] as object), modules } };
};

/** With references to files of modules turned into ones to a part of the schema. */
const withReferences = <Part>(part: Part): Part =>
  JSON.parse(JSON.stringify(part), (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? value.replace(/^modules\/(\w+)\.json$/, "#/$defs/modules/$1") : value,
  ) as Part;
