import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { locateInScalar } from "../source/locate.ts";
import { entryOf, type MapEntry, type MapNode, type ScalarNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import { hasMarkers } from "../vars/from-node.ts";

/**
 * A task with its module as a key, where it was written behind `action` or `local_action`: as a text (`copy src=a dest=b`),
 * or as a mapping with `module`. `local_action` is the same on this machine. Undefined where no module is named.
 */
export const withModuleKey = (task: MapNode, diagnostics: Diagnostic[]): MapNode | undefined => {
  const action = entryOf(task, "action") ?? entryOf(task, "local_action");
  if (action === undefined) return task;
  const call = callOf(action, diagnostics);
  if (call.length === 0) return undefined;
  const isLocal = action.key.value === "local_action";
  const entries = task.entries.flatMap((entry) => {
    if (entry === action) return call;
    return isLocal && entry.key.value === "delegate_to" ? [] : [entry];
  });
  const here = isLocal ? [entryAt("delegate_to", "localhost", action.key.span)] : [];
  return { ...task, entries: [...entries, ...here] };
};

const callOf = (action: MapEntry, diagnostics: Diagnostic[]): readonly MapEntry[] => {
  const { value } = action;
  if (value.kind === "scalar" && typeof value.value === "string") return callOfText(value, diagnostics);
  const module = value.kind === "map" ? entryOf(value, "module")?.value : undefined;
  if (value.kind !== "map" || module?.kind !== "scalar" || typeof module.value !== "string") {
    diagnostics.push({
      code: "V03",
      severity: "error",
      message: `"${action.key.value}" names no module`,
      span: action.key.span,
      hint: "write the module's name as the key of the task, with its options below",
    });
    return [];
  }
  const [call, ...more] = callOfText(module, diagnostics);
  if (call === undefined) return [];
  const options: MapNode = { ...value, entries: value.entries.filter((entry) => entry.value !== module) };
  if (call.value.kind === "scalar" && call.value.value === null) return [{ key: call.key, value: options }, ...more];
  return options.entries.length === 0 ? [call] : [call, { key: scalarAt("args", action.key.span), value: options }];
};

/** `NAME REST`: the module, and what it is called with. */
const callOfText = (node: ScalarNode, diagnostics: Diagnostic[]): readonly MapEntry[] => {
  const text = String(node.value);
  const [, space = "", name = "", rest = ""] = /^(\s*)(\{\{.*?\}\}|\S*)\s*([^]*)$/.exec(text) ?? [];
  const place = (start: number, end: number): Span => locateInScalar(node.span, text, start, end);
  const span = place(space.length, space.length + name.length);
  if (hasMarkers(name)) {
    diagnostics.push({
      code: "V04",
      severity: "error",
      message: `the module's name is a template ("${name}"), which is Ansible's, and not part of Latchkey`,
      span,
      hint: "write a task for each module that it may be, with `when`",
    });
    return [];
  }
  const key = scalarAt(name, span);
  if (rest === "") return [{ key, value: { ...scalarAt("", span), value: null } }];
  const start = text.length - rest.length;
  return [{ key, value: { ...node, value: rest, text: rest, span: place(start, text.length) } }];
};

const entryAt = (key: string, value: string, span: Span): MapEntry => ({
  key: scalarAt(key, span),
  value: scalarAt(value, span),
});

const scalarAt = (value: string, span: Span): ScalarNode => ({
  kind: "scalar",
  value,
  text: value,
  style: "plain",
  span,
});
