import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import type { Play, Role, Task } from "../../playbook/playbook.ts";
import { allVariables } from "../../inventory/layers.ts";
import { rolesOf, tasksOfPlay } from "../../playbook/tasks-of.ts";
import { locateInScalar } from "../../source/locate.ts";
import { freeVariables } from "../../vars/check-template.ts";
import type { Expression, Template, Value, ValueMap } from "../../vars/value.ts";
import type { Plan, PlannedPlaybook } from "../plan.ts";
import { magicNames } from "../magic-names.ts";
import { bringsAnyName, namesSetBy } from "./names-set-in-run.ts";
import { templatesIn, valuesOfPlay, valuesOfTask } from "./task-values.ts";

/** Variables that nothing defines: not the inventory, no file, no earlier or later task, not the command line. */
export const checkVariables = (plan: Plan): readonly Diagnostic[] => {
  let anyName = false;
  return plan.playbooks.flatMap((planned) => {
    const shared = namesOutsidePlays(plan, planned);
    return planned.playbook.plays.flatMap((play) => {
      const tasks = tasksOfPlay(play);
      anyName ||= tasks.some(bringsAnyName);
      return anyName ? [] : checkPlay(play, tasks, shared);
    });
  });
};

const checkPlay = (play: Play, tasks: readonly Task[], shared: ReadonlySet<string>): readonly Diagnostic[] => {
  const known = new Set([...shared, ...namesOf(play, tasks)]);
  const seen = new Set<string>();
  const ofPlay = valuesOfPlay(play)
    .flatMap(templatesIn)
    .flatMap((template) => undefinedIn(template, known, new Set()));
  const ofTasks = tasks.flatMap((task) => {
    const guarded = new Set(task.when.flatMap((condition) => [...guardedNames(condition)]));
    // Of files whose names hold what is not defined, the next one is tried.
    return valuesOfTask(task.loop?.lookup === "first_found" ? { ...task, loop: undefined } : task)
      .flatMap(templatesIn)
      .flatMap((template) => undefinedIn(template, known, guarded));
  });
  return [...ofPlay, ...ofTasks].filter(({ span, message }) => {
    const key = `${span?.file.path}:${span?.start}:${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
};

const undefinedIn = (
  template: Template | Expression,
  known: ReadonlySet<string>,
  guarded: ReadonlySet<string>,
): readonly Diagnostic[] => {
  const own = guardedNames(template);
  const names = [...freeVariables(template)].filter(
    (name) => !known.has(name) && !guarded.has(name) && !own.has(name) && !/^(?:ansible|getent)_/.test(name),
  );
  return names.map((name): Diagnostic => {
    const at = Math.max(0, template.source.search(new RegExp(`\\b${name}\\b`)));
    const hint = didYouMean(name, known);
    return {
      code: "V21",
      severity: "error",
      message: `"${name}" is not defined`,
      ...(template.span === undefined
        ? {}
        : { span: locateInScalar(template.span, template.source, at, at + name.length) }),
      hint: hint ?? `define it under vars, in the inventory, or with -e ${name}=…`,
    };
  });
};

/** Names that a template asks about before it uses them, or has a default for. */
const guardedNames = ({ source }: Template | Expression): ReadonlySet<string> =>
  new Set(
    [
      ...source.matchAll(
        /\b([A-Za-z_]\w*)(?:\.\w+|\[[^\]]*\])*\s*(?:\|\s*(?:default|d)\b|is\s+(?:not\s+)?(?:un)?defined\b)/g,
      ),
    ].map((match) => match[1] ?? ""),
  );

/** Names that hold in every play: of the inventory, the files beside it and the playbook, and the command line. */
const namesOutsidePlays = (plan: Plan, planned: PlannedPlaybook): ReadonlySet<string> => {
  const { inventory, extraVars } = plan;
  const names = new Set<string>([...magicNames, ...Object.keys(extraVars)]);
  for (const values of allVariables(inventory, planned.adjacent)) {
    for (const name of Object.keys(values)) names.add(name);
  }
  // What a play registers or sets stays with its hosts in the plays after it.
  for (const { playbook } of plan.playbooks) {
    for (const play of playbook.plays) {
      for (const name of [...namesSetBy(tasksOfPlay(play)), ...play.unread.variables]) names.add(name);
    }
  }
  return names;
};

const namesOf = (play: Play, tasks: readonly Task[]): readonly string[] => [
  ...Object.keys(play.vars),
  ...play.varsPrompt.map(({ name }) => name),
  ...play.varsFiles.flatMap((file) => Object.keys(file.values)),
  ...tasks.flatMap((task) => [
    ...[...task.vars, ...task.includeVars].flatMap((vars) => Object.keys(vars)),
    ...loopNames(task),
  ]),
  ...[...play.publicRoles, ...rolesOf(tasks)].flatMap(namesOfRole),
];

const namesOfRole = (role: Role): readonly string[] => [
  ...Object.keys(role.params),
  ...[...role.defaults, ...role.vars].flatMap((file) => Object.keys(file.values)),
];

const loopNames = (task: Task): readonly string[] => {
  const isLoop = task.node.entries.some((entry) => /^(?:loop|with_\w+)$/.test(String(entry.key.value)));
  if (!isLoop) return [];
  const control = task.own.loop_control;
  const field = (name: string): Value | undefined =>
    typeof control === "object" && control !== null && name in control ? (control as ValueMap)[name] : undefined;
  return ["item", field("loop_var"), field("index_var")].filter((name) => typeof name === "string");
};
