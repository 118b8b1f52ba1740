import { readFileSync } from "node:fs";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import { allVariables } from "../../inventory/layers.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { rolesOf, tasksOfPlay } from "../../playbook/tasks-of.ts";
import { SourceFile } from "../../source/source-file.ts";
import { checkTemplate } from "../../vars/check-template.ts";
import { globalNames } from "../../vars/evaluate/globals.ts";
import { FileTemplate } from "../../vars/file-template.ts";
import { childrenOf, type Expr } from "../../vars/syntax/expression.ts";
import { parsedTemplate } from "../../vars/syntax/parsed.ts";
import { fileSyntax, type ScanSyntax } from "../../vars/syntax/scan.ts";
import { boundNames, type Statement } from "../../vars/syntax/statement.ts";
import type { ValueMap } from "../../vars/value.ts";
import { controllerPath } from "../controller-file.ts";
import { magicNames } from "../magic-names.ts";
import type { Plan, PlannedPlaybook } from "../plan.ts";
import { variablesOfTask } from "../variables-of-task.ts";
import { describeTemplateProblem } from "./check-templates.ts";
import { namesSetInRun } from "./names-set-in-run.ts";

/** A template, and what is wrong with it whoever uses it. */
interface ReadTemplate {
  readonly template: FileTemplate;
  readonly problems: readonly Diagnostic[];
}

/** Templates in files: what does not parse, filters and tests that there are not, and variables that nothing defines. */
export const checkTemplateFiles = (plan: Plan): readonly Diagnostic[] => {
  const files = new Map<string, ReadTemplate | undefined>();
  return plan.playbooks.flatMap((planned) =>
    planned.playbook.plays.flatMap((play) => {
      let ofPlay: ReadonlySet<string> | undefined;
      return tasksOfPlay(play).flatMap((task) => {
        const read = templateOf(task, planned.playbook.path, files);
        if (read === undefined) return [];
        const { template, problems } = read;
        // That it fails may be what the author is after.
        if (problems.length > 0 || task.inherited.ignore_errors !== undefined) return problems;
        if (namesSetInRun(plan).isAny) return [];
        ofPlay ??= namesOfPlay(plan, planned, play);
        return undefinedIn(template, [ofPlay, ...variablesOfTask(play, task)]);
      });
    }),
  );
};

const templateOf = (
  task: Task,
  playbook: string,
  files: Map<string, ReadTemplate | undefined>,
): ReadTemplate | undefined => {
  const { src } = task.args;
  const syntax = syntaxOf(task);
  if (task.module.shortName !== "template" || typeof src !== "string" || syntax === undefined) return undefined;
  const { path, kind } = controllerPath(src, "templates", { task, playbook });
  if (path === undefined || kind !== "file") return undefined;
  const key = JSON.stringify([path, syntax]);
  if (!files.has(key)) {
    const template = readTemplate(path, syntax);
    files.set(key, template && { template, problems: problemsOf(template) });
  }
  return files.get(key);
};

/** What the task says of delimiters and blanks; undefined where a template makes it up. */
const syntaxOf = ({ args }: Task): ScanSyntax | undefined => {
  const given = Object.keys(fileSyntax).flatMap((name) =>
    args[name] === undefined ? [] : [[name, args[name]] as const],
  );
  // The module's schema has judged their types.
  const isKnown = given.every(([, value]) => typeof value === "string" || typeof value === "boolean");
  return isKnown ? { ...fileSyntax, ...(Object.fromEntries(given) as Partial<ScanSyntax>) } : undefined;
};

/** A file whose first line changes the rules, and one with other line ends than ours, is left to the run. */
const readTemplate = (path: string, syntax: ScanSyntax): FileTemplate | undefined => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  if (text.startsWith("#jinja2:") || text.includes("\r") || text.startsWith("$ANSIBLE_VAULT;")) return undefined;
  return new FileTemplate(text, { file: new SourceFile(path, text), start: 0, end: text.length }, syntax);
};

const problemsOf = (template: FileTemplate): readonly Diagnostic[] =>
  checkTemplate(template).map((problem): Diagnostic => ({
    ...describeTemplateProblem(problem),
    ...placeIn(template, problem.start, problem.end),
  }));

const placeIn = ({ span }: FileTemplate, start: number, end: number): Pick<Diagnostic, "span"> =>
  span === undefined ? {} : { span: { file: span.file, start, end } };

/** The names that hold in every template of a play. There may be thousands of hosts: this is asked once. */
const namesOfPlay = (plan: Plan, { adjacent }: PlannedPlaybook, play: Play): ReadonlySet<string> => {
  const names = new Set([...magicNames, ...globalNames, ...namesSetInRun(plan).names, ...loopNames(play)]);
  const roles = [...play.publicRoles, ...rolesOf(tasksOfPlay(play))];
  const ofRoles = roles.flatMap(({ params, defaults, vars }) => [
    params,
    ...[...defaults, ...vars].map(({ values }) => values),
  ]);
  for (const map of [...allVariables(plan.inventory, adjacent), ...ofRoles, plan.extraVars]) {
    for (const name of Object.keys(map)) names.add(name);
  }
  return names;
};

/** Loops of includes reach the tasks that they bring. */
const loopNames = (play: Play): readonly string[] => [
  "item",
  ...tasksOfPlay(play).flatMap(({ own }) => {
    const control = own.loop_control;
    if (typeof control !== "object" || control === null) return [];
    const { loop_var: name, index_var: index } = control as ValueMap;
    return [name, index].filter((value) => typeof value === "string");
  }),
];

const undefinedIn = (
  template: FileTemplate,
  [ofPlay, ...maps]: readonly [ReadonlySet<string>, ...(readonly ValueMap[])],
): readonly Diagnostic[] => {
  const parsed = parsedTemplate(template);
  if (!parsed.ok) return [];
  const used = new Map<string, number>();
  collect(parsed.value, new Set(), used);
  return [...used].flatMap(([name, at]): readonly Diagnostic[] => {
    if (ofPlay.has(name) || maps.some((map) => Object.hasOwn(map, name))) return [];
    const known = new Set([...ofPlay, ...maps.flatMap((map) => Object.keys(map))]);
    const hint = didYouMean(name, known) ?? `define it under vars, in the inventory, or with -e ${name}=…`;
    const place = placeIn(template, at, at + name.length);
    return [{ code: "V21", severity: "error", message: `"${name}" is not defined`, ...place, hint, missing: [name] }];
  });
};

/** Names that are needed whatever holds: those in branches may never be. */
const collect = (statements: readonly Statement[], bound: Set<string>, used: Map<string, number>): void => {
  const need = (expr: Expr): void => {
    for (const { name, at } of needed(expr)) {
      if (!bound.has(name) && !used.has(name) && !/^(?:ansible|getent|template)_/.test(name)) used.set(name, at);
    }
  };
  // What the template that is extended sets is not known.
  if (statements.some(({ kind }) => kind === "extends")) return;
  for (const statement of statements) {
    switch (statement.kind) {
      case "output":
        need(statement.value);
        break;
      case "set":
        need(statement.value);
        for (const name of boundNames(statement.target)) bound.add(name);
        break;
      case "for":
        need(statement.items);
        if (statement.filter === undefined) {
          collect(statement.body, new Set([...bound, "loop", ...boundNames(statement.target)]), used);
        }
        break;
      case "if":
        for (const { test } of statement.branches.slice(0, 1)) need(test);
        for (const name of statement.branches.flatMap(({ body }) => setIn(body))) bound.add(name);
        for (const name of setIn(statement.otherwise)) bound.add(name);
        break;
      case "capture":
        collect(statement.body, bound, used);
        bound.add(statement.name);
        break;
      case "macro":
        bound.add(statement.name);
        break;
      case "import":
        for (const { to } of statement.names) bound.add(to);
        break;
      case "text":
      case "include":
      case "block":
      case "extends":
        break;
    }
  }
};

const setIn = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap((statement) => {
    if (statement.kind === "set") return boundNames(statement.target);
    if (statement.kind === "capture" || statement.kind === "macro") return [statement.name];
    if (statement.kind === "import") return statement.names.map(({ to }) => to);
    if (statement.kind !== "if") return [];
    return [...statement.branches.flatMap(({ body }) => setIn(body)), ...setIn(statement.otherwise)];
  });

/** The variables without which an expression has no value. */
const needed = (expr: Expr): readonly { readonly name: string; readonly at: number }[] => {
  switch (expr.kind) {
    case "name":
      return [expr];
    case "conditional":
      return needed(expr.test);
    case "logic":
      return needed(expr.left);
    case "test":
      return expr.name.endsWith("defined") ? [] : childrenOf(expr).flatMap(needed);
    case "filter":
      return /^(?:default|d)$/.test(expr.name) ? [] : childrenOf(expr).flatMap(needed);
    default:
      return childrenOf(expr).flatMap(needed);
  }
};
