import type { Entry, Task } from "../playbook/playbook.ts";
import { evaluateCondition, type TemplateContext } from "../vars/template.ts";
import { namesUsedBy } from "./names-used.ts";
import { type ReadyCall, readyCall } from "./ready-call.ts";
import type { StepScope } from "./step-scope.ts";
import { type SentProgram, sendAhead } from "./run-module.ts";
import type { RunServices } from "./run-services.ts";
import { StepKeywords } from "./step-keywords.ts";
import { runsOnce } from "./ties.ts";
import type { PlayScope, TaskScope } from "./variables.ts";

/** A call whose program is on its way. */
interface SentCall extends ReadyCall {
  readonly sent: SentProgram;
}

/**
 * Sends the programs of tasks that follow each other to a host together, so that they cost one round trip.
 *
 * Only what the controller need not see in between is sent ahead: the steps run, one after the other, as they always do,
 * but each finds its program on the way. The host leaves out what stands behind a failure; a step that is reached all
 * the same (ignore_errors) then sends its program again.
 */
export class Ahead {
  readonly #services: RunServices;
  readonly #play: PlayScope;
  readonly #host: string;
  readonly #sent = new Map<Task, SentCall>();

  constructor(services: RunServices, play: PlayScope, host: string) {
    this.#services = services;
    this.#play = play;
    this.#host = host;
  }

  /** The call of a task that was sent ahead. */
  take(task: Task): SentCall | undefined {
    const call = this.#sent.get(task);
    this.#sent.delete(task);
    return call;
  }

  /** Sends what can be sent together, beginning with the entry at an index; resolves when it is on its way. */
  async send(entries: readonly Entry[], from: number): Promise<void> {
    const first = entries[from];
    if (first?.kind !== "task" || this.#sent.has(first) || this.#services.options.check) return;
    // A single task gains nothing.
    const second = entries[from + 1];
    if (second === undefined || !mayGoAhead(first) || second.kind !== "task" || !mayGoAhead(second)) return;
    const unknown = new Set<string>();
    let shell: string | undefined;
    for (let index = from; index < entries.length; index++) {
      const entry = entries[index];
      if (entry === undefined) return;
      if (entry.kind !== "task" || !mayGoAhead(entry) || this.#services.signal.aborted) return;
      const ready = await this.#ready(entry, unknown);
      if (ready === "skip") continue;
      if (ready === undefined || (shell !== undefined && ready.shell !== shell)) return;
      const sent = await sendAhead(ready.call, shell !== undefined);
      if (sent === undefined) return;
      shell = ready.shell;
      this.#sent.set(entry, { ...ready, sent });
      if (sent.isLast || endsOnController(entry)) return;
      if (entry.register !== undefined) unknown.add(entry.register);
      for (const name of factsOf(entry)) unknown.add(name);
    }
  }

  /** The call of a task; "skip" where its condition is false, undefined where it has to wait for its turn. */
  async #ready(task: Task, unknown: ReadonlySet<string>): Promise<ReadyCall | "skip" | undefined> {
    const { options, variables } = this.#services;
    const module = await task.module.load();
    if (module.runs === "controller" || module.next !== undefined || module.confirmBy !== undefined) {
      return undefined;
    }
    const vars: TaskScope = { task, item: {}, check: false, diff: options.diff };
    const context = variables.context(this.#host, this.#play, vars);
    const names = namesUsedBy(task, context);
    if (names === undefined || [...names].some((name) => isUnknown(name, unknown))) return undefined;
    const runs = holds(task, context);
    if (runs !== true) return runs === false ? "skip" : undefined;
    const play = this.#play;
    const scope: StepScope = {
      services: this.#services,
      play,
      host: this.#host,
      task,
      module,
      step: 0,
      hidden: true,
      vars,
      context,
    };
    const ready = readyCall(scope, scope, new StepKeywords(task, context));
    return ready.ok && ready.value.call.timeoutMs === undefined ? ready.value : undefined;
  }
}

/** Where the controller has a say in how a step ends, nothing may run behind it before that was said. */
const endsOnController = ({ failedWhen, changedWhen, notify }: Task): boolean =>
  failedWhen.length > 0 || changedWhen.length > 0 || notify.some((name) => typeof name === "object");

const holds = (task: Task, context: TemplateContext): boolean | undefined => {
  for (const condition of task.when) {
    const result = evaluateCondition(condition, context);
    if (!result.ok) return undefined;
    if (!result.value) return false;
  }
  return true;
};

/**
 * Modules that run a command in the open: whether it failed is for the controller to say. And those behind which programs
 * are other ones than before.
 */
const oneByOne = new Set(["command", "shell", "raw", "script", "wait_for", "grant_begin", "grant_undo"]);

/** Keywords by which a task is more than one program on its own host. */
const mayGoAhead = (task: Task): boolean => {
  const { inherited, own } = task;
  if (task.loop !== undefined || task.until.length > 0 || own.retries !== undefined) return false;
  if (own.async !== undefined) return false;
  if (inherited.check_mode !== undefined || inherited.diff !== undefined) return false;
  if (inherited.delegate_to !== undefined || inherited.timeout !== undefined) return false;
  return !runsOnce(task) && inherited.throttle === undefined && !oneByOne.has(task.module.shortName);
};

/** What a task's facts are called: nothing behind it that uses one may go before it is known. */
const factsOf = (task: Task): readonly string[] => {
  switch (task.module.shortName) {
    case "setup":
    case "hostname":
      return ["ansible_"];
    case "getent":
      return ["getent_", "ansible_facts"];
    default:
      return [];
  }
};

const isUnknown = (name: string, unknown: ReadonlySet<string>): boolean =>
  unknown.has(name) || ["ansible_", "getent_"].some((prefix) => unknown.has(prefix) && name.startsWith(prefix));
