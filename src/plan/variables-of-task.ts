import type { Play, Task } from "../playbook/playbook.ts";
import { roleVariables } from "../playbook/role-variables.ts";
import type { ValueMap } from "../vars/value.ts";

/** What the playbook's files say of variables around a task, the weakest first; roles that the play has beside it are left out. */
export const variablesOfTask = (play: Play, task: Task): readonly ValueMap[] => {
  const role = task.role === undefined ? undefined : roleVariables(task.role);
  return [
    ...(role?.defaults.toReversed() ?? []),
    play.vars,
    ...play.varsFiles.map(({ values }) => values),
    ...(role?.vars.toReversed() ?? []),
    ...task.vars,
    ...(role?.params.toReversed() ?? []),
    ...task.includeVars,
  ];
};
