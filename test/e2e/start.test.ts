import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("a code cache that does not fit this Node is passed over", () => {
  // Other flags than the build's: V8 takes the cache for another program's.
  const started = spawnSync(process.execPath, ["--no-opt", "dist/main.js", "--version"], { encoding: "utf8" });
  expect(started).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});
