import type { Inventory } from "../../inventory/inventory.ts";
import { selectHosts } from "../../inventory/select.ts";
import type { Play } from "../../playbook/playbook.ts";
import type { Plan, RunOptions } from "../plan.ts";

/** The patterns of a play as written; undefined where there are none, or a template makes them. */
export const staticPatterns = (play: Play): readonly string[] | undefined => {
  const { hosts } = play.keywords;
  const list = Array.isArray(hosts) ? hosts : [hosts];
  if (list.some((pattern) => pattern === undefined || typeof pattern === "object")) return undefined;
  return list.map(String);
};

/** The hosts of a play as far as they are known before it runs; none where a template makes its pattern. */
export const hostsOfPlay = (plan: Plan, play: Play): readonly string[] => {
  const patterns = staticPatterns(play);
  if (patterns === undefined) return [];
  let byOptions = known.get(plan.inventory);
  if (byOptions === undefined) known.set(plan.inventory, (byOptions = new WeakMap()));
  let byPatterns = byOptions.get(plan.options);
  if (byPatterns === undefined) byOptions.set(plan.options, (byPatterns = new Map()));
  const key = JSON.stringify(patterns);
  let hosts = byPatterns.get(key);
  if (hosts === undefined) byPatterns.set(key, (hosts = select(plan, patterns)));
  return hosts;
};

/** Plays with the same patterns share their list, and with it what checks have found out about it: those of other plans, too. */
const known = new WeakMap<Inventory, WeakMap<RunOptions, Map<string, readonly string[]>>>();

const select = ({ inventory, options }: Plan, patterns: readonly string[]): readonly string[] => {
  const { hosts } = selectHosts(patterns, inventory);
  if (options.limit.length === 0) return hosts;
  const allowed = new Set(selectHosts(options.limit, inventory).hosts);
  return hosts.filter((host) => allowed.has(host));
};
