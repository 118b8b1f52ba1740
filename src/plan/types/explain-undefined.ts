import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import type { Task } from "../../playbook/playbook.ts";
import { magicNames } from "../magic-names.ts";
import { factType, slipOfOwnName } from "./known-types.ts";

/** What may be the reason why a variable is not there. */
interface Circumstances {
  /** The first task that sets it, which comes later. */
  readonly later?: Task | undefined;
  readonly isLoopVariable: boolean;
  /** The variable of the task's own loop. */
  readonly loopVar?: string | undefined;
  /** The names that are there. */
  readonly names: () => Iterable<string>;
}

/** Why a variable is not there, and what to do. */
export const explainUndefined = (
  name: string,
  { later, isLoopVariable, loopVar, names }: Circumstances,
): Pick<Diagnostic, "code" | "message" | "hint" | "related" | "missing"> => {
  if (later !== undefined) return comesLater(name, later);
  if (isLoopVariable) {
    return {
      code: "V25",
      message: `"${name}" is the variable of a loop, and there is none here`,
      hint: loopVar === undefined ? "give the task a loop" : `the variable of its loop is "${loopVar}"`,
    };
  }
  if (factType(name) !== undefined) {
    return {
      code: "V21",
      message: `"${name}" is a fact, and no facts are gathered`,
      hint: "leave out gather_facts: false, or run setup before",
    };
  }
  const slip = slipOfOwnName(name);
  const hint =
    (slip === undefined ? undefined : `did you mean "${slip}"?`) ??
    didYouMean(name, new Set([...magicNames, ...(loopVar === undefined ? [] : [loopVar]), ...names()])) ??
    `define it under vars, in the inventory, or with -e ${name}=…`;
  return { code: "V21", message: `"${name}" is not defined`, hint, missing: [name] };
};

const comesLater = (name: string, later: Task): Pick<Diagnostic, "code" | "message" | "hint" | "related" | "missing"> =>
  later.register === name
    ? {
        code: "V24",
        message: `"${name}" is the result of a task that comes later`,
        hint: "put that task before this one",
        related: [{ message: "registered here", span: later.span }],
      }
    : {
        code: "V21",
        message: `"${name}" is not defined yet: a task sets it later`,
        hint: "define it before this task, or put that task before this one",
        related: [{ message: "set here", span: later.span }],
      };
