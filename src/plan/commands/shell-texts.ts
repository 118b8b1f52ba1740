import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { locateInScalar } from "../../source/locate.ts";
import { entryOf } from "../../source/node.ts";
import { SourceFile, type Span } from "../../source/source-file.ts";
import { type Covered, coverTemplates } from "../../vars/cover-templates.ts";
import { Template } from "../../vars/value.ts";
import { controllerPath } from "../controller-file.ts";
import { type ReadCommands, readCommands } from "./read-commands.ts";
import type { CheckInput } from "../checks/known-values.ts";

/** A text that a host's shell, or for `command` a program without one, is given. */
export interface ShellText {
  readonly play: Play;
  readonly task: Task;
  /** As it is written, with templates. */
  readonly source: string;
  /** With its templates covered; undefined where these may make up any text. */
  readonly covered: Covered | undefined;
  /** The commands of the covered text. */
  readonly read: ReadCommands | undefined;
  /** The template that the whole text is. */
  readonly template: Template | undefined;
  /** Which shell reads it: bash, or any; none for `command`, or for a program that is no POSIX shell. */
  readonly shell: "posix" | "bash" | "none";
  readonly placeOf: (start: number, end: number) => Span;
}

/** The commands that tasks run, and the shell scripts that they send. */
export const shellTexts = (input: CheckInput): readonly ShellText[] =>
  input.plan.playbooks.flatMap(({ playbook }) =>
    playbook.plays.flatMap((play) =>
      tasksOfPlay(play).flatMap((task) => {
        const text = task.module.shortName === "script" ? scriptOf(play, task, playbook.path) : textOf(play, task);
        return text === undefined ? [] : [text];
      }),
    ),
  );

const textOf = (play: Play, task: Task): ShellText | undefined => {
  const { shortName } = task.module;
  if (shortName !== "shell" && shortName !== "command" && shortName !== "raw") return undefined;
  const node = entryOf(task.argsNode, "cmd")?.value;
  const value = task.args["cmd"];
  if (node?.kind !== "scalar" || (typeof value !== "string" && !(value instanceof Template))) return undefined;
  const source = typeof value === "string" ? value : value.source;
  const covered = typeof value === "string" ? { text: value, outputs: [] } : coverTemplates(source);
  return {
    play,
    task,
    source,
    covered,
    read: covered && readCommands(covered.text),
    template: typeof value === "string" ? undefined : value,
    shell: shortName === "command" ? "none" : shellOf(task),
    placeOf: (start, end) => locateInScalar(node.span, source, start, end),
  };
};

/** Shells whose grammar bash's contains, as far as mistakes go. */
const posixShells = new Set(["sh", "dash", "ash"]);

const shellOf = (task: Task): ShellText["shell"] => {
  // Defaults of the module, and another shell for all of it, are seldom enough to be left alone.
  if (task.moduleDefaults.length > 0) return "none";
  const { executable } = task.args;
  return executable === undefined ? "posix" : typeof executable === "string" ? shellNamed(executable) : "none";
};

const shellNamed = (path: string): ShellText["shell"] => {
  const name = basename(path);
  return name === "bash" ? "bash" : posixShells.has(name) ? "posix" : "none";
};

/** Longer ones are programs that a build made. */
const mostBytes = 100_000;

const scriptOf = (play: Play, task: Task, playbook: string): ShellText | undefined => {
  const { cmd, executable } = task.args;
  if (typeof cmd !== "string" || executable !== undefined) return undefined;
  const { path } = controllerPath(cmd.trim().split(/\s/, 1)[0] ?? "", "files", { task, playbook });
  const source = path === undefined ? undefined : readStart(path);
  if (path === undefined || source === undefined) return undefined;
  const shebang = /^#!\s*(?:\S*\/env\s+)?(\S+)/.exec(source)?.[1];
  if (shebang === undefined || shellNamed(shebang) === "none") return undefined;
  const file = new SourceFile(path, source);
  return {
    play,
    task,
    source,
    covered: { text: source, outputs: [] },
    read: readCommands(source),
    template: undefined,
    shell: shellNamed(shebang),
    placeOf: (start, end) => ({ file, start, end }),
  };
};

/** A whole file, where it is not too long. */
const readStart = (path: string): string | undefined => {
  try {
    const descriptor = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(mostBytes);
      const length = readSync(descriptor, bytes);
      return length < mostBytes ? bytes.subarray(0, length).toString("utf8") : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
};
