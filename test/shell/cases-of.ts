import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AnyHostModule } from "./run-case.ts";

/** Where the modules are. */
export const modulesFolder = new URL("../../src/modules/", import.meta.url).pathname;

/** Where a module's cases are. */
export const casesOf = (module: string): string => join(modulesFolder, module, "cases");

/** The modules that have cases. */
export const modulesWithCases: readonly string[] = readdirSync(modulesFolder).filter(
  (name) => existsSync(casesOf(name)) && readdirSync(casesOf(name)).some((file) => file.endsWith(".yml")),
);

/** The module of a folder. */
export const loadModule = async (name: string): Promise<AnyHostModule> => {
  const exported = (await import(join(modulesFolder, name, `${name}.ts`))) as Record<string, unknown>;
  const found = Object.values(exported).find(
    (value): value is AnyHostModule =>
      typeof value === "object" && value !== null && "runs" in value && value.runs === "host",
  );
  if (found === undefined) throw new Error(`${name}.ts exports no module that runs on a host`);
  return found;
};
