import { displayWidth } from "../reporters/display-width.ts";
import { escapeForTerminal } from "../util/escape.ts";

/** Rows as they are told in one of the formats of `--format`, by the names of their columns. */
export const renderRows = <Row extends object>(
  rows: readonly Row[],
  head: readonly string[],
  how: { readonly cell: (row: Row, column: string) => string; readonly format: string },
): string => {
  if (how.format === "json") return `${JSON.stringify(rows, undefined, 2)}\n`;
  const cells = rows.map((row) => head.map((column) => how.cell(row, column)));
  if (how.format === "csv") return renderCsv([head, ...cells]);
  // Columns that are empty throughout are left out.
  const kept = head.flatMap((_, index) => (cells.some((line) => line[index] !== "") ? [index] : []));
  const lines = [head.map((name) => name.toUpperCase()), ...cells.map((line) => line.map(escapeForTerminal))];
  return renderTable(lines.map((line) => kept.map((index) => line[index] ?? "")));
};

/** Rows as columns for people, each as wide as its widest cell. Cells are escaped by who makes them. */
export const renderTable = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_name, column) =>
    rows.reduce((width, row) => Math.max(width, displayWidth(row[column] ?? "")), 0),
  );
  const pad = (text: string, column: number): string =>
    text + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(text)));
  return rows.map((row) => `${row.map(pad).join("  ").trimEnd()}\n`).join("");
};

/** Rows as CSV (RFC 4180): a field is in quotes where it must be. */
export const renderCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");

const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
