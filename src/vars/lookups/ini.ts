import type { Lookup } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { regexOf } from "../filters/regexes.ts";
import { readText } from "./read-text.ts";
import { termOptions } from "./term-options.ts";

const allowed = ["file", "section", "type", "re", "default", "encoding", "case_sensitive", "allow_no_value"];

/** `lookup('ini', key, section=…, file=…)`: a value of an INI file, or of a file of properties. */
export const ini: Lookup = (terms, options, evaluation) =>
  terms.flatMap((term) => {
    const given = termOptions("ini", term, options, allowed);
    const file = given.text("file", "ansible.ini");
    const properties = given.text("type", "ini") === "properties";
    const section = properties ? "" : given.text("section", "global");
    const fold = (name: string): string => (given.flag("case_sensitive") ? name : name.toLowerCase());
    const sections = sectionsOf(readText(file, "files", evaluation), fold);
    const values = sections.get(section);
    if (values === undefined) throw new Fault(`ini: there is no section '${section}' in ${file}`);
    if (given.flag("re")) {
      const pattern = regexOf(given.key, {});
      return [...values]
        .filter(([name]) => name.search(pattern) === 0)
        .map(([, value]) => expanded(value, values, fold));
    }
    const value = values.get(fold(given.key));
    return [value === undefined ? given.text("default", "") : expanded(value, values, fold)];
  });

/** Values by section and name, as Python's configparser reads them; what stands before any section is in "". */
const sectionsOf = (content: string, fold: (name: string) => string): ReadonlyMap<string, Map<string, string>> => {
  const sections = new Map<string, Map<string, string>>([["", new Map()]]);
  let current = sections.get("") ?? new Map<string, string>();
  let last: string | undefined;
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const body = line.trim();
    if (body === "" || /^[#;]/.test(body)) continue;
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, name, value] = /^([^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(body) ?? [];
    if (header !== undefined) {
      current = sections.get(header) ?? new Map<string, string>();
      sections.set(header, current);
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) current.set(last, `${current.get(last)}\n${body}`);
    else if (name === undefined || value === undefined) {
      throw new Fault(`ini: line ${index + 1} is neither a section nor a name with a value`);
    } else {
      last = fold(name);
      current.set(last, value);
    }
  }
  return sections;
};

/** `%(name)s` is another value of the section. */
const expanded = (value: string, values: ReadonlyMap<string, string>, fold: (name: string) => string): string =>
  value.replaceAll(/%(?:%|\(([^)]+)\)s)/g, (whole, name?: string) =>
    name === undefined ? "%" : (values.get(fold(name)) ?? whole),
  );
