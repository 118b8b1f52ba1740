import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostic, sortDiagnostics } from "../../src/diagnostics/render-text.ts";
import { InventoryBuilder } from "../../src/inventory/inventory-builder.ts";
import type { Inventory } from "../../src/inventory/inventory.ts";
import { readIni } from "../../src/inventory/read-ini.ts";
import { readYamlInventory } from "../../src/inventory/read-yaml-inventory.ts";
import { SourceFile } from "../../src/source/source-file.ts";

/** An inventory from a text (INI, or YAML where it is said), with what is wrong in it. */
export const inventoryOf = (
  text: string,
  format: "ini" | "yaml" = "ini",
): { readonly inventory: Inventory; readonly diagnostics: readonly Diagnostic[] } => {
  const builder = new InventoryBuilder();
  const file = new SourceFile(format === "ini" ? "hosts" : "hosts.yml", text);
  if (format === "ini") readIni(file, builder);
  else readYamlInventory(file, builder);
  return { inventory: builder.build(["/etc/hosts"], []), diagnostics: builder.diagnostics };
};

/** What a person would see. */
export const shown = (diagnostics: readonly Diagnostic[]): string =>
  sortDiagnostics(diagnostics)
    .map((diagnostic) => renderDiagnostic(diagnostic, (path) => path))
    .join("\n");
