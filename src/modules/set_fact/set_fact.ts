import { err, ok } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { ControllerModule } from "../module.ts";
import { isVariableName } from "../variable-name.ts";
import { setFactSchema, setFactReturns } from "./set_fact.schema.ts";

/** Sets variables of the host for the rest of the run. */
export const setFact: ControllerModule<PlainMap> = {
  runs: "controller",
  name: "ansible.builtin.set_fact",
  summary: "Sets variables of the host for the rest of the run.",
  schema: setFactSchema,
  anyOptions: true,
  normalize: (args) => {
    const names = namesOf(args);
    const wrong = names.find((name) => !isVariableName(name));
    if (wrong !== undefined) {
      const rule = "start with a letter or underscore character, and contain only letters, numbers and underscores";
      return err(`The variable name '${wrong}' is not valid. Variables must ${rule}.`);
    }
    return names.length > 0 ? ok(args) : err("No key/value pairs provided, at least one is required for this action");
  },
  run: (args) => {
    const facts = Object.fromEntries(namesOf(args).map((name) => [name, args[name] ?? null]));
    return { outcome: "ok", fields: { ansible_facts: facts }, facts };
  },
  returns: setFactReturns,
  examples: `
- name: The name in capitals
  ansible.builtin.set_fact:
    shout: "{{ inventory_hostname | upper }}"
`,
};

const namesOf = (args: PlainMap): readonly string[] => Object.keys(args).filter((name) => name !== "cacheable");
