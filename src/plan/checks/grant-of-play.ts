import type { Play, Task } from "../../playbook/playbook.ts";
import type { MapEntry } from "../../source/node.ts";
import { type CheckInput, entryOfVariable } from "./known-values.ts";

/** Where `latchkey_grant` is set for a play, by its own variables or on the command line: then its run is a grant. */
export const grantOfPlay = (input: CheckInput, play: Play): MapEntry | undefined =>
  // A revoke is given what its grant was given, and is none.
  entryOfVariable(play, input.extraVars, "latchkey_revoke") === undefined
    ? entryOfVariable(play, input.extraVars, "latchkey_grant")
    : undefined;

/** Every play of a plan. */
export const playsOf = ({ plan }: CheckInput): readonly Play[] =>
  plan.playbooks.flatMap(({ playbook }) => playbook.plays);

/** Whether a task may be meant to fail: outside of a grant its author has said that the run goes on in spite of it. */
export const mayFail = (input: CheckInput, play: Play, task: Task): boolean =>
  task.inherited.ignore_errors === true && grantOfPlay(input, play) === undefined;
