import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { integer, type Live } from "../evaluate/live.ts";
import { parseInteger } from "../filters/numbers.ts";
import { readText } from "./read-text.ts";
import { termOptions } from "./term-options.ts";

/** `lookup('csvfile', key, file=…, col=1, delimiter=TAB, default=…)`: a column of the row that begins with the key. */
export const csvfile: Lookup = (terms, options, evaluation) =>
  terms.flatMap((term) => {
    const given = termOptions("csvfile", term, options, ["file", "col", "keycol", "delimiter", "default", "encoding"]);
    const delimiter = given.text("delimiter", "TAB");
    const rows = rowsOf(
      readText(given.text("file", "ansible.csv"), "files", evaluation),
      delimiter === "TAB" || delimiter === "t" ? "\t" : delimiter,
    );
    const row = rows.find((cells) => cells[columnOf(given.get("keycol") ?? 0)] === given.key);
    if (row === undefined) return given.get("default") ?? [];
    const cell = row[columnOf(given.get("col") ?? 1)];
    if (cell === undefined)
      throw new Fault(`csvfile: the row of '${given.key}' has no column ${given.text("col", "1")}`);
    return [cell];
  });

const columnOf = (value: Live): number =>
  integer((typeof value === "string" ? parseInteger(value, 10) : undefined) ?? value, "the column of csvfile");

/** Rows of cells; a cell in double quotes may hold anything, a quote as two of them. */
const rowsOf = (content: string, delimiter: string): readonly (readonly string[])[] => {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < content.length; at += 1) {
    const character = content.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (content.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === delimiter || character === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (character === "\n") rows.push([]);
    } else if (character !== "\r") cell += character;
  }
  rows.at(-1)?.push(cell);
  return rows;
};
