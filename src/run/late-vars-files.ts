import { dirname, resolve } from "node:path";
import type { VarsFromFile } from "../modules/module.ts";
import type { Play } from "../playbook/playbook.ts";
import type { Result } from "../util/result.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import type { ValueMap } from "../vars/value.ts";
import type { RunIo } from "./run-services.ts";

/** What the files of `vars_files` that a host's variables name set for it, the strongest first. */
interface LateVars {
  readonly values: readonly ValueMap[];
  /** Why a file cannot be had; one whose name is not known before facts are gathered is no problem. */
  readonly problem: string | undefined;
}

/** Reads files of `vars_files` whose names only a host's variables tell; each file once. */
export class LateVarsFiles {
  readonly #readVars: RunIo["readVars"];
  readonly #read = new Map<string, Result<VarsFromFile, string>>();

  constructor(readVars: RunIo["readVars"]) {
    this.#readVars = readVars;
  }

  /** The variables for the host of a context, which holds none of these files itself. */
  of(play: Play, context: TemplateContext, hasFacts: boolean): LateVars {
    const values: ValueMap[] = [];
    let problem: string | undefined;
    for (const choices of play.lateVarsFiles) {
      const found = this.#first(choices, play, context, hasFacts);
      if (found === undefined) continue;
      if (found.ok) values.unshift(found.value.vars);
      else problem ??= found.error;
    }
    return { values, problem };
  }

  #first(
    choices: Play["lateVarsFiles"][number],
    play: Play,
    context: TemplateContext,
    hasFacts: boolean,
  ): Result<VarsFromFile, string> | undefined {
    const folder = dirname(play.span.file.path);
    const missing: string[] = [];
    for (const choice of choices) {
      const name = render(choice, context);
      if (!name.ok || typeof name.value !== "string") {
        if (!hasFacts) return undefined;
        return { ok: false, error: `a name of vars_files: ${name.ok ? "it must be a text" : name.error.message}` };
      }
      const path = resolve(folder, name.value);
      if (context.lookups.fileKind(path) !== undefined) return this.#once(path);
      missing.push(path);
    }
    return { ok: false, error: `vars file ${missing.join(", ")} was not found` };
  }

  #once(path: string): Result<VarsFromFile, string> {
    const known = this.#read.get(path) ?? this.#readVars([], path);
    this.#read.set(path, known);
    return known;
  }
}
