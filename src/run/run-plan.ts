import { randomUUID } from "node:crypto";
import type { DiagnosticEvent, EventBody } from "../events/event.ts";
import type { Redactor } from "../events/redact.ts";
import { createRunState } from "../events/run-state.ts";
import type { Plan } from "../plan/plan.ts";
import type { Play } from "../playbook/playbook.ts";
import type { Transport } from "../transport/transport.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import { askVars } from "./ask-vars.ts";
import { Connections } from "./connections.ts";
import { exitCodeOf } from "./exit-code.ts";
import { worksOnHosts } from "./grant-tasks.ts";
import { HostState } from "./host-state.ts";
import { knownSecrets } from "./known-secrets.ts";
import { playContext, runPlay } from "./run-play.ts";
import type { RunIo, RunServices } from "./run-services.ts";
import { Variables } from "./variables.ts";

/** What a run is made of besides its plan. */
export interface RunParts {
  readonly transport: Transport;
  readonly emit: (body: EventBody) => void;
  readonly redact: Redactor;
  readonly io: RunIo;
  readonly lookups: (folders: readonly string[]) => LookupEnvironment;
  readonly cloud: RunServices["cloud"];
  /**
   * What is left to do when the hosts are done, whatever became of them: what a grant opened elsewhere is closed where it
   * came to nothing. False where something stays open that should not.
   */
  readonly finish?: (ended: RunEnded) => Promise<boolean>;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** How the plays of a run ended. */
export interface RunEnded {
  /** The hosts that are out: unreachable, or failed. */
  readonly lost: ReadonlySet<string>;
  readonly interrupted: boolean;
  /** Tells something, and which hosts it is about. */
  readonly tell: (severity: DiagnosticEvent["severity"], message: string, hosts: readonly string[]) => void;
}

/** Runs a plan from its first event to its last and closes every connection; gives the exit code. */
export const runPlan = async (plan: Plan, parts: RunParts): Promise<number> => {
  const { options } = plan;
  const state = createRunState();
  const started = parts.io.clock();
  const emit = (body: EventBody): void => {
    state.apply(body, parts.io.clock());
    parts.emit(body);
  };
  const services = createServices(plan, parts, emit);
  for (const secret of knownSecrets(plan)) parts.redact.add(secret);
  const playbooks = [...new Set(plan.playbooks.map(({ playbook }) => playbook.root))];
  emit({ type: "run.start", playbooks, check: options.check, diff: options.diff, forks: options.forks });
  let bug = false;
  let isRefused = false;
  try {
    const refused = await runPlaybooks(plan, services);
    if (refused !== undefined) {
      isRefused = true;
      emit({ type: "diagnostic", severity: "error", message: refused });
    }
  } catch (error) {
    bug = true;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    emit({ type: "diagnostic", severity: "error", message: `this is a bug of Latchkey: ${message}` });
  }
  await services.connections.closeAll();
  const interrupted = parts.signal.aborted;
  const lost = new Set([...services.states.values()].filter((host) => host.lost).map(({ name }) => name));
  const tell: RunEnded["tell"] = (severity, message, hosts) => {
    emit({ type: "diagnostic", severity, message, hosts });
  };
  const leftOpen = (await parts.finish?.({ lost, interrupted, tell })) === false;
  const stats = Object.fromEntries(state.stats);
  const exitCode = exitCodeOf({ stats: Object.values(stats), interrupted, bug, leftOpen, isRefused });
  emit({ type: "run.end", exitCode, ms: parts.io.clock() - started, interrupted, stats });
  return exitCode;
};

const createServices = (plan: Plan, parts: RunParts, emit: (body: EventBody) => void): RunServices => {
  const { options, inventory, extraVars } = plan;
  const { transport, redact, io, signal, lookups, cloud } = parts;
  const names = [...inventory.hosts.keys()];
  const states = new Map(names.map((name) => [name, new HostState(name)]));
  let steps = 0;
  return {
    id: randomUUID(),
    options,
    states,
    variables: new Variables(inventory, extraVars, options, states, lookups, io.readVars),
    connections: new Connections({ transport, defaults: options.connection, redact, emit, clock: io.clock }),
    jobs: new Map(),
    emit,
    redact,
    io,
    cloud,
    signal,
    nextStep: () => ++steps,
  };
};

/** Runs the plays in order; gives why one could not begin. */
const runPlaybooks = async (plan: Plan, services: RunServices): Promise<string | undefined> => {
  const plays = plan.playbooks.flatMap((planned) => planned.playbook.plays.map((play) => ({ planned, play })));
  const grants: Play[] = [];
  for (const { play } of plays) if (setsGrant(play, services) && (await worksOnHosts(play))) grants.push(play);
  for (const { planned, play } of plays) {
    if (services.signal.aborted) return undefined;
    const answers = await askVars(services, play, playContext(services, planned, play));
    if (!answers.ok) return services.signal.aborted ? undefined : answers.error;
    const part = play === grants.at(-1) ? "confirms" : grants.includes(play) ? "begins" : "none";
    const goesOn = await runPlay(services, planned, { ...play, vars: { ...play.vars, ...answers.value } }, part);
    if (!goesOn) return undefined;
  }
  return undefined;
};

const setsGrant = (play: Play, { variables }: RunServices): boolean =>
  [variables.extraVars, play.vars, ...play.varsFiles.map(({ values }) => values)].some(
    (vars) => "latchkey_grant" in vars,
  );
