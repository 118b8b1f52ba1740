import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { explainUnmatched, isImplicitHost, selectHosts } from "../../inventory/select.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type Node } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import type { Plan } from "../plan.ts";
import { staticPatterns } from "./hosts-of-play.ts";

/** Host patterns and limits that match nothing: never taken for a host name, and never silently for no host. */
export const checkHosts = (plan: Plan): readonly Diagnostic[] => {
  const plays = plan.playbooks.flatMap(({ playbook }) => playbook.plays);
  if (plan.inventory.sources.length === 0 && plays.some(needsInventory)) {
    const hint = "-i names a file, or hosts with commas: -i '10.0.0.5,'";
    return [{ code: "V40", severity: "error", message: "no inventory was given, so there are no hosts", hint }];
  }
  // Whom a play meets that made hosts or groups before it cannot be told yet.
  const making = plays.findIndex((play) => tasksOfPlay(play).some(makesHosts));
  const checked = making < 0 ? plays : plays.slice(0, making + 1);
  return [...checked.flatMap((play) => checkPlay(plan, play)), ...checkLimit(plan, plays)];
};

const makesHosts = ({ module }: Task): boolean => module.shortName === "add_host" || module.shortName === "group_by";

/** A play for this machine alone needs none. */
const needsInventory = (play: Play): boolean =>
  staticPatterns(play)?.every((pattern) => isImplicitHost(pattern)) !== true;

const checkPlay = (plan: Plan, play: Play): readonly Diagnostic[] => {
  const patterns = staticPatterns(play);
  if (patterns === undefined) return [];
  const span = entryOf(play.node, "hosts")?.value.span ?? play.span;
  const { hosts, unmatched } = selectHosts(patterns, plan.inventory);
  const { size } = plan.inventory.hosts;
  if (unmatched.length === 0 && hosts.length === 0 && size > 0) return [nobody(patterns, plan, span)];
  return unmatched.map((pattern) => ({
    code: "V40",
    severity: "error",
    span: termIn(entryOf(play.node, "hosts")?.value, pattern) ?? span,
    missing: [pattern],
    ...explainUnmatched(pattern, plan.inventory),
  }));
};

/** Where a part of a pattern stands, as it is written. */
const termIn = (node: Node | undefined, term: string): Span | undefined => {
  if (node?.kind === "seq") return node.items.map((item) => termIn(item, term)).find((span) => span !== undefined);
  if (node?.kind !== "scalar") return undefined;
  const { file, start, end } = node.span;
  const parts = [...file.text.slice(start, end).matchAll(/[^:,!&\s"']+/g)];
  const found = parts.find(([part]) => part === term);
  return found === undefined ? undefined : { file, start: start + found.index, end: start + found.index + term.length };
};

/** A group may be empty today; a pattern that takes away everything it names was meant otherwise. */
const nobody = (patterns: readonly string[], { inventory }: Plan, span: Span): Diagnostic => {
  const text = patterns.join(",");
  const named = text.split(/[,:]/).map((part) => part.trim());
  if (named.every((part) => inventory.groups.has(part) || part === "*")) {
    const message = named.length === 1 ? `the group "${text}" has no hosts` : `the groups "${text}" have no hosts`;
    return { code: "V41", severity: "warning", message: `${message}, so this play does nothing`, span };
  }
  const message = `"${text}" leaves no host`;
  const hint = /[!&]/.test(text)
    ? "what stands behind ! is taken away from the rest, and & keeps only what is in both"
    : "`latchkey inventory --graph` shows what there is";
  return {
    code: "V40",
    severity: "error",
    message,
    span,
    hint,
    missing: named.map((part) => part.replace(/^[!&]/, "")),
  };
};

const checkLimit = (plan: Plan, plays: readonly Play[]): readonly Diagnostic[] => {
  const { limit } = plan.options;
  if (limit.length === 0) return [];
  const selected = selectHosts(limit, plan.inventory);
  const unmatched = selected.unmatched.map((pattern): Diagnostic => {
    const { message, ...hint } = explainUnmatched(pattern, plan.inventory);
    return { code: "V40", severity: "error", message: `--limit: ${message}`, ...hint };
  });
  if (unmatched.length > 0 || plays.length === 0) return unmatched;
  const allowed = new Set(selected.hosts);
  const left = plays.some((play) => {
    const patterns = staticPatterns(play);
    return patterns === undefined || selectHosts(patterns, plan.inventory).hosts.some((host) => allowed.has(host));
  });
  if (left) return [];
  const message = "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.";
  return [{ code: "V40", severity: "error", message, hint: "`latchkey inventory --graph` shows what there is" }];
};
