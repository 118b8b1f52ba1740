import { displayWidth } from "../reporters/display-width.ts";

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
