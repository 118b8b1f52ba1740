import { allCommands, type CommandNode, type OptionNode, type Values } from "./command-tree.ts";

/** The completion of zsh, for a file _latchkey in a folder of $fpath, or to be sourced after compinit. */
export const zshCompletion = (program: CommandNode): string => {
  const functions = allCommands(program).map((node) => (node.commands.length === 0 ? leaf(node) : branch(node)));
  return `#compdef latchkey
# Completion of latchkey for zsh: source <(latchkey completion zsh)
${functions.join("")}compdef _latchkey latchkey
# As a file of $fpath it is run to complete.
if [ "$funcstack[1]" = "_latchkey" ]; then
    _latchkey "$@"
fi
`;
};

const functionOf = (path: string): string => `_${path.replaceAll(" ", "_")}`;

const leaf = (node: CommandNode): string => `${functionOf(node.path)}() {
    _arguments -s ${[...node.options.flatMap(specs), ...argument(node.values)].join(" \\\n        ")}
}
`;

const branch = (node: CommandNode): string => `${functionOf(node.path)}() {
    local context state state_descr line
    typeset -A opt_args
    _arguments -C ${[...node.options.flatMap(specs), "'1: :->command'", "'*:: :->rest'"].join(" \\\n        ")}
    case $state in
        command)
            local -a commands
            commands=(${node.commands.map(({ name, description }) => `\n                ${quoted(`${name}:${description}`)}`).join("")}
            )
            _describe command commands
            ;;
        rest)
            case $words[1] in
${node.commands.map(({ name, path }) => `                ${name}) ${functionOf(path)} ;;\n`).join("")}            esac
            ;;
    esac
}
`;

/** Each flag by itself, since some may be given several times. */
const specs = ({ flags, description, values }: OptionNode): readonly string[] =>
  flags.map((flag) => {
    const about = description.replaceAll(/[[\]\\:]/g, (char) => `\\${char}`);
    return quoted(`*${flag}[${about}]${values === undefined ? "" : `:value:${action(values)}`}`);
  });

const argument = (values: Values): readonly string[] =>
  typeof values === "object" && values.words.length === 0 ? [] : [quoted(`*:argument:${action(values)}`)];

const action = (values: Values): string => {
  if (values === "anything") return " ";
  if (values === "files") return "_files";
  if (values === "folders") return "_files -/";
  return `(${values.words.join(" ")})`;
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
