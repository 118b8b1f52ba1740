/** Reads `NAME=value` lines with a shell's quoting, as os-release(5) describes them. */
export const parseAssignments = (text: string): Readonly<Record<string, string>> => {
  const values: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, name, raw] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && raw !== undefined) values[name] = withoutQuotes(raw);
  }
  return values;
};

const withoutQuotes = (text: string): string => {
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  if (!isQuoted) return text;
  const inner = text.slice(1, -1);
  return quote === '"' ? inner.replaceAll(/\\(["\\$`])/g, "$1") : inner;
};
