import type { Loop } from "../playbook/playbook.ts";
import { ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { evaluateCondition, lookUp, loopTerms, render, type TemplateContext } from "../vars/template.ts";
import type { Plain, PlainMap, Value } from "../vars/value.ts";
import { censored } from "./censor.ts";
import { remember } from "./remember.ts";
import { failed, type ItemRecord, runItem } from "./run-item.ts";
import type { StepScope } from "./step-scope.ts";

import { templateFailure } from "./step-failure.ts";

/** What loop_control says. */
interface LoopControl {
  readonly loopVar: string;
  readonly indexVar: string | undefined;
  readonly label: unknown;
  readonly pauseMs: number;
  readonly extended: boolean;
  /** Whether `ansible_loop` holds the whole list. */
  readonly allItems: boolean;
}

/** Runs a task once for each item of its loop, and sums up as Ansible does. */
export const runLoop = async (scope: StepScope, loop: Loop): Promise<ItemRecord> => {
  const { services, host, task, context } = scope;
  const items = loopItems(loop, context);
  if (!items.ok) return skipsAnyway(scope, context) ? runItem(scope) : failed(items.error, "template");
  if (items.value.length === 0) {
    const result = { changed: false, skipped: true, skipped_reason: "No items in the list", results: [] };
    return { outcome: "skipped", result, wouldRun: false };
  }
  const control = loopControl(scope, context);
  if (!control.ok) return failed(control.error, "template");
  const records: ItemRecord[] = [];
  for (const [index, item] of items.value.entries()) {
    if (services.signal.aborted) break;
    if (index > 0 && control.value.pauseMs > 0) await services.io.wait(control.value.pauseMs, services.signal);
    const vars = itemVars(control.value, items.value, index);
    const ran = await runItem(scope, vars);
    const record = { ...ran, result: { ...ran.result, ...vars } };
    records.push(record);
    keep(scope, record);
    services.emit({
      type: "step.item",
      step: scope.step,
      host,
      outcome: record.outcome,
      label: scope.hidden ? "(censored due to no_log)" : labelOf(scope, control.value, vars, item),
      result: scope.hidden ? censored(record.result) : record.result,
      ignored: record.ignored === true,
      ...(record.delegate === undefined ? {} : { delegate: record.delegate }),
    });
    if (record.outcome === "unreachable" || record.outcome === "cancelled") break;
    const ends = endsHere(scope, {
      ...vars,
      ...(task.register === undefined ? {} : { [task.register]: record.result }),
    });
    if (!ends.ok) return failed(ends.error, "template");
    if (ends.value) break;
  }
  return sumUp(records);
};

const loopItems = (loop: Loop, context: TemplateContext): Result<readonly Plain[], string> => {
  const rendered = render(loop.lookup === "first_found" ? onlyDefined(loop.terms, context) : loop.terms, context);
  if (!rendered.ok) return { ok: false, error: templateFailure(rendered.error, loop.span) };
  const terms = rendered.value instanceof Omit ? [] : rendered.value;
  const items = loop.lookup === undefined ? ok(terms) : lookUp(loop.lookup, loopTerms(terms), context);
  if (!items.ok) return { ok: false, error: templateFailure(items.error, loop.span) };
  if (Array.isArray(items.value)) return ok(items.value);
  return { ok: false, error: templateFailure({ message: "the loop must give a list" }, loop.span) };
};

/** A file whose name is not known is none that is there: the next one is tried. */
const onlyDefined = (terms: Value, context: TemplateContext): Value =>
  Array.isArray(terms)
    ? terms.filter((term: Value) => {
        const rendered = render(term, context);
        return rendered.ok || rendered.error.isUndefined !== true;
      })
    : terms;

/** A list that cannot be made does not matter where the condition is false without it. */
const skipsAnyway = (scope: StepScope, context: TemplateContext): boolean =>
  scope.task.when.some((condition) => {
    const holds = evaluateCondition(condition, context);
    return holds.ok && !holds.value;
  });

const loopControl = (scope: StepScope, context: TemplateContext): Result<LoopControl, string> => {
  const written = scope.task.own.loop_control;
  const fields = typeof written === "object" && written !== null && !Array.isArray(written) ? written : {};
  const { label, ...others } = fields as Readonly<Record<string, unknown>>;
  const rendered = render(others as PlainMap, context);
  if (!rendered.ok) return { ok: false, error: templateFailure(rendered.error, scope.task.span) };
  const values = (rendered.value instanceof Omit ? {} : rendered.value) as PlainMap;
  return ok({
    loopVar: typeof values["loop_var"] === "string" ? values["loop_var"] : "item",
    indexVar: typeof values["index_var"] === "string" ? values["index_var"] : undefined,
    label,
    pauseMs: Number(values["pause"] ?? 0) * 1000,
    extended: values["extended"] === true,
    allItems: values["extended_allitems"] !== false,
  });
};

const itemVars = (control: LoopControl, items: readonly Plain[], index: number): PlainMap => ({
  [control.loopVar]: items[index] ?? null,
  ansible_loop_var: control.loopVar,
  ...(control.indexVar === undefined ? {} : { [control.indexVar]: index, ansible_index_var: control.indexVar }),
  ...(control.extended ? { ansible_loop: extendedLoop(items, index, control.allItems) } : {}),
});

const extendedLoop = (items: readonly Plain[], index: number, allItems: boolean): PlainMap => ({
  ...(allItems ? { allitems: items } : {}),
  index: index + 1,
  index0: index,
  first: index === 0,
  last: index === items.length - 1,
  length: items.length,
  revindex: items.length - index,
  revindex0: items.length - index - 1,
  ...(index > 0 ? { previtem: items[index - 1] ?? null } : {}),
  ...(index < items.length - 1 ? { nextitem: items[index + 1] ?? null } : {}),
});

/** Whether `break_when` holds after an item: all of its conditions, where there are any. */
const endsHere = (scope: StepScope, item: PlainMap): Result<boolean, string> => {
  const { services, host, play, task } = scope;
  const context = services.variables.context(host, play, { ...scope.vars, item: { ...scope.vars.item, ...item } });
  for (const condition of task.breakWhen) {
    const holds = evaluateCondition(condition, context);
    if (!holds.ok) return { ok: false, error: templateFailure(holds.error, condition.span) };
    if (!holds.value) return ok(false);
  }
  return ok(task.breakWhen.length > 0);
};

const labelOf = (scope: StepScope, control: LoopControl, vars: PlainMap, item: Plain): Plain => {
  if (control.label === undefined) return item;
  const { services, host, play } = scope;
  const context = services.variables.context(host, play, { ...scope.vars, item: { ...scope.vars.item, ...vars } });
  const rendered = render(control.label as Plain, context);
  return rendered.ok && !(rendered.value instanceof Omit) ? rendered.value : item;
};

const keep = (scope: StepScope, record: ItemRecord): void => {
  const state = scope.services.states.get(scope.host);
  if (state === undefined) return;
  remember(state, scope.task, record);
  if (scope.task.register !== undefined) state.set(scope.task.register, record.result);
};

const sumUp = (records: readonly ItemRecord[]): ItemRecord => {
  const some = (outcome: ItemRecord["outcome"]): ItemRecord | undefined =>
    records.find((record) => record.outcome === outcome);
  const worst = some("cancelled") ?? some("unreachable") ?? some("failed");
  const bad = records.filter(({ outcome }) => outcome === "failed" || outcome === "unreachable");
  const allSkipped = records.every((record) => record.outcome === "skipped");
  const changed = records.some((record) => record.result["changed"] === true);
  const result: PlainMap = {
    changed,
    ...(worst === undefined ? {} : { failed: true }),
    skipped: allSkipped,
    ...(some("unreachable") === undefined ? {} : { unreachable: true }),
    msg: worst !== undefined ? "One or more items failed" : allSkipped ? "All items skipped" : "All items completed",
    results: records.map((record) => record.result),
  };
  return {
    outcome: worst?.outcome ?? (allSkipped ? "skipped" : changed ? "changed" : "ok"),
    result,
    ignored: bad.length > 0 && bad.every((record) => record.ignored === true),
    items: records,
    wouldRun: allSkipped && records.some((record) => record.wouldRun),
    ...(worst?.failure === undefined ? {} : { failure: worst.failure }),
  };
};
