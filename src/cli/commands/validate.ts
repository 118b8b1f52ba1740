import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { machineDiagnostic, renderGithub, renderSarif } from "../../diagnostics/render-machine.ts";
import { renderDiagnostic } from "../../diagnostics/render-text.ts";
import { loadPlan } from "../../plan/load.ts";
import { exitCodes } from "../../run/exit-code.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { shortenedFrom } from "../print-diagnostics.ts";
import { readRunOptions } from "../read-run-options.ts";
import { readVault, throughVault } from "../vault.ts";
import { version } from "../version.ts";
import { textOf, textsOf } from "./grant.ts";
import { usage } from "./run.ts";

/** `latchkey validate`: what `run` checks before its first connection, for people, editors and CI. */
export const validateCommand = async (playbooks: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const vault = await readVault(given, io, { withoutPassword: "pass-over" });
  if (!vault.ok) return usage(io, vault.error);
  const inventory = textsOf(given["inventory"]);
  const { diagnostics } = await loadPlan({
    playbooks,
    inventory: inventory.length === 0 ? ["localhost,"] : inventory,
    extraVars: textsOf(given["extraVars"]),
    limit: textsOf(given["limit"]),
    options: options.value,
    cwd: io.cwd,
    lookups: createLookups(io, vault.value)([io.cwd]),
    vault: vault.value,
  });
  const told = throughVault(diagnostics, vault.value);
  const found = inventory.length === 0 ? told.flatMap(withoutInventory) : told;
  io.stdout.write(rendered(found, textOf(given["format"]) ?? "text", io));
  return found.some(({ severity }) => severity === "error") ? exitCodes.diagnostics : exitCodes.ok;
};

/** What can be said where nobody told of the hosts: nothing of patterns, and of variables that one of them may have them. */
const withoutInventory = (found: Diagnostic): readonly Diagnostic[] => {
  if (found.code === "V40") return [];
  if (found.code !== "V21") return [found];
  return [{ ...found, severity: "warning", hint: "an inventory may define it: give it with -i INVENTORY" }];
};

const rendered = (found: readonly Diagnostic[], format: string, io: Io): string => {
  const shorten = shortenedFrom(io.cwd);
  const machine = found.map((one) => machineDiagnostic(one, shorten));
  switch (format) {
    case "json":
      return `${JSON.stringify(machine, null, 2)}\n`;
    case "jsonl":
      return machine.map((one) => `${JSON.stringify(one)}\n`).join("");
    case "sarif":
      return renderSarif(machine, version());
    case "github":
      return machine.map(renderGithub).join("");
    default:
      return `${found.map((one) => `${renderDiagnostic(one, shorten)}\n\n`).join("")}${summary(found)}\n`;
  }
};

const summary = (found: readonly Diagnostic[]): string => {
  const count = (severity: Diagnostic["severity"]): string => {
    const number = found.filter((one) => one.severity === severity).length;
    return `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  return found.length === 0 ? "nothing wrong was found" : `${count("error")}, ${count("warning")}`;
};
