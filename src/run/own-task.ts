import { findModule } from "../modules/registry.ts";
import type { Play, Task } from "../playbook/playbook.ts";
import type { ValueMap } from "../vars/value.ts";

/** A task that stands in no file: what a play does of its own accord, such as asking for facts. */
export interface OwnTask {
  /** Its place among a play's own ones: part of its id. */
  readonly number: string;
  readonly name: string;
  readonly module: string;
  readonly args: ValueMap;
}

/** Makes such a task; it inherits the play's keywords. */
export const ownTask = (play: Play, { number, name, module, args }: OwnTask): Task => {
  const entry = findModule(module);
  if (entry === undefined) throw new Error(`Internal error: there is no module ${module}`);
  return {
    kind: "task",
    id: `${play.id}.${number}`,
    handler: false,
    span: play.span,
    node: play.node,
    module: entry,
    action: module,
    args,
    argsNode: { kind: "map", entries: [], span: play.span },
    loop: undefined,
    own: { name },
    inherited: play.inherited,
    when: [],
    changedWhen: [],
    failedWhen: [],
    until: [],
    breakWhen: [],
    vars: [],
    environment: play.environment,
    moduleDefaults: [],
    tags: ["always"],
    register: undefined,
    notify: [],
    listen: [],
    role: undefined,
    includeVars: [],
  };
};
