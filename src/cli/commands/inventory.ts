import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { closedFiles, loadGroupAndHostVars } from "../../inventory/adjacent-vars.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { applyLimit, readLimit } from "../../inventory/limit.ts";
import { loadInventory } from "../../inventory/load.ts";
import { onlyHosts, renderInventoryGraph, renderInventoryHost, renderInventoryList } from "../../inventory/render.ts";
import { explainUnmatched } from "../../inventory/select.ts";
import { readExtraVars } from "../../plan/extra-vars.ts";
import { ok } from "../../util/result.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { InventoryBuilder } from "../../inventory/inventory-builder.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { readVault, throughVault } from "../vault.ts";
import { usage } from "../usage.ts";
import { printDiagnostics } from "../print-diagnostics.ts";

/** `latchkey inventory`: prints what ansible-inventory prints. */
export const inventoryCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const actions = ["list", "host", "graph"].filter((name) => given[name] !== undefined && given[name] !== false);
  if (actions.length !== 1) {
    io.stderr.write("latchkey: give one of --list, --host NAME and --graph\n");
    return exitCodes.usage;
  }
  const vault = await readVault(given, io);
  if (!vault.ok) return usage(io, vault.error);
  const sources = texts(given["inventory"]);
  const { inventory, diagnostics } = await loadInventory({ sources, cwd: io.cwd, env: io.env, vault: vault.value });
  const beside = loadGroupAndHostVars(resolve(io.cwd, String(given["playbookDir"] ?? ".")), vault.value);
  const closed = [...inventory.adjacent, beside.vars].flatMap((folder) =>
    closedFiles(folder, inventory.groups.keys(), inventory.hosts.keys()),
  );
  const ofOptions: Diagnostic[] = [];
  const extraVars = readExtraVars(texts(given["extraVars"]), io.cwd, ofOptions, vault.value);
  const shown = limited(inventory, texts(given["limit"]), io.cwd, ofOptions);
  const found = throughVault([...diagnostics, ...beside.diagnostics, ...closed, ...ofOptions], vault.value);
  if (printDiagnostics(found, io) !== exitCodes.ok) return exitCodes.diagnostics;
  const view = {
    playbookVars: beside.vars,
    extraVars: extraVars.values,
    export: given["export"] === true,
    yaml: given["yaml"] === true,
    vars: given["vars"] === true,
  };
  const { host, graph, output } = given;
  const rendered =
    typeof host === "string"
      ? renderInventoryHost(shown, host, view)
      : actions[0] === "list"
        ? ok(renderInventoryList(shown, view))
        : renderInventoryGraph(shown, typeof graph === "string" ? graph : "all", view);
  if (!rendered.ok) return printDiagnostics([{ code: "V40", severity: "error", message: rendered.error }], io);
  if (typeof output !== "string") {
    io.stdout.write(rendered.value);
    return exitCodes.ok;
  }
  try {
    writeFileSync(resolve(io.cwd, output), rendered.value);
  } catch (error) {
    return usage(io, `cannot write --output ${output}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return exitCodes.ok;
};

const texts = (value: GivenOptions[string]): readonly string[] => (Array.isArray(value) ? value : []);

/** The inventory with the hosts alone that `--limit` leaves. */
const limited = (
  inventory: Inventory,
  limits: readonly string[],
  cwd: string,
  diagnostics: Diagnostic[],
): Inventory => {
  const patterns = readLimit(limits, cwd);
  const selection = patterns.ok
    ? applyLimit([...inventory.hosts.keys()], patterns.value, inventory)
    : { hosts: [], unmatched: [] };
  if (!patterns.ok) diagnostics.push({ code: "V40", severity: "error", message: patterns.error });
  for (const pattern of selection.unmatched) {
    const found = explainUnmatched(pattern, inventory);
    diagnostics.push({ code: "V40", severity: "error", ...found, message: `--limit: ${found.message}` });
  }
  return onlyHosts(inventory, selection.hosts);
};

/** `latchkey inventory openstack`: the servers of a cloud as `--list` prints them, without a file that says so. */
export const openStackInventoryCommand = async ({ cloud }: GivenOptions, io: Io): Promise<number> => {
  const { readOpenStackCloud } = await import("../../inventory/openstack/read-openstack.ts");
  const builder = new InventoryBuilder();
  await readOpenStackCloud(typeof cloud === "string" ? cloud : undefined, builder, io);
  const inventory = builder.build([], []);
  if (printDiagnostics(builder.diagnostics, io) !== exitCodes.ok) return exitCodes.diagnostics;
  io.stdout.write(renderInventoryList(inventory));
  return exitCodes.ok;
};
