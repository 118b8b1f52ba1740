import { escapeForTerminal } from "../util/escape.ts";
import type { Plain, PlainMap } from "../vars/value.ts";
import type { Palette } from "./palette.ts";
import { formatJson } from "./result-text.ts";
import { unifiedDiff } from "./unified-diff.ts";

/**
 * The `diff` of a result as unified text: `{ before, after, before_header, after_header }` or `{ prepared }`, or a
 * list of those. `before` and `after` are texts, or attributes that are compared as JSON. Empty where nothing differs.
 */
export const formatDiffs = (diff: Plain | undefined, palette: Palette): string => {
  const list: readonly Plain[] = Array.isArray(diff) ? diff : [diff ?? null];
  return list.map((one) => (isMap(one) ? formatDiff(one, palette) : "")).join("");
};

const isMap = (value: Plain): value is PlainMap => typeof value === "object" && value !== null && !Array.isArray(value);

const formatDiff = (diff: PlainMap, palette: Palette): string => {
  const lines = differences(diff).flatMap((line) => line.split("\n"));
  if (lines.length === 0) return "";
  return `${lines.map((line) => paintLine(escapeForTerminal(line), palette)).join("\n")}\n\n`;
};

const differences = (diff: PlainMap): readonly string[] => {
  const { prepared } = diff;
  if (typeof prepared === "string") return prepared === "" ? [] : [prepared.replace(/\n$/, "")];
  const hunks = unifiedDiff(textOf(diff["before"]), textOf(diff["after"]));
  if (hunks.length === 0) return [];
  return [`--- ${header(diff, "before")}`, `+++ ${header(diff, "after")}`, ...hunks];
};

const textOf = (value: Plain | undefined): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : `${formatJson(value, 4)}\n`;
};

const header = (diff: PlainMap, side: "before" | "after"): string => {
  const title = diff[`${side}_header`];
  // A newline in a path must not begin a line that looks like part of the difference.
  return typeof title === "string" && title !== "" ? `${side}: ${escapeForTerminal(title)}` : side;
};

const paintLine = (line: string, palette: Palette): string => {
  if (line.startsWith("+")) return palette.added(line);
  if (line.startsWith("-")) return palette.removed(line);
  return line.startsWith("@@") ? palette.skipped(line) : line;
};
