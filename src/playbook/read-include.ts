import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ModuleEntry } from "../modules/registry.ts";
import { entryOf } from "../source/node.ts";
import { err, ok, type Result } from "../util/result.ts";
import { text } from "../vars/python/text.ts";
import type { PlainMap } from "../vars/value.ts";
import { checkLevel } from "./check-level.ts";
import type { Include, Included, Surroundings, Task, VarsFile } from "./playbook.ts";
import { readRole, roleUseOf } from "./read-role.ts";
import { surroundingsWithin } from "./surroundings.ts";
import { findTaskFile, readTaskFile, type TaskReader } from "./task-reader.ts";

/** Whether a module brings in tasks when it is reached. */
export const isInclude = ({ shortName }: ModuleEntry): boolean =>
  shortName === "include_tasks" || shortName === "include_role";

/** A file that includes itself is meant to stop at some condition; where it does not, this is the end. */
const mostFiles = 100;

/** What an include brings: read now where that can be told, and when a host reaches it in any case. */
export const readInclude = async (reader: TaskReader, task: Task, around: Surroundings): Promise<Include> => {
  const source = new IncludeSource(reader, task, around);
  const rendered = reader.render(task.args);
  const read = (args: PlainMap): Promise<Result<Included, string>> => source.read(args);
  if ("error" in rendered) return { known: undefined, read };
  return { known: await source.readEarly(rendered.value as PlainMap, reader.diagnostics), read };
};

/** Reads what one statement brings for one argument or another. */
class IncludeSource {
  readonly #reader: TaskReader;
  readonly #task: Task;
  readonly #within: Surroundings;
  /** Variables of the statement, which a public role hands on with its own. */
  readonly #ownVars: readonly VarsFile[];
  readonly #read = new Map<
    string,
    Promise<{ readonly included: Included | undefined; readonly problems: Diagnostic[] }>
  >();

  constructor(reader: TaskReader, task: Task, around: Surroundings) {
    this.#task = task;
    const apply = entryOf(task.argsNode, "apply")?.value;
    if (apply?.kind === "map") reader.diagnostics.push(...checkLevel("import", apply));
    const within = apply?.kind === "map" ? surroundingsWithin(around, apply) : around;
    const own = task.vars.slice(around.vars.length);
    this.#within = { ...within, includeVars: [...around.includeVars, ...own] };
    this.#ownVars = own.map((values) => ({ path: task.span.file.path, values, entries: [] }));
    // Its stack is this place's for good: the reader itself goes on.
    this.#reader = { ...reader, files: [...reader.files], publicRoles: [] };
  }

  async readEarly(args: PlainMap, diagnostics: Diagnostic[]): Promise<Included | undefined> {
    // What includes itself ends by a condition of the hosts.
    if (this.#task.module.shortName === "include_tasks" && this.#reader.files.includes(this.#file(args)))
      return undefined;
    const { included, problems } = await this.#once(args);
    diagnostics.push(...problems);
    return included;
  }

  async read(args: PlainMap): Promise<Result<Included, string>> {
    const { included, problems } = await this.#once(args);
    const [problem] = problems.filter(({ severity }) => severity === "error");
    if (included !== undefined && problem === undefined) return ok(included);
    if (problem === undefined) return err("it cannot be read");
    const at = problem.span?.file.position(problem.span.start);
    const place = at === undefined ? "" : `${problem.span?.file.path}:${at.line}:${at.column}: `;
    return err(`${place}${problem.message}`);
  }

  #once(args: PlainMap): Promise<{ readonly included: Included | undefined; readonly problems: Diagnostic[] }> {
    const { apply: _, ...others } = args;
    const key = JSON.stringify(Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#read.get(key) ?? this.#bring(args, this.#read.size);
    this.#read.set(key, known);
    return known;
  }

  #file(args: PlainMap): string {
    return findTaskFile(this.#reader, text(args["file"] ?? ""), this.#within, true);
  }

  async #bring(
    args: PlainMap,
    number: number,
  ): Promise<{ readonly included: Included | undefined; readonly problems: Diagnostic[] }> {
    const task = this.#task;
    const problems: Diagnostic[] = [];
    const ids = `${task.id}/${number}`;
    const { files } = this.#reader;
    const reader: TaskReader = {
      ...this.#reader,
      ids,
      nextTask: 1,
      diagnostics: problems,
      files: [...files],
      handlers: [],
    };
    const span = (entryOf(task.argsNode, "name") ?? entryOf(task.argsNode, "file"))?.value.span ?? task.argsNode.span;
    if (files.length > mostFiles) {
      const message = `it is included within itself, more than ${mostFiles} times`;
      return { included: undefined, problems: [{ code: "V32", severity: "error", message, span }] };
    }
    const isPublic = args["public"] === true;
    if (task.module.shortName === "include_tasks") {
      const path = this.#file(args);
      const entries = await readTaskFile(reader, path, span, this.#within);
      const handlers = reader.handlers;
      return { included: { path, entries, handlers, role: undefined, isPublic, number }, problems };
    }
    const use = roleUseOf(args, span, this.#within);
    const read = await readRole(reader, isPublic ? { ...use, vars: this.#ownVars } : use);
    if (read === undefined) return { included: undefined, problems };
    const { role, entries } = read;
    const handlers = [...reader.handlers, ...read.handlers];
    return { included: { path: role.path, entries, handlers, role, isPublic, number }, problems };
  }
}
