import { resolve } from "node:path";
import { closedFiles, loadGroupAndHostVars } from "../../inventory/adjacent-vars.ts";
import { loadInventory } from "../../inventory/load.ts";
import { renderInventoryGraph, renderInventoryHost, renderInventoryList } from "../../inventory/render.ts";
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
  const sources = Array.isArray(given["inventory"]) ? given["inventory"] : [];
  const { inventory, diagnostics } = await loadInventory({ sources, cwd: io.cwd, env: io.env, vault: vault.value });
  const beside = loadGroupAndHostVars(resolve(io.cwd, String(given["playbookDir"] ?? ".")), vault.value);
  const closed = [...inventory.adjacent, beside.vars].flatMap((folder) =>
    closedFiles(folder, inventory.groups.keys(), inventory.hosts.keys()),
  );
  const found = throughVault([...diagnostics, ...beside.diagnostics, ...closed], vault.value);
  if (printDiagnostics(found, io) !== exitCodes.ok) return exitCodes.diagnostics;
  const playbookVars = beside.vars;
  if (actions[0] === "list") {
    io.stdout.write(renderInventoryList(inventory, playbookVars));
    return exitCodes.ok;
  }
  const { host, graph } = given;
  const rendered =
    typeof host === "string"
      ? renderInventoryHost(inventory, host, playbookVars)
      : renderInventoryGraph(inventory, typeof graph === "string" ? graph : "all", {
          vars: given["vars"] === true,
          playbookVars,
        });
  if (!rendered.ok) return printDiagnostics([{ code: "V40", severity: "error", message: rendered.error }], io);
  io.stdout.write(rendered.value);
  return exitCodes.ok;
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
