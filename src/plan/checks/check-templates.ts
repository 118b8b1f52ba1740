import type { Diagnostic, Edit } from "../../diagnostics/diagnostic.ts";
import type { Play } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { locateInScalar } from "../../source/locate.ts";
import { resolvePlainScalar } from "../../source/resolve-scalar.ts";
import type { Span } from "../../source/source-file.ts";
import { checkTemplate, hintOf, type TemplateProblem } from "../../vars/check-template.ts";
import { isInBraces } from "../../vars/syntax/parsed.ts";
import { Expression, type Template } from "../../vars/value.ts";
import type { Plan } from "../plan.ts";
import { conditionsOfArguments, templatesIn, valuesOfPlay, valuesOfTask } from "./task-values.ts";

/** Templates and expressions that do not parse, or call a filter, test or lookup that there is not. */
export const checkTemplates = ({ playbooks, extraVars }: Plan): readonly Diagnostic[] => {
  const checked = new Set<string>();
  const plays = playbooks.flatMap(({ playbook }) => playbook.plays);
  const all = [...templatesIn(extraVars), ...plays.flatMap(templatesOfPlay)];
  return all.flatMap((template) => {
    // A template that several tasks inherit is one place in one file.
    const key = `${template instanceof Expression}:${template.span?.file.path}:${template.span?.start}:${template.source}`;
    if (checked.has(key)) return [];
    checked.add(key);
    return problemsOf(template);
  });
};

const templatesOfPlay = (play: Play): readonly (Template | Expression)[] => {
  const tasks = tasksOfPlay(play);
  const values = [...valuesOfPlay(play), ...tasks.flatMap(valuesOfTask), ...tasks.flatMap(conditionsOfArguments)];
  return values.flatMap(templatesIn);
};

const problemsOf = (template: Template | Expression): readonly Diagnostic[] => {
  if (template instanceof Expression && isInBraces(template)) return [braces(template)];
  return checkTemplate(template).map((problem): Diagnostic => {
    const { span, source } = template;
    return {
      ...describeTemplateProblem(problem),
      ...(span === undefined ? {} : { span: locateInScalar(span, source, problem.start, problem.end) }),
    };
  });
};

/** The diagnostic of a template's problem, but for its place. */
export const describeTemplateProblem = (problem: TemplateProblem): Diagnostic => ({
  code: problem.kind === "syntax" || problem.kind === "embedded" ? "V20" : "V22",
  severity: problem.kind === "embedded" ? "warning" : "error",
  message: problem.message,
  ...hintOf(problem),
});

const braces = ({ span, source }: Expression): Diagnostic => ({
  code: "V20",
  severity: "warning",
  message: "a condition is an expression already, and needs no braces",
  ...(span === undefined ? {} : { span }),
  hint: 'write `when: x == 1`, not `when: "{{ x == 1 }}"`',
  ...bare(span, source),
});

/** The expression without its braces; it stays in quotes where YAML needs them. */
const bare = (span: Span | undefined, source: string): { readonly edit?: Edit } => {
  const inner = /^\s*\{\{([^{}]*)\}\}\s*$/.exec(source)?.[1]?.trim();
  const written = span?.file.text.slice(span.start, span.end) ?? "";
  const quote = written.startsWith('"') ? '"' : written.startsWith("'") ? "'" : "";
  if (span === undefined || inner === undefined || inner === "" || written !== quote + source + quote) return {};
  const isPlain = /^[A-Za-z_(][^#:,[\]{}&*!|>%@`]*$/.test(inner) && typeof resolvePlainScalar(inner) === "string";
  return { edit: { span, text: isPlain ? inner : quote + inner + quote } };
};
