import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { loadPlay, type LoadOptions } from "../playbook/load.ts";
import type { Playbook } from "../playbook/playbook.ts";
import { readYaml } from "../playbook/read-yaml.ts";
import type { MapNode, Node, ScalarNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";

/** What a playbook is made of, each a file of its own. */
export type Part = "tasks" | "handlers" | "variables" | "meta";

/** What such a file must be. */
const forms: Readonly<Record<Part, { readonly kind: Node["kind"]; readonly message: string }>> = {
  tasks: { kind: "seq", message: "a file of tasks is a list of tasks" },
  handlers: { kind: "seq", message: "a file of handlers is a list of tasks" },
  variables: { kind: "map", message: "a file of variables is a mapping of names to values" },
  meta: { kind: "map", message: "a file about a role is a mapping" },
};

/** Reads a file of tasks, handlers or variables as a playbook that has nothing else. */
export const loadPart =
  (part: Part) =>
  async (
    path: string,
    options: LoadOptions,
  ): Promise<{ readonly playbook: Playbook; readonly diagnostics: readonly Diagnostic[] }> => {
    const diagnostics: Diagnostic[] = [];
    const root = readYaml(path, diagnostics);
    const { kind, message } = forms[part];
    const nothing = { playbook: { path, plays: [] }, diagnostics };
    if (root === undefined || (root.kind === "scalar" && root.value === null)) return nothing;
    if (root.kind !== kind) {
      diagnostics.push({ code: "V03", severity: "error", message, span: root.span });
      return nothing;
    }
    if (part === "meta") return nothing;
    const play = await loadPlay(playOf(part, root), path, String(options.firstPlay), options, diagnostics);
    return { playbook: { path, plays: play === undefined ? [] : [play] }, diagnostics };
  };

const playOf = (part: Exclude<Part, "meta">, root: Node): MapNode => {
  const at: Span = { ...root.span, end: root.span.start };
  const text = (value: string): ScalarNode => ({ kind: "scalar", value, text: value, style: "plain", span: at });
  const entries = [
    { key: text("hosts"), value: text("all") },
    { key: text(part === "variables" ? "vars" : part), value: root },
  ];
  return { kind: "map", entries, span: root.span };
};
