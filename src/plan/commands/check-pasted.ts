import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { isImplicitHost } from "../../inventory/select.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { childrenOf, type Expr } from "../../vars/syntax/expression.ts";
import { parsedTemplate } from "../../vars/syntax/parsed.ts";
import type { Statement } from "../../vars/syntax/statement.ts";
import { Template, type Value, type ValueMap } from "../../vars/value.ts";
import { playsOf } from "../checks/grant-of-play.ts";
import type { CheckInput } from "../checks/known-values.ts";
import { variablesOfTask } from "../variables-of-task.ts";
import { readCommands, unquoted } from "./read-commands.ts";
import type { ShellText } from "./shell-texts.ts";

/**
 * Texts of a host that become part of a shell's text without `quote`: what a command printed, what a file holds, those facts
 * that anybody on the host could have written. Numbers, names of systems and the author's own variables are left alone.
 */
export const checkPasted = (input: CheckInput, texts: readonly ShellText[]): readonly Diagnostic[] => {
  const registered = new Set(
    playsOf(input)
      .flatMap(tasksOfPlay)
      .filter(isSpeaking)
      .map(({ register }) => register),
  );
  return texts.flatMap((text) => {
    const { template, covered } = text;
    if (template === undefined || covered === undefined || text.shell === "none") return [];
    const parsed = parsedTemplate(template);
    // Within a here-document quotes are none.
    if (!parsed.ok || text.source.includes("<<")) return [];
    const scope = new Scope(text.play, text.task, registered);
    return outputsOf(parsed.value)
      .filter(({ value }) => scope.isFromHost(value))
      .flatMap(({ at }) => {
        const output = covered.outputs.find(({ start }) => start === at);
        return output === undefined ? [] : [pasted(text, output)];
      });
  });
};

const pasted = ({ source, placeOf }: ShellText, { start, end }: { start: number; end: number }): Diagnostic => {
  const inner = source
    .slice(start, end)
    .replaceAll(/^\{\{-?|-?\}\}$/g, "")
    .trim();
  const isQuoted = /["']$/.test(source.slice(0, start)) && source.charAt(start - 1) === source.charAt(end);
  const message = `what "${inner}" holds comes from a host, and the shell would run what it finds in it`;
  const hint = `write {{ ${inner} | quote }}${isQuoted ? ", without quotes around it" : ""}`;
  return { code: "V61", severity: "warning", message, span: placeOf(start, end), hint };
};

const outputsOf = (statements: readonly Statement[]): readonly (Statement & { readonly kind: "output" })[] =>
  statements.filter((statement) => statement.kind === "output");

/** Commands that print nothing but a number or a plain name. */
const plainPrinters = new Set("arch date getconf hostname id mktemp nproc pgrep pidof uname wc whoami".split(" "));

/** Whether anybody could have made what a task registers. */
const isSpeaking = ({ register, module, args, inherited }: Task): boolean => {
  if (register === undefined || inherited.connection === "local") return false;
  // This machine is not a stranger.
  if (typeof inherited.delegate_to === "string" && isImplicitHost(inherited.delegate_to)) return false;
  const { cmd } = args;
  if (!/^(?:shell|command|raw)$/.test(module.shortName) || typeof cmd !== "string") return true;
  const read = readCommands(cmd);
  const last = read.ok ? read.commands.at(-1)?.words[0] : undefined;
  return last === undefined || !plainPrinters.has(unquoted(last.text));
};

/** The keys of a result that hold texts of the host. */
const speakingKeys = new Set(["stdout", "stdout_lines", "stderr", "stderr_lines", "content"]);

/** Facts that whoever has an account on the host, or the maker of its firmware, has written. */
const speakingFacts =
  /^(?:ansible_)?(?:bios_\w+|chassis_\w+|cmdline|env|local|mounts|proc_cmdline|product_\w+|system_vendor|user_dir|user_gecos)$/;

/** Filters whose result a shell takes for one word, or that the author restricts it with. */
const cleanFilters = new Set(
  `b64encode bool checksum count float hash int length md5 quote regex_findall regex_replace regex_search round sha1 ternary
   to_uuid urlencode`.split(/\s+/),
);

class Scope {
  readonly #registered: ReadonlySet<string | undefined>;
  readonly #vars: ValueMap;
  readonly #loop: { readonly name: string; readonly terms: Value } | undefined;
  readonly #asked = new Set<string>();

  constructor(play: Play, task: Task, registered: ReadonlySet<string | undefined>) {
    this.#registered = registered;
    this.#vars = Object.assign({}, ...variablesOfTask(play, task)) as ValueMap;
    const control = task.own.loop_control;
    const name = typeof control === "object" && control !== null ? (control as ValueMap)["loop_var"] : undefined;
    this.#loop = task.loop && { name: typeof name === "string" ? name : "item", terms: task.loop.terms };
  }

  /** Whether the value of an expression has texts of a host in it. */
  isFromHost(expr: Expr): boolean {
    switch (expr.kind) {
      case "literal":
      case "test":
      case "compare":
      case "unary":
        return false;
      case "name":
        return speakingFacts.test(expr.name) ? expr.name.startsWith("ansible_") : this.#isVariableFromHost(expr.name);
      case "member":
      case "item":
        return this.#isMemberFromHost(expr);
      case "filter":
        return this.#isFilteredFromHost(expr);
      case "call":
        // A lookup is the controller's; a method's result is as good as what it is called on.
        return expr.callee.kind === "member" && this.isFromHost(expr.callee.object);
      case "arithmetic":
        return (
          (expr.operator === "+" || expr.operator === "%") && childrenOf(expr).some((part) => this.isFromHost(part))
        );
      case "conditional":
        return [expr.then, expr.otherwise].some((part) => part !== undefined && this.isFromHost(part));
      case "slice":
        return this.isFromHost(expr.object);
      case "list":
      case "tuple":
      case "dict":
      case "concat":
      case "embedded":
      case "logic":
        return childrenOf(expr).some((part) => this.isFromHost(part));
    }
  }

  #isFilteredFromHost(expr: Expr & { readonly kind: "filter" }): boolean {
    if (cleanFilters.has(expr.name)) return false;
    const [first] = expr.args;
    const mapped = first?.value.kind === "literal" ? first.value.value : undefined;
    if (expr.name === "map" && typeof mapped === "string" && cleanFilters.has(mapped)) return false;
    return this.isFromHost(expr.input);
  }

  #isMemberFromHost(expr: Expr & { readonly kind: "member" | "item" }): boolean {
    const { root, keys } = pathOf(expr);
    if (root?.kind !== "name") return root !== undefined && this.isFromHost(root);
    if (root.name === "hostvars")
      return isResultFromHost(keys, this.#registered) || keys.some((key) => speakingFacts.test(key));
    if (root.name === "ansible_facts") return speakingFacts.test(keys[0] ?? "");
    const isResult = this.#registered.has(root.name) || (root.name === this.#loop?.name && this.#isLoopOverResults());
    if (isResult) return keys.some((key) => speakingKeys.has(key));
    return this.isFromHost(root);
  }

  #isLoopOverResults(): boolean {
    const { terms } = this.#loop ?? {};
    return (
      terms instanceof Template &&
      expressionsOf(terms).some((expr) => {
        const { root, keys } = pathOf(expr);
        return root?.kind === "name" && this.#registered.has(root.name) && keys[0] === "results";
      })
    );
  }

  #isVariableFromHost(name: string): boolean {
    if (this.#asked.has(name)) return false;
    this.#asked.add(name);
    const value = name === this.#loop?.name ? this.#loop.terms : this.#vars[name];
    const found = value instanceof Template && expressionsOf(value).some((expr) => this.isFromHost(expr));
    this.#asked.delete(name);
    return found;
  }
}

const isResultFromHost = (keys: readonly string[], registered: ReadonlySet<string | undefined>): boolean =>
  keys.some((key, index) => registered.has(key) && keys.slice(index + 1).some((inner) => speakingKeys.has(inner)));

const expressionsOf = (template: Template): readonly Expr[] => {
  const parsed = parsedTemplate(template);
  return parsed.ok ? outputsOf(parsed.value).map(({ value }) => value) : [];
};

/** What a chain of keys begins with, and its keys as far as they are written out. */
const pathOf = (expr: Expr): { readonly root: Expr | undefined; readonly keys: readonly string[] } => {
  const keys: string[] = [];
  let at = expr;
  while (at.kind === "member" || at.kind === "item") {
    const key = at.kind === "member" ? at.name : at.index.kind === "literal" ? at.index.value : "";
    keys.unshift(String(key));
    at = at.object;
  }
  return { root: at, keys };
};
