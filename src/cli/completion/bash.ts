import { allCommands, type CommandNode, type Values } from "./command-tree.ts";

/** The completion of bash, 3.2 and later, without the bash-completion package. */
export const bashCompletion = (program: CommandNode): string => {
  const nodes = allCommands(program);
  const deeper = nodes.slice(1).map(({ path }) => pattern(path));
  const valued = nodes.flatMap((node) =>
    node.options.flatMap(({ flags, values }) =>
      values === undefined ? [] : [{ when: flags.map((flag) => pattern(`${node.path}:${flag}`)).join("|"), values }],
    ),
  );
  return `# Completion of latchkey for bash: source <(latchkey completion bash)
_latchkey() {
    local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path=latchkey i
    # bash takes --format=json apart.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=\${COMP_WORDS[COMP_CWORD-2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$path \${COMP_WORDS[i]}" in
            ${deeper.join("|")}) path="$path \${COMP_WORDS[i]}" ;;
        esac
    done
    COMPREPLY=()
    case "$path:$prev" in
${valued.map(({ when, values }) => `        ${when}) ${reply(values)}; return ;;\n`).join("")}    esac
    case "$cur" in
        -*)
            case "$path" in
${nodes.map((node) => `                ${pattern(node.path)}) ${reply({ words: node.options.flatMap(({ flags }) => flags) })} ;;\n`).join("")}            esac
            return
            ;;
    esac
    case "$path" in
${nodes.map((node) => `        ${pattern(node.path)}) ${node.commands.length > 0 ? reply({ words: node.commands.map(({ name }) => name) }) : reply(node.values)} ;;\n`).join("")}    esac
}
complete -o bashdefault -F _latchkey latchkey
`;
};

/** A word of a `case`: quoted, it is no pattern. */
const pattern = (text: string): string => `"${text}"`;

const reply = (values: Values): string => {
  // What is found are lines, since names of files have blanks.
  const found = (how: string): string =>
    `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen ${how} -- "$cur"))`;
  if (values === "anything") return ":";
  if (values === "files") return found("-f");
  if (values === "folders") return found("-d");
  return `COMPREPLY=($(compgen -W "${values.words.join(" ")}" -- "$cur"))`;
};
