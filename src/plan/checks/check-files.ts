import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { isImplicitHost } from "../../inventory/select.ts";
import { checkAccountName } from "../../modules/account-name.ts";
import { normalizeMode } from "../../modules/file-options.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import { controllerPath } from "../controller-file.ts";
import type { Plan } from "../plan.ts";
import { staticPatterns } from "./hosts-of-play.ts";
import { templatesIn } from "./task-values.ts";

/** Which option of a module names a file of this machine, the folder that is searched first, and whether it may be a folder. */
const sources: Readonly<
  Record<string, { readonly option: string; readonly kind: "files" | "templates"; readonly isFolder?: true }>
> = {
  copy: { option: "src", kind: "files", isFolder: true },
  template: { option: "src", kind: "templates" },
  script: { option: "cmd", kind: "files" },
};

/** Options that name a path of the host. */
const destinations: Readonly<Record<string, readonly string[]>> = {
  assemble: ["dest"],
  blockinfile: ["path", "dest", "name"],
  copy: ["dest"],
  file: ["path", "dest", "name"],
  get_url: ["dest"],
  lineinfile: ["path", "dest", "name"],
  replace: ["path", "dest", "name"],
  template: ["dest"],
};

/** Files that are not there or are folders, and paths and owners on hosts that cannot be meant. */
export const checkFiles = ({ playbooks }: Plan): readonly Diagnostic[] =>
  playbooks.flatMap(({ playbook }) =>
    playbook.plays.flatMap((play) =>
      tasksOfPlay(play).flatMap((task) => [
        ...checkSource(task, playbook.path),
        ...checkDestination(play, task),
        ...checkOwner(task),
        ...checkMode(task),
      ]),
    ),
  );

const checkSource = (task: Task, playbook: string): readonly Diagnostic[] => {
  const source = sources[task.module.shortName];
  const value = source === undefined ? undefined : task.args[source.option];
  const { remote_src: isRemote } = task.args;
  if (source === undefined || typeof value !== "string" || (isRemote !== undefined && isRemote !== false)) return [];
  const name = task.module.shortName === "script" ? (value.trim().split(/\s/, 1)[0] ?? "") : value;
  const found = controllerPath(name, source.kind, { task, playbook });
  const span = spanOf(task, source.option);
  if (found.path === undefined) {
    const hint = `looked for ${found.tried.join(" and ")}`;
    return [{ code: "V70", severity: "error", message: `there is no file "${name}"`, span, hint }];
  }
  if (found.kind !== "directory" || source.isFolder === true) return [];
  return [{ code: "V70", severity: "error", message: `"${name}" is a folder; expected a file`, span }];
};

/** Such a path depends on where the connecting user's home is; on this machine it is beside whoever runs latchkey. */
const checkDestination = (play: Play, task: Task): readonly Diagnostic[] => {
  const option = destinations[task.module.shortName]?.find((name) => task.args[name] !== undefined);
  const value = option === undefined ? undefined : task.args[option];
  if (option === undefined || typeof value !== "string" || value === "" || /^[/~$]/.test(value)) return [];
  const { connection, delegate_to: delegate } = task.inherited;
  if (
    connection !== undefined ||
    delegate !== undefined ||
    staticPatterns(play)?.every((pattern) => isImplicitHost(pattern)) === true
  )
    return [];
  const message = `"${value}" is relative to the home of whoever logs in`;
  const hint = `write an absolute path, or ~/${value} where that is meant`;
  return [{ code: "V70", severity: "warning", message, span: spanOf(task, option), hint }];
};

/** The modules whose options these are have `owner` and `group` as names of accounts. */
const checkOwner = (task: Task): readonly Diagnostic[] => {
  if (destinations[task.module.shortName] === undefined) return [];
  return (["owner", "group"] as const).flatMap((option): readonly Diagnostic[] => {
    const value = task.args[option];
    if (typeof value !== "string" || /^[0-9]+$/.test(value)) return [];
    if (checkAccountName(value, option === "owner" ? "user" : "group").ok && value === value.trim()) return [];
    const message = `"${value}" cannot be the name of a ${option === "owner" ? "user" : "group"}`;
    return [
      { code: "V70", severity: "warning", message, span: spanOf(task, option), hint: "expected a name, or a number" },
    ];
  });
};

/** With a template among the arguments the module has not judged them yet. */
const checkMode = (task: Task): readonly Diagnostic[] => {
  const { mode } = task.args;
  if ((typeof mode !== "string" && typeof mode !== "number") || templatesIn(task.args).length === 0) return [];
  const judged = destinations[task.module.shortName] === undefined ? undefined : normalizeMode(mode);
  if (judged?.ok !== false) return [];
  const hint = "expected an octal text such as '0644', or symbols such as u=rw,g=r";
  return [{ code: "V70", severity: "error", message: judged.error, span: spanOf(task, "mode"), hint }];
};

const spanOf = (task: Task, option: string): Span => entryOf(task.argsNode, option)?.value.span ?? task.argsNode.span;
