import { applyLimit } from "../inventory/limit.ts";
import { selectHosts } from "../inventory/select.ts";
import type { Entry, Play } from "../playbook/playbook.ts";
import { tasksOf } from "../playbook/tasks-of.ts";
import type { EarlyRender } from "../playbook/early-render.ts";
import type { Plan } from "./plan.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { Template, type Value } from "../vars/value.ts";

/** What to list of a plan. */
export interface Listing {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
}

/** The plan as `ansible-playbook --list-hosts`, `--list-tasks` and `--list-tags` print it; `paths` as they were given. */
export const describePlan = (plan: Plan, paths: readonly string[], listing: Listing, render: EarlyRender): string =>
  [...new Set(plan.playbooks.map(({ playbook }) => playbook.root))]
    .map((root, at) => {
      const ofRoot = plan.playbooks.flatMap(({ playbook }) => (playbook.root === root ? playbook.plays : []));
      const plays = ofRoot.map((play, index) => describePlay(plan, rendered(play, render), index + 1, listing));
      const lines = ["", `playbook: ${paths[at] ?? root}`, ...plays.flatMap((each) => ["", ...each]), ""];
      return lines.map(escapeForTerminal).join("\n");
    })
    .join("");

/** With its name and its patterns as far as they are known; nobody is asked for variables, so their defaults count. */
const rendered = (play: Play, render: EarlyRender): Play => {
  const defaults = play.varsPrompt.map(({ name, options }) => [name, options["default"] ?? null] as const);
  const vars = { ...play.vars, ...Object.fromEntries(defaults) };
  const known = (["name", "hosts"] as const).flatMap((keyword) => {
    const value = play.keywords[keyword];
    const result = value === undefined ? { error: "" } : render(value, vars);
    return "error" in result ? [] : [[keyword, result.value as Value] as const];
  });
  return { ...play, keywords: { ...play.keywords, ...Object.fromEntries(known) } };
};

const describePlay = (plan: Plan, play: Play, number: number, listing: Listing): readonly string[] => {
  const patterns = patternsOf(play);
  const name = play.keywords.name === undefined ? patterns.join(",") : shown(play.keywords.name);
  const lines = [`  play #${number} (${patterns.join(",")}): ${name}\tTAGS: [${play.tags.toSorted().join(", ")}]`];
  if (listing.hosts) lines.push(...hostLines(plan, patterns));
  const entries: readonly Entry[] = [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks];
  const tasks = tasksOf(entries);
  if (listing.tasks) {
    lines.push("    tasks:");
    for (const task of tasks) {
      const role = task.role === undefined ? "" : `${task.role.name} : `;
      const label = task.own.name === undefined ? task.action : role + shown(task.own.name);
      lines.push(`      ${label}\tTAGS: [${task.tags.toSorted().join(", ")}]`);
    }
  }
  if (listing.tags) {
    const tags = new Set(tasks.flatMap((task) => task.tags));
    lines.push(`      TASK TAGS: [${[...tags].toSorted().join(", ")}]`);
  }
  return lines;
};

const hostLines = (plan: Plan, patterns: readonly string[]): readonly string[] => {
  const selected = selectHosts(patterns, plan.inventory).hosts;
  const { hosts } = applyLimit(selected, plan.options.limit, plan.inventory);
  const pattern = `[${patterns.map((text) => `'${text}'`).join(", ")}]`;
  return [`    pattern: ${pattern}`, `    hosts (${hosts.length}):`, ...hosts.map((host) => `      ${host}`)];
};

const patternsOf = (play: Play): readonly string[] => {
  const { hosts } = play.keywords;
  return (Array.isArray(hosts) ? hosts : [hosts]).map((pattern: Value | undefined) => shown(pattern));
};

const shown = (value: Value | undefined): string =>
  value instanceof Template ? value.source : typeof value === "object" ? JSON.stringify(value) : String(value);
