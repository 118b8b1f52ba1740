import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import type { Inventory } from "./inventory.ts";
import { selectHosts, type Selection } from "./select.ts";

/** The patterns of `--limit`: separated by commas, and `@FILE` stands for the lines of a file. */
export const readLimit = (limits: readonly string[], cwd: string): Result<readonly string[], string> => {
  const patterns: string[] = [];
  for (const limit of limits) {
    // Only a comma separates here where there is one; a colon is the pattern's own affair.
    for (const part of limit.split(",").map((text) => text.trim())) {
      const lines = part.startsWith("@") ? readLines(part.slice(1), cwd) : ok(part === "" ? [] : [part]);
      if (!lines.ok) return lines;
      patterns.push(...lines.value);
    }
  }
  return ok(patterns);
};

/** The hosts that the limit leaves of these, in their order. No pattern at all is no restriction. */
export const applyLimit = (hosts: readonly string[], patterns: readonly string[], inventory: Inventory): Selection => {
  if (patterns.length === 0) return { hosts, unmatched: [] };
  const selection = selectHosts(patterns, inventory);
  const allowed = new Set(selection.hosts);
  return { hosts: hosts.filter((host) => allowed.has(host)), unmatched: selection.unmatched };
};

const readLines = (name: string, cwd: string): Result<readonly string[], string> => {
  const path = resolve(cwd, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return err(`--limit @${name}: there is no such file`);
  if (stats.isDirectory()) return err(`--limit @${name} is a folder; expected a file with one pattern a line`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return err(`--limit @${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const several = lines.find((line) => line.includes(","));
  return several === undefined ? ok(lines) : err(`--limit @${name}: "${several}" is not one pattern a line`);
};
