/** What runs a script: a text for a shell, and whether it is a shell that can read the script from a pipe. */
export interface Interpreter {
  readonly words: readonly string[];
  readonly isShell: boolean;
}

const shells = new Set(["sh", "ash", "bash", "dash", "ksh", "ksh93", "mksh", "zsh"]);

/** What the first line of a script names, as the kernel reads it: one path, and the rest as one argument. */
export const interpreterOf = (content: Uint8Array): Interpreter => {
  const head = Buffer.from(content.subarray(0, 256)).toString("utf8");
  const [, path = "/bin/sh", rest = ""] = /^#![ \t]*([^\s]+)[ \t]*([^\n]*)/.exec(head) ?? [];
  const argument = rest.trim();
  const words = argument === "" ? [path] : [path, argument];
  const called = baseName(path) === "env" ? (argument.split(/\s+/).find((word) => !word.startsWith("-")) ?? "") : path;
  return { words, isShell: shells.has(baseName(called)) };
};

/** What an `executable` option names. */
export const interpreterNamed = (executable: string): boolean => shells.has(baseName(executable.split(/\s+/)[0] ?? ""));

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
