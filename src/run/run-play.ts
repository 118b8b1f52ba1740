import pLimit from "p-limit";
import { applyLimit } from "../inventory/limit.ts";
import { allVariables } from "../inventory/layers.ts";
import { selectHosts } from "../inventory/select.ts";
import type { PlannedPlaybook } from "../plan/plan.ts";
import type { Play, Task } from "../playbook/playbook.ts";
import { tasksOf } from "../playbook/tasks-of.ts";
import { coerce } from "../schema/coerce.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import type { Plain, PlainMap } from "../vars/value.ts";
import { batches, orderHosts } from "./batches.ts";
import { BudgetGate, FailureBudget } from "./failure-budget.ts";
import { freeGate, type Gate, LockstepGate } from "./gate.ts";
import { grantTasks, revokeTask } from "./grant-tasks.ts";
import { type BatchFlow, HostRunner } from "./host-runner.ts";
import { HostState } from "./host-state.ts";
import type { RunServices } from "./run-services.ts";
import { ownTask } from "./own-task.ts";
import { Stepper } from "./stepper.ts";
import { StepKeywords } from "./step-keywords.ts";
import { hasTies, runsOnce } from "./ties.ts";
import type { PlayScope } from "./variables.ts";

/** What a play is to the grant of its run: none, one that later plays go on with, or the last one, which confirms it. */
export type GrantPart = "none" | "begins" | "confirms";

/** Runs a play on the hosts that are still in the run; false where the playbook must stop after it. */
export const runPlay = async (
  services: RunServices,
  planned: PlannedPlaybook,
  play: Play,
  grantPart: GrantPart,
): Promise<boolean> => {
  const context = playContext(services, planned, play);
  const hosts = playHosts(services, play, context);
  const name = textOf(play.keywords.name, context) ?? hosts.pattern;
  const isLeft = (host: string): boolean => services.states.get(host)?.lost !== true;
  const { inventory, extraVars } = services.variables;
  const tied = services.options.step || hasTies(play, [...allVariables(inventory, planned.adjacent), extraVars]);
  const { maxFail } = services.options;
  const budget = maxFail === undefined ? undefined : new FailureBudget(maxFail, hosts.names.length);
  for (const all of batches(rendered(play.keywords.serial, context), hosts.names)) {
    const batch = all.filter(isLeft);
    if (batch.length === 0) continue;
    if (services.signal.aborted) return false;
    const runner = new BatchRunner({
      services,
      planned,
      play,
      context,
      name,
      allHosts: hosts.selected,
      batch,
      tied,
      grantPart,
      budget,
    });
    const ending = await runner.run();
    if (ending === "stopped") return false;
    if (ending === "ended") break;
  }
  if (hosts.names.length === 0) emitEmpty(services, play, name);
  return true;
};

const emitEmpty = (services: RunServices, play: Play, name: string): void => {
  services.emit({ type: "play.start", play: play.id, name, hosts: [], tasks: 0 });
  services.emit({ type: "play.end", play: play.id });
};

/** What a play's own keywords are rendered with: no host's variables, since none is chosen yet. */
export const playContext = (services: RunServices, planned: PlannedPlaybook, play: Play): TemplateContext => {
  const info = { name: "", allHosts: [], batch: [], active: () => [] };
  const { check, diff } = services.options;
  return services.variables.context(
    "localhost",
    { planned, play, info, roles: [...play.publicRoles] },
    { task: undefined, item: {}, check, diff },
  );
};

const rendered = (value: PlainOrValue, context: TemplateContext): Plain | undefined => {
  if (value === undefined || value === null) return undefined;
  const result = render(value, context);
  return result.ok && !(result.value instanceof Omit) ? (result.value ?? undefined) : undefined;
};

type PlainOrValue = Play["keywords"]["serial"];

const textOf = (value: PlainOrValue, context: TemplateContext): string | undefined => {
  const text = rendered(value, context);
  return text === undefined ? undefined : typeof text === "string" ? text : JSON.stringify(text);
};

interface PlayHosts {
  /** In the order of the patterns and the inventory. */
  readonly selected: readonly string[];
  /** In the order in which the play takes them. */
  readonly names: readonly string[];
  readonly pattern: string;
}

const playHosts = (services: RunServices, play: Play, context: TemplateContext): PlayHosts => {
  const written = rendered(play.keywords.hosts, context);
  const patterns = (Array.isArray(written) ? written : [written ?? ""]).map(String);
  const { inventory } = services.variables;
  const selected = applyLimit(selectHosts(patterns, inventory).hosts, services.options.limit, inventory).hosts;
  const names = orderHosts(selected, textOf(play.keywords.order, context));
  return { selected, names, pattern: patterns.join(",") };
};

interface BatchParts {
  readonly services: RunServices;
  readonly planned: PlannedPlaybook;
  readonly play: Play;
  readonly context: TemplateContext;
  readonly name: string;
  readonly allHosts: readonly string[];
  readonly batch: readonly string[];
  readonly tied: boolean;
  readonly grantPart: GrantPart;
  /** What the play's hosts may still fail. */
  readonly budget: FailureBudget | undefined;
}

/** Takes the hosts of one batch through a play. */
class BatchRunner {
  readonly #parts: BatchParts;
  #stopped: string | undefined;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  /** `ended` where no further batch is to follow, `stopped` where no further play is. */
  async run(): Promise<"done" | "ended" | "stopped"> {
    const { services, play, name, batch, tied } = this.#parts;
    const facts = this.#facts();
    const now = new Date(services.io.clock());
    const { grantPart } = this.#parts;
    const of = { now, isLast: grantPart === "confirms", run: services.id };
    const grant = grantPart === "none" ? undefined : grantTasks(play, this.#parts.context, of);
    const revoke = revokeTask(play, this.#parts.context);
    const own = [facts, grant?.begin, grant?.confirm, revoke].filter((task) => task !== undefined).length;
    const tasks = [play.preTasks, play.roles, play.tasks, play.postTasks].flatMap(tasksOf).length + own;
    services.emit({ type: "play.start", play: play.id, name, hosts: batch, tasks });
    const flow = this.#flow({ facts, grant, revoke });
    const hosts = pLimit(tied ? Number.POSITIVE_INFINITY : services.options.forks);
    await Promise.all(batch.map((host) => hosts(() => this.#runHost(flow, this.#state(host)))));
    const somebodyIsLeft = batch.some((host) => services.states.get(host)?.lost !== true);
    // Those that are left may have been at their last task.
    if (somebodyIsLeft) this.#stopped ??= this.#parts.budget?.spent;
    services.emit({
      type: "play.end",
      play: play.id,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
    });
    if (!somebodyIsLeft || this.#stopped !== undefined) return "stopped";
    return flow.ended === "play" ? "ended" : "done";
  }

  async #runHost(flow: BatchFlow, state: HostState): Promise<void> {
    const { services, play } = this.#parts;
    await new HostRunner(flow, state).run();
    services.emit({ type: "host.end", play: play.id, host: state.name });
    // Nothing more comes for a host that is out: its connection is of no use to anybody.
    if (state.lost) await services.connections.closeHost(state.name);
  }

  #state(host: string): HostState {
    const { states } = this.#parts.services;
    // The implicit localhost is in no inventory.
    const state = states.get(host) ?? new HostState(host);
    states.set(host, state);
    return state;
  }

  #facts(): Task | undefined {
    const { play, context } = this.#parts;
    const gather = rendered(play.keywords.gather_facts, context);
    const wanted = gather === undefined ? true : coerce({ type: "boolean" }, gather);
    if (wanted !== true && (!wanted.ok || wanted.value === false)) return undefined;
    const args: Record<string, Plain> = {};
    const subset = rendered(play.keywords.gather_subset, context);
    if (subset !== undefined) args["gather_subset"] = subset;
    const timeout = rendered(play.keywords.gather_timeout, context);
    if (timeout !== undefined) args["gather_timeout"] = timeout;
    const path = rendered(play.keywords.fact_path, context);
    if (path !== undefined) args["fact_path"] = path;
    return ownTask(play, { number: "0", name: "Gathering Facts", module: "setup", args: args as PlainMap });
  }

  #flow(own: Pick<BatchFlow, "facts" | "grant" | "revoke">): BatchFlow {
    const { services, planned, play, context, name, allHosts, batch, tied } = this.#parts;
    const scope: PlayScope = {
      planned,
      play,
      info: {
        name,
        allHosts,
        batch,
        active: (all) => all.filter((host) => services.states.get(host)?.lost !== true),
      },
      roles: [...play.publicRoles],
    };
    return {
      services,
      scope,
      gate: this.#within(tied ? this.#gate() : freeGate),
      limited: this.#limiter(),
      forceHandlers: services.options.forceHandlers || rendered(play.keywords.force_handlers, context) === true,
      ...own,
      handlers: [...play.handlers],
      stepper: services.options.step ? new Stepper(services) : undefined,
      ended: undefined,
    };
  }

  #within(gate: Gate): Gate {
    const { budget } = this.#parts;
    return budget === undefined ? gate : new BudgetGate(gate, budget, (reason) => (this.#stopped = reason));
  }

  #gate(): Gate {
    const { play, context, batch } = this.#parts;
    const percentage = rendered(play.keywords.max_fail_percentage, context);
    const most = Number(textOf(play.keywords.max_fail_percentage, context)?.replace("%", ""));
    return new LockstepGate(batch, {
      isFatal: (task) => new StepKeywords(task, context).bool("any_errors_fatal").ok && isTrue(task, context),
      isOnce: (task) => runsOnce(task) && onceHolds(task, context),
      maxFailPercentage: percentage === undefined || Number.isNaN(most) ? undefined : most,
      onStop: (reason) => {
        this.#stopped = reason;
      },
    });
  }

  /** In lockstep the forks bound the steps at work, else the hosts; `throttle` bounds the steps of one task further. */
  #limiter(): BatchFlow["limited"] {
    const { services, tied, context } = this.#parts;
    const steps = pLimit(tied ? services.options.forks : Number.POSITIVE_INFINITY);
    const throttles = new Map<string, ReturnType<typeof pLimit>>();
    return (task, action) => {
      const throttle = new StepKeywords(task, context).number("throttle");
      if (!throttle.ok || throttle.value === undefined || throttle.value < 1) return steps(action);
      const known = throttles.get(task.id) ?? pLimit(throttle.value);
      throttles.set(task.id, known);
      return known(() => steps(action));
    };
  }
}

const isTrue = (task: Task, context: TemplateContext): boolean => {
  const fatal = new StepKeywords(task, context).bool("any_errors_fatal");
  return fatal.ok && fatal.value === true;
};

/** `run_once: false` written out keeps a task on every host; what cannot be told yet counts as set. */
const onceHolds = (task: Task, context: TemplateContext): boolean => {
  const once = new StepKeywords(task, context).bool("run_once");
  return !once.ok || once.value !== false;
};
