import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { coerceArguments } from "../../src/modules/arguments.ts";
import type { ControllerFile, FolderEntry, HostModule, ModuleContext } from "../../src/modules/module.ts";
import { compile, type GrantStep } from "../../src/shell/compile.ts";
import type { PlannedState, ProgramResult, ShellParams } from "../../src/shell/program.ts";
import { err, ok, type Result } from "../../src/util/result.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { type Case, textOf } from "./case-file.ts";
import { differences } from "./match-subset.ts";
import { plannedDifferences } from "./planned-state.ts";
import { untoldKeys } from "./returned-keys.ts";
import { changedPaths } from "./snapshot.ts";
import { ThrowawayHost, type Workbench } from "./throwaway-host.ts";

/** A module as the registry holds it: only the module itself knows the type of its arguments. */
export type AnyHostModule = HostModule<never, object>;

/** What a step gave: the keys that Ansible would return, and what a dry run plans. */
interface StepResult {
  readonly keys: PlainMap;
  readonly planned: readonly PlannedState[];
}

/** Runs one case in one shell; gives every way in which it does not hold. */
export const runCase = async (
  module: AnyHostModule,
  situation: Case,
  where: { readonly bench: Workbench; readonly shell: string },
): Promise<readonly string[]> => {
  const host = await ThrowawayHost.start(where.bench, where.shell, situation);
  try {
    const problems = await runSteps(module, situation, host);
    if (problems.length === 0) await host.finish();
    return problems;
  } finally {
    await host.kill();
  }
};

const runSteps = async (module: AnyHostModule, situation: Case, host: ThrowawayHost): Promise<string[]> => {
  if (situation.check) return checkAlone(module, situation, host);
  const before = host.snapshot();
  const predicted = await runStep(module, situation, { host, check: true });
  const touched = changedPaths(before, host.snapshot());
  const problems = touched.map((path) => `check mode touched ${path}`);
  const real = await runStep(module, situation, { host, check: false });
  problems.push(...differences(situation.expect, real.keys), ...untoldKeys(module, real.keys));
  if (real.planned.length > 0) problems.push("a real run planned something");
  if (real.keys["failed"] === true) {
    if (situation.expect["failed"] !== true) problems.push(`failed: ${JSON.stringify(real.keys["msg"])}`);
    if (situation.checkDiffers !== undefined) return problems;
    return [...problems, ...differences({ failed: true }, predicted.keys).map((text) => `check mode: ${text}`)];
  }
  if (situation.checkDiffers === undefined) {
    const wanted = { changed: real.keys["changed"], failed: null, diff: real.keys["diff"] ?? null };
    problems.push(...differences(wanted, predicted.keys).map((text) => `check mode: ${text}`));
    problems.push(...differences(situation.plans, subsetOf(predicted.planned, situation.plans)));
    problems.push(...plannedDifferences(predicted.planned, host));
  }
  if (situation.notIdempotent === undefined) {
    const again = await runStep(module, situation, { host, check: false });
    problems.push(...differences({ changed: false, failed: null }, again.keys).map((text) => `second run: ${text}`));
  }
  return problems;
};

const checkAlone = async (module: AnyHostModule, situation: Case, host: ThrowawayHost): Promise<string[]> => {
  const before = host.snapshot();
  const predicted = await runStep(module, situation, { host, check: true });
  const touched = changedPaths(before, host.snapshot());
  return [
    ...touched.map((path) => `check mode touched ${path}`),
    ...differences(situation.expect, predicted.keys),
    ...untoldKeys(module, predicted.keys),
    ...differences(situation.plans, subsetOf(predicted.planned, situation.plans)),
  ];
};

/** The planned states that a case speaks of, so that it need not name all. */
const subsetOf = (planned: readonly PlannedState[], wanted: readonly PlannedState[]): unknown =>
  wanted.map(({ kind, key }) => planned.findLast((state) => state.kind === kind && state.key === key) ?? null);

/** One step as a run does it: arguments, parameters, program, and the module's own look at the result. */
export const runStep = async (
  module: AnyHostModule,
  situation: Case,
  how: { readonly host: ThrowawayHost; readonly check: boolean; readonly grant?: GrantStep },
): Promise<StepResult> => {
  if (how.check && module.checkMode === "skips") return { keys: { changed: false, skipped: true }, planned: [] };
  const context = contextOf(situation, how.check, how.host);
  const args = coerceArguments(module, situation.args);
  if (!args.ok) return failed(args.error);
  const options = { check: how.check, diff: situation.diff, environment: {}, grant: how.grant };
  let params: Result<ShellParams | undefined, string> = module.params(args.value as never, context);
  for (let count = 0; count < mostPrograms; count++) {
    if (!params.ok) return failed(params.error);
    if (params.value === undefined) break;
    const result = await how.host.exec(
      compile(module.functions, params.value, { ...options, planned: how.check ? situation.planned : [] }),
    );
    params = module.next?.(result, args.value as never, context) ?? ok(undefined);
    if (params.ok && params.value === undefined) {
      // The run takes the token of a switch for itself.
      const { switch: _, ...told } = result.fields;
      const fields = module.confirmBy === undefined ? result.fields : told;
      return { keys: keysOf(module, { ...result, fields }, args.value, context), planned: result.planned };
    }
  }
  return failed("the module did not come to an end");
};

/** As in a run: see `next` of a module. */
const mostPrograms = 8;

const failed = (msg: string): StepResult => ({ keys: { changed: false, failed: true, msg }, planned: [] });

const keysOf = (module: AnyHostModule, result: ProgramResult, args: PlainMap, context: ModuleContext): PlainMap => {
  const fields =
    result.outcome === "failed"
      ? module.failure?.(result, args as never)
      : module.result?.(result, args as never, context);
  return {
    changed: result.outcome === "changed",
    ...(result.outcome === "failed" ? { failed: true } : {}),
    ...(result.outcome === "skipped" ? { skipped: true } : {}),
    ...(fields ?? result.fields),
  };
};

/** What a case's host sent to the controller, which is a folder in memory. */
const savedFiles = new WeakMap<ThrowawayHost, Map<string, Uint8Array>>();

const savedOf = (host: ThrowawayHost): Map<string, Uint8Array> => {
  const saved = savedFiles.get(host) ?? new Map<string, Uint8Array>();
  savedFiles.set(host, saved);
  return saved;
};

const contextOf = (situation: Case, check: boolean, host: ThrowawayHost): ModuleContext => ({
  check,
  diff: situation.diff,
  hostFiles: {
    host: "host",
    absolute: (path) => join("/controller", path),
    read: (path) => ok(savedOf(host).get(path)),
    write: (path, content) => {
      savedOf(host).set(path, content);
      return ok(undefined);
    },
  },
  readFile: (path) => {
    const full = join(situation.folder, path);
    if (!existsSync(full)) return err(`Could not find or access '${path}'`);
    return ok(readControllerFile(full));
  },
  readFolder: (path) => {
    const full = join(situation.folder, path);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() !== true) return ok(undefined);
    return ok(readControllerFolder(full));
  },
  renderTemplate: (file) =>
    ok(
      Buffer.from(file.content)
        .toString("utf8")
        .replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => textOf(situation.vars[name])),
    ),
});

const readControllerFile = (path: string): ControllerFile => ({
  path,
  content: readFileSync(path),
  mode: statSync(path).mode & 0o7777,
});

const readControllerFolder = (folder: string): readonly FolderEntry[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((path) => {
      const full = join(folder, path);
      return statSync(full).isDirectory() ? { path } : { path, file: readControllerFile(full) };
    });
