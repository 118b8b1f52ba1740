/**
 * Runs every `src/modules/<module>/cases/*.yml` under dash, bash --posix, busybox sh and mksh, each in a throw-away root.
 *
 *   CASES=user npx vitest run --project shell                the cases of one module (or of several: user,group)
 *   CASES=user/creates npx vitest run --project shell        the cases whose file name begins with `creates`
 *   CASES=user SHELLS=dash npx vitest run --project shell    in one shell
 *
 * A case is one situation:
 *
 *   name: adds the key to a new file          one sentence
 *   args: { user: alice, key: ssh-ed25519 … } the module's arguments, after templating
 *   given: |                                  POSIX sh (-e), run as root in the case's root before
 *   expect: { changed: true, msg: /added/ }   part of the result in Ansible's keys; /…/ is a regular expression,
 *                                             null a key that is to be absent; `failed: true` where it is to fail
 *   then: |                                   POSIX sh (-e) that holds afterwards
 *   diff: true                                as with --diff
 *   become_user: alice                        the shell runs as this user (`alice`, or numbers `1000:1000`)
 *   vars: { name: value }                     for templates
 *   shells: [dash]                            only these, where it is about one of them
 *   needs: /path                              only where this machine has that, which no test should install
 *
 * Files of the controller (`src:`) are beside the case. Every case is also, for free: first a dry run that touches
 * nothing, fails if the real run fails, or else says the same `changed` and `diff`, and whose planned states (lk_plan
 * path|user|group) are what the real run makes; then, where the real run did not fail, a second one that changes nothing.
 * Where that cannot be so, a case says why: `check_differs: reason`, `not_idempotent: reason`, and where a grant
 * could not take it back (grants.test.ts) `undo_differs: reason`. A body that prints outside
 * lk_begin fails, and so does a result with a key that the module's `returns` does not tell of.
 *
 *   plans: [{ kind: path, key: /x, data: … }] what the dry run is to plan, at least
 *   check: true                               the dry run is all there is; `expect` is its result
 *   planned: [{ kind, key, data }]            what earlier steps of the dry run planned (with check: true)
 */
import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { loadCases } from "./case-file.ts";
import { casesOf, loadModule, modulesWithCases } from "./cases-of.ts";
import { runCase } from "./run-case.ts";
import { openWorkbench, shells } from "./throwaway-host.ts";

const wanted = (process.env["CASES"] ?? "").split(",").filter((text) => text !== "");
const wantedShells = Object.keys(shells).filter((name) => (process.env["SHELLS"] ?? name).split(",").includes(name));

const bench = openWorkbench();
const reason = "reason" in bench ? bench.reason : undefined;

/** Whether the environment asks for this module, or this file of it. */
const isWanted = (module: string, file?: string): boolean =>
  wanted.length === 0 ||
  wanted.some((text) => {
    const [name, prefix = ""] = text.split("/");
    return name === module && (file === undefined || file.startsWith(prefix));
  });

it.runIf(reason !== undefined && process.env["CI"] !== undefined)("the cases can run here", () => {
  expect(reason).toBeUndefined();
});

describe.skipIf(reason !== undefined)(reason ?? "cases", async () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());
  for (const name of modulesWithCases.filter((module) => isWanted(module))) {
    const module = await loadModule(name);
    for (const situation of loadCases(casesOf(name))) {
      if (!isWanted(name, situation.file)) continue;
      const { needs } = situation;
      const lacks = needs !== undefined && !existsSync(needs);
      for (const shell of situation.shells ?? wantedShells) {
        const title = `${name}/${situation.file} in ${shell}: ${situation.name}`;
        (lacks ? it.skip : it.concurrent)(
          lacks ? `${title} (there is no ${needs})` : title,
          async ({ expect: expectHere }) => {
            expectHere(await runCase(module, situation, { bench, shell })).toEqual([]);
          },
        );
      }
    }
  }
});
