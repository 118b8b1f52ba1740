import { execFile } from "node:child_process";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../source/source-file.ts";
import type { Covered } from "../../vars/cover-templates.ts";
import type { Opened, ReadCommands } from "./read-commands.ts";
import { runShellcheck } from "./shellcheck.ts";
import type { ShellText } from "./shell-texts.ts";

/** A text to be read by a shell, with the places of all tasks that have it. */
export interface Script {
  readonly covered: Covered;
  readonly read: ReadCommands;
  readonly places: readonly ((start: number, end: number) => Span)[];
}

/**
 * What a shell would refuse to read, as bash of this machine says, or sh where there is none; and what shellcheck knows
 * for certain to be a mistake, where that is installed. Nothing is run: with -n a shell only reads. The texts may be those of
 * many files.
 */
export const checkSyntax = async (
  texts: readonly ShellText[],
  path: string,
  files = 1,
): Promise<readonly Diagnostic[]> => {
  const doubtful = texts.filter(
    ({ read, shell, task }) =>
      // What came out of a vault is given to no other program.
      shell !== "none" && !(read?.ok === true && read.isPlain) && !task.span.file.isSecret,
  );
  const shell = doubtful.length === 0 ? undefined : await findShell(path);
  if (shell === undefined) return [];
  const scripts = scriptsOf(shell.shell === "bash" ? doubtful : doubtful.filter((text) => !isForBash(text)));
  const [alone, together]: [Script[], Script[]] = [[], []];
  for (const script of scripts) {
    const { read } = script;
    // What has no end of its own could take a mistake of the next one for it.
    (read.ok && !read.hasOpenDocument ? together : alone).push(script);
  }
  const [refused, advice] = await Promise.all([
    refusals(shell, [...alone.map((script) => [script]), ...chunked(together)]),
    runShellcheck([...together, ...alone], path, files),
  ]);
  const wrong = new Set(refused.map(({ script }) => script));
  return [
    ...refused.flatMap(({ script, message }) => describe(script, message, shell.shell)),
    ...advice.filter(({ script }) => !wrong.has(script)).flatMap(({ diagnostics }) => diagnostics),
  ];
};

/** Where shells are looked for. */
export const searchPath = (env: Readonly<Record<string, string | undefined>>): string =>
  env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";

/** What only bash can judge. */
const isForBash = ({ shell, source }: ShellText): boolean =>
  shell === "bash" || /\bfunction\s|[<>]\(|=\(|\[\[|\(\(|<<<|\$'|&>|\|&|\$\{\w+(?:\[|[\^,/])/.test(source);

/** Tasks often have the same text: it is read once. */
const scriptsOf = (texts: readonly ShellText[]): readonly Script[] => {
  const scripts = new Map<string, { covered: Covered; read: ReadCommands; places: Script["places"][number][] }>();
  for (const { covered, read, source, placeOf } of texts) {
    if (covered === undefined || read === undefined) continue;
    if (covered.text.length > mostCharacters || covered.text.includes("\0")) continue;
    const known = scripts.get(source);
    if (known === undefined) scripts.set(source, { covered, read, places: [placeOf] });
    else known.places.push(placeOf);
  }
  return [...scripts.values()];
};

/** Linux takes no argument of more than 128 KiB, and none with a null character; a character may be three bytes. */
const mostCharacters = 40_000;

const chunked = (scripts: readonly Script[]): readonly (readonly Script[])[] => {
  const chunks: Script[][] = [];
  let size = Infinity;
  for (const script of scripts) {
    size += script.covered.text.length + 16;
    if (size > mostCharacters) {
      chunks.push([]);
      size = script.covered.text.length;
    }
    chunks.at(-1)?.push(script);
  }
  return chunks;
};

/** A shell of this machine, and where programs are looked for. */
interface Shell {
  readonly shell: string;
  readonly path: string;
}

interface Refusal {
  readonly script: Script;
  readonly message: string;
}

/** A group that is refused is halved until the guilty are alone. */
const refusals = async (shell: Shell, groups: readonly (readonly Script[])[]): Promise<readonly Refusal[]> => {
  const found: Refusal[] = [];
  const waiting = [...groups];
  const work = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const [script] = group;
      const message = await complaint(shell, group.length === 1 ? (script?.covered.text ?? "") : joined(group));
      if (message === undefined || script === undefined) continue;
      if (group.length === 1) found.push({ script, message });
      else waiting.push(group.slice(0, group.length >> 1), group.slice(group.length >> 1));
    }
  };
  await Promise.all([work(), work()]);
  return found;
};

/** Whatever a script leaves open meets a bracket of the wrong kind. */
const joined = (scripts: readonly Script[]): string =>
  scripts.map(({ covered }) => `{\n(\n:\n${covered.text}\n)\n}\n`).join("");

const run = (
  { shell, path }: Shell,
  args: readonly string[],
): Promise<{ readonly failed: boolean; readonly stderr: string }> =>
  new Promise((done) => {
    // BASH_ENV and ENV name files that a shell would run.
    const env = { PATH: path, LC_ALL: "C" };
    const child = execFile(shell, [...args], { env, timeout: 10_000 }, (error, _stdout, stderr) =>
      // Only a shell's own word counts: what could not be started or was killed has no number.
      done({ failed: typeof error?.code === "number", stderr }),
    );
    child.stdin?.end();
  });

const complaint = async (shell: Shell, text: string): Promise<string | undefined> => {
  const { failed, stderr } = await run(shell, ["-n", "-c", ` ${text}`]);
  return failed ? stderr : undefined;
};

/** bash reads all that the others read, and more. */
const findShell = async (path: string): Promise<Shell | undefined> => {
  for (const shell of ["bash", "sh"]) {
    const { failed } = await run({ shell, path }, ["-n", "-c", "if"]);
    if (failed) return { shell, path };
  }
  return undefined;
};

const describe = ({ covered, read, places }: Script, stderr: string, shell: string): readonly Diagnostic[] => {
  const { text, outputs } = covered;
  // A template that stands for a command may be anything, and so may `!(…)` once its option is set.
  if (outputs.some(({ start }) => isCommandPlace(text, start)) || /\bextglob\b/.test(text)) return [];
  const { start, end, message } = explain(text, read, stderr);
  // A shell reads line by line, and nothing behind the one that ends it; a program may begin as a shell's and call its own.
  const last = /^(?:exit\b|(?:''')?exec'? +[^<>&0-9]).*/m.exec(text);
  if (last !== null && last.index < start) return [];
  const severity = shell === "bash" ? "error" : "warning";
  return places.map((placeOf) => ({ code: "V60", severity, message, span: placeOf(start, end) }));
};

const isCommandPlace = (text: string, at: number): boolean =>
  /(?:^|[\n;&|({`]|\b(?:if|then|do|else|elif|while|until)\s)\s*$/.test(text.slice(0, at));

interface Explained {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What a shell complains of, in words that do not depend on which one it is. */
const explain = (text: string, read: ReadCommands, stderr: string): Explained => {
  if (!read.ok) {
    const opener = /^(?:\$?[({'"]|\$|`|.)[({]?/.exec(text.slice(read.unclosedAt))?.[0] ?? "";
    const message = `the shell would not read this: ${opener} is never closed`;
    return { start: read.unclosedAt, end: read.unclosedAt + opener.length, message };
  }
  const [, number = "1", reason = ""] = /(?:line |: )([0-9]+): (.*)/.exec(stderr) ?? [undefined, "1", stderr];
  if (/end of file/.test(reason)) {
    return { ...endOf(text, read.open), message: `the shell would not read this: ${missingAt(text, read.open)}` };
  }
  const line = lineAt(text, startOfLine(text, Number(number)));
  const token =
    /unexpected token [`']([^']+)'|"([^"]+)" unexpected|unexpected "([^"]+)"/.exec(reason)?.slice(1).find(Boolean) ??
    "";
  if (token === "" || token === "newline") {
    const message = `the shell would not read this: ${token === "" ? reason : "the line ends too early"}`;
    return { ...line, message };
  }
  const message = `the shell would not read this: "${token}" is not expected here`;
  const at = text.slice(line.start, line.end).lastIndexOf(token);
  return at < 0 ? { ...line, message } : { start: line.start + at, end: line.start + at + token.length, message };
};

const lastOperator = /(?:\|\|?|&&|\|&)$/;

const missingAt = (text: string, open: Opened | undefined): string => {
  const operator = lastOperator.exec(text.trimEnd())?.[0];
  if (operator !== undefined) return `nothing follows "${operator}"`;
  return open === undefined ? "it ends too early" : `"${open.word}" is never ended: "${open.closer}" is missing`;
};

const endOf = (text: string, open: Opened | undefined): { readonly start: number; readonly end: number } => {
  const end = text.trimEnd().length;
  const operator = lastOperator.exec(text.trimEnd())?.[0];
  if (operator !== undefined) return { start: end - operator.length, end };
  return open === undefined ? { start: end, end } : { start: open.start, end: open.start + open.word.length };
};

const startOfLine = (text: string, number: number): number => {
  let at = 0;
  for (let line = 1; line < number; line++) {
    const next = text.indexOf("\n", at);
    if (next === -1) break;
    at = next + 1;
  }
  return at;
};

/** A line without the blanks around it. */
const lineAt = (text: string, start: number): { readonly start: number; readonly end: number } => {
  const newline = text.indexOf("\n", start);
  const line = text.slice(start, newline === -1 ? text.length : newline);
  const from = start + (line.length - line.trimStart().length);
  return { start: from, end: Math.max(from + 1, start + line.trimEnd().length) };
};
