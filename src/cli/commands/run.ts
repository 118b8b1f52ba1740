import { describePlan } from "../../plan/describe.ts";
import { createEarlyRender } from "../../playbook/early-render.ts";
import { loadPlan } from "../../plan/load.ts";
import { exitCodes } from "../../run/exit-code.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { readPasswords } from "../passwords.ts";
import { printDiagnostics } from "../print-diagnostics.ts";
import type { Listeners } from "./run-loaded.ts";
import { readVault, throughVault } from "../vault.ts";
import { readRunOptions } from "../read-run-options.ts";
import { textsOf } from "../given-texts.ts";
import { usage } from "../usage.ts";

/** `latchkey run`: loads and checks everything, then lists, or runs. `listeners` are those of commands that stand on it. */
export const runCommand = async (
  playbooks: readonly string[],
  given: GivenOptions,
  io: Io,
  listeners: Listeners = {},
): Promise<number> => {
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const vault = await readVault(given, io);
  if (!vault.ok) return usage(io, vault.error);
  const lookups = createLookups(io, vault.value)([io.cwd]);
  const { plan, diagnostics } = await loadPlan({
    playbooks,
    inventory: textsOf(given["inventory"]),
    extraVars: textsOf(given["extraVars"]),
    limit: textsOf(given["limit"]),
    options: options.value,
    cwd: io.cwd,
    lookups,
    vault: vault.value,
  });
  if (printDiagnostics(throughVault(diagnostics, vault.value), io) !== exitCodes.ok) return exitCodes.diagnostics;
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
    io.stdout.write(describePlan(plan, playbooks, listing, createEarlyRender(plan.extraVars, lookups)));
    return exitCodes.ok;
  }
  if (options.value.step && !io.stdin.isTTY) {
    return usage(io, "--step asks before each task, and standard input is no terminal");
  }
  const passwords = await readPasswords(given, io);
  if (!passwords.ok) return usage(io, passwords.error);
  // Everything that reaches for a host or a terminal is loaded only now: checks and listings are to be quick.
  const { runLoaded } = await import("./run-loaded.ts");
  const { leaveOut } = listeners;
  const needed = plan.playbooks.filter(({ playbook }) => leaveOut?.(plan, playbook.path) !== true);
  return runLoaded({ ...plan, playbooks: needed }, given, { ...passwords.value, vault: vault.value }, io, listeners);
};
