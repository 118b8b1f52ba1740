import type { ControllerModule } from "../module.ts";
import { type MetaArguments, metaSchema, metaReturns } from "./meta.schema.ts";

/** Steers the run itself: the run acts on it where the task stands, so there is nothing to do here. */
export const meta: ControllerModule<MetaArguments> = {
  runs: "controller",
  name: "ansible.builtin.meta",
  summary: "Steers the run itself: runs handlers now, ends the play, forgets facts.",
  schema: metaSchema,
  freeForm: "free_form",
  run: () => ({ outcome: "ok", fields: {} }),
  returns: metaReturns,
  examples: `
- name: Reload what was changed, now
  ansible.builtin.meta: flush_handlers
`,
};
