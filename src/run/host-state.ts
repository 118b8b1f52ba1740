import type { PlannedState } from "../shell/program.ts";
import type { PlainMap, Value, ValueMap } from "../vars/value.ts";

/** What a run knows about one host, growing as its steps end. */
export class HostState {
  readonly name: string;
  /** Facts without the `ansible_` prefix, for `ansible_facts`. */
  facts: PlainMap = {};
  /** Facts under the names that stand at the top level (`ansible_hostname`, `getent_passwd`). */
  topFacts: PlainMap = {};
  /** From include_vars. */
  included: ValueMap = {};
  /** From set_fact and register: a register replaces a set_fact of the same name, and the other way round. */
  setVars: ValueMap = {};
  /** Failed or unreachable: takes no part in the rest of the run. */
  lost = false;
  /** The grant whose steps this run does on it; new where it was not there before. */
  grant: { readonly id: string; readonly isNew: boolean } | undefined;
  /** Variables of the loops of the includes around the task that it is at, the outermost first. */
  includeItems: readonly PlainMap[] = [];
  /** Roles of this play that it has run, by their keys. */
  readonly rolesRun = new Set<string>();
  /** Ids of handlers that are to run at the next flush. */
  readonly notified = new Set<string>();
  /** What a dry run would have made so far; a later state of the same thing replaces the earlier. */
  readonly #planned = new Map<string, PlannedState>();

  constructor(name: string) {
    this.name = name;
  }

  get planned(): readonly PlannedState[] {
    return [...this.#planned.values()];
  }

  plan(states: readonly PlannedState[]): void {
    for (const state of states) {
      const key = `${state.kind}/${state.key}`;
      this.#planned.delete(key);
      this.#planned.set(key, state);
    }
  }

  set(name: string, value: Value): void {
    this.setVars = { ...this.setVars, [name]: value };
  }

  addFacts(facts: PlainMap): void {
    // What the host says of itself is the one fact that keeps the prefix.
    const bare = Object.entries(facts).map(([name, value]) => [
      name === "ansible_local" ? name : name.replace(/^ansible_/, ""),
      value,
    ]);
    this.facts = { ...this.facts, ...(Object.fromEntries(bare) as PlainMap) };
    this.topFacts = { ...this.topFacts, ...facts };
  }

  /** Failed before, but in the plays to come it takes part again. */
  comeBack(): void {
    this.lost = false;
  }

  clearFacts(): void {
    this.facts = {};
    this.topFacts = {};
  }
}
