/**
 * Root works below a directory whose owner swaps it, without rest, for a link to something of root's. Whatever comes of
 * the steps, nothing of root's may change. The swapping is real, so that no single run proves much: many steps do.
 */
import { afterAll, describe, expect, it } from "vitest";
import { copy } from "../../src/modules/copy/copy.ts";
import { file } from "../../src/modules/file/file.ts";
import { lineinfile } from "../../src/modules/lineinfile/lineinfile.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { type Case, silentCase } from "./case-file.ts";
import { type AnyHostModule, runStep } from "./run-case.ts";
import { openWorkbench, shells, ThrowawayHost } from "./throwaway-host.ts";

const swapper = `
const fs = require("node:fs");
process.chdir("/home/mallory");
fs.mkdirSync("d");
for (;;) {
  try {
    fs.renameSync("d", "x");
    fs.symlinkSync("/canary", "d");
    fs.unlinkSync("d");
    fs.renameSync("x", "d");
  } catch {}
}`;

const given = `
useradd -m mallory
mkdir -m 700 /canary
echo secret >/canary/secret
chmod 600 /canary/secret
touch /canary/f
find /canary -printf '%p %m %u %T@ %C@ %s\\n' >/before
setpriv --reuid=mallory --regid=mallory --clear-groups ${process.execPath} -e '${swapper}' </dev/null >/dev/null 2>&1 &
until [ -e /home/mallory/d ] || [ -L /home/mallory/d ]; do :; done
`;

const then = `
find /canary -printf '%p %m %u %T@ %C@ %s\\n' >/after
diff /before /after
`;

const steps: readonly (readonly [AnyHostModule, PlainMap])[] = [
  [copy, { content: "x", dest: "/home/mallory/d/f", owner: "mallory", mode: "0666", backup: true }],
  [file, { path: "/home/mallory/d/g", state: "touch", mode: "0666", owner: "mallory" }],
  [file, { path: "/home/mallory/d/n/m", state: "directory", mode: "0777", owner: "mallory" }],
  [file, { path: "/home/mallory/d", state: "directory", mode: "0777", owner: "mallory" }],
  [file, { path: "/home/mallory/d/secret", mode: "0666", owner: "mallory" }],
  [file, { path: "/home/mallory/d", recurse: true, state: "directory", owner: "mallory" }],
  [lineinfile, { path: "/home/mallory/d/secret", line: "x" }],
  [file, { path: "/home/mallory/d/n", state: "absent" }],
  [file, { path: "/home/mallory/d/secret", state: "absent" }],
];

const situation: Case = { ...silentCase, file: "races", name: "races", given, then };

const bench = openWorkbench();

describe.skipIf("reason" in bench)("a swapped directory", () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());
  it.each(Object.keys(shells))("A6: leads root nowhere in %s", async (shell) => {
    const host = await ThrowawayHost.start(bench, shell, situation);
    try {
      let changed = 0;
      for (let round = 0; round < 25; round++) {
        for (const [module, args] of steps) {
          const { keys } = await runStep(module, { ...situation, args }, { host, check: false });
          if (keys["changed"] === true) changed += 1;
        }
      }
      // Some steps come through when the directory is itself for long enough: the check is not just a refusal of all.
      expect(changed).toBeGreaterThan(0);
      await host.finish();
    } finally {
      await host.kill();
    }
  });
});
