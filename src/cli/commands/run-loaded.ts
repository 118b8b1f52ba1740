import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { createEmitter } from "../../events/emitter.ts";
import { createRedactor } from "../../events/redact.ts";
import type { Plan } from "../../plan/plan.ts";
import { createReporter, type ReporterName } from "../../reporters/create.ts";
import { runPlan } from "../../run/run-plan.ts";
import { exitCodes } from "../../run/exit-code.ts";
import type { Reporter } from "../../events/event.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import { createTransport } from "../../transport/create-transport.ts";
import type { Vault } from "../../vault/vault.ts";
import type { Io } from "../io.ts";
import { createGrantRecorder, type GrantDetails, type GrantRecorder } from "../grant-recorder.ts";
import { createCloudRules, type RevokedGrants } from "../cloud-rules.ts";
import { createLedgerEdge, type LedgerEdge } from "../ledger-edge.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import type { Passwords } from "../passwords.ts";
import { createRunIo } from "../run-io.ts";

/** Who listens to a run besides the reporter that was asked for, and what the ledger is to know of its grants. */
export interface Listeners {
  /** Instead of the reporter that was asked for. */
  readonly instead?: Reporter;
  /** Beside that one. */
  readonly beside?: Reporter;
  readonly grant?: GrantDetails;
  /** The grants that the run ends, whose rules in clouds are closed last. */
  readonly revoked?: RevokedGrants;
  /** Whether a playbook has nothing to do for these hosts. */
  readonly leaveOut?: (plan: Plan, path: string) => boolean;
}

/** Runs a plan that was loaded and found right, with its reporter and the way to interrupt it. */
export const runLoaded = async (
  plan: Plan,
  given: GivenOptions,
  { vault, ...passwords }: Passwords & { readonly vault: Vault },
  io: Io,
  listeners: Listeners = {},
): Promise<number> => {
  const { options } = plan;
  const recorder = createGrantRecorder({ user: userInfo().username, ...listeners.grant });
  const redact = createRedactor();
  for (const secret of Object.values(passwords)) redact.add(secret);
  vault.onSecret(redact.add);
  const reporter =
    listeners.instead ??
    (await createReporter((given["reporter"] as ReporterName | undefined) ?? "auto", {
      stdout: io.stdout,
      env: io.env,
      verbosity: options.verbosity,
      diff: options.diff,
    }));
  const interrupt = new AbortController();
  const ledger = createLedgerEdge(io);
  const rules = createCloudRules({
    ledger,
    clock: Date.now,
    user: userInfo().username,
    keepPartial: options.keepPartial,
    revoked: listeners.revoked,
    open: async (asked, when) => {
      // Most runs have to do with no cloud.
      const { openCloud, createCloudIo } = await import("../cloud-edge.ts");
      const signal = when === "run" ? interrupt.signal : AbortSignal.timeout(closingMs);
      return openCloud(asked, createCloudIo(io, redact.add, signal));
    },
  });
  const reporters = [reporter, recorder, rules, ...(listeners.beside === undefined ? [] : [listeners.beside])];
  const emitter = createEmitter({ run: randomUUID(), reporters, clock: Date.now, redact });
  const unlisten = io.onInterrupt(() => {
    interrupt.abort();
  });
  const runIo = createRunIo(io, vault);
  const exitCode = await runPlan(
    { ...plan, options: { ...options, connection: { ...options.connection, ...passwords } } },
    {
      transport: createTransport({
        handshakes: options.forks,
        ...(io.env["SSH_AUTH_SOCK"] === undefined ? {} : { agentSocket: io.env["SSH_AUTH_SOCK"] }),
      }),
      emit: emitter.emit,
      redact,
      io: {
        ...runIo,
        prompt: async (text, echo, signal) => {
          const resume = emitter.suspend();
          const answer = await runIo.prompt(text, echo, signal);
          resume();
          return answer;
        },
      },
      lookups: createLookups(io, vault),
      cloud: rules.cloud,
      finish: rules.finish,
      signal: interrupt.signal,
    },
  );
  unlisten();
  for (const message of await emitter.close()) io.stderr.write(`latchkey: ${message}\n`);
  // What is not in the ledger is not done, whatever the hosts say.
  return (await record(recorder, ledger, io)) || exitCode !== exitCodes.ok ? exitCode : exitCodes.failed;
};

/** What became of grants goes into the ledger; false where it could not. */
const record = async (recorder: GrantRecorder, ledger: LedgerEdge, io: Io): Promise<boolean> => {
  const entries = recorder.entries();
  if (entries.length === 0) return true;
  const appended = await ledger.append(entries);
  if (!appended.ok)
    io.stderr.write(`latchkey: ${escapeForTerminal(`the run is not in the ledger: ${appended.error}`)}\n`);
  return appended.ok;
};

/** However many rules there are to close, and however slow the cloud is. */
const closingMs = 5 * 60_000;
