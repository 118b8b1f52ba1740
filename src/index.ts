/**
 * Latchkey as a library: load and check playbooks, look at the plan, run it, and listen to its events.
 *
 * Importing it has no side effects.
 */
import { randomUUID } from "node:crypto";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { createEmitter } from "./events/emitter.ts";
import type { Reporter } from "./events/event.ts";
import { createRedactor } from "./events/redact.ts";
import type { Io } from "./cli/io.ts";
import { createLookups } from "./cli/lookups.ts";
import { createRunIo } from "./cli/run-io.ts";
import { loadPlan } from "./plan/load.ts";
import { type Plan, type RunOptions, usualOptions } from "./plan/plan.ts";
import { Vault } from "./vault/vault.ts";
import { throughVault } from "./cli/vault.ts";
import { runPlan } from "./run/run-plan.ts";
import { SshConfig } from "./inventory/ssh-config.ts";
import { createTransport } from "./transport/create-transport.ts";

export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export type { Event, EventBody, HostStats, Outcome, Reporter } from "./events/event.ts";
export type { Plan, RunOptions } from "./plan/plan.ts";

/** What is to be loaded; texts are as on the command line. */
export interface LoadOptions {
  readonly playbooks: readonly string[];
  readonly inventory: readonly string[];
  readonly extraVars?: readonly string[];
  readonly limit?: readonly string[];
  readonly options?: Partial<Omit<RunOptions, "limit">>;
  readonly cwd?: string;
  /** Passwords of vaults by their labels; without a label it is `default`. */
  readonly vaultPasswords?: Readonly<Record<string, string>>;
}

/** What opens the vaults of a plan while it runs. */
const vaults = new WeakMap<Plan, Vault>();

/** Reads playbooks and inventory; the plan may be run only where no diagnostic is an error. */
export const load = async (
  input: LoadOptions,
): Promise<{ readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }> => {
  const io = processIo(input.cwd);
  const passwords = Object.entries(input.vaultPasswords ?? {});
  const vault = new Vault({
    passwords: passwords.map(([label, password]) => ({ label, password: Buffer.from(password) })),
  });
  const { plan: loaded, diagnostics } = await loadPlan({
    playbooks: input.playbooks,
    inventory: input.inventory,
    extraVars: input.extraVars ?? [],
    limit: input.limit ?? [],
    options: {
      ...usualOptions,
      ...input.options,
      connection: { sshConfig: new SshConfig(), ...input.options?.connection },
    },
    cwd: io.cwd,
    lookups: createLookups(io, vault)([io.cwd]),
    vault,
  });
  vaults.set(loaded, vault);
  return { plan: loaded, diagnostics: throughVault(diagnostics, vault) };
};

/** Everything that is wrong with the files, found without asking any host. */
export const validate = async (input: LoadOptions): Promise<readonly Diagnostic[]> => (await load(input)).diagnostics;

/**
 * What would be run.
 *
 * @throws {TypeError} where the files are wrong; `validate` says how
 */
export const plan = async (input: LoadOptions): Promise<Plan> => {
  const loaded = await load(input);
  const error = loaded.diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (error !== undefined) throw new TypeError(error.message);
  return loaded.plan;
};

/** Runs a plan; gives the exit code that the command line would end with. Never rejects for what a host can do. */
export const run = async (
  what: Plan,
  { reporters = [], signal }: { readonly reporters?: readonly Reporter[]; readonly signal?: AbortSignal } = {},
): Promise<number> => {
  const io = processIo();
  const aborted = signal ?? new AbortController().signal;
  const redact = createRedactor();
  const vault = vaults.get(what);
  vault?.onSecret(redact.add);
  const emitter = createEmitter({ run: randomUUID(), reporters, clock: Date.now, redact });
  const exitCode = await runPlan(what, {
    transport: createTransport({
      handshakes: what.options.forks,
      ...(io.env["SSH_AUTH_SOCK"] === undefined ? {} : { agentSocket: io.env["SSH_AUTH_SOCK"] }),
    }),
    emit: emitter.emit,
    redact,
    io: createRunIo(io, vault),
    lookups: createLookups(io, vault),
    cloud: async (options, use) => {
      if (use.grant !== undefined) return { ok: false, error: { kind: "module", message: withoutLedger } };
      const { openCloud, createCloudIo } = await import("./cli/cloud-edge.ts");
      return openCloud(options, createCloudIo(io, redact.add, aborted));
    },
    signal: aborted,
  });
  await emitter.close();
  return exitCode;
};

const withoutLedger = "a grant opens the firewall of a cloud only by the command line, which keeps a ledger of it";

const processIo = (cwd = process.cwd()): Io => ({
  env: process.env,
  cwd,
  pid: process.pid,
  isAlive: () => true,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: () => {},
  onInterrupt: () => () => {},
});
