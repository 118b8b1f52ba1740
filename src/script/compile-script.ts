import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { selectHosts } from "../inventory/select.ts";
import { findModule } from "../modules/registry.ts";
import type { HostModule, Module, ModuleContext } from "../modules/module.ts";
import type { Plan, PlannedPlaybook } from "../plan/plan.ts";
import type { Block, Entry, Play, Task } from "../playbook/playbook.ts";
import { HostState } from "../run/host-state.ts";
import { knownSecrets } from "../run/known-secrets.ts";
import { renderTemplate } from "../run/render-template.ts";
import type { RunIo } from "../run/run-services.ts";
import { searchFolders } from "../playbook/search-folders.ts";
import { namesOfHandler } from "../playbook/tasks-of.ts";
import { metaAction } from "../run/ties.ts";
import { Variables } from "../run/variables.ts";
import type { ShellFunction } from "../shell/program.ts";
import { quote } from "../shell/quote.ts";
import { err } from "../util/result.ts";
import { Fault } from "../vars/evaluate/fault.ts";
import { Omit } from "../vars/omit.ts";
import { type LookupEnvironment, render, type TemplateContext } from "../vars/template.ts";
import type { Plain } from "../vars/value.ts";
import { type CompiledTask, compileTask, rootOf } from "./compile-task.ts";
import { ScriptExpressions } from "./expression.ts";
import { HostValue, isPlain, Slots, type Symbolic, usualSample } from "./host-value.ts";
import { compileProgram } from "./program.ts";
import {
  factRoot,
  factsRoot,
  getentRoot,
  grantRoot,
  grantVariable,
  scriptFacts,
  wantedKeys,
  wantsFunction,
} from "./results.ts";
import type { HostRoot, ScriptScope } from "./scope.ts";

/** The grant that a script makes. */
export interface ScriptGrant {
  readonly id: string;
  readonly ticket: string;
  readonly owner?: string;
  readonly reason?: string;
  /** How many seconds it lasts from the moment when the script runs, or when it ends, in seconds since 1970. */
  readonly lasts: { readonly seconds: number } | { readonly until: number };
  readonly confirmSeconds: number;
  readonly longestSeconds: number;
}

export interface ScriptInput {
  readonly plan: Plan;
  readonly grant: ScriptGrant;
  /** The host of the inventory whose variables the script has. */
  readonly host: string;
  readonly io: Pick<RunIo, "readFile" | "readFolder">;
  readonly lookups: (folders: readonly string[]) => LookupEnvironment;
}

/** A step of a script for people. */
export interface ScriptStep {
  readonly names: readonly [english: string, korean: string];
  readonly conditions: readonly string[];
}

/** What a script does, as functions of a shell, and what is known of it. */
export interface CompiledScript {
  /** The functions of the modules, as the steps need them. */
  readonly functions: readonly ShellFunction[];
  /** Defines cu_begin, cu_confirm and cu_steps. */
  readonly text: string;
  /** What takes a grant back: defines cu_undo. */
  readonly end: { readonly functions: readonly ShellFunction[]; readonly text: string };
  readonly steps: readonly ScriptStep[];
  /** A variable of the first play, rendered; undefined where there is none or only the host knows it. */
  readonly variable: (name: string) => Plain | undefined;
}

/** Compiles the plays of a plan for one host that nobody connects to; the diagnostics say what cannot be in a script. */
export const compileScript = async (
  input: ScriptInput,
): Promise<{ readonly script: CompiledScript; readonly diagnostics: readonly Diagnostic[] }> => {
  const compiler = new ScriptCompiler(input);
  const script = await compiler.compile();
  return { script, diagnostics: compiler.diagnostics };
};

/** What the tasks of a play share. */
interface PlayFlow {
  readonly planned: PlannedPlaybook;
  readonly play: Play;
  /** The variables that call the handlers of a name. */
  readonly called: (name: string) => readonly string[];
  /** Compiles the handlers as they are to run now; the function's name. */
  readonly flush: () => Promise<string | undefined>;
  /** Roles that run once and have done so, by their keys. */
  readonly rolesRun: Set<string>;
}

class ScriptCompiler {
  readonly diagnostics: Diagnostic[] = [];
  readonly #input: ScriptInput;
  readonly #slots = new Slots();
  readonly #state: HostState;
  readonly #variables: Variables;
  readonly #roots = new Map<string, HostRoot>();
  readonly #values = new Map<string, Symbolic>();
  readonly #getentKeys = new Map<string, string[]>();
  readonly #functions = new Set<ShellFunction>();
  readonly #tasks: CompiledTask[] = [];
  /** Functions of lists of tasks, blocks and handlers. */
  readonly #lists: string[] = [];

  constructor(input: ScriptInput) {
    const { plan, host, grant } = input;
    this.#input = input;
    this.#state = new HostState(host);
    const states = new Map([[host, this.#state]]);
    const lookups: ScriptInput["lookups"] = (folders) => withoutSecrets(input.lookups(folders));
    this.#variables = new Variables(plan.inventory, plan.extraVars, plan.options, states, lookups, () =>
      err("a script reads no files"),
    );
    const known = { id: grant.id, ticket: grant.ticket, owner: grant.owner ?? "", reason: grant.reason ?? "" };
    this.#roots.set(grantVariable, grantRoot(known, this.#slots));
    this.#roots.set("ansible_facts", factsRoot(this.#slots));
    for (const name of scriptFacts) this.#roots.set(`ansible_${name}`, factsRoot(this.#slots, name));
  }

  async compile(): Promise<CompiledScript> {
    const begin = await this.#begin();
    const plays: string[] = [];
    let first: TemplateContext | undefined;
    for (const planned of this.#input.plan.playbooks) {
      for (const play of planned.playbook.plays) {
        first ??= this.#context(planned, play, undefined);
        plays.push(...(await this.#play(planned, play)));
      }
    }
    const end = await this.#end();
    const confirm = await this.#confirm();
    const facts = this.#slots.below("ansible_facts");
    const text = [
      begin(),
      confirm,
      factsText(facts),
      this.#slotNames(),
      ...this.#tasks.map((task) => task.text()),
      ...this.#lists,
      `cu_steps() {\n${facts.length === 0 ? "" : "cu_facts\n"}${plays.map((name) => `${name} || return\n`).join("")}}\n`,
    ].join("");
    if ([...knownSecrets(this.#input.plan)].some((secret) => secret.length > 2 && text.includes(secret))) {
      const message =
        "the script would hold a password of the inventory or of the command line, and everybody can read it";
      this.diagnostics.push({ code: "V58", severity: "error", message });
    }
    return {
      functions: [...this.#functions],
      text,
      end,
      steps: this.#tasks.filter(({ acts }) => acts).map(({ names, conditions }) => ({ names, conditions })),
      variable: (name) => variableIn(first, name),
    };
  }

  // The grant's own steps

  async #begin(): Promise<() => string> {
    const { id, ticket, owner, reason, lasts, confirmSeconds, longestSeconds } = this.#input.grant;
    const end = "until" in lasts ? String(lasts.until) : "$cu_ends_at";
    const expires = new HostValue([{ code: end, slots: [], type: "number", sample: String }]);
    const args = {
      id,
      ticket,
      ...(owner === undefined ? {} : { owner }),
      ...(reason === undefined ? {} : { reason }),
      expires,
      longest: longestSeconds,
      confirm: confirmSeconds,
    };
    const module = await hostModule("latchkey.access.grant_begin");
    // The undo program consists of what the script has at hand.
    const params: HostModule = {
      ...module,
      params: (given, context) => {
        const made = module.params(given, context);
        return made.ok ? { ok: true, value: { ...made.value, undo: undefined } } : made;
      },
    };
    const program = this.#program(params, args);
    const seconds = "seconds" in lasts ? `cu_ends_at=$(($(date +%s) + ${lasts.seconds}))\n` : "";
    return () => {
      return [
        `cu_program_begin() {\np_undo() { cu_undo_program; }\n${program}}\n`,
        wantsFunction("cu_wants_begin", wantedKeys(this.#slots.below(grantVariable))),
        "cu_begin() {\n",
        `cu_task ${quote("Begin, with an end that this host keeps by itself")} ${quote("접속 허용 시작 (기한이 되면 이 호스트가 스스로 닫습니다)")}\n`,
        seconds,
        "cu_module cu_program_begin cu_wants_begin\n",
        '[ "$cu_outcome" != changed ] || cu_new=1\n',
        "cu_ended\ncu_finish ''\n}\n",
      ].join("");
    };
  }

  async #confirm(): Promise<string> {
    const { id } = this.#input.grant;
    const program = this.#program(await hostModule("latchkey.access.grant_confirm"), { id });
    return [
      `cu_program_confirm() {\n${program}}\n`,
      "cu_confirm() {\n",
      `cu_task ${quote("Keep what was done until the end")} ${quote("기한까지 유지하도록 확정")}\n`,
      "cu_module cu_program_confirm cu_nothing\ncu_ended\ncu_finish ''\n}\n",
    ].join("");
  }

  async #end(): Promise<CompiledScript["end"]> {
    const one = new HostValue([{ code: "$cu_one", slots: [], type: "text", sample: usualSample }]);
    const module = await hostModule("latchkey.access.grant_undo");
    const text = [
      `cu_program_undo() {\n${this.#program(module, { id: one })}}\n`,
      "cu_undo() {\n",
      `cu_task ${quote("Take back what was done for grant")}\\ "$cu_one" ${quote("되돌리기: ")}"$cu_one"\n`,
      "cu_module cu_program_undo cu_nothing\ncu_ended\ncu_finish ''\n}\n",
    ].join("");
    return { functions: module.functions, text };
  }

  #program(module: HostModule, args: Readonly<Record<string, Symbolic>>): string {
    const compiled = compileProgram({
      module,
      action: module.name,
      args,
      context: noFiles,
      environment: {},
      grant: undefined,
    });
    if (!compiled.ok) throw new Error(`Internal error: ${module.name} cannot be compiled: ${compiled.error}`);
    for (const fn of compiled.value.functions) this.#functions.add(fn);
    return compiled.value.text;
  }

  // Plays

  /** The functions of a play, in their order. */
  async #play(planned: PlannedPlaybook, play: Play): Promise<readonly string[]> {
    const { host, plan } = this.#input;
    for (const { name, span } of play.varsPrompt) {
      if (Object.hasOwn(plan.extraVars, name)) continue;
      const message = `"${name}" is asked for when the play begins, and a script asks nobody`;
      this.diagnostics.push({ code: "V58", severity: "error", message, span, hint: `give it with -e ${name}=…` });
    }
    if (play.lateVarsFiles.length > 0) {
      const message = "a file of vars_files is named by variables that only the host has";
      const hint = "name the file in a way that is known before, or give the variable with -e";
      this.diagnostics.push({ code: "V58", severity: "error", message, span: play.span, hint });
      return [];
    }
    const context = this.#context(planned, play, undefined);
    const hosts = play.keywords.hosts === undefined ? undefined : render(play.keywords.hosts, context);
    const patterns = hosts?.ok === true && !(hosts.value instanceof Omit) ? [hosts.value].flat().map(String) : [];
    if (!selectHosts(patterns, plan.inventory).hosts.includes(host)) return [];
    const notes = new Map<string, string[]>();
    const handlers = play.handlers.map((task) => {
      const note = `cu_note_${task.id.replaceAll(/\W/g, "_")}`;
      for (const name of [...task.listen, ...namesOfHandler(task)]) {
        notes.set(name, [...(notes.get(name) ?? []), note]);
      }
      return { task, note };
    });
    const called = (name: string): readonly string[] => notes.get(name) ?? [];
    const sections: string[] = [];
    const rolesRun = new Set<string>();
    const flush = async (): Promise<string | undefined> => {
      const lines: string[] = [];
      for (const { task, note } of handlers) {
        const step = await this.#task({ planned, play, called, flush, rolesRun }, task);
        if (step !== undefined)
          lines.push(`if [ -n "\${${note}-}" ]; then ${note}='' cu_called=1; ${step} || return; fi`);
      }
      if (lines.length === 0) return undefined;
      return this.#list(`while :; do\ncu_called=\n${lines.join("\n")}\n[ -n "$cu_called" ] || break\ndone\n`);
    };
    for (const entries of [play.preTasks, [...play.roles, ...play.tasks], play.postTasks]) {
      if (entries.length === 0) continue;
      const flushed = [await this.#entries({ planned, play, called, flush, rolesRun }, entries), await flush()];
      sections.push(...flushed.filter((name) => name !== undefined));
    }
    return sections;
  }

  #list(body: string): string {
    const name = `cu_list_${this.#lists.length + 1}`;
    this.#lists.push(`${name}() {\n${body === "" ? ":\n" : body}}\n`);
    return name;
  }

  async #entries(flow: PlayFlow, entries: readonly Entry[]): Promise<string> {
    const steps: string[] = [];
    for (const entry of entries) {
      const step = entry.kind === "task" ? await this.#task(flow, entry) : await this.#block(flow, entry);
      if (step !== undefined) steps.push(`${step} || return\n`);
    }
    return this.#list(steps.join(""));
  }

  async #block(flow: PlayFlow, block: Block): Promise<string> {
    const part = (entries: readonly Entry[]): Promise<string> => this.#entries(flow, entries);
    if (block.once !== undefined) {
      if (flow.rolesRun.has(block.once)) return ":";
      flow.rolesRun.add(block.once);
    }
    const tasks = await part(block.block);
    const rescue = block.rescue.length === 0 ? undefined : await part(block.rescue);
    const always = block.always.length === 0 ? undefined : await part(block.always);
    if (rescue === undefined && always === undefined) return tasks;
    const name = `cu_list_${this.#lists.length + 1}`;
    const kept = `${name}_rc`;
    return this.#list(
      [
        `${tasks}\n${kept}=$?\n`,
        // 9 is the end that `meta` makes, which nothing rescues.
        rescue === undefined
          ? ""
          : `if [ "$${kept}" != 0 ] && [ "$${kept}" != 9 ] && cu_go; then ${rescue}; ${kept}=$?; fi\n`,
        always === undefined ? "" : `${always} || return\n`,
        `return "$${kept}"\n`,
      ].join(""),
    );
  }

  // Tasks

  #context(planned: PlannedPlaybook, play: Play, task: Task | undefined): TemplateContext {
    const { host, plan } = this.#input;
    const info = { name: "", allHosts: [host], batch: [host], active: (hosts: readonly string[]) => hosts };
    const { check, diff } = plan.options;
    return this.#variables.context(
      host,
      { planned, play, info, roles: [...play.publicRoles] },
      { task, item: {}, check, diff },
    );
  }

  /** Compiles a task; its function's name, or undefined where this host never runs it. */
  async #task({ planned, play, called, flush }: PlayFlow, task: Task): Promise<string | undefined> {
    const module = await task.module.load();
    const context = this.#context(planned, play, task);
    const scope: ScriptScope = {
      context,
      roots: new Map(this.#roots),
      values: new Map(this.#values),
      slots: this.#slots,
    };
    const number = this.#tasks.length + 1;
    try {
      const compiled = compileTask({
        task,
        module,
        number,
        scope,
        moduleContext: this.#moduleContext(planned, task, context),
        grant: this.#input.grant.id,
        notes: called,
      });
      if ("leftOut" in compiled) {
        if (task.register !== undefined) this.#state.set(task.register, { changed: false, skipped: true });
        return undefined;
      }
      this.#remember(task, module, scope, compiled.facts);
      this.#tasks.push(compiled);
      for (const fn of compiled.functions) this.#functions.add(fn);
      const action = task.module.shortName === "meta" ? metaAction(task) : "noop";
      if (action === "flush_handlers") {
        const handlers = await flush();
        if (handlers !== undefined)
          return this.#list(`cu_step_${number} || return\n[ "$cu_items" = 0 ] || ${handlers}\n`);
      }
      if (["end_host", "end_play", "end_batch"].includes(action)) {
        return this.#list(`cu_step_${number} || return\n[ "$cu_items" = 0 ] || return 9\n`);
      }
      return `cu_step_${number}`;
    } catch (error) {
      if (!(error instanceof Fault) && !(error instanceof RangeError)) throw error;
      const span = (error instanceof Fault ? error.span : undefined) ?? task.span;
      this.diagnostics.push({
        code: "V58",
        severity: "error",
        message: error.message,
        span,
        hint: "give what is missing with -e, leave the task out with tags or a condition, or grant over SSH instead",
      });
      return undefined;
    }
  }

  /** What later tasks can know of this one. */
  #remember(task: Task, module: Module, scope: ScriptScope, facts: CompiledTask["facts"]): void {
    const root = rootOf({ task, module, scope });
    if (root !== undefined) this.#roots.set(...root);
    const { shortName } = task.module;
    if (shortName === "getent") this.#rememberEntry(task, scope);
    for (const [name, value] of facts) {
      this.#roots.delete(name);
      this.#values.delete(name);
      if (isPlain(value)) this.#state.set(name, value);
      else if (value instanceof HostValue) this.#roots.set(name, factRoot(name, value));
      else this.#values.set(name, value);
    }
  }

  #rememberEntry(task: Task, scope: ScriptScope): void {
    const { database, key } = task.args;
    const rendered = new ScriptExpressions(scope, new Map()).render(key ?? null);
    if (typeof database !== "string" || typeof rendered !== "string") return;
    const keys = [...(this.#getentKeys.get(database) ?? []), rendered];
    this.#getentKeys.set(database, keys);
    this.#roots.set(`getent_${database}`, getentRoot(database, keys, this.#slots));
  }

  #moduleContext(planned: PlannedPlaybook, task: Task, context: TemplateContext): ModuleContext {
    const folders = searchFolders(task, planned.playbook.path);
    const { io } = this.#input;
    return {
      check: false,
      diff: false,
      readFile: (path, kind, decrypt) => io.readFile(folders, path, kind, decrypt),
      readFolder: (path, kind, decrypt) => io.readFolder(folders, path, kind, decrypt),
      renderTemplate: (file, options) => renderTemplate(file, options, context),
    };
  }

  /** `cu_path N` tells people what a variable is. */
  #slotNames(): string {
    const lines = this.#slots.all().map(({ number, path }) => `${number}) cu_text=${quote(path.join("."))} ;;\n`);
    return `cu_path() {\ncase $1 in\n${lines.join("")}*) cu_text=$1 ;;\nesac\n}\n`;
  }
}

/** What a lookup may read for a script that everybody can read. */
const withoutSecrets = (lookups: LookupEnvironment): LookupEnvironment => {
  const refuse = (what: string): never => {
    throw new Fault(`${what} may be a secret of the controller's, and a script carries none`);
  };
  return {
    ...lookups,
    env: new Proxy<Record<string, string>>({}, { get: (_, name) => refuse(`the environment's ${String(name)}`) }),
    openVault: () => refuse("what is vaulted"),
    runPipe: () => refuse("what a command prints"),
    fetchUrl: () => refuse("what a web server gives"),
  };
};

const noFiles: ModuleContext = {
  check: false,
  diff: false,
  readFile: () => ({ ok: false, error: "no files" }),
  renderTemplate: () => ({ ok: false, error: "no templates" }),
};

const hostModule = async (name: string): Promise<HostModule> => {
  const module = await findModule(name)?.load();
  if (module?.runs !== "host") throw new Error(`Internal error: there is no module ${name}`);
  return module;
};

const variableIn = (context: TemplateContext | undefined, name: string): Plain | undefined => {
  const value = context?.variable(name);
  const rendered = value === undefined || context === undefined ? undefined : render(value, context);
  return rendered?.ok === true && !(rendered.value instanceof Omit) ? rendered.value : undefined;
};

/** Fills the facts that something uses. */
const factsText = (slots: ReturnType<Slots["below"]>): string => {
  if (slots.length === 0) return "";
  const lines = slots.map(({ number, path }) => `h_${number}=$cu_fact_${String(path[1])} h_${number}_t=s\n`);
  return `cu_facts() {\ncu_find_facts\n${lines.join("")}}\n`;
};
