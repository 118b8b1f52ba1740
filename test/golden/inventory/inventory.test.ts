import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadGroupAndHostVars } from "../../../src/inventory/adjacent-vars.ts";
import { loadInventory } from "../../../src/inventory/load.ts";
import { renderInventoryGraph, renderInventoryHost, renderInventoryList } from "../../../src/inventory/render.ts";

// Each folder is a case: `sources` has the values of -i, the .txt files are what ansible-inventory printed for them
// (record.sh). As ansible-inventory does, the folder itself is taken for the playbook's.
const root = import.meta.dirname;
const cases = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(cases.map((entry) => entry.name))("the inventory %s", (name) => {
  const cwd = join(root, name);
  const read = (file: string): string => readFileSync(join(cwd, file), "utf8");
  const load = async () => {
    const { inventory, diagnostics } = await loadInventory({ sources: read("sources").trim().split("\n"), cwd });
    expect(diagnostics.filter((diagnostic) => diagnostic.severity === "error")).toEqual([]);
    return { inventory, playbookVars: loadGroupAndHostVars(cwd).vars };
  };

  it("is listed as by ansible-inventory", async () => {
    const { inventory, playbookVars } = await load();
    expect(renderInventoryList(inventory, { playbookVars })).toBe(read("list.txt"));
  });

  it("is drawn as by ansible-inventory", async () => {
    const { inventory, playbookVars } = await load();
    const draw = (vars: boolean) => renderInventoryGraph(inventory, "all", { vars, playbookVars });
    expect(draw(false)).toEqual({ ok: true, value: read("graph.txt") });
    expect(draw(true)).toEqual({ ok: true, value: read("graph-vars.txt") });
  });

  it.runIf(existsSync(join(cwd, "host")))("shows one host as ansible-inventory does", async () => {
    const { inventory, playbookVars } = await load();
    const shown = renderInventoryHost(inventory, read("host").trim(), { playbookVars });
    expect(shown).toEqual({ ok: true, value: read("host.txt") });
  });
});
