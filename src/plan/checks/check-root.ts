import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { allVariables } from "../../inventory/layers.ts";
import type { AdjacentVars } from "../../inventory/inventory.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import { variablesOfTask } from "../variables-of-task.ts";
import { connectingUsers } from "./connecting-users.ts";
import { mayFail } from "./grant-of-play.ts";
import type { CheckInput } from "./known-values.ts";

/** Modules that change what only root may change, with the argument that asks for something else. */
const rootsModules: Readonly<Record<string, readonly string[]>> = {
  apt: [],
  dnf: [],
  group: ["local"],
  hostname: [],
  package: [],
  service: [],
  sudoers: [],
  systemd_service: ["scope"],
  user: ["local"],
};

/** Modules that write a file, and the option that names it. */
const writers: Readonly<Record<string, readonly string[]>> = {
  blockinfile: ["path", "dest"],
  copy: ["dest"],
  lineinfile: ["path", "dest"],
  replace: ["path", "dest"],
  template: ["dest"],
};

/** Tasks for root on hosts whose login is known not to be root, and that nothing makes root. */
export const checkRoot = (input: CheckInput): readonly Diagnostic[] =>
  input.plan.options.connection.become === true
    ? []
    : input.plan.playbooks.flatMap(({ playbook, adjacent }) => {
        const variables = [...allVariables(input.plan.inventory, adjacent), input.plan.extraVars];
        if (variables.some((vars) => becomes(vars) || isElsewhere(vars))) return [];
        return playbook.plays.flatMap((play) =>
          tasksOfPlay(play).flatMap((task) => checkTask(input, play, task, adjacent)),
        );
      });

const becomes = (vars: object): boolean => Object.hasOwn(vars, "ansible_become");

const isElsewhere = (vars: object): boolean => Object.hasOwn(vars, "ansible_connection");

const checkTask = (input: CheckInput, play: Play, task: Task, adjacent: AdjacentVars): readonly Diagnostic[] => {
  const { become, connection } = task.inherited;
  if ((become !== undefined && become !== false) || connection !== undefined || mayFail(input, play, task)) return [];
  const reason = needsRoot(task);
  if (reason === undefined || variablesOfTask(play, task).some((vars) => becomes(vars) || isElsewhere(vars))) return [];
  const users = [...connectingUsers(input, play, task, adjacent)];
  const [first] = users;
  if (first === undefined || users.some(([user]) => user === "root")) return [];
  const [user, host] = first;
  const span = entryOf(task.node, task.action)?.key.span ?? task.span;
  const message = `${reason} needs root's rights, and ${host} is reached as "${user}"`;
  return [{ code: "V63", severity: "warning", message, span, hint: "add become: true" }];
};

const needsRoot = ({ module, args }: Task): string | undefined => {
  const excuses = rootsModules[module.shortName];
  if (excuses !== undefined)
    return excuses.some((name) => args[name] !== undefined) ? undefined : `"${module.shortName}"`;
  const path = writers[module.shortName]?.map((name) => args[name]).find((value) => value !== undefined);
  return typeof path === "string" && /^\/(?:boot|etc|lib|lib64|root|sbin|usr\/(?!local\/)[^/]+)\//.test(path)
    ? `writing "${path}"`
    : undefined;
};
