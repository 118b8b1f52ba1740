import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean, respell } from "../diagnostics/suggest.ts";
import type { MapEntry } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import type { Plain } from "../vars/value.ts";
import { cureOfOption } from "./foreign-options.ts";
import type { ArgumentProblem } from "./problem.ts";
import { text as pythonText } from "../vars/python/text.ts";

/** Where the arguments stand in the source. */
export interface ArgumentPlaces {
  /** The module's short name. */
  readonly module: string;
  /** Every option of the module. */
  readonly names: readonly string[];
  /** The option that a free-form text is for: people do not know its name. */
  readonly freeForm: string | undefined;
  /** The module's key. */
  readonly key: Span;
  /** What was written, by canonical name. */
  readonly places: ReadonlyMap<string, MapEntry>;
}

/** The diagnostics of a problem: at the option's name or value, or at the module where something is missing. */
export const describeProblem = (problem: ArgumentProblem, where: ArgumentPlaces): readonly Diagnostic[] => {
  const ofModule = `of module "${where.module}"`;
  switch (problem.kind) {
    case "unknown":
      return problem.options.map((option) => unknownOption(option, where));
    case "missing":
      return [atModule(where, `module "${where.module}" needs ${nounFor(problem.options)} ${quoted(problem.options)}`)];
    case "exclusive":
      return [excludingOptions(problem.options, where)];
    case "together":
      return [atModule(where, `options ${quoted(problem.options)} ${ofModule} go together; expected all or none`)];
    case "one-of":
      return [atModule(where, `module "${where.module}" needs one of the options ${quoted(problem.options)}`)];
    case "required-if": {
      const amount = problem.any && problem.missing.length > 1 ? "one of the options" : nounFor(problem.missing);
      const condition = `module "${where.module}" with "${problem.option}" ${pythonText(problem.is)}`;
      return [atModule(where, `${condition} needs ${amount} ${quoted(problem.missing)}`)];
    }
    case "required-by":
      return [
        at(
          nameSpan(problem.option, where),
          `option "${problem.option}" ${ofModule} needs ${nounFor(problem.missing)} ${quoted(problem.missing)}`,
        ),
      ];
    case "type": {
      const { misfit } = problem;
      const subject = misfit.element === true ? `each item of option` : "option";
      const message = `${subject} "${problem.option}" ${ofModule} must be ${typeWords(misfit.wanted)}, not ${shown(misfit.value)}`;
      return [at(valueSpan(problem.option, where), message)];
    }
    case "choice":
      return [wrongChoice(problem.option, problem.choices, problem.value, where)];
    case "constraint":
      return [at(valueSpan(problem.option, where), `option "${problem.option}" ${ofModule} ${problem.message}`)];
  }
};

const unknownOption = (option: string, where: ArgumentPlaces): Diagnostic => {
  const span = nameSpan(option, where);
  const cure = cureOfOption(where.module, option);
  if (cure !== undefined) {
    const message = `option "${option}" of module "${where.module}" is Ansible's, and not part of Latchkey`;
    return { ...at(span, message), code: "V04", hint: cure };
  }
  const hint = didYouMean(option, where.names);
  const message = `unknown option "${option}" of module "${where.module}"; expected one of ${where.names.toSorted().join(", ")}`;
  const free = where.names.filter((name) => !where.places.has(name));
  return { ...at(span, message), ...(hint === undefined ? {} : { hint }), ...respell(option, free, span) };
};

const excludingOptions = (options: readonly string[], where: ArgumentPlaces): Diagnostic => {
  const given = options
    .filter((option) => where.places.has(option))
    .toSorted((a, b) => nameSpan(a, where).start - nameSpan(b, where).start);
  const [first = "", ...others] = given;
  const message = `options ${quoted(given)} of module "${where.module}" exclude each other; expected one of them`;
  const related = [{ message: "first given here", span: nameSpan(first, where) }];
  return { ...at(nameSpan(others.at(-1) ?? first, where), message), related };
};

const wrongChoice = (option: string, choices: readonly Plain[], value: Plain, where: ArgumentPlaces): Diagnostic => {
  const words = choices.map(pythonText);
  const wrong = Array.isArray(value) ? value.map(shown).join(", ") : shown(value);
  const subject = option === where.freeForm ? "" : `option "${option}" of `;
  const message = `${subject}module "${where.module}" is ${wrong}; expected one of ${words.join(", ")}`;
  const hint = typeof value === "string" ? didYouMean(value, words) : undefined;
  return { ...at(valueSpan(option, where), message), ...(hint === undefined ? {} : { hint }) };
};

const at = (span: Span, message: string): Diagnostic => ({ code: "V11", severity: "error", message, span });

const atModule = (where: ArgumentPlaces, message: string): Diagnostic => at(where.key, message);

const nameSpan = (option: string, where: ArgumentPlaces): Span => where.places.get(option)?.key.span ?? where.key;

const valueSpan = (option: string, where: ArgumentPlaces): Span => where.places.get(option)?.value.span ?? where.key;

const nounFor = (options: readonly string[]): string => (options.length === 1 ? "option" : "options");

const quoted = (options: readonly string[]): string => options.map((option) => `"${option}"`).join(", ");

/** A value short enough for a message; what is long or nested is named by its kind. */
const shown = (value: Plain): string => {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = pythonText(value);
  return text.length > 60 ? `"${text.slice(0, 60)}…"` : typeof value === "string" ? `"${text}"` : text;
};

const typeWords = (type: string): string =>
  ({
    str: "a text",
    bool: "true or false (yes, no, on, off)",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a mapping",
  })[type] ?? type;
