import { selectHosts } from "../../inventory/select.ts";
import type { Play } from "../../playbook/playbook.ts";
import type { Plan } from "../plan.ts";

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
  const { hosts } = selectHosts(patterns, plan.inventory);
  if (plan.options.limit.length === 0) return hosts;
  const allowed = new Set(selectHosts(plan.options.limit, plan.inventory).hosts);
  return hosts.filter((host) => allowed.has(host));
};
