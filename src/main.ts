#!/usr/bin/env node
// Starts the program from V8's code cache: compiling it anew costs every start 0.1 s. The build writes the cache; where
// it does not fit (another Node), V8 says so and compiles.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { constants, Script } from "node:vm";
import type { runProgram } from "./program.ts";

// A run is short, and shares its processors with what it waits for: optimizing code as early as a server would costs more
// than it saves. Thousands of hosts still get there. (V8's default is 67584 bytes of bytecode.)
setFlagsFromString("--interrupt-budget=600000");

const folder = new URL("./program/", import.meta.url);
const nodeRequire = createRequire(folder);

/** The compiled parts of the program by path, for the build that writes their caches. */
export const scripts = new Map<string, Script>();
const loaded = new Map<string, object>();

const compile = (path: string): Script => {
  const cachedData = readCache(path);
  return new Script(`(exports, require, __filename, __dirname) => {${readFileSync(path, "utf8")}\n}`, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
};

const readCache = (path: string): Buffer | undefined => {
  try {
    return readFileSync(`${path}.cache`);
  } catch {
    return undefined;
  }
};

/** A part of the program, which the build made a CommonJS module; all lie in one folder. */
const load = (name: string): object => {
  const path = fileURLToPath(new URL(basename(name), folder));
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const exports = {};
  loaded.set(path, exports);
  const script = compile(path);
  scripts.set(path, script);
  // What the wrapper above makes of it.
  const run = script.runInThisContext() as (
    exports: object,
    require: (name: string) => unknown,
    path: string,
    folder: string,
  ) => void;
  run(exports, (wanted) => (wanted.startsWith("./") ? load(wanted) : nodeRequire(wanted)), path, dirname(path));
  return exports;
};

await (load("./program.cjs") as { runProgram: typeof runProgram }).runProgram();
