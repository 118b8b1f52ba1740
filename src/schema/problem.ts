import type { Plain } from "../vars/value.ts";
import type { Misfit } from "./coerce.ts";
import { text as pythonText } from "../vars/python/text.ts";
import { pythonType } from "./python-type.ts";

/** Something wrong with the arguments of a module; `option` is the name as it was written. */
export type ArgumentProblem =
  | { readonly kind: "unknown"; readonly options: readonly string[] }
  | { readonly kind: "missing"; readonly options: readonly string[] }
  | { readonly kind: "exclusive"; readonly options: readonly string[] }
  | { readonly kind: "together"; readonly options: readonly string[] }
  | { readonly kind: "one-of"; readonly options: readonly string[] }
  | {
      readonly kind: "required-if";
      readonly option: string;
      readonly is: string | number | boolean;
      readonly missing: readonly string[];
      readonly any: boolean;
    }
  | { readonly kind: "required-by"; readonly option: string; readonly missing: readonly string[] }
  | { readonly kind: "type"; readonly option: string; readonly misfit: Misfit }
  | { readonly kind: "choice"; readonly option: string; readonly choices: readonly Plain[]; readonly value: Plain }
  | { readonly kind: "constraint"; readonly option: string; readonly message: string };

/** What the messages name besides the problem. */
export interface ProblemContext {
  /** The module's name as people see it. */
  readonly module: string;
  readonly options: readonly string[];
  readonly aliases: readonly string[];
}

/** A problem in the words of Ansible's modules. */
export const ansibleMessage = (problem: ArgumentProblem, context: ProblemContext): string => {
  switch (problem.kind) {
    case "unknown":
      return unsupportedMessage(problem.options, context);
    case "missing":
      return `missing required arguments: ${problem.options.join(", ")}`;
    case "exclusive":
      return `parameters are mutually exclusive: ${problem.options.join("|")}`;
    case "together":
      return `parameters are required together: ${problem.options.join(", ")}`;
    case "one-of":
      return `one of the following is required: ${problem.options.join(", ")}`;
    case "required-if": {
      const amount = problem.any ? "any" : "all";
      const value = pythonText(problem.is);
      return `${problem.option} is ${value} but ${amount} of the following are missing: ${problem.missing.join(", ")}`;
    }
    case "required-by":
      return `missing parameter(s) required by '${problem.option}': ${problem.missing.join(", ")}`;
    case "type":
      return typeMessage(problem.option, problem.misfit);
    case "choice":
      return choiceMessage(problem.option, problem.choices, problem.value);
    case "constraint":
      return `argument '${problem.option}' ${problem.message}`;
  }
};

const unsupportedMessage = (unknown: readonly string[], { module, options, aliases }: ProblemContext): string => {
  const others = aliases.length > 0 ? ` (${aliases.toSorted().join(", ")})` : "";
  const supported = options.toSorted().join(", ");
  return `Unsupported parameters for (${module}) module: ${unknown.toSorted().join(", ")}. Supported parameters include: ${supported}${others}.`;
};

const typeMessage = (option: string, misfit: Misfit): string => {
  const subject = misfit.element === true ? `Elements value for option '${option}'` : `argument '${option}'`;
  return `${subject} is of type ${pythonType(misfit.value)} and we were unable to convert to ${misfit.wanted}: ${misfit.reason}`;
};

const choiceMessage = (option: string, choices: readonly Plain[], value: Plain): string => {
  const allowed = choices.map(pythonText).join(", ");
  if (!Array.isArray(value)) return `value of ${option} must be one of: ${allowed}, got: ${pythonText(value)}`;
  return `value of ${option} must be one or more of: ${allowed}. Got no match for: ${value.map(pythonText).join(", ")}`;
};
