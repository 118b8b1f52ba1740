import type { Plain, PlainMap } from "../vars/value.ts";

/**
 * JSON as Ansible prints results: keys sorted, a space after `,` and `:`, characters beyond ASCII as they are.
 * With `indent` each entry is on its own line.
 */
export const formatJson = (value: Plain, indent?: number): string => write(value, indent, "");

const write = (value: Plain, indent: number | undefined, margin: string): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = indent === undefined ? "" : margin + " ".repeat(indent);
  if (isList(value))
    return bracket(
      "[",
      "]",
      value.map((item) => write(item, indent, inner)),
      { indent, margin, inner },
    );
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}: ${write(value[key] ?? null, indent, inner)}`);
  return bracket("{", "}", entries, { indent, margin, inner });
};

interface Layout {
  readonly indent: number | undefined;
  readonly margin: string;
  readonly inner: string;
}

const bracket = (open: string, close: string, entries: readonly string[], layout: Layout): string => {
  if (layout.indent === undefined || entries.length === 0) return `${open}${entries.join(", ")}${close}`;
  return `${open}\n${layout.inner}${entries.join(`,\n${layout.inner}`)}\n${layout.margin}${close}`;
};

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

/** A loop's item as Ansible shows it in `(item=…)`: a text as it is, all else as Python writes it. */
export const formatItem = (value: Plain): string => (typeof value === "string" ? value : pythonText(value));

const pythonText = (value: Plain): string => {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const body = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
    return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
  }
  if (isList(value)) return `[${value.map(pythonText).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${pythonText(key)}: ${pythonText(item)}`)
    .join(", ")}}`;
};

/** A result without what only serves programs, as Ansible leaves it out of what it prints. */
export const printableResult = (result: PlainMap, verbosity: number): PlainMap => {
  const hidden = (key: string): boolean =>
    key.startsWith("_ansible") || (verbosity < 3 && (key === "invocation" || key === "diff"));
  return Object.fromEntries(Object.entries(result).filter(([key]) => !hidden(key)));
};
