import type { JSONSchema } from "json-schema-to-ts";
import type { Cloud, CloudOptions } from "../cloud/cloud.ts";
import type { FieldValue, ProgramResult, ShellFunction, ShellParams } from "../shell/program.ts";
import type { Plain, PlainMap, ValueMap } from "../vars/value.ts";
import type { Failure } from "../util/failure.ts";
import type { OptionRules } from "../schema/option-schema.ts";
import type { Result } from "../util/result.ts";

/**
 * The schema of a module's arguments: an object whose properties all have a description.
 *
 * An option's `type` is Ansible's: string (str, path), boolean (bool), integer (int), number (float), array (list),
 * object (dict), none (raw); a list of types accepts each as it is. `default` is filled in before the body runs, and
 * `enum` holds the choices. What ties options together stands in the module's `rules`.
 */
export type ArgumentSchema = JSONSchema & {
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
};

/** What a module may know besides its arguments. */
export interface ModuleContext {
  readonly check: boolean;
  readonly diff: boolean;
  /**
   * Reads a file of the controller for `src:` options; `kind` is the folder searched beside the playbook. A vaulted one is
   * opened, unless `decrypt` says no.
   */
  readonly readFile: (path: string, kind: "files" | "templates", decrypt?: boolean) => Result<ControllerFile, string>;
  /**
   * Everything below a folder of the controller, sorted, links followed; undefined where the path is no folder. Found as
   * by `readFile`. Absent where there are no folders to read.
   */
  readonly readFolder?: (
    path: string,
    kind: "files",
    decrypt?: boolean,
  ) => Result<readonly FolderEntry[] | undefined, string>;
  /** What a host's files become on the controller (for `fetch`). Absent where there is no controller. */
  readonly hostFiles?: HostFiles;
  /** Renders a template file's text with the task's variables (for `template`). */
  readonly renderTemplate: (file: ControllerFile, options: PlainMap) => Result<string, string>;
}

/** Files of a host on the controller; their paths are relative to the playbook's folder. */
export interface HostFiles {
  /** The host's name in the inventory. */
  readonly host: string;
  readonly absolute: (path: string) => string;
  /** A file's content; undefined where there is none. */
  readonly read: (path: string) => Result<Uint8Array | "directory" | undefined, string>;
  /** Makes the folders that are missing; the file is whole or not there. */
  readonly write: (path: string, content: Uint8Array) => Result<void, string>;
}

/** A file of the controller. */
export interface ControllerFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/** Something below a folder of the controller: a directory, or a file with its content. */
export interface FolderEntry {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  /** Absent for a directory. */
  readonly file?: ControllerFile;
}

/** A key of a module's result: what it means, its type as in `ArgumentSchema`, and for a mapping or a list of them, its keys. */
export interface ReturnedValue {
  readonly description: string;
  readonly type: "string" | "boolean" | "integer" | "number" | "array" | "object" | "any";
  /** Absent where the keys depend on the host or the arguments. */
  readonly contains?: ReturnedValues;
  /** Not every result has it ("when failed", "with `state: file`"); absent where a successful one always has. */
  readonly returned?: string;
}

/** The keys of a module's result beside those of every one (`commonReturns`). */
export type ReturnedValues = Readonly<Record<string, ReturnedValue>>;

/** What `normalize` gives: the module's own arguments, or where those are not known, some object. */
type Normalized<Args> = [Args] extends [never] ? object : Args;

interface ModuleBase<Args, Normal> {
  /** The fully qualified name that people write, such as `ansible.builtin.user`. The short name is its last part. */
  readonly name: string;
  /** Other fully qualified names that mean the same. */
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly schema: ArgumentSchema;
  /** Names of options that mean another: `{ dest: "path" }`. */
  readonly optionAliases?: Readonly<Record<string, string>>;
  readonly rules?: OptionRules;
  /** The option that takes a free-form text (`command: id -u`). */
  readonly freeForm?: string;
  /** Options that hold bare expressions (assert's `that`, debug's `var`): they reach the module as they are written. */
  readonly expressions?: readonly string[];
  /** Whether any key is allowed beside the schema's (set_fact, add_host). */
  readonly anyOptions?: boolean;
  /** Checks what a schema cannot say, and cleans up. Pure; the error is one sentence in Ansible's words. */
  readonly normalize?: (args: Args) => Result<Normal, string>;
  /** The keys of its result, as Ansible's page of the module lists them. */
  readonly returns: ReturnedValues;
  /** Whether its result may have keys beside these, named by the task (debug's `var`). */
  readonly anyReturns?: boolean;
  /** Example tasks, as YAML. */
  readonly examples: string;
}

/** A module whose work is a POSIX shell body on the host. */
export interface HostModule<Args = never, Normal = Normalized<Args>> extends ModuleBase<Args, Normal> {
  readonly runs: "host";
  /** The libraries (besides the prelude) and the body, the body last and named `m_<short name>`. */
  readonly functions: readonly ShellFunction[];
  /** The body's variables. Pure but for reading controller files through the context. */
  readonly params: (args: Args, context: ModuleContext) => Result<ShellParams, string>;
  /**
   * For a module that needs the controller in the middle of its work (a Python regex, which no POSIX shell has): looks
   * at a program's result and gives the parameters of another program with the same functions, or undefined when the
   * result is final. What it may do besides is keep a file of the host (`hostFiles`). The run executes params → next → next … and fails the step when `next` gives an error, or when
   * eight programs did not come to an end. Only the last result counts; earlier ones are not shown.
   */
  readonly next?: (
    result: ProgramResult,
    args: Args,
    context: ModuleContext,
  ) => Result<ShellParams | undefined, string>;
  /** Turns the body's fields into the keys that Ansible returns; absent means the fields are those keys. */
  readonly result?: (result: ProgramResult, args: Args, context: ModuleContext) => Readonly<Record<string, FieldValue>>;
  /** The same for a body that failed: a command that ran has more to tell than a message. */
  readonly failure?: (result: ProgramResult, args: Args) => Readonly<Record<string, FieldValue>>;
  /**
   * What it changes could cut the controller off: the host takes it back by itself unless the token in the result's field
   * `switch` is confirmed within as many seconds as the argument `confirm` says. With `new-connection` the run does so,
   * over one that it opened after the change; where none comes, the step fails. No other body runs meanwhile.
   */
  readonly confirmBy?: "new-connection";
  /** It changes nothing that a grant would have to take back (or is of the grant itself). */
  readonly readOnly?: true;
  /** Whether a dry run runs the body (`full`), or only says what it would do without asking the host (`skips`). */
  readonly checkMode: "full" | "skips";
}

/** A module whose work is done by the controller; what it may touch is passed in by the run. */
export interface ControllerModule<Args = never, Normal = Normalized<Args>> extends ModuleBase<Args, Normal> {
  readonly runs: "controller";
  readonly run: (args: Args, context: ControllerContext) => Promise<ControllerResult> | ControllerResult;
}

/** The variables of a file of the controller, with templates still to be rendered. */
export interface VarsFromFile {
  /** Absolute. */
  readonly path: string;
  readonly vars: ValueMap;
}

/** What a controller module may do beside giving a result. */
export interface ControllerContext extends ModuleContext {
  /** Evaluates a condition of the task (assert's `that`), with the host's variables. */
  readonly evaluate: (expression: string) => Result<boolean, string>;
  /** A variable by name or expression, rendered (debug's `var`); undefined where something in it is not defined. */
  readonly lookup: (expression: string) => Result<Plain | undefined, string>;
  /** Reads what an include brings, for whom it is to run next; the error says what is wrong with it, and where. */
  readonly include: (args: object) => Promise<Result<undefined, string>>;
  readonly verbosity: number;
  readonly signal: AbortSignal;
  /** Waits, or ends at once when the signal fires. */
  readonly wait: (ms: number) => Promise<void>;
  /** Asks the person at the terminal; an error where there is none. */
  readonly prompt: (text: string, echo: boolean) => Promise<Result<string, string>>;
  /** Reads a YAML or JSON file of variables, searched as include_vars does (`vars/` beside the playbook, then beside it). */
  readonly readVars: (path: string) => Result<VarsFromFile, string>;
  /** Every file below a folder, searched in the same way, as paths relative to it; the error where there is no folder. */
  readonly listFiles: (path: string) => Result<readonly string[], string>;
  readonly addHost: (name: string, groups: readonly string[], vars: PlainMap) => boolean;
  readonly groupBy: (key: string, parents: readonly string[]) => boolean;
  /** Connects anew (wait_for_connection); the error says why not. */
  readonly tryConnection: (timeoutMs: number) => Promise<Result<void, string>>;
  /**
   * Tries once to log in to the host as somebody else, with a private key file or the first key of the agent, and with
   * nothing else. The failure says why nothing is known of that login.
   */
  readonly tryLogin: (login: LoginToTry) => Promise<Result<TriedLogin, Failure>>;
  /** The cloud that is meant; it is asked for nothing yet. In a grant, what is opened there is written into the ledger. */
  readonly cloud: (options: CloudOptions) => Promise<Result<Cloud, Failure>>;
}

/** A login, and what it has to be good for. */
export interface LoginToTry {
  readonly user: string;
  readonly keyFile: string | undefined;
  /** Whether a command is run there; a key may be for one command only, which would then be run. */
  readonly runs: boolean;
  /** What sudo is asked without a password: for nothing, for what it allows, or for everything. */
  readonly sudo: "none" | "listed" | "all";
}

/** What came of a login that was tried: it was let in, and what a command there said; or it was refused. */
export type TriedLogin =
  | { readonly is: "let-in"; readonly command?: Result<RanThere, string> }
  | { readonly is: "refused"; readonly reason: string };

/** Who a command ran as, and why sudo refused where it was asked and did. */
export interface RanThere {
  readonly name: string;
  readonly sudoProblem?: string;
}

/** Any module: what `coerceArguments` made for it can be handed back to it, and nothing else. */
export type Module = HostModule | ControllerModule;

/** The result of a controller module, in Ansible's keys. */
export interface ControllerResult {
  readonly outcome: "ok" | "changed" | "failed" | "skipped";
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Variables to set on the host: facts of set_fact, of include_vars. */
  readonly facts?: ValueMap;
}
