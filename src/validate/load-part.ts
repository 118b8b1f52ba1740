import { dirname } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { loadPlay, type LoadOptions } from "../playbook/load.ts";
import type { Play, Playbook } from "../playbook/playbook.ts";
import { readYaml } from "../playbook/read-yaml.ts";
import { outermost } from "../playbook/surroundings.ts";
import type { Node, ScalarNode } from "../source/node.ts";
import { SourceFile, type Span } from "../source/source-file.ts";

/** What a playbook is made of, each a file of its own; a role is the folder of that name. */
export type Part = "tasks" | "handlers" | "variables" | "meta" | "role";

/** What such a file must be. */
const forms: Readonly<Record<Exclude<Part, "role">, { readonly kind: Node["kind"]; readonly message: string }>> = {
  tasks: { kind: "seq", message: "a file of tasks is a list of tasks" },
  handlers: { kind: "seq", message: "a file of handlers is a list of tasks" },
  variables: { kind: "map", message: "a file of variables is a mapping of names to values" },
  meta: { kind: "map", message: "a role's meta is a mapping, with `dependencies` for instance" },
};

/** Reads a role, or a file of tasks, handlers or variables, as a playbook that has nothing else. */
export const loadPart =
  (part: Part) =>
  async (
    path: string,
    options: LoadOptions,
  ): Promise<{ readonly playbook: Playbook; readonly diagnostics: readonly Diagnostic[] }> => {
    const diagnostics: Diagnostic[] = [];
    const nothing = { playbook: { path, root: path, plays: [] }, diagnostics };
    if (part === "role") {
      const file = new SourceFile(path, "");
      const name = scalarAt({ file, start: 0, end: 0 }, path);
      const seq: Node = { kind: "seq", items: [name], span: name.span };
      // Its dependencies lie beside it.
      const roles = [dirname(path), ...options.roleFolders.roles];
      const play = await playOf(
        "roles",
        seq,
        { ...options, roleFolders: { ...options.roleFolders, roles } },
        path,
        diagnostics,
      );
      return { playbook: { path, root: path, plays: play }, diagnostics };
    }
    const root = readYaml(path, diagnostics, options.vault);
    const { kind, message } = forms[part];
    if (root === undefined || (root.kind === "scalar" && root.value === null)) return nothing;
    if (root.kind !== kind) {
      diagnostics.push({ code: "V03", severity: "error", message, span: root.span });
      return nothing;
    }
    if (part === "meta") return nothing;
    const key = part === "variables" ? "vars" : part;
    return { playbook: { path, root: path, plays: await playOf(key, root, options, path, diagnostics) }, diagnostics };
  };

/** A play that has nothing but this. */
const playOf = async (
  key: string,
  value: Node,
  options: LoadOptions,
  path: string,
  diagnostics: Diagnostic[],
): Promise<readonly Play[]> => {
  const at: Span = { ...value.span, end: value.span.start };
  const entries = [
    { key: scalarAt(at, "hosts"), value: scalarAt(at, "all") },
    { key: scalarAt(at, key), value },
  ];
  const reader = { files: [path], around: outermost, vars: {}, options, diagnostics, plays: [] };
  const play = await loadPlay({ kind: "map", entries, span: value.span }, reader, String(options.firstPlay));
  return play === undefined ? [] : [play];
};

const scalarAt = (span: Span, value: string): ScalarNode => ({
  kind: "scalar",
  value,
  text: value,
  style: "plain",
  span,
});
