import { allVariables } from "../../inventory/layers.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import type { Expr } from "../../vars/syntax/expression.ts";
import { parsedTemplate } from "../../vars/syntax/parsed.ts";
import { Template, type Value } from "../../vars/value.ts";
import { playsOf } from "../checks/grant-of-play.ts";
import type { CheckInput } from "../checks/known-values.ts";
import { variablesOfTask } from "../variables-of-task.ts";
import type { Call, Finding } from "./check-commands.ts";
import type { ShellText } from "./shell-texts.ts";

/** What would be left of a path if the variable before it were empty, and must not be removed. */
const precious =
  /^\/(?:\.?\*|\.|(?:bin|boot|dev|etc|home|lib|lib32|lib64|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)(?:\/\*?)?)?$/;

/** `rm -r` of a path that begins with a variable which may be empty. */
export const checkRemoval = (input: CheckInput, text: ShellText, { name, args, words }: Call): Finding | undefined => {
  if (name !== "rm" || !args.some((arg) => /^-[a-zA-Z]*[rR]|^--recursive$/.test(arg))) return undefined;
  for (const word of words) {
    const written = text.source.slice(word.start, word.end);
    const [, template, variable, rest = ""] =
      /^["']?(?:(\{\{[^]*?\}\})|\$\{?([A-Za-z_]\w*)\}?)(\/?[^]*)$/.exec(written) ?? [];
    if (!precious.test(rest.replaceAll(/["']/g, ""))) continue;
    const isEmpty = template === undefined ? isUnset(text, variable ?? "HOME") : isMaybeEmpty(input, text, template);
    if (!isEmpty) continue;
    const inner = template?.replaceAll(/^\{\{-?\s*|\s*-?\}\}$/g, "") ?? "";
    const message = `this removes "${rest.replaceAll(/["']/g, "")}" where ${template ?? `$${variable}`} is empty`;
    const hint =
      template === undefined
        ? `write \${${variable}:?}, which ends the shell then`
        : `add a condition: when: ${inner} | length > 0`;
    return { message, hint, at: word };
  }
  return undefined;
};

/** A variable of the shell that the text does not set to something, and nothing else guards. */
const isUnset = ({ source, task }: ShellText, variable: string): boolean => {
  if (/^(?:HOME|PWD|TMPDIR)$/.test(variable) || task.environment.length > 0) return false;
  if (/\bset\s+-[a-zA-Z]*u|\bset\s+-o\s+nounset/.test(source)) return false;
  const assigned = new RegExp(String.raw`(?:^|[\s;&|(])${variable}=["']?([^\s"';&|])`).exec(source)?.[1];
  const isTested = new RegExp(
    String.raw`-[nd]\s+["']?\$\{?${variable}\b|\bfor\s+${variable}\s|\bread\b.*\b${variable}\b`,
  ).test(source);
  return !isTested && (assigned === undefined || assigned === "$" || assigned === "`");
};

const isMaybeEmpty = (input: CheckInput, { play, task }: ShellText, source: string): boolean => {
  if (task.when.length > 0) return false;
  const around = variablesOfTask(play, task);
  const values = (name: string): readonly Value[] =>
    [
      ...around.map((vars) => vars[name]),
      ...input.plan.playbooks.flatMap(({ adjacent }) =>
        [...allVariables(input.plan.inventory, adjacent)].map((vars) => vars[name]),
      ),
      input.plan.extraVars[name],
      ...playsOf(input)
        .flatMap(tasksOfPlay)
        .filter(({ module }) => module.shortName === "set_fact")
        .map(({ args }) => args[name]),
    ].filter((value) => value !== undefined);
  return isEmptyValue(new Template(source), values, 5);
};

const isEmptyValue = (value: Value, values: (name: string) => readonly Value[], depth: number): boolean => {
  if (value === null || value === "") return true;
  if (!(value instanceof Template) || depth === 0) return false;
  const parsed = parsedTemplate(value);
  const [only, ...more] = parsed.ok ? parsed.value : [];
  if (only?.kind !== "output" || more.length > 0) return false;
  return isEmptyExpression(only.value, (name) => values(name).some((other) => isEmptyValue(other, values, depth - 1)));
};

/** What prints nothing, a default of nothing, or a variable of either kind; of all else it is not known. */
const isEmptyExpression = (expr: Expr, isEmptyVariable: (name: string) => boolean): boolean => {
  switch (expr.kind) {
    case "literal":
      return expr.value === "" || expr.value === null;
    case "name":
      return isEmptyVariable(expr.name);
    case "member":
      return expr.name === "stdout";
    case "filter": {
      const [first] = expr.args;
      const isDefault = expr.name === "default" || expr.name === "d";
      if (isDefault) return first === undefined || isEmptyExpression(first.value, isEmptyVariable);
      return /^(?:trim|string|lower)$/.test(expr.name) && isEmptyExpression(expr.input, isEmptyVariable);
    }
    default:
      return false;
  }
};
