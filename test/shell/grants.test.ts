/**
 * Every case again, as a step of a grant: taking the grant back restores the host as it was before, whatever the step did.
 *
 *   GRANTS=user npx vitest run --project shell test/shell/grants.test.ts     the cases of one module
 *   GRANTS=user/creates SHELLS=dash,mksh …                                   some cases, in some shells (else dash)
 */
import { existsSync } from "node:fs";
import { afterAll, describe, it } from "vitest";
import { undoKindOf } from "../../src/access/undo-of-modules.ts";
import { grantBegin } from "../../src/modules/grant_begin/grant_begin.ts";
import { grantUndo } from "../../src/modules/grant_undo/grant_undo.ts";
import { compile } from "../../src/shell/compile.ts";
import type { ProgramResult } from "../../src/shell/program.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { type Case, loadCases } from "./case-file.ts";
import { casesOf, loadModule, modulesWithCases } from "./cases-of.ts";
import { treeDifferences, treeOf } from "./host-tree.ts";
import { type AnyHostModule, runStep } from "./run-case.ts";
import { openWorkbench, ThrowawayHost, type Workbench } from "./throwaway-host.ts";

const wanted = (process.env["GRANTS"] ?? "").split(",").filter((text) => text !== "");
const shellNames = (process.env["SHELLS"] ?? "dash").split(",");
const bench = openWorkbench();

const isWanted = (module: string, file: string): boolean =>
  wanted.length === 0 || wanted.some((text) => text === module || `${module}/${file}`.startsWith(text));

describe.skipIf("reason" in bench)("a grant that is taken back", async () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());
  for (const name of modulesWithCases) {
    const module = await loadModule(name);
    // What runs the author's own commands is taken back by the author's word.
    if (module.readOnly === true || undoKindOf(name) === "task") continue;
    for (const situation of loadCases(casesOf(name))) {
      // Only root keeps grants; and what a case says of a dry run alone changes nothing.
      if (
        situation.becomeUser !== "" ||
        situation.check ||
        situation.undoDiffers !== undefined ||
        !isWanted(name, situation.file)
      )
        continue;
      if (situation.needs !== undefined && !existsSync(situation.needs)) continue;
      for (const shell of shellNames.filter((one) => situation.shells?.includes(one) ?? true)) {
        it.concurrent(`${name}/${situation.file} in ${shell}`, async ({ expect }) => {
          expect(await differencesAfterUndo(module, situation, bench, shell)).toEqual([]);
        });
      }
    }
  }
});

const grant = "t-1";

const differencesAfterUndo = async (
  module: AnyHostModule,
  situation: Case,
  at: Workbench,
  shell: string,
): Promise<readonly string[]> => {
  const host = await ThrowawayHost.start(at, shell, { ...situation, then: "" });
  try {
    const before = treeOf(host);
    const began = await run(host, grantBegin, { id: grant, ticket: "T-1", expires: 4_000_000_000, confirm: 300 });
    if (began.outcome !== "changed") return [`the grant did not begin: ${JSON.stringify(began.fields)}`];
    await runStep(module, situation, { host, check: false, grant: { id: grant, name: "a step" } });
    const undone = await run(host, grantUndo, { id: grant });
    const problems = undone.outcome === "changed" ? [] : [`it was not taken back: ${JSON.stringify(undone.fields)}`];
    return [...problems, ...treeDifferences(before, treeOf(host))];
  } finally {
    await host.kill();
  }
};

const run = (host: ThrowawayHost, module: AnyHostModule, args: PlainMap): Promise<ProgramResult> => {
  const params = module.params(args as never, {} as never);
  if (!params.ok) throw new Error(params.error);
  return host.exec(compile(module.functions, params.value, options));
};
const options = { check: false, diff: false, planned: [], environment: {} };
