import { basename } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Task } from "../../playbook/playbook.ts";
import { entryOf } from "../../source/node.ts";
import type { CheckInput } from "../checks/known-values.ts";
import { checkRemoval } from "./check-removal.ts";
import { type SimpleCommand, unquoted, type Word } from "./read-commands.ts";
import type { ShellText } from "./shell-texts.ts";

/** Commands that wait for a person, never end, ask what nobody answers, or remove too much. */
export const checkCommands = (input: CheckInput, texts: readonly ShellText[]): readonly Diagnostic[] =>
  texts.flatMap((text) => {
    const { read } = text;
    if (read?.ok !== true) return [];
    return read.commands.flatMap((command) => {
      const called = calledBy(command);
      if (called === undefined || isCovered(text, called.word)) return [];
      const found = judge(called, text.task) ?? checkRemoval(input, text, called);
      if (found === undefined) return [];
      const { at = called.word, ...said } = found;
      return [{ code: "V62", severity: "warning", ...said, span: text.placeOf(at.start, at.end) } as const];
    });
  });

/** A program that a command calls, and how. */
export interface Call {
  readonly name: string;
  readonly word: Word;
  readonly args: readonly string[];
  readonly words: readonly Word[];
  /** Whether its standard input is something. */
  readonly hasInput: boolean;
  /** Whether another program reads what it prints, and may end it. */
  readonly isRead: boolean;
  readonly isInBackground: boolean;
  /** Names of the variables that are set for it alone. */
  readonly sets: readonly string[];
}

/** What is said of a call; `at` is a word of it other than its name. */
export interface Finding {
  readonly message: string;
  readonly hint: string;
  readonly at?: Word;
}

/** Programs that call another with the rest of their words. */
const wrappers = new Set(["builtin", "command", "env", "exec", "nice", "nohup"]);

const calledBy = ({ words, assignments, before, after, hasInput }: SimpleCommand): Call | undefined => {
  const sets = assignments.map(({ text }) => text.replace(/\+?=[^]*$/, ""));
  let at = 0;
  while (wrappers.has(unquoted(words[at]?.text ?? "")) || (at > 0 && /^[A-Za-z_]\w*=/.test(words[at]?.text ?? "")))
    at++;
  const word = words[at];
  if (word === undefined) return undefined;
  return {
    name: basename(unquoted(word.text)),
    word,
    words: words.slice(at + 1),
    args: words.slice(at + 1).map(({ text }) => unquoted(text)),
    hasInput: hasInput || before === "|" || before === "|&",
    isRead: after === "|" || after === "|&",
    isInBackground: after === "&",
    sets: [...sets, ...words.slice(0, at).map(({ text }) => text.replace(/=[^]*$/, ""))],
  };
};

const isCovered = ({ covered }: ShellText, { start, end }: Word): boolean =>
  covered?.outputs.some((output) => output.start < end && start < output.end) === true;

const judge = (call: Call, task: Task): Finding | undefined => {
  const hasInput = call.hasInput || task.args["stdin"] !== undefined;
  const isDetached = call.isInBackground || entryOf(task.node, "async") !== undefined;
  return (
    (hasInput ? undefined : waits(call)) ??
    (isDetached || call.isRead ? undefined : neverEnds(call)) ??
    sudoAsRoot(call, task)
  );
};

const editors = new Set(["emacs", "mcedit", "nano", "pico", "vi", "vigr", "vim", "vipw"]);
const screens = new Set(["htop", "less", "more", "nmtui"]);

const waits = ({ name, args, sets }: Call): Finding | undefined => {
  const has = (pattern: RegExp): boolean => args.some((arg) => pattern.test(arg));
  const message = `"${name}" waits for a person at a terminal, and there is none`;
  const isEditor =
    (editors.has(name) && !has(/^[-+]/)) ||
    (name === "crontab" && has(/^-e$/) && !sets.some((set) => /^(?:EDITOR|VISUAL)$/.test(set))) ||
    (name === "visudo" && args.length === 0 && sets.length === 0);
  if (isEditor) return { message, hint: "change the file with lineinfile, blockinfile, template, cron or sudoers" };
  if (screens.has(name)) return { message, hint: "print with cat, or take what is needed with head or ps" };
  if (name === "top" && !has(/^-[a-zA-Z]*b|^b|^-l/)) return { message, hint: "write top -b -n 1" };
  if (name === "passwd" && args.length <= 1 && !has(/^-/)) {
    return { message, hint: "set the password with the module user, or give it to chpasswd" };
  }
  if (name === "su" && !has(/^-[a-zA-Z]*c|^--(?:session-)?command|^--(?:help|version)$/)) {
    const hint = "run the task with become_user, or write su -c 'COMMAND'";
    return { message: '"su" without a command runs nothing, and what follows runs as before', hint };
  }
  const asks = /^(?:dnf|yum)$/.test(name) && has(/^(?:install|update|upgrade|remove|erase|downgrade)$/);
  if (asks && !has(/^-[a-zA-Z]*y|^--(?:assume|setopt|downloadonly|help)/)) {
    return { message: `"${name}" asks before it goes on, and nobody answers`, hint: `write ${name} -y` };
  }
  return undefined;
};

const neverEnds = ({ name, args }: Call): Finding | undefined => {
  const has = (pattern: RegExp): boolean => args.some((arg) => pattern.test(arg));
  const follows = has(/^-[a-zA-Z0-9]*[fF]$|^--follow/);
  const message = `"${name}" never ends here`;
  const hint = "a task is done when its command ends; leave out what follows, or write timeout 10 before it";
  if (name === "tail" && (follows || has(/^-[fF][a-z0-9]*$/)) && !has(/^--pid/)) return { message, hint };
  if (name === "journalctl" && follows) return { message, hint };
  if (name === "dmesg" && has(/^-[a-zA-Z]*[wW]$|^--follow/)) return { message, hint };
  if (/^(?:docker|podman|kubectl)$/.test(name) && args[0] === "logs" && has(/^-f$|^--follow$/))
    return { message, hint };
  if (name === "watch" && !has(/^-[a-zA-Z]*[eg]|^--(?:errexit|chgexit|help|version)/)) return { message, hint };
  if (/^ping6?$/.test(name) && args.length > 0 && !has(/^-[a-zA-Z0-9]*[cwVh]/))
    return { message, hint: `write ${name} -c 4` };
  return name === "yes" ? { message, hint } : undefined;
};

/** sudo is not needed by root; as somebody else it is a way to change the user. */
const sudoAsRoot = ({ name, args }: Call, task: Task): Finding | undefined => {
  const { become, become_user: user } = task.inherited;
  if (name !== "sudo" || become !== true || (user !== undefined && user !== "root")) return undefined;
  const options = args.slice(
    0,
    Math.max(
      0,
      args.findIndex((arg) => !arg.startsWith("-")),
    ),
  );
  if (args.length === 0 || options.some((option) => !/^-[nEHS]+$/.test(option))) return undefined;
  return {
    message: '"sudo" within a task that becomes root',
    hint: "leave sudo out: become does the same, and knows the password",
  };
};
