import type { AdjacentVars } from "../../inventory/inventory.ts";
import { hostLayers } from "../../inventory/layers.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import type { Value } from "../../vars/value.ts";
import { hostsOfPlay } from "./hosts-of-play.ts";
import type { Plan } from "../plan.ts";
import { type CheckInput, entryOfVariable } from "./known-values.ts";

/**
 * Whom a task logs in as, as far as that is known before a run, each with a host for the message: `ansible_user` of the
 * play or the command line, else of the inventory, else `remote_user`, else `-u`.
 */
export const connectingUsers = (
  input: CheckInput,
  play: Play,
  task: Task,
  adjacent: AdjacentVars,
): ReadonlyMap<string, string> => {
  const users = new Map<string, string>();
  if (task.inherited.delegate_to !== undefined) return users;
  const { plan, extraVars } = input;
  const fromPlay = names
    .map((name) => entryOfVariable(play, extraVars, name)?.value)
    .find((node) => node !== undefined);
  const otherwise = task.inherited.remote_user ?? plan.options.connection.user;
  for (const [ofInventory, host] of usersOfInventory(plan, hostsOfPlay(plan, play), adjacent)) {
    const user: Value | undefined =
      fromPlay === undefined ? (ofInventory ?? otherwise) : fromPlay.kind === "scalar" ? fromPlay.value : undefined;
    if (typeof user === "string" && !users.has(user)) users.set(user, host);
  }
  return users;
};

const names = ["ansible_user", "ansible_ssh_user"] as const;

/** The values of `ansible_user` that the inventory gives to hosts, each with the first host that has it. */
type UsersOfInventory = ReadonlyMap<Value | undefined, string>;

const usersOfInventory = (plan: Plan, hosts: readonly string[], adjacent: AdjacentVars): UsersOfInventory => {
  let byFolder = known.get(hosts);
  if (byFolder === undefined) known.set(hosts, (byFolder = new WeakMap()));
  let users = byFolder.get(adjacent);
  if (users === undefined) {
    const found = new Map<Value | undefined, string>();
    for (const host of hosts) {
      const user = fromInventory(plan, host, adjacent);
      if (!found.has(user)) found.set(user, host);
    }
    byFolder.set(adjacent, (users = found));
  }
  return users;
};

/** Each task that needs root asks, whatever its play. */
const known = new WeakMap<readonly string[], WeakMap<AdjacentVars, UsersOfInventory>>();

const fromInventory = (plan: Plan, host: string, adjacent: AdjacentVars): Value | undefined => {
  const layers = hostLayers(plan.inventory, host, adjacent);
  for (const name of names) {
    const found = layers.findLast(({ values }) => name in values)?.values[name];
    if (found !== undefined) return found;
  }
  return undefined;
};
