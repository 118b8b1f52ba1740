import { basename } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Play, Playbook, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import { Template } from "../../vars/value.ts";
import { type CheckInput, entryOfVariable, knownValues } from "./known-values.ts";

/** A grant's playbook and the one that revokes it, of which one is of the plan. */
export interface Pair {
  readonly grant: Playbook;
  readonly revoke: Playbook;
  /** Which of them is about to run. */
  readonly runs: "grant" | "revoke";
}

/**
 * Steps of a grant that its revoke does not take back. What runs as a grant, the journal takes back, step for step; what does
 * not is only as good as its revoke. A revoke must be possible whatever is wrong with it, and is only warned about.
 */
export const checkRevoke = (input: CheckInput, { grant, revoke, runs }: Pair): readonly Diagnostic[] => {
  const severity = runs === "grant" ? "error" : "warning";
  const isGrant = sets(input, grant, "latchkey_grant");
  const isRevoke = sets(input, revoke, "latchkey_revoke");
  if (isGrant && isRevoke) return [];
  const name = basename(revoke.path);
  if (isGrant) {
    const [play] = (runs === "grant" ? grant : revoke).plays;
    if (play === undefined) return [];
    // The journal takes it back all the same, by latchkey revoke or at its end.
    const message = `${basename(grant.path)} is a grant, and ${name} does not end grants`;
    const hint = `set latchkey_revoke in the vars of ${name}, such as {all: true} or {ticket: OPS-1234}`;
    return [{ code: "V55", severity: "warning", message, span: play.span, hint }];
  }
  const adjacent = { groupVars: new Map(), hostVars: new Map() };
  const playbooks = [grant, revoke].map((playbook) => ({ playbook, adjacent }));
  const both = { ...input, plan: { ...input.plan, playbooks } };
  const taken = callsOf(revoke).flatMap(({ play, task }) => takenBy(both, play, task));
  const made = callsOf(grant).filter(({ task }) => !isForGrantsOnly(task));
  return made.flatMap(({ play, task }) =>
    madeBy(both, play, task)
      .filter((thing) => !isTaken(thing, taken))
      .map((thing): Diagnostic => {
        const message = `${name} does not take back what this makes: ${thing.kind} ${thing.name}`.trimEnd();
        const hint = `add a task to ${name} that does, or run this as a grant: its journal takes every step back`;
        return { code: "V55", severity, message, span: entryOf(task.node, task.action)?.key.span ?? task.span, hint };
      }),
  );
};

/** Whether a task runs only where there is a journal, which takes it back. */
const isForGrantsOnly = ({ when }: Task): boolean =>
  when.some(({ source }) => /\blatchkey_grant(?:ed)? is defined\b/.test(source) && !/\bor\b/.test(source));

const sets = (input: CheckInput, { plays }: Playbook, name: string): boolean =>
  plays.some((play) => entryOfVariable(play, input.extraVars, name) !== undefined);

const callsOf = ({ plays }: Playbook): readonly { readonly play: Play; readonly task: Task }[] =>
  plays.flatMap((play) => tasksOfPlay(play).map((task) => ({ play, task })));

/** Something that a task makes or takes away; a name that nobody knows before the run is `undefined`. */
interface Thing {
  readonly kind: string;
  readonly name: string | undefined;
}

/** What the modules make, and the options that name it. Of the modules that are not here there is nothing to say. */
const makers: Readonly<Record<string, { readonly kind: string; readonly options: readonly string[] }>> = {
  user: { kind: "account", options: ["name", "user"] },
  group: { kind: "group", options: ["name"] },
  sudoers: { kind: "file", options: ["name"] },
  authorized_key: { kind: "keys of", options: ["user"] },
  file: { kind: "file", options: ["path", "dest", "name"] },
  copy: { kind: "file", options: ["dest"] },
  template: { kind: "file", options: ["dest"] },
  lineinfile: { kind: "lines in", options: ["path", "dest", "destfile", "name"] },
  blockinfile: { kind: "lines in", options: ["path", "dest", "destfile", "name"] },
  replace: { kind: "lines in", options: ["path", "dest", "destfile", "name"] },
  cron: { kind: "job", options: ["name"] },
  known_hosts: { kind: "host key of", options: ["name", "host"] },
  service: { kind: "service", options: ["name"] },
  systemd_service: { kind: "service", options: ["name", "service", "unit"] },
  hostname: { kind: "the host's name", options: [] },
  firewall: { kind: "a way through the firewall", options: [] },
  firewalld: { kind: "a setting of firewalld", options: [] },
  iptables: { kind: "a rule of iptables", options: [] },
  nftables_rule: { kind: "a rule of nftables", options: [] },
  ufw: { kind: "a rule of ufw", options: [] },
};

/** Kinds that a revoke restores by another state of the same module, whatever it is called. */
const restored: ReadonlySet<string> = new Set(["lines in", "service", ...kindsWithoutName()]);

function kindsWithoutName(): readonly string[] {
  return Object.values(makers).flatMap(({ kind, options }) => (options.length === 0 ? [kind] : []));
}

const isAbsent = ({ args }: Task): boolean => args["state"] === "absent";

const madeBy = (input: CheckInput, play: Play, task: Task): readonly Thing[] =>
  isAbsent(task) ? [] : thingsOf(input, play, task);

const takenBy = (input: CheckInput, play: Play, task: Task): readonly Thing[] => {
  const things = thingsOf(input, play, task).filter(({ kind }) => isAbsent(task) || restored.has(kind));
  // An account takes its own group along, and, where its home is removed, its keys.
  return things.flatMap(({ kind, name }) => {
    if (kind !== "account") return [{ kind, name }];
    const home = task.args["remove"] === true || task.args["remove"] instanceof Template;
    return ["account", "group", ...(home ? ["keys of", "home of"] : [])].map((also) => ({ kind: also, name }));
  });
};

const thingsOf = (input: CheckInput, play: Play, task: Task): readonly Thing[] => {
  const maker = makers[task.module.shortName];
  if (maker === undefined) return [];
  const { kind, options } = maker;
  if (options.length === 0) return [{ kind, name: "" }];
  const known = knownValues(input, play, task, options).map(({ value }) => String(value));
  const inFolder = task.module.shortName === "sudoers" ? "/etc/sudoers.d/" : "";
  return known.length === 0 ? [{ kind, name: undefined }] : known.map((name) => ({ kind, name: inFolder + name }));
};

/** Whether a revoke takes it; what is not known of either side is given the benefit of the doubt. */
const isTaken = (made: Thing, taken: readonly Thing[]): boolean =>
  taken.some(({ kind, name }) => {
    if (kind === "home of") return name !== undefined && made.name?.startsWith(`/home/${name}/`) === true;
    return kind === made.kind && (name === undefined || made.name === undefined || name === made.name);
  });

/** The name of the playbook that belongs to another: `revoke.yml` to `grant.yml`, `db-revoke.yml` to `db-grant.yml`. */
export const counterpartOf = (path: string): { readonly path: string; readonly runs: Pair["runs"] } | undefined => {
  const name = basename(path);
  const [runs] = /(?<![a-z])(?:grant|revoke)(?![a-z])/.exec(name) ?? [];
  if (runs !== "grant" && runs !== "revoke") return undefined;
  const other = name.replace(/(?<![a-z])(?:grant|revoke)(?![a-z])/, runs === "grant" ? "revoke" : "grant");
  return { path: path.slice(0, -name.length) + other, runs };
};
