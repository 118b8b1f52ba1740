import { loopKeywords } from "../../playbook/keywords.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { entryOf } from "../../source/node.ts";
import { toExpression } from "../../vars/from-node.ts";
import { Expression, LazyMap, Template, type Value } from "../../vars/value.ts";

/** Everything of a task that is rendered or evaluated. */
export const valuesOfTask = (task: Task): readonly (Value | Expression | undefined)[] => [
  task.args,
  task.loop?.terms,
  ...task.when,
  ...task.changedWhen,
  ...task.failedWhen,
  ...task.until,
  ...task.breakWhen,
  ...task.vars,
  ...task.environment,
  ...task.moduleDefaults,
  ...task.notify,
  ...Object.entries(task.own)
    .filter(
      ([name]) =>
        !["when", "changed_when", "failed_when", "until", "loop", "register"].includes(name) && !(name in loopKeywords),
    )
    .map(([name, value]) => (name === "loop_control" ? withoutConditions(value) : value)),
  ...Object.values(task.inherited),
];

/** Conditions stand among the expressions already; as values they would be plain texts. */
const withoutConditions = (control: Value | undefined): Value | undefined => {
  if (typeof control !== "object" || control === null || Array.isArray(control)) return control;
  return Object.fromEntries(Object.entries(control).filter(([name]) => name !== "break_when"));
};

/** The conditions among a task's arguments (`that` of assert): to the module they are texts. */
export const conditionsOfArguments = ({ module, argsNode }: Task): readonly Expression[] => {
  const that = module.shortName === "assert" ? entryOf(argsNode, "that")?.value : undefined;
  if (that === undefined) return [];
  const items = that.kind === "seq" ? that.items : [that];
  return items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [toExpression(item)] : [],
  );
};

/** Everything of a play apart from its tasks that is rendered. */
export const valuesOfPlay = (play: Play): readonly (Value | undefined)[] => [
  play.vars,
  ...play.varsFiles.map((file) => file.values),
  ...Object.entries(play.keywords)
    .filter(([name]) => name !== "vars_files")
    .map(([, value]) => value),
];

/** The templates and expressions in a value, at any depth. */
export const templatesIn = (value: Value | Expression | undefined): readonly (Template | Expression)[] => {
  if (value instanceof Template || value instanceof Expression) return [value];
  if (typeof value !== "object" || value === null || value instanceof LazyMap) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(templatesIn);
};
