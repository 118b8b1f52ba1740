import type { FieldValue } from "../../shell/program.ts";

/** The facts that a host keeps itself (`facts.d/NAME.fact`): JSON, else INI, else what is wrong with it. */
export const localFacts = (names: readonly string[], texts: readonly string[]): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(names.map((name, index) => [name.replace(/\.fact$/, ""), parseFact(name, texts[index] ?? "")]));

const parseFact = (name: string, text: string): FieldValue => {
  try {
    return JSON.parse(text) as FieldValue;
  } catch {
    return parseIni(text) ?? `error loading facts as JSON or ini - please check content: ${name}`;
  }
};

/** Sections of `key=value` or `key: value`, keys in lower case, as Python's configparser reads them. */
const parseIni = (text: string): FieldValue | undefined => {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of text.split("\n")) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const [, title] = /^\[([^\]]+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (title !== undefined) section = sections[title] ??= {};
    else if (section === undefined || key === undefined || value === undefined) return undefined;
    else section[key.toLowerCase()] = value;
  }
  return Object.keys(sections).length === 0 ? undefined : sections;
};
