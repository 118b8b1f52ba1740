import { suggest } from "../diagnostics/suggest.ts";
import { entryOf, type MapEntry, type MapNode } from "../source/node.ts";
import { keywordsOf, type Level } from "./keywords.ts";

/**
 * A mapping with its misspelt keywords as they were meant. They have been told, and nothing runs; but what a misspelt
 * `register` or `handlers` would have defined is used elsewhere, and would be told again there. `call` is the module's key.
 */
export const asMeant = (level: Level, node: MapNode, call?: MapEntry): MapNode => {
  const keywords = Object.keys(keywordsOf[level]);
  const entries = node.entries.map((entry): MapEntry => {
    const name = String(entry.key.value);
    const meant = entry === call || keywords.includes(name) ? undefined : suggest(name, keywords);
    return meant === undefined || entryOf(node, meant) !== undefined
      ? entry
      : { ...entry, key: { ...entry.key, value: meant } };
  });
  return entries.some((entry, index) => entry !== node.entries[index]) ? { ...node, entries } : node;
};
