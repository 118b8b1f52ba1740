import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { closedFiles } from "../../inventory/adjacent-vars.ts";
import { groupTree } from "../../inventory/group-tree.ts";
import type { AdjacentVars } from "../../inventory/inventory.ts";
import type { Plan, PlannedPlaybook } from "../plan.ts";
import { hostsOfPlay, staticPatterns } from "./hosts-of-play.ts";

/** Variables of a play's hosts that are in a vault which could not be opened. Those of other hosts nobody needs. */
export const checkVaults = (plan: Plan): readonly Diagnostic[] =>
  plan.playbooks.flatMap((planned) => {
    const folders = [...plan.inventory.adjacent, planned.adjacent].filter(hasClosed);
    if (folders.length === 0) return [];
    const { groups, hosts } = neededBy(plan, planned);
    return folders.flatMap((folder) => closedFiles(folder, groups, hosts));
  });

const hasClosed = (folder: AdjacentVars): boolean =>
  closedFiles(folder, folder.groupVars.keys(), folder.hostVars.keys()).length > 0;

const neededBy = (plan: Plan, { playbook }: PlannedPlaybook) => {
  const { inventory } = plan;
  const lists = playbook.plays.map((play) =>
    staticPatterns(play) === undefined ? inventory.hosts.keys() : hostsOfPlay(plan, play),
  );
  const hosts = new Set([...new Set(lists)].flatMap((list) => [...list]));
  const direct = new Set([...hosts].flatMap((host) => inventory.hosts.get(host)?.groups ?? []));
  const groups = hosts.size === 0 ? [] : ["all", ...groupTree(inventory).withAncestors([...direct])];
  return { groups: new Set(groups), hosts };
};
