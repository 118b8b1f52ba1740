import type { Module } from "../modules/module.ts";
import type { Included, Task } from "../playbook/playbook.ts";
import type { TemplateContext } from "../vars/template.ts";
import type { PlainMap } from "../vars/value.ts";
import type { Ahead } from "./ahead.ts";
import type { RunServices } from "./run-services.ts";
import type { PlayScope, TaskScope } from "./variables.ts";

/** What an include brings, with the variables of its loop's item. */
export interface Brought {
  readonly included: Included;
  readonly item: PlainMap;
}

/** A step on one host: what is the same for all its attempts and items. */
export interface StepScope {
  readonly services: RunServices;
  readonly play: PlayScope;
  readonly host: string;
  readonly task: Task;
  readonly module: Module;
  readonly step: number;
  /** Under no_log: nothing of what the module says may reach an event. */
  readonly hidden: boolean;
  readonly vars: TaskScope;
  /** What the templates of the task see, but for those of an item of its loop. */
  readonly context: TemplateContext;
  /** What was sent to the host before its step began. */
  readonly ahead?: Ahead | undefined;
  /** Gets what an include brings. */
  readonly brought?: Brought[];
}

/** The variables of one item of a step, and what its templates see; without a loop those of the step itself. */
export type ItemScope = Pick<StepScope, "vars" | "context">;

/** What the templates of a step see with other variables than its own. */
export const contextOf = (scope: StepScope, vars: TaskScope): TemplateContext =>
  scope.services.variables.context(scope.host, scope.play, vars);
