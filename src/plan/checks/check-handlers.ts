import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import type { Play, Playbook, Task } from "../../playbook/playbook.ts";
import { bringsUnknownTasks, handlersOfPlay, namesOfHandler, tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import type { Value } from "../../vars/value.ts";

/**
 * Notified handlers that do not exist, and handlers that nothing calls. Names made by templates are looked up when they
 * are known. The playbooks must be whole: what the tags leave out still calls.
 */
export const checkHandlers = (playbooks: readonly Playbook[], isWhole: boolean): readonly Diagnostic[] =>
  playbooks.flatMap(({ plays }) => plays).flatMap((play) => checkPlay(play, isWhole));

const checkPlay = (play: Play, isWhole: boolean): readonly Diagnostic[] => {
  // Handlers and calls of roles that nobody knows yet may be what is meant.
  if (bringsUnknownTasks(play)) return [];
  const tasks = tasksOfPlay(play);
  const unused = isWhole ? [...checkTwice(play), ...checkUnused(play, tasks)] : [];
  const handlers = handlersOfPlay(play);
  const isTemplate = handlers.some(({ own }) => typeof own.name === "object" && own.name !== null);
  if (isTemplate) return unused;
  const known = [
    ...handlers.flatMap((handler) => [...namesOfHandler(handler), ...handler.listen]),
    ...play.unread.handlers,
  ];
  const missing = tasks.flatMap((task) => checkNotify(task, known));
  // Who was called by a wrong name is called by nobody.
  return missing.length > 0 ? missing : unused;
};

const checkNotify = (task: Task, known: readonly string[]): readonly Diagnostic[] =>
  task.notify.flatMap((name): readonly Diagnostic[] => {
    if (typeof name !== "string" || known.includes(name)) return [];
    const allowed = known.length === 0 ? "this play has no handlers" : `expected one of ${known.join(", ")}`;
    return [
      {
        code: "V30",
        severity: "error",
        message: `there is no handler "${name}" in this play`,
        span: placeOf(task, name),
        hint: didYouMean(name, known) ?? allowed,
        missing: [name],
      },
    ];
  });

/** Where the name stands; a task that inherits its notify from a block shows the task. */
const placeOf = (task: Task, name: string): Span => {
  const notify = entryOf(task.node, "notify")?.value;
  const items = notify?.kind === "seq" ? notify.items : notify === undefined ? [] : [notify];
  return items.find((item) => item.kind === "scalar" && item.value === name)?.span ?? task.span;
};

/** Of two handlers of one name the first is called. One that listens to a topic is called by that all the same. */
const checkTwice = (play: Play): readonly Diagnostic[] => {
  const handlers = ownHandlers(play);
  return handlers.flatMap((handler, index): readonly Diagnostic[] => {
    const { name } = handler.own;
    const earlier = handlers.slice(0, index).find((other) => other.own.name === name);
    if (typeof name !== "string" || earlier === undefined || handler.listen.length > 0) return [];
    return [
      {
        code: "V05",
        severity: "warning",
        message: `two handlers have the name "${name}", and only the first is called`,
        span: nameOf(handler),
        hint: "give each a name of its own, and a common `listen` if both are meant",
        related: [{ message: "the first", span: nameOf(earlier) }],
      },
    ];
  });
};

/** Without those of its roles, which may be meant for other plays. */
const ownHandlers = ({ handlers }: Play): readonly Task[] => handlers.filter(({ role }) => role === undefined);

const nameOf = (handler: Task): Span => entryOf(handler.node, "name")?.value.span ?? handler.span;

const checkUnused = (play: Play, tasks: readonly Task[]): readonly Diagnostic[] => {
  const handlers = ownHandlers(play);
  if (tasks.some((task) => task.notify.some((name) => typeof name !== "string"))) return [];
  const called = handlers.filter(
    ({ own: { name } }, index) => name === undefined || !handlers.slice(0, index).some(({ own }) => own.name === name),
  );
  return called.flatMap((handler): readonly Diagnostic[] => {
    const { name } = handler.own;
    if (typeof name === "object" && name !== null) return [];
    const answersTo = [...(name === undefined ? [] : [String(name)]), ...handler.listen];
    const isCalled = (name: Value): boolean => typeof name === "string" && answersTo.includes(name);
    const callers = tasks.filter((task) => task.notify.some(isCalled));
    const [first] = callers;
    const subject = name === undefined ? "this handler" : `the handler "${String(name)}"`;
    if (first === undefined) {
      const hint = `remove it, or write \`notify: ${answersTo[0] ?? "NAME"}\` at the task whose change it is for`;
      return [
        { code: "V30", severity: "warning", message: `nothing notifies ${subject}`, span: nameOf(handler), hint },
      ];
    }
    if (!callers.every(neverChanges)) return [];
    const notified = first.notify.filter((one) => typeof one === "string").find(isCalled) ?? "";
    return [
      {
        code: "V30",
        severity: "warning",
        message: `${subject} is never called: ${reasonOf(first)} never changes anything`,
        span: placeOf(first, notified),
        hint: "notify it from a task that changes something, or say with `changed_when` what counts as a change",
        related: [{ message: "the handler", span: nameOf(handler) }],
      },
    ];
  });
};

/** Modules whose results are never a change unless `changed_when` says so. */
const readers = new Set(
  [
    "assert debug fail find getent gather_facts include_vars pause ping set_fact setup slurp stat wait_for",
    "wait_for_connection",
  ].flatMap((line) => line.split(" ")),
);

const neverChanges = (task: Task): boolean => {
  const { changed_when: changed } = task.own;
  if (changed === undefined || changed === null) return readers.has(task.module.shortName);
  return changed === false;
};

const reasonOf = (task: Task): string =>
  task.own.changed_when === false ? "a task with `changed_when: false`" : `"${task.module.shortName}"`;
