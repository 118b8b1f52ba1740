import { hostname, userInfo } from "node:os";
import type { ControllerFile } from "../modules/module.ts";
import { err, ok, type Result } from "../util/result.ts";
import { renderTemplateFile, type TemplateContext } from "../vars/template.ts";
import type { PlainMap } from "../vars/value.ts";

/** Renders a template's file for the template module, with the variables that only templates have. */
export const renderTemplate = (
  file: ControllerFile,
  options: PlainMap,
  context: TemplateContext,
): Result<string, string> => {
  const { dest, ...syntax } = options;
  const header = readHeader(new TextDecoder().decode(file.content));
  const own: PlainMap = {
    ansible_managed: "Ansible managed",
    template_path: file.path,
    template_fullpath: file.path,
    template_host: hostname(),
    template_uid: userInfo().username,
    template_destpath: dest ?? null,
    template_run_date: context.lookups.now().toISOString(),
  };
  const inside: TemplateContext = {
    ...context,
    variable: (name) => own[name] ?? context.variable(name),
    names: () => [...Object.keys(own), ...context.names()],
  };
  const rendered = renderTemplateFile(header.text, inside, { ...syntax, ...header.options });
  return rendered.ok ? ok(rendered.value) : err(`${file.path}: ${rendered.error.message}`);
};

/** A first line `#jinja2: trim_blocks:False, lstrip_blocks:True` sets options, and is no part of the text. */
const readHeader = (text: string): { readonly text: string; readonly options: PlainMap } => {
  const header = /^#jinja2:([^\n]*)\n/.exec(text);
  if (header === null) return { text, options: {} };
  const pairs = (header[1] ?? "").split(",").flatMap((pair) => {
    const [name = "", value = ""] = pair.split(":").map((part) => part.trim());
    if (name === "") return [];
    return [[name, /^(?:true|false)$/i.test(value) ? value.toLowerCase() === "true" : unquoted(value)] as const];
  });
  return { text: text.slice(header[0].length), options: Object.fromEntries(pairs) };
};

const unquoted = (value: string): string => value.replace(/^(['"])(.*)\1$/, "$2");
