import { chosenEntries } from "../plan/filter-tags.ts";
import type { Block, Entry, Play, Task } from "../playbook/playbook.ts";
import { connectionOf } from "./ready-call.ts";
import { StepKeywords } from "./step-keywords.ts";
import { metaAction, runsOnce } from "./ties.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { evaluateCondition, render } from "../vars/template.ts";
import { Ahead } from "./ahead.ts";
import { freeGate, type Gate, type Position } from "./gate.ts";
import type { GrantTasks } from "./grant-tasks.ts";
import type { HostState } from "./host-state.ts";
import { remember } from "./remember.ts";
import type { Stepper } from "./stepper.ts";
import { runStep } from "./run-step.ts";
import type { RunServices } from "./run-services.ts";
import type { Brought } from "./step-scope.ts";
import { nothing, type StepRecord } from "./step-record.ts";
import type { PlayScope } from "./variables.ts";

/** What the hosts of a batch share. */
export interface BatchFlow {
  readonly services: RunServices;
  readonly scope: PlayScope;
  readonly gate: Gate;
  /** Runs an action when one of the places for hosts at work is free. */
  readonly limited: <T>(task: Task, action: () => Promise<T>) => Promise<T>;
  readonly forceHandlers: boolean;
  readonly facts: Task | undefined;
  /** What a play that is a grant does around its tasks. */
  readonly grant: GrantTasks | undefined;
  /** What a play that is a revoke does first. */
  readonly revoke: Task | undefined;
  /** Those of the play, and those of the roles that it has included by now. */
  readonly handlers: Task[];
  /** Asks before each task, with `--step`. */
  readonly stepper: Stepper | undefined;
  /** Set by `meta: end_batch` and `meta: end_play`: no host begins another task. */
  ended: "batch" | "play" | undefined;
}

/** How a stretch of tasks ended for a host. */
type Ending = "done" | "failed" | "lost" | "ended" | "role-ended";

/** Takes one host through a play: sections in order, blocks with rescue and always, handlers at each flush. */
export class HostRunner {
  readonly #flow: BatchFlow;
  readonly #play: Play;
  readonly #state: HostState;
  readonly #ahead: Ahead;

  constructor(flow: BatchFlow, state: HostState) {
    this.#flow = flow;
    this.#play = flow.scope.play;
    this.#state = state;
    this.#ahead = new Ahead(flow.services, flow.scope, state.name);
  }

  /** Runs the play on this host. Afterwards `state.lost` says whether the host is out of the run. */
  async run(): Promise<void> {
    void this.#prepareConnection();
    const ending = await this.#sections();
    if (ending === "failed") await this.#rollBack();
    if (ending === "failed" || ending === "lost") this.#state.lost = true;
    this.#state.notified.clear();
    this.#state.rolesRun.clear();
    this.#state.includeItems = [];
    this.#flow.gate.done(this.#state.name);
  }

  /** Tasks of the controller may come first; the handshake need not wait for them where a task on the host is certain. */
  async #prepareConnection(): Promise<void> {
    const { facts, grant, revoke, services, scope } = this.#flow;
    const own = revoke ?? grant?.begin ?? facts;
    const first = [...this.#play.preTasks, ...this.#play.roles, ...this.#play.tasks, ...this.#play.postTasks];
    for (const task of own === undefined ? first : [own]) {
      if (task.kind !== "task" || task.when.length > 0 || task.inherited.delegate_to !== undefined) return;
      if (runsOnce(task)) return;
      // These change nothing that a connection could depend on; set_fact and the like might.
      if (["assert", "debug", "fail"].includes(task.module.shortName)) continue;
      if ((await task.module.load()).runs === "controller") return;
      const vars = { ...plainTask(this.#flow), task };
      const context = services.variables.context(this.#state.name, scope, vars);
      const of = { services, play: scope, host: this.#state.name };
      const settings = connectionOf(of, vars, new StepKeywords(task, context), context);
      if (settings.ok && !services.signal.aborted) services.connections.prepare(settings.value, services.signal);
      return;
    }
  }

  /** Of a grant that failed half-way nothing is to stay; one that was open before is not this run's. */
  async #rollBack(): Promise<void> {
    const { grant, services } = this.#flow;
    if (grant === undefined || this.#state.grant?.isNew !== true || services.options.keepPartial) return;
    await this.#task(grant.rollBack, [10], false);
  }

  async #sections(): Promise<Ending> {
    const { facts, grant, revoke } = this.#flow;
    const own = (task: Task | undefined, at: Position): Promise<Ending> =>
      task === undefined ? Promise.resolve("done") : this.#task(task, at, false);
    const section = async (at: number, ...parts: readonly (readonly Entry[])[]): Promise<Ending> => {
      let ending: Ending = "done";
      for (const [index, entries] of parts.entries()) {
        ending = await this.#entries(entries, [at, index], false);
        if (ending === "role-ended") ending = "done";
        if (ending !== "done") break;
      }
      const flushes = ending === "done" || (ending === "failed" && this.#flow.forceHandlers);
      const flushed = flushes ? await this.#flush([at + 1]) : "done";
      return ending === "done" ? flushed : ending;
    };
    const stretches: (() => Promise<Ending>)[] = [
      () => own(revoke, [-2]),
      () => own(grant?.begin, [-1]),
      () => own(facts, [0]),
      () => section(1, this.#play.preTasks),
      () => section(3, this.#play.roles, this.#play.tasks),
      () => section(5, this.#play.postTasks),
      () => own(grant?.confirm, [7]),
    ];
    for (const stretch of stretches) {
      const ending = await stretch();
      if (ending !== "done") return ending;
    }
    return "done";
  }

  /** `rescuable`: a rescue section waits for the failure of these entries. */
  async #entries(entries: readonly Entry[], at: Position, rescuable: boolean): Promise<Ending> {
    for (const [index, entry] of entries.entries()) {
      const position = [...at, index];
      // Together with others only where nothing ties the hosts: there each task waits for all of them.
      if (this.#flow.gate === freeGate) await this.#ahead.send(entries, index);
      const ending =
        entry.kind === "task"
          ? await this.#task(entry, position, rescuable)
          : await this.#block(entry, position, rescuable);
      if (ending !== "done") return ending;
    }
    return "done";
  }

  async #block(entry: Block, at: Position, rescuable: boolean): Promise<Ending> {
    const { rescue, always, once, role } = entry;
    if (once !== undefined && this.#state.rolesRun.has(once)) return "done";
    let ending = await this.#entries(entry.block, [...at, 0], rescuable || rescue.length > 0);
    if (ending === "role-ended" && role !== undefined) ending = "done";
    if (ending === "done" && once !== undefined) this.#state.rolesRun.add(once);
    if (ending === "failed" && rescue.length > 0) {
      ending = await this.#entries(rescue, [...at, 1], rescuable);
    }
    if (ending === "lost" || always.length === 0) return ending;
    const last = await this.#entries(always, [...at, 2], rescuable);
    return last === "done" ? ending : last;
  }

  /** Takes the host through what an include has brought: for each item of its loop, with the item's variables. */
  async #included(brought: readonly Brought[], at: Position, rescuable: boolean): Promise<Ending> {
    const { handlers, scope, services } = this.#flow;
    const around = this.#state.includeItems;
    for (const [index, { included, item }] of brought.entries()) {
      handlers.push(...included.handlers.filter((handler) => !handlers.includes(handler)));
      if (included.isPublic && included.role !== undefined && !scope.roles.includes(included.role)) {
        scope.roles.push(included.role);
      }
      this.#state.includeItems = [...around, item];
      const entries = chosenEntries(included.entries, services.options);
      const ending = await this.#entries(entries, [...at, index, included.number], rescuable);
      this.#state.includeItems = around;
      if (ending !== "done") return ending;
    }
    return "done";
  }

  /** What a rescue section is told; it stays there for the rest of the run. */
  #setFailure(task: Task, record: StepRecord): void {
    const name = typeof task.own.name === "string" ? task.own.name : "";
    this.#state.set("ansible_failed_task", { name, action: task.action });
    this.#state.set("ansible_failed_result", record.result);
  }

  async #task(task: Task, position: Position, rescuable: boolean): Promise<Ending> {
    const { services, gate } = this.#flow;
    const turn = await gate.enter(this.#state.name, position, task);
    if (services.signal.aborted || this.#flow.ended !== undefined) {
      gate.leave(this.#state.name, nothing);
      return "ended";
    }
    if (turn.kind === "abort") return "failed";
    if (turn.kind === "share") {
      const record = await turn.record;
      return this.#flow.ended === undefined ? this.#share(task, record) : "ended";
    }
    if (task.module.shortName === "meta") return this.#meta(task, position);
    if (isOfPlay(position) && (await this.#flow.stepper?.allows(task, position)) === false) {
      gate.leave(this.#state.name, nothing);
      return services.signal.aborted ? "ended" : "done";
    }
    const brought: Brought[] = [];
    const record = await this.#flow.limited(task, () => this.#step(task, rescuable, brought));
    gate.leave(this.#state.name, record);
    const ending = this.#endingOf(task, record);
    return ending === "done" && brought.length > 0 ? this.#included(brought, position, rescuable) : ending;
  }

  #step(task: Task, rescuable: boolean, brought: Brought[]): Promise<StepRecord> {
    return runStep({
      services: this.#flow.services,
      play: this.#flow.scope,
      state: this.#state,
      ahead: this.#ahead,
      brought,
      task,
      rescuable,
      notify: (names) => this.#notify(names),
    });
  }

  /** The result of the host that ran the task for all counts here as well, without being told again. */
  #share(task: Task, record: StepRecord): Ending {
    if (record === nothing) return "done";
    for (const item of record.items) remember(this.#state, task, item);
    if (task.register !== undefined) this.#state.set(task.register, record.result);
    const failed = (record.outcome === "failed" || record.outcome === "unreachable") && !record.ignored;
    return failed ? "failed" : record.outcome === "cancelled" ? "ended" : "done";
  }

  #endingOf(task: Task, record: StepRecord): Ending {
    if (record.outcome === "cancelled") return "ended";
    if (record.outcome === "unreachable" && !record.ignored) {
      const failure = record.failure ?? { kind: "unreachable", message: "unreachable" };
      this.#flow.services.emit({ type: "host.lost", host: this.#state.name, failure });
      return "lost";
    }
    if (record.outcome !== "failed" || record.ignored) return "done";
    if (record.rescued) this.#setFailure(task, record);
    return "failed";
  }

  /** Marks handlers as called; the error names one that does not exist, in Ansible's words. */
  #notify(names: readonly string[]): string | undefined {
    for (const name of names) {
      const called = this.#flow.handlers.filter((handler) => this.#answersTo(handler, name));
      if (called.length === 0) {
        return `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`;
      }
      // Of handlers with one name, the first is meant of those that were read last (the play's own, or a role's); of those
      // that listen, all.
      const named = called.filter((handler) => !handler.listen.includes(name));
      const byName = named.filter(({ role }) => role === named.at(-1)?.role).slice(0, 1);
      for (const handler of [...byName, ...called.filter((other) => other.listen.includes(name))]) {
        this.#state.notified.add(handler.id);
      }
      this.#flow.services.emit({ type: "handler.notified", host: this.#state.name, handler: name });
    }
    return undefined;
  }

  #answersTo(handler: Task, name: string): boolean {
    if (handler.listen.includes(name)) return true;
    const own = handler.own.name;
    if (own === undefined || own === null) return false;
    const answers = (called: string): boolean => called === name || `${handler.role?.name} : ${called}` === name;
    if (typeof own !== "object") return answers(String(own));
    const context = this.#flow.services.variables.context(this.#state.name, this.#flow.scope, plainTask(this.#flow));
    const rendered = render(own, context);
    return rendered.ok && !(rendered.value instanceof Omit) && answers(text(rendered.value));
  }

  /** Runs called handlers in the order of their definition; again, where one called another before itself. */
  async #flush(at: Position): Promise<Ending> {
    for (let round = 0; this.#state.notified.size > 0; round++) {
      for (const [index, handler] of this.#flow.handlers.entries()) {
        if (!this.#state.notified.delete(handler.id)) continue;
        const ending = await this.#task(handler, [...at, round, index], false);
        if (ending !== "done") return ending;
      }
    }
    return "done";
  }

  async #meta(task: Task, position: Position): Promise<Ending> {
    const { services, gate, scope } = this.#flow;
    const context = services.variables.context(this.#state.name, scope, { ...plainTask(this.#flow), task });
    const runs = task.when.every((condition) => {
      const holds = evaluateCondition(condition, context);
      return holds.ok && holds.value;
    });
    const action = metaAction(task);
    if (runs && action === "end_play") this.#flow.ended = "play";
    if (runs && action === "end_batch") this.#flow.ended = "batch";
    gate.leave(this.#state.name, nothing);
    return runs ? this.#act(action, position) : "done";
  }

  async #act(action: string, position: Position): Promise<Ending> {
    switch (action) {
      case "flush_handlers":
        return this.#flush(position);
      case "clear_facts":
        this.#state.clearFacts();
        return "done";
      case "reset_connection":
        await this.#flow.services.connections.closeHost(this.#state.name);
        return "done";
      case "clear_host_errors":
        for (const host of this.#flow.scope.info.allHosts) this.#flow.services.states.get(host)?.comeBack();
        return "done";
      case "end_role":
        return "role-ended";
      case "end_host":
      case "end_play":
      case "end_batch":
        return "ended";
      default:
        // noop; refresh_inventory has no cached inventory to read anew.
        return "done";
    }
  }
}

/** What begins, ends and takes back a grant is for nobody to leave out. */
const isOfPlay = ([section = 0]: Position): boolean => section >= 0 && section < 7;

const plainTask = ({ services }: BatchFlow) => ({
  task: undefined,
  item: {},
  check: services.options.check,
  diff: services.options.diff,
});
