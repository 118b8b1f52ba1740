import type { MapEntry, MapNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import type { Result } from "../util/result.ts";
import type { Expression, PlainMap, Value, ValueMap } from "../vars/value.ts";
import type { ModuleEntry } from "../modules/registry.ts";
import type { InheritedKeyword, LoopLookup, PlayKeyword, TaskKeyword } from "./keywords.ts";

/** A playbook file: its plays in order. */
export interface Playbook {
  readonly path: string;
  /** The playbook that was asked for: another one, where that imports it. */
  readonly root: string;
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
  /** Those whose names only a host's variables tell: of each the first one that is there. */
  readonly lateVarsFiles: readonly (readonly Value[])[];
  readonly preTasks: readonly Entry[];
  /** The tasks of `roles`, which run between these and the play's own. */
  readonly roles: readonly Entry[];
  readonly tasks: readonly Entry[];
  readonly postTasks: readonly Entry[];
  /** Those of its `roles` first, then its own, then those of roles that it imports. */
  readonly handlers: readonly Task[];
  /** Roles whose variables all tasks of the play see, those of `roles` and of import_role. */
  readonly publicRoles: readonly Role[];
  /** Names that tasks which cannot be read would have brought: whoever uses one makes no mistake of his own. */
  readonly unread: Unread<ReadonlySet<string>>;
}

/** What tasks that cannot be read would have brought. */
export interface Unread<Names> {
  readonly variables: Names;
  readonly handlers: Names;
  /** Modules from elsewhere, any of which may set facts. */
  readonly modules: Names;
}

/** A role, as one place of a play uses it. */
export interface Role {
  readonly name: string;
  /** Its folder. */
  readonly path: string;
  /** What its defaults/main.yml sets, weaker than every other variable. */
  readonly defaults: readonly VarsFile[];
  /** What its vars/main.yml sets, and after that `vars` of its entry in `roles`. */
  readonly vars: readonly VarsFile[];
  /** Keys of its entry in `roles` (or in another role's dependencies) that are no keywords. */
  readonly params: ValueMap;
  /** Roles that brought this one: the outermost first. */
  readonly parents: readonly Role[];
  /** Whether import_role or include_role brought it, and no list of roles. */
  readonly isIncluded: boolean;
  /** Roles that its meta/main.yml names: they run before it. */
  readonly dependencies: readonly Role[];
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
  /** The role whose tasks these are. */
  readonly role?: Role;
  /** Hosts that ran tasks under this key in the play leave these out: a role runs once unless it allows duplicates. */
  readonly once?: string;
}

/** What a task takes from the play, the blocks, the role and the includes around it. */
export interface Surroundings {
  /** Whether it stands among the handlers. */
  readonly handler: boolean;
  /** Effective values of what a task inherits. */
  readonly inherited: Readonly<Partial<Record<InheritedKeyword, Value>>>;
  /** Conditions of the blocks around it first, then its own. */
  readonly when: readonly Expression[];
  /** Variables of the blocks around it (outermost first), then its own. */
  readonly vars: readonly ValueMap[];
  readonly environment: readonly Value[];
  readonly moduleDefaults: readonly ValueMap[];
  readonly tags: readonly string[];
  readonly notify: readonly Value[];
  readonly role: Role | undefined;
  /** Variables of the statements that bring it in (include_tasks, import_role, …), the outermost first. */
  readonly includeVars: readonly ValueMap[];
}

/** What include_tasks or include_role brings. */
export interface Included {
  /** The file of tasks. */
  readonly path: string;
  readonly entries: readonly Entry[];
  readonly handlers: readonly Task[];
  readonly role: Role | undefined;
  /** Whether all tasks of the play see the role's variables from now on. */
  readonly isPublic: boolean;
  /** Counts what a statement brings for one argument or another, so that hosts that differ do not meet. */
  readonly number: number;
}

/** Brings in tasks when it is reached. */
export interface Include {
  /** What it brings, where that can be told before any host is asked. */
  readonly known: Included | undefined;
  /** Reads what it brings for arguments that a host's variables were rendered into; once for the same arguments. */
  readonly read: (args: PlainMap) => Promise<Result<Included, string>>;
}

/** One call of a module, with everything that it inherits from its blocks and its play already applied. */
export interface Task extends Surroundings {
  readonly kind: "task";
  /** Unique in a run and ordered as written. */
  readonly id: string;
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
  readonly changedWhen: readonly Expression[];
  readonly failedWhen: readonly Expression[];
  readonly until: readonly Expression[];
  /** `loop_control.break_when`. */
  readonly breakWhen: readonly Expression[];
  readonly register: string | undefined;
  readonly listen: readonly string[];
  readonly include?: Include;
}

/** The list that a task goes through. */
export interface Loop {
  /** The lookup that makes the items of the terms (`with_dict`: dict); absent where they are the items (`loop`). */
  readonly lookup?: LoopLookup;
  readonly terms: Value;
  readonly span: Span;
}
