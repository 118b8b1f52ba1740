/** What a parameter of a body may be: text, a number, a switch, a list of texts, or bytes that need not be text. */
export type ShellValue = string | number | boolean | readonly string[] | Uint8Array;

/** Values for a body, by name without the `p_` prefix. An absent key leaves its variable unset. */
export type ShellParams = Readonly<Record<string, ShellValue | undefined>>;

/**
 * A static piece of POSIX shell that a session defines once: a library of functions, or a module's body as a function.
 * It never contains a value.
 */
export interface ShellFunction {
  /** Unique in a session, such as `files` or `m_user`. */
  readonly name: string;
  readonly text: string;
}

/** The POSIX text of one step. `text` holds quoted values and one call; `functions` are defined first, once a session. */
export interface Program {
  readonly functions: readonly ShellFunction[];
  readonly text: string;
}

/** What one planned change of a dry run makes true, so that later steps of the same dry run see it. */
export interface PlannedState {
  /** `user`, `group`, `path` … */
  readonly kind: string;
  /** The account's name, the path … */
  readonly key: string;
  /** Described in `prelude.sh` at `lk_plan`; empty means absent. */
  readonly data: string;
}

/** What a body said in its result frame. Field values are Ansible's result keys, dotted keys already nested. */
export interface ProgramResult {
  readonly outcome: "ok" | "changed" | "failed" | "skipped";
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly planned: readonly PlannedState[];
  /** Raw output of a command that the body ran in the open, decoded as UTF-8, capped. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A value of a result field. */
export type FieldValue =
  | null
  | boolean
  | number
  | string
  | readonly FieldValue[]
  | { readonly [key: string]: FieldValue };
