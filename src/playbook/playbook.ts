import type { MapEntry, MapNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import type { Expression, Value, ValueMap } from "../vars/value.ts";
import type { ModuleEntry } from "../modules/registry.ts";
import type { InheritedKeyword, LoopLookup, PlayKeyword, TaskKeyword } from "./keywords.ts";

/** A playbook file: its plays in order. */
export interface Playbook {
  readonly path: string;
  readonly plays: readonly Play[];
}

/** Hosts and tasks. Keyword values stay as written (templates unrendered) until the play or its steps run. */
export interface Play {
  /** Unique in a run, such as `1`. */
  readonly id: string;
  readonly span: Span;
  readonly node: MapNode;
  readonly keywords: Readonly<Partial<Record<PlayKeyword, Value>>>;
  /** What its tasks inherit from it. */
  readonly inherited: Task["inherited"];
  readonly environment: readonly Value[];
  readonly tags: readonly string[];
  readonly vars: ValueMap;
  readonly varsPrompt: readonly VarsPrompt[];
  /** Files of `vars_files` that could be read while loading, in order. */
  readonly varsFiles: readonly VarsFile[];
  readonly preTasks: readonly Entry[];
  readonly tasks: readonly Entry[];
  readonly postTasks: readonly Entry[];
  readonly handlers: readonly Task[];
}

/** A variable that is asked for before the play begins, with the keys of its entry in `vars_prompt`. */
export interface VarsPrompt {
  readonly name: string;
  readonly options: ValueMap;
  readonly span: Span;
}

/** A file of variables, with the values it sets. */
export interface VarsFile {
  readonly path: string;
  readonly values: ValueMap;
  /** Where its variables are written. */
  readonly entries: readonly MapEntry[];
}

/** What stands in a list of tasks. */
export type Entry = Task | Block;

/** Tasks that belong together, with what to do when one fails and what to do always. */
export interface Block {
  readonly kind: "block";
  readonly block: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
}

/** One call of a module, with everything that it inherits from its blocks and its play already applied. */
export interface Task {
  readonly kind: "task";
  /** Unique in a run and ordered as written. */
  readonly id: string;
  /** Whether it stands among the handlers. */
  readonly handler: boolean;
  /** The place of the task's first key. */
  readonly span: Span;
  readonly node: MapNode;
  readonly module: ModuleEntry;
  /** The module's name as written. */
  readonly action: string;
  /** The module's arguments: `args` under the module's own. */
  readonly args: ValueMap;
  /** Where each argument is written, for messages. */
  readonly argsNode: MapNode;
  readonly loop: Loop | undefined;
  /** The task's own keywords that nothing inherits. */
  readonly own: Readonly<Partial<Record<TaskKeyword, Value>>>;
  /** Effective values of what a task inherits. */
  readonly inherited: Readonly<Partial<Record<InheritedKeyword, Value>>>;
  /** Conditions of the blocks around it first, then its own. */
  readonly when: readonly Expression[];
  readonly changedWhen: readonly Expression[];
  readonly failedWhen: readonly Expression[];
  readonly until: readonly Expression[];
  /** `loop_control.break_when`. */
  readonly breakWhen: readonly Expression[];
  /** Variables of the blocks around it (outermost first), then its own. */
  readonly vars: readonly ValueMap[];
  readonly environment: readonly Value[];
  readonly moduleDefaults: readonly ValueMap[];
  readonly tags: readonly string[];
  readonly register: string | undefined;
  readonly notify: readonly Value[];
  readonly listen: readonly string[];
}

/** The list that a task goes through. */
export interface Loop {
  /** The lookup that makes the items of the terms (`with_dict`: dict); absent where they are the items (`loop`). */
  readonly lookup?: LoopLookup;
  readonly terms: Value;
  readonly span: Span;
}
