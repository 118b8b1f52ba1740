import { judgeAccountName } from "../../access/account-name.ts";
import type { Judgement } from "../../access/judgement.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { AdjacentVars } from "../../inventory/inventory.ts";
import { checkAccountName } from "../../modules/account-name.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { connectingUsers } from "./connecting-users.ts";
import { grantOfPlay, mayFail } from "./grant-of-play.ts";
import { type CheckInput, knownValues } from "./known-values.ts";

/** The option of a module that names the account it works on. */
const options: Readonly<Record<string, readonly string[]>> = {
  user: ["name", "user"],
  authorized_key: ["user"],
  sudoers: ["user"],
};

/** Accounts that no grant may give away, names that are none, and the removal of the account by which the run comes. */
export const checkAccounts = (input: CheckInput): readonly Diagnostic[] =>
  input.plan.playbooks.flatMap(({ playbook, adjacent }) =>
    playbook.plays.flatMap((play) => tasksOfPlay(play).flatMap((task) => checkTask(input, play, task, adjacent))),
  );

const checkTask = (input: CheckInput, play: Play, task: Task, adjacent: AdjacentVars): readonly Diagnostic[] => {
  const named = options[task.module.shortName];
  if (named === undefined) return [];
  const isGrant = grantOfPlay(input, play) !== undefined;
  const isAbsent = task.args["state"] === "absent";
  return knownValues(input, play, task, named).flatMap((known): readonly Diagnostic[] => {
    // That it is no text at all is told elsewhere.
    if (typeof known.value !== "string" && typeof known.value !== "number") return [];
    const name = String(known.value);
    const span = known.placeOf(name);
    const legal = checkAccountName(name, "user");
    if (!legal.ok)
      return known.isLiteral || mayFail(input, play, task)
        ? []
        : [{ code: "V51", severity: "error", message: legal.error, span }];
    const host = connectingUsers(input, play, task, adjacent).get(name);
    if (isAbsent) {
      if (task.module.shortName !== "user" || host === undefined) return [];
      const message = `this removes "${name}", the account by which ${host} is reached`;
      const hint = "nobody would get in any more; run it as another account, or leave this one";
      return [{ code: "V56", severity: "error", message, span, hint }];
    }
    const found = isGrant ? judgeForGrant(task, name, host) : undefined;
    return found === undefined ? [] : [{ code: "V51", ...found, span }];
  });
};

const judgeForGrant = (task: Task, name: string, host: string | undefined): Judgement | undefined => {
  if (host !== undefined) {
    const message = `"${name}" is the account by which ${host} is reached, and none to grant access with`;
    return { severity: "error", message, hint: "its end would lock out the next run; give the grant its own account" };
  }
  // A rule of sudoers may be for a group or a number.
  return task.module.shortName === "sudoers" && /^[%#+]/.test(name) ? undefined : judgeAccountName(name);
};
