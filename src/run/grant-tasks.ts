import { defaultGrantPolicy, readGrantOptions } from "../access/grant-options.ts";
import type { Play, Task } from "../playbook/playbook.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import { ownTask } from "./own-task.ts";

/** What a play that is a grant does around its tasks. */
export interface GrantTasks {
  readonly begin: Task;
  readonly confirm: Task;
  /** After a failure, unless the half-done grant is to stay. */
  readonly rollBack: Task;
}

/**
 * The tasks around those of a play that sets `latchkey_grant`; undefined where it does not. What is wrong with the grant
 * is told by each host's first task, since checks before the run may not have known its value.
 */
export const grantTasks = (play: Play, context: TemplateContext, now: Date): GrantTasks | undefined => {
  const written = context.variable("latchkey_grant");
  if (written === undefined || written === null) return undefined;
  const rendered = render(written, context);
  if (rendered.ok && (rendered.value === null || rendered.value instanceof Omit)) return undefined;
  const options = rendered.ok ? readGrantOptions(rendered.value, now, defaultGrantPolicy) : rendered;
  if (!options.ok) {
    const refuse = ownTask(play, task("0", "Begin the grant", "fail", { msg: options.error.message }));
    return { begin: refuse, confirm: refuse, rollBack: refuse };
  }
  const { ticket, owner, reason, expires, confirmSeconds } = options.value;
  const id = options.value.id ?? grantId(ticket);
  const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
  const about = { ticket, ...(owner === undefined ? {} : { owner }), ...(reason === undefined ? {} : { reason }) };
  const times = { expires: seconds(expires), now: seconds(now), confirm: confirmSeconds };
  return {
    begin: ownTask(play, task("0.1", `Begin grant ${id}`, "latchkey.access.grant_begin", { id, ...about, ...times })),
    confirm: ownTask(play, task("0.2", `Confirm grant ${id}`, "latchkey.access.grant_confirm", { id })),
    rollBack: ownTask(play, task("0.3", `Roll back grant ${id}`, "latchkey.access.grant_undo", { id })),
  };
};

const task = (number: string, name: string, module: string, args: Readonly<Record<string, string | number>>) => ({
  number,
  name,
  module,
  args,
});

/** The id of a ticket's grant: the same ticket is the same grant, so that a second run finds it. */
export const grantId = (ticket: string): string =>
  ticket
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 32) || "grant";
