import type { GrantOptions } from "../access/grant-options.ts";
import type { Cloud, CloudOptions } from "../cloud/cloud.ts";
import type { EventBody } from "../events/event.ts";
import type { Redactor } from "../events/redact.ts";
import type { ControllerFile, FolderEntry, VarsFromFile } from "../modules/module.ts";
import type { RunOptions } from "../plan/plan.ts";
import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import type { Jobs } from "./run-job.ts";
import type { Connections } from "./connections.ts";
import type { HostState } from "./host-state.ts";
import type { Variables } from "./variables.ts";

/** What the outside world gives to a run: files, time, a person at the terminal. */
export interface RunIo {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Waits, or ends at once when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asks the person at the terminal; an error where there is none, and when the signal fires first. */
  readonly prompt: (text: string, echo: boolean, signal: AbortSignal) => Promise<Result<string, string>>;
  /** Whether there is a person at a terminal to ask. */
  readonly canPrompt: () => boolean;
  /** A file of the first of the folders that has it: in each, `kind` names the folder that is searched before it. */
  readonly readFile: (
    folders: readonly string[],
    path: string,
    kind: "files" | "templates",
    decrypt?: boolean,
  ) => Result<ControllerFile, string>;
  /** Everything below a folder, sorted, links followed; undefined where the path is no folder. */
  readonly readFolder: (
    folders: readonly string[],
    path: string,
    kind: "files",
    decrypt?: boolean,
  ) => Result<readonly FolderEntry[] | undefined, string>;
  /** The files below a folder of the controller, relative to it, sorted. */
  readonly listFiles: (folders: readonly string[], path: string) => Result<readonly string[], string>;
  /** A path beside the playbook; `~` is the user's home. */
  readonly absolute: (playbookDir: string, path: string) => string;
  /** What a run saved before, or whatever else is there. */
  readonly readSaved: (playbookDir: string, path: string) => Result<Uint8Array | "directory" | undefined, string>;
  /** Writes a file whole or not at all, and makes its folders. */
  readonly saveFile: (playbookDir: string, path: string, content: Uint8Array) => Result<void, string>;
  readonly readVars: (folders: readonly string[], path: string) => Result<VarsFromFile, string>;
}

/** For whom a cloud is asked. */
export interface CloudUse {
  /** The host of the inventory whose task asks. */
  readonly host: string;
  /** The grant that the task is a part of. */
  readonly grant?: GrantOptions & { readonly id: string };
}

/** What all steps of a run share. */
export interface RunServices {
  /** What tells this run from every other one. */
  readonly id: string;
  readonly options: RunOptions;
  readonly variables: Variables;
  readonly states: Map<string, HostState>;
  readonly connections: Connections;
  readonly jobs: Jobs;
  readonly emit: (body: EventBody) => void;
  readonly redact: Redactor;
  readonly io: RunIo;
  /** The cloud that a task means; what a grant opens there is written down. */
  readonly cloud: (options: CloudOptions, use: CloudUse) => Promise<Result<Cloud, Failure>>;
  readonly signal: AbortSignal;
  readonly nextStep: () => number;
}
