import type { Task } from "../playbook/playbook.ts";
import type { PlainMap } from "../vars/value.ts";
import type { HostState } from "./host-state.ts";
import type { ItemRecord } from "./run-item.ts";

/** Keeps what a module's answer leaves behind for later steps: facts and variables, of another host with delegate_facts. */
export const remember = (own: HostState, task: Task, record: ItemRecord): void => {
  const said = record.moduleOutcome;
  if (said === undefined) return;
  rememberGrant(own, task, record);
  const state = record.factsOf ?? own;
  if (said.facts !== undefined) {
    if (task.module.shortName === "include_vars") state.included = { ...state.included, ...said.facts };
    else for (const [name, value] of Object.entries(said.facts)) state.set(name, value);
    return;
  }
  const facts = record.result["ansible_facts"];
  if (typeof facts === "object" && facts !== null && !Array.isArray(facts)) state.addFacts(facts as PlainMap);
};

/** From its beginning to its end, what a host's steps change is kept in a grant's journal. */
const rememberGrant = (state: HostState, task: Task, { outcome, result }: ItemRecord): void => {
  if (task.module.shortName === "grant_undo") state.grant = undefined;
  const { id } = result;
  if (task.module.shortName !== "grant_begin" || outcome === "failed" || typeof id !== "string") return;
  // Several plays may make one grant: what the first began is new to all of them.
  const isNew = outcome === "changed" || (state.grant?.id === id && state.grant.isNew);
  state.grant = { id, isNew };
  // For tasks that give what they make an end of its own.
  state.set("latchkey_granted", result);
};
