import type { Judgement } from "./judgement.ts";

/** What is wrong with one command of a sudoers rule (sudoers(5)); undefined where nothing is. */
export const judgeSudoCommand = (text: string): Judgement | undefined => {
  // Before the command there may be tags (NOPASSWD:), options (CWD=/), digests, and the ! of an exception.
  const command = text.trim().replace(/^(?:[A-Z_]+:\s*|[A-Z]+=\S+\s+|sha(?:224|256|384|512):\S+,?\s*|!\s*)+/, "");
  const [path = "", ...words] = command.split(/\s+/);
  if (path === "") return wrong("an empty command in a sudoers rule");
  const isName = /^[A-Z][A-Z0-9_]*$/.test(path) || path === "sudoedit" || path === "list";
  if (!isName && !/^[/^]/.test(path)) {
    return wrong(
      `"${path}" is not absolute, and sudo refuses such a rule`,
      `write its path, such as /usr/bin/${path.replace(/^.*\//, "")}`,
    );
  }
  // An argument in quotes, or a regular expression, is what it says.
  if (path.startsWith("^") || words[0]?.startsWith("^") === true) return undefined;
  const open = words.find((word) => /(?<!\\)[*?[]/.test(word));
  if (open === undefined) return undefined;
  return {
    severity: "warning",
    message: `the wildcard in "${open}" also fits blanks and slashes, so further arguments and other files`,
    hint: "write the arguments out, or a rule for each",
  };
};

/** What is wrong with the name of a file in sudoers.d, which sudo skips without a word where it does not like it. */
export const judgeSudoersFile = (name: string): Judgement | undefined =>
  /^[A-Za-z0-9_-]+$/.test(name)
    ? undefined
    : wrong(`sudo does not read a file named "${name}"`, "expected letters, digits, _ and - only");

const wrong = (message: string, hint?: string): Judgement => ({
  severity: "error",
  message,
  ...(hint === undefined ? {} : { hint }),
});
