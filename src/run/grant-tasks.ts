import { type GrantOptions, type GrantPolicy, readGrantOptions } from "../access/grant-options.ts";
import { readGrantPolicy } from "../access/grant-policy.ts";
import type { Play, Task } from "../playbook/playbook.ts";
import { tasksOfPlay } from "../playbook/tasks-of.ts";
import { coerce } from "../schema/coerce.ts";
import { ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import { type Plain, type PlainMap, Template, type ValueMap } from "../vars/value.ts";
import { ownTask } from "./own-task.ts";

/** What a play that is a grant does around its tasks. */
export interface GrantTasks {
  readonly begin: Task;
  /** Only where no later play goes on with the grant: until then the host takes it back by itself. */
  readonly confirm: Task | undefined;
  /** After a failure, unless the half-done grant is to stay. */
  readonly rollBack: Task;
}

/**
 * The tasks around those of a play that sets `latchkey_grant`; undefined where it does not. What is wrong with the grant
 * is told by each host's first task, since checks before the run may not have known its value.
 */
export const grantTasks = (
  play: Play,
  context: TemplateContext,
  { now, isLast, run }: { readonly now: Date; readonly isLast: boolean; readonly run: string },
): GrantTasks | undefined => {
  const options = readGrant(context, now);
  if (options === undefined) return undefined;
  if (!options.ok) {
    const refuse = ownTask(play, task("0", "Begin the grant", "fail", { msg: options.error.message }));
    return { begin: refuse, confirm: undefined, rollBack: refuse };
  }
  const { id, ticket, owner, reason, expires, confirmSeconds } = options.value.grant;
  const longest = Math.floor(options.value.policy.maxDurationMs / 1000);
  const about = { ticket, ...(owner === undefined ? {} : { owner }), ...(reason === undefined ? {} : { reason }) };
  // The host's clock is compared with the time of the step: with many hosts that is long after the play began.
  const stepTime = new Template("{{ now().timestamp() | int }}");
  const times = { run, expires: Math.floor(expires.getTime() / 1000), longest, now: stepTime, confirm: confirmSeconds };
  const confirm = ownTask(play, task("0.2", `Confirm grant ${id}`, "latchkey.access.grant_confirm", { id }));
  return {
    begin: ownTask(play, task("0.1", `Begin grant ${id}`, "latchkey.access.grant_begin", { id, ...about, ...times })),
    confirm: isLast ? confirm : undefined,
    rollBack: ownTask(play, task("0.3", `Roll back grant ${id}`, "latchkey.access.grant_undo", { id })),
  };
};

/** What `latchkey_grant` says, with the grant's id; undefined where there is none. */
export const readGrant = (context: TemplateContext, now: Date): GrantRead | undefined => {
  // A revoke is given what its grant was given, and is none.
  if (context.variable("latchkey_revoke") !== undefined) return undefined;
  const written = valueOf("latchkey_grant", context);
  if (written.ok && written.value === undefined) return undefined;
  const options = readOptions(written, context, now);
  if (!options.ok) return options;
  const { grant, policy } = options.value;
  return ok({ grant: { ...grant, id: grant.id ?? grantId(grant.ticket) }, policy });
};

type GrantRead = Result<
  { readonly grant: GrantOptions & { readonly id: string }; readonly policy: GrantPolicy },
  { readonly message: string }
>;

/**
 * Whether something of a play is done on its hosts. One that only has the controller do things, such as opening the way to
 * a host in a cloud, begins no grant there: before it is done no host may be reachable.
 */
export const worksOnHosts = async (play: Play): Promise<boolean> => {
  const tasks = tasksOfPlay(play);
  const modules = await Promise.all(tasks.map(({ module }) => module.load()));
  const { gather_facts: facts } = play.keywords;
  const gathers =
    typeof facts === "boolean" || typeof facts === "string" ? coerce({ type: "boolean" }, facts) : ok(true);
  return (gathers.ok ? gathers.value === true : true) || modules.some(({ runs }) => runs === "host");
};

/**
 * The task that a play with `latchkey_revoke` begins with; undefined for any other play. Which grants: those of an `id` or a
 * `ticket`, or `all`.
 */
export const revokeTask = (play: Play, context: TemplateContext): Task | undefined => {
  const which = valueOf("latchkey_revoke", context);
  if (which.ok && which.value === undefined) return undefined;
  const name = "Take grants back";
  if (!which.ok) return ownTask(play, task("0.4", name, "fail", { msg: which.error.message }));
  const { value } = which;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return ownTask(play, task("0.4", name, "fail", { msg: "latchkey_revoke is a mapping with id, ticket or all" }));
  }
  return ownTask(play, { number: "0.4", name, module: "latchkey.access.grant_undo", args: value as PlainMap });
};

type Rendered = Result<Plain | undefined, { readonly message: string }>;

const readOptions = (
  written: Rendered,
  context: TemplateContext,
  now: Date,
): Result<{ readonly grant: GrantOptions; readonly policy: GrantPolicy }, { readonly message: string }> => {
  if (!written.ok) return written;
  const policy = valueOf("latchkey_policy", context);
  if (!policy.ok) return policy;
  const read = readGrantPolicy(policy.value);
  if (!read.ok) return read;
  const grant = readGrantOptions(written.value, now, read.value);
  return grant.ok ? ok({ grant: grant.value, policy: read.value }) : grant;
};

const valueOf = (name: string, context: TemplateContext): Rendered => {
  const written = context.variable(name);
  const rendered = written === undefined ? ok(null) : render(written, context);
  if (!rendered.ok) return rendered;
  return ok(rendered.value instanceof Omit ? undefined : (rendered.value ?? undefined));
};

const task = (number: string, name: string, module: string, args: ValueMap) => ({
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
