import { type CommandNode, type OptionNode, type Values } from "./command-tree.ts";

/** The completion of fish. */
export const fishCompletion = (program: CommandNode): string =>
  [
    "# Completion of latchkey for fish: latchkey completion fish | source",
    "complete -c latchkey -f",
    ...lines(program, []),
  ]
    .map((line) => `${line}\n`)
    .join("");

/** The lines of a command that stands behind others. */
const lines = (node: CommandNode, above: readonly string[]): readonly string[] => {
  const names = node.commands.map(({ name }) => name);
  const seen = above.map((name) => `__fish_seen_subcommand_from ${name}`);
  const here = names.length === 0 ? seen : [...seen, `not __fish_seen_subcommand_from ${names.join(" ")}`];
  const when = `complete -c latchkey -n ${quoted(here.join("; and "))}`;
  return [
    ...node.commands.map(({ name, description }) => `${when} -a ${name} -d ${quoted(description)}`),
    ...(names.length === 0 ? [`${when}${argument(node.values)}`] : []),
    ...node.options.map((option) => `${when}${flags(option)} -d ${quoted(option.description)}`),
    ...node.commands.flatMap((child) => lines(child, [...above, child.name])),
  ];
};

const flags = ({ flags: all, values }: OptionNode): string => {
  const names = all.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(" ");
  if (values === undefined) return ` ${names}`;
  return ` ${names} -r${argument(values)}`;
};

const argument = (values: Values): string => {
  if (values === "anything") return " -f";
  if (values === "files") return " -F";
  if (values === "folders") return " -x -a '(__fish_complete_directories)'";
  return values.words.length === 0 ? " -f" : ` -x -a ${quoted(values.words.join(" "))}`;
};

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (char) => `\\${char}`)}'`;
