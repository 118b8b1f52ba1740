import type { Outcome } from "../events/event.ts";
import type { Task } from "../playbook/playbook.ts";
import type { InheritedKeyword, TaskKeyword } from "../playbook/keywords.ts";
import { coerce } from "../schema/coerce.ts";
import { err, ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import type { Plain, Value } from "../vars/value.ts";

/** Whether `ignore_errors` or `ignore_unreachable` covers an ending; what cannot be rendered covers nothing. */
export const isIgnored = (keywords: StepKeywords, outcome: Outcome): boolean => {
  if (outcome !== "failed" && outcome !== "unreachable") return false;
  const ignore = keywords.bool(outcome === "failed" ? "ignore_errors" : "ignore_unreachable");
  return ignore.ok && ignore.value === true;
};

/** A task's keywords, rendered on demand for one host; the first that cannot be ends the step. */
export class StepKeywords {
  readonly #task: Task;
  readonly #context: TemplateContext;

  constructor(task: Task, context: TemplateContext) {
    this.#task = task;
    this.#context = context;
  }

  /** A keyword's rendered value; undefined where it is not given, null, or rendered to `omit`. */
  value(name: InheritedKeyword | TaskKeyword): Result<Plain | undefined, string> {
    return this.#render(this.#written(name));
  }

  bool(name: InheritedKeyword | TaskKeyword): Result<boolean | undefined, string> {
    return this.#coerced(name, "boolean", (value) => (typeof value === "boolean" ? value : undefined));
  }

  number(name: InheritedKeyword | TaskKeyword): Result<number | undefined, string> {
    return this.#coerced(name, "number", (value) => (typeof value === "number" ? value : undefined));
  }

  text(name: InheritedKeyword | TaskKeyword): Result<string | undefined, string> {
    return this.#coerced(name, "string", (value) => (typeof value === "string" ? value : undefined));
  }

  #written(name: InheritedKeyword | TaskKeyword): Value | undefined {
    const { own, inherited } = this.#task;
    return own[name as TaskKeyword] ?? inherited[name as InheritedKeyword];
  }

  #render(value: Value | undefined): Result<Plain | undefined, string> {
    if (value === undefined || value === null) return ok(undefined);
    const rendered = render(value, this.#context);
    if (!rendered.ok) return err(rendered.error.message);
    return ok(rendered.value instanceof Omit ? undefined : (rendered.value ?? undefined));
  }

  #coerced<T>(
    name: InheritedKeyword | TaskKeyword,
    type: "boolean" | "number" | "string",
    narrow: (value: unknown) => T | undefined,
  ): Result<T | undefined, string> {
    const value = this.value(name);
    if (!value.ok || value.value === undefined) return value.ok ? ok(undefined) : value;
    const coerced = coerce({ type }, value.value);
    return coerced.ok ? ok(narrow(coerced.value)) : err(`"${name}" is not a ${type}: ${coerced.error.reason}`);
  }
}
