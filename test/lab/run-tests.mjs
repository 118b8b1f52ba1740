// Runs the checks that package.json has, then every test, and ends with one line "N passed, N failed" that counts
// both. The exit code is 1 when something failed. Arguments go to vitest, such as `npm test -- --project e2e`; the
// checks are then left out.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const filters = process.argv.slice(2);
const print = (line) => process.stdout.write(`${line}\n`);
const run = (command, args) => spawnSync(command, args, { stdio: "inherit" }).status === 0;

/**
 * The cloud's packages take a minute, half of it the network's: they come while the other layers run. The tests that need
 * them wait, and say what is wrong where they could not be installed.
 */
function startInstallation() {
  const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [command, ...args] = [...root, "nice", "-n", "3", "sh", "test/openstack/openstack.sh", "install"];
  spawn(command, args, { stdio: "ignore" })
    .on("error", () => {})
    .unref();
}

/** The static checks, when there is a script for them: one test each way. */
function runChecks() {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  if (scripts.check === undefined || filters.length > 0) return { passed: 0, failed: 0 };
  return run("npm", ["run", "--silent", "check"]) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Every test of every layer, counted from vitest's own report. */
function runVitest() {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-tests-"));
  const report = join(dir, "report.json");
  try {
    const ok = run(process.execPath, [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...filters,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    return count(report, ok);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function count(report, ok) {
  let counted;
  try {
    counted = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A file that could not be loaded has no tests to count, but is no success.
  const broken = counted.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((each) => each.status === "failed"),
  ).length;
  const failed = counted.numFailedTests + broken;
  return {
    passed: counted.numPassedTests,
    // An error outside any test, such as an unhandled rejection, is seen in the exit code only.
    failed: ok ? failed : Math.max(failed, 1),
    skipped: counted.numPendingTests + (counted.numTodoTests ?? 0),
  };
}

if (filters.length === 0) startInstallation();
const checks = runChecks();
const tests = runVitest();
const failed = checks.failed + tests.failed;
if (tests.skipped > 0) print(`${tests.skipped} skipped: the reasons are in their titles`);
print(`${checks.passed + tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
