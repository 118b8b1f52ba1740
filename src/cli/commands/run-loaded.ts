import { randomUUID } from "node:crypto";
import { createEmitter } from "../../events/emitter.ts";
import { createRedactor } from "../../events/redact.ts";
import type { Plan } from "../../plan/plan.ts";
import { createReporter, type ReporterName } from "../../reporters/create.ts";
import { runPlan } from "../../run/run-plan.ts";
import { createTransport } from "../../transport/create-transport.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import type { Passwords } from "../passwords.ts";
import { createRunIo } from "../run-io.ts";

/** Runs a plan that was loaded and found right, with its reporter and the way to interrupt it. */
export const runLoaded = async (plan: Plan, given: GivenOptions, passwords: Passwords, io: Io): Promise<number> => {
  const { options } = plan;
  const redact = createRedactor();
  for (const secret of Object.values(passwords)) redact.add(secret);
  const reporter = await createReporter((given["reporter"] as ReporterName | undefined) ?? "auto", {
    stdout: io.stdout,
    env: io.env,
    verbosity: options.verbosity,
    diff: options.diff,
  });
  const emitter = createEmitter({ run: randomUUID(), reporters: [reporter], clock: Date.now, redact });
  const interrupt = new AbortController();
  const unlisten = io.onInterrupt(() => {
    interrupt.abort();
  });
  const runIo = createRunIo(io);
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
      lookups: createLookups(io),
      signal: interrupt.signal,
    },
  );
  unlisten();
  for (const message of await emitter.close()) io.stderr.write(`latchkey: ${message}\n`);
  return exitCode;
};
