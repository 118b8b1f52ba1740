import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SeqNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import type { Value } from "../vars/value.ts";
import type { Vault } from "../vault/vault.ts";
import type { Entry, Role, Surroundings, Task, Unread } from "./playbook.ts";
import { readYaml } from "./read-yaml.ts";
import type { Rendered } from "./early-render.ts";

/** Where roles are looked for besides the playbook: in folders of roles, and in those of collections. */
export interface RoleFolders {
  readonly roles: readonly string[];
  readonly collections: readonly string[];
}

/** Reads tasks of one play, numbering them and collecting what is wrong, and what roles bring besides tasks. */
export interface TaskReader {
  /** Begins the id of each task. */
  readonly ids: string;
  nextTask: number;
  readonly diagnostics: Diagnostic[];
  /** Renders what must be known before any host is asked. */
  readonly render: (value: Value) => Rendered;
  /** The file that is being read, and those that bring it: the playbook first. */
  readonly files: string[];
  readonly roleFolders: RoleFolders;
  /** Opens what is vaulted. */
  readonly vault: Vault | undefined;
  /** Handlers of the roles that were read. */
  readonly handlers: Task[];
  /** Roles whose variables the whole play sees. */
  readonly publicRoles: Role[];
  /** What tasks that cannot be read would have brought. */
  readonly unread: Unread<Set<string>>;
  /** Reads a list of tasks and blocks. What cannot be read is reported and left out. */
  readonly readList: (reader: TaskReader, list: SeqNode, around: Surroundings) => Promise<Entry[]>;
}

/** The folder of the playbook that is being read. */
export const playbookFolder = (reader: TaskReader): string => dirname(reader.files[0] ?? "");

/** Reads a file with a list of tasks, or of handlers; `from` is where it is named. */
export const readTaskFile = async (
  reader: TaskReader,
  path: string,
  from: Span,
  around: Surroundings,
): Promise<Entry[]> => {
  const { diagnostics, files } = reader;
  const root = readYaml(path, diagnostics, reader.vault, from);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) return [];
  if (root.kind !== "seq") {
    const message = "a file of tasks is a list of tasks";
    diagnostics.push({ code: "V03", severity: "error", message, span: root.span });
    return [];
  }
  files.push(path);
  const entries = await reader.readList(reader, root, around);
  files.pop();
  return entries;
};

/** Says so where a file of the stack is about to be read within itself; true where it is. */
export const reportRound = (
  reader: { readonly files: readonly string[]; readonly diagnostics: Diagnostic[] },
  path: string,
  span: Span,
  what: string,
): boolean => {
  const { files, diagnostics } = reader;
  if (!files.includes(path)) return false;
  const hops = [...files.slice(files.indexOf(path)), path].map((file) => basename(file)).join(" → ");
  diagnostics.push({ code: "V32", severity: "error", message: `${what} itself: ${hops}`, span });
  return true;
};

/**
 * A file of tasks: beside the file that names it, in the `tasks` of its role and of the roles around that, beside the
 * playbook, and in `tasks` there; what is nowhere is told of the first place. Ansible has an include (not an import) of a
 * role look into the role's `tasks` first.
 */
export const findTaskFile = (reader: TaskReader, name: string, { role }: Surroundings, isInclude = false): string => {
  const roles = role === undefined ? [] : [role, ...role.parents.toReversed()];
  const folders = [
    ...(isInclude && role !== undefined ? [resolve(role.path, "tasks")] : []),
    dirname(reader.files.at(-1) ?? ""),
    // Named from the role's folder it is `tasks/more.yml`.
    ...roles.flatMap(({ path }) => [resolve(path, "tasks"), path]),
    playbookFolder(reader),
  ];
  const candidates = folders.flatMap((folder) => [resolve(folder, name), resolve(folder, "tasks", name)]);
  return candidates.find((path) => existsSync(path)) ?? candidates[0] ?? name;
};
