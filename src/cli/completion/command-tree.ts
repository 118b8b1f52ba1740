import type { Command, Option } from "commander";

/** What may be written in a place of the command line: one of some words, or the name of a file. */
export type Values = { readonly words: readonly string[] } | "files" | "folders" | "anything";

/** A command of the command line, as completions need it. */
export interface CommandNode {
  /** From the program's name on, with blanks. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly commands: readonly CommandNode[];
  readonly options: readonly OptionNode[];
  /** What its arguments may be. */
  readonly values: Values;
}

export interface OptionNode {
  /** `-i` and `--inventory`, as far as it has them. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Absent where it takes none. */
  readonly values?: Values;
}

/** The commands as commander has them; `words` are the arguments of commands that take words, by their path. */
export const commandTree = (
  command: Command,
  words: Readonly<Record<string, readonly string[]>>,
  above = "",
): CommandNode => {
  const path = `${above}${command.name()}`;
  const known = words[path];
  const [argument] = command.registeredArguments;
  const help: OptionNode = { flags: ["-h", "--help"], description: "display help for command" };
  return {
    path,
    name: command.name(),
    description: command.description(),
    commands: command.commands.map((child) => commandTree(child, words, `${path} `)),
    options: [...command.options.filter((option) => !option.hidden).map(optionNode), help],
    values: known !== undefined ? { words: known } : argument === undefined ? { words: [] } : "files",
  };
};

const optionNode = (option: Option): OptionNode => ({
  flags: [...option.flags.matchAll(/(?:^|[\s,])(--?[\w-]+)/g)].map(([, flag = ""]) => flag),
  description: option.description,
  ...(option.required || option.optional ? { values: valuesOf(option) } : {}),
});

const valuesOf = ({ argChoices, flags }: Option): Values => {
  if (argChoices !== undefined) return { words: argChoices };
  const name = /[<[]([\w-]+)[>\]]/.exec(flags)?.[1] ?? "";
  if (name === "dir") return "folders";
  return ["file", "source", "key"].includes(name) ? "files" : "anything";
};

/** All commands below one, and itself. */
export const allCommands = (node: CommandNode): readonly CommandNode[] => [node, ...node.commands.flatMap(allCommands)];
