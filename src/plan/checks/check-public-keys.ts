import { judgeKeyLine } from "../../access/key-line.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { holdsPrivateKey } from "../../modules/authorized_key/public-key.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { locateInScalar } from "../../source/locate.ts";
import type { Node, ScalarNode } from "../../source/node.ts";
import { parseYaml } from "../../source/parse-yaml.ts";
import { SourceFile, type Span } from "../../source/source-file.ts";
import { freeVariables } from "../../vars/check-template.ts";
import { isUnrendered } from "../../vars/from-node.ts";
import type { Value } from "../../vars/value.ts";
import { playsOf } from "./grant-of-play.ts";
import { type CheckInput, entryOfVariable, knownValues } from "./known-values.ts";
import { templatesIn } from "./task-values.ts";

/** Keys of `authorized_key`, in the task or in the variables that it names: no public ones, weak ones, and two at once. */
export const checkPublicKeys = (input: CheckInput): readonly Diagnostic[] =>
  playsOf(input).flatMap((play) => {
    const tasks = tasksOfPlay(play).filter((task) => task.module.shortName === "authorized_key");
    const isAbsent = (task: Task): boolean => task.args["state"] === "absent";
    const given = textsOfTasks(
      input,
      play,
      tasks.filter((task) => !isAbsent(task)),
    );
    const taken = textsOfTasks(input, play, tasks.filter(isAbsent));
    return [...given.flatMap(judge), ...samePerson(given), ...taken.flatMap(judgeTaken)];
  });

/** A text with a key, or with something else where a key belongs. */
interface KeyText {
  readonly line: string;
  readonly span: Span;
  /** Whether it stands in a task as it is, so that the module itself has said what cannot be a key. */
  readonly isLiteral: boolean;
}

const textsOfTasks = (input: CheckInput, play: Play, tasks: readonly Task[]): readonly KeyText[] => {
  const found = new Map<string, KeyText>();
  const texts = [...tasks.flatMap((task) => knownTexts(input, play, task)), ...followed(input, play, tasks)];
  for (const text of texts) {
    const key = `${text.span.file.path}:${text.span.start}:${text.line}`;
    if (!found.has(key)) found.set(key, text);
  }
  return [...found.values()];
};

const knownTexts = (input: CheckInput, play: Play, task: Task): readonly KeyText[] =>
  knownValues(input, play, task, ["key"]).flatMap(({ value, placeOf, isLiteral }) =>
    // What holds a private key is no text to look for lines in.
    typeof value !== "string" || (!isLiteral && holdsPrivateKey(value))
      ? []
      : linesOf(value).map((line) => ({ line, span: placeOf(line), isLiteral })),
  );

/** Variables that a key is made of, though what comes out depends on more than is known. */
const followed = (input: CheckInput, play: Play, tasks: readonly Task[]): readonly KeyText[] =>
  [...namesOfKeys(play, tasks)].flatMap((name) => {
    const entry = entryOfVariable(play, input.extraVars, name);
    return entry === undefined ? [] : textsOf(entry.value);
  });

/** The variables that a play's keys are made of, followed through the play's own variables. */
const namesOfKeys = (play: Play, tasks: readonly Task[]): ReadonlySet<string> => {
  const names = new Set<string>();
  const follow = (value: Value | undefined): void => {
    for (const template of templatesIn(value)) {
      // What a lookup reads is not what the variables in it hold.
      if (/\b(?:lookup|query|q)\(/.test(template.source)) continue;
      for (const name of freeVariables(template)) {
        if (names.has(name)) continue;
        names.add(name);
        follow(play.vars[name]);
      }
    }
  };
  for (const task of tasks) {
    follow(task.args["key"]);
    if (names.has("item")) follow(task.loop?.terms);
  }
  return names;
};

const textsOf = (node: Node): readonly KeyText[] => {
  if (node.kind === "seq") return node.items.flatMap(textsOf);
  if (node.kind !== "scalar" || typeof node.value !== "string" || isUnrendered(node)) return [];
  const { value, span } = node;
  if (holdsPrivateKey(value)) return [{ line: value, span, isLiteral: false }];
  return linesOf(value).map((line) => ({ line, span: placeIn(node, value, line), isLiteral: false }));
};

const placeIn = ({ span }: ScalarNode, value: string, text: string): Span => {
  const at = value.indexOf(text);
  return value === text || at < 0 ? span : locateInScalar(span, value, at, at + text.length);
};

/** The keys of a text: lines, or the items of a list in JSON or YAML, which is how a list comes from the command line. */
const linesOf = (text: string): readonly string[] => {
  if (text.trimStart().startsWith("[")) {
    const { root } = parseYaml(new SourceFile("", text));
    if (root?.kind === "seq") return root.items.flatMap((item) => (item.kind === "scalar" ? [String(item.value)] : []));
  }
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
};

const judge = ({ line, span, isLiteral }: KeyText): readonly Diagnostic[] => {
  if (holdsPrivateKey(line)) return isLiteral ? [] : [privateKey(span)];
  const { key, problems } = judgeKeyLine(line);
  if (key === undefined && isLiteral) return [];
  return problems.map(({ text, ...problem }) => ({ ...problem, span: text === undefined ? span : within(span, text) }));
};

/** To be taken out, a key need not be a good one. */
const judgeTaken = (text: KeyText): readonly Diagnostic[] =>
  judgeKeyLine(text.line).key === undefined ? judge(text) : [];

const privateKey = (span: Span): Diagnostic => ({
  code: "V50",
  severity: "error",
  message: "this is a private key, where a public one belongs",
  span,
  hint: "use the content of the .pub file beside it; a private key that was shown to others should be replaced",
});

/** The stretch of a place that shows the text, where it is shown as it is. */
const within = (span: Span, text: string): Span => {
  const at = span.file.text.slice(span.start, span.end).indexOf(text);
  return text === "" || at < 0 ? span : { ...span, start: span.start + at, end: span.start + at + text.length };
};

/** The same key under two comments: one of the two people would come in with the other's. */
const samePerson = (texts: readonly KeyText[]): readonly Diagnostic[] => {
  const first = new Map<string, { readonly comment: string; readonly span: Span }>();
  return texts.flatMap(({ line, span }): readonly Diagnostic[] => {
    const { key } = judgeKeyLine(line);
    if (key === undefined || key.comment === "") return [];
    const earlier = first.get(key.blob);
    if (earlier === undefined) first.set(key.blob, { comment: key.comment, span });
    if (earlier === undefined || earlier.comment === key.comment) return [];
    const message = `the key ${key.fingerprint} is given for "${earlier.comment}" and for "${key.comment}"`;
    const hint = "ask for a key of each person's own, or nobody can tell who came";
    const related = [{ message: "first given here", span: earlier.span }];
    return [{ code: "V50", severity: "warning", message, span, hint, related }];
  });
};
