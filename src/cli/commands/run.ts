import { randomUUID } from "node:crypto";
import { createEmitter } from "../../events/emitter.ts";
import { createRedactor } from "../../events/redact.ts";
import { describePlan } from "../../plan/describe.ts";
import { loadPlan } from "../../plan/load.ts";
import type { Plan } from "../../plan/plan.ts";
import { createReporter, type ReporterName } from "../../reporters/create.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { runPlan } from "../../run/run-plan.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { readPasswords } from "../passwords.ts";
import { printDiagnostics } from "../print-diagnostics.ts";
import { readRunOptions } from "../read-run-options.ts";
import { createRunIo } from "../run-io.ts";

/** `latchkey run`: loads and checks everything, then lists, or runs. */
export const runCommand = async (playbooks: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const { plan, diagnostics } = await loadPlan({
    playbooks,
    inventory: texts(given["inventory"]),
    extraVars: texts(given["extraVars"]),
    limit: texts(given["limit"]),
    options: options.value,
    cwd: io.cwd,
    lookups: createLookups(io)(io.cwd),
  });
  if (printDiagnostics(diagnostics, io) !== exitCodes.ok) return exitCodes.diagnostics;
  if (given["syntaxCheck"] === true) {
    io.stdout.write(playbooks.map((path) => `\nplaybook: ${path}\n`).join(""));
    return exitCodes.ok;
  }
  const listing = {
    hosts: given["listHosts"] === true,
    tasks: given["listTasks"] === true,
    tags: given["listTags"] === true,
  };
  if (listing.hosts || listing.tasks || listing.tags) {
    io.stdout.write(describePlan(plan, listing));
    return exitCodes.ok;
  }
  return runLoaded(plan, given, io);
};

const texts = (value: GivenOptions[string]): readonly string[] => (Array.isArray(value) ? value : []);

const usage = (io: Io, message: string): number => {
  io.stderr.write(`latchkey: ${message}\n`);
  return exitCodes.usage;
};

const runLoaded = async (plan: Plan, given: GivenOptions, io: Io): Promise<number> => {
  const passwords = await readPasswords(given, io);
  if (!passwords.ok) return usage(io, passwords.error);
  const { options } = plan;
  const redact = createRedactor();
  for (const secret of Object.values(passwords.value)) redact.add(secret);
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
  const { createTransport } = await import("../../transport/create-transport.ts");
  const runIo = createRunIo(io);
  const exitCode = await runPlan(
    { ...plan, options: { ...options, connection: { ...options.connection, ...passwords.value } } },
    {
      transport: createTransport({
        handshakes: options.forks,
        ...(io.env["SSH_AUTH_SOCK"] === undefined ? {} : { agentSocket: io.env["SSH_AUTH_SOCK"] }),
      }),
      emit: emitter.emit,
      redact,
      io: {
        ...runIo,
        prompt: async (text, echo) => {
          const resume = emitter.suspend();
          const answer = await runIo.prompt(text, echo);
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
