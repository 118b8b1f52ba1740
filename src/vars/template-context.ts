import type { Result } from "../util/result.ts";
import type { Value } from "./value.ts";

/** What a template can see: the variables of one host, and what lookups may do on the controller. */
export interface TemplateContext {
  /** A variable's raw value, not rendered; undefined where there is none. */
  readonly variable: (name: string) => Value | undefined;
  /** The names in scope, for suggestions. */
  readonly names: () => Iterable<string>;
  /** The hosts that patterns name, where there is an inventory. */
  readonly hosts?: (patterns: readonly string[]) => readonly string[];
  readonly lookups: LookupEnvironment;
}

/** What lookups, filters and `now()` may ask of the controller. All of it happens there, never on a host. */
export interface LookupEnvironment {
  /** Absolute directories in which relative files are searched, first match wins. */
  readonly searchPaths: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** A file's bytes, or why they cannot be had. */
  readonly readFile: (path: string) => Result<Uint8Array, string>;
  /** What stands at a path, links followed; undefined when nothing does. */
  readonly fileKind: (path: string) => "file" | "directory" | "other" | undefined;
  /** The names in a directory; none when it cannot be read. */
  readonly list: (path: string) => readonly string[];
  /** Whether a symbolic link stands at a path. */
  readonly isLink: (path: string) => boolean;
  /** An absolute path without links, as far as it exists; a relative one is seen from the working directory. */
  readonly realPath: (path: string) => string;
  /** Where the playbook lies. */
  readonly playbookFolder: string;
  /** Writes a file that only its owner may read, with the folders that it needs; or why it cannot. */
  readonly writeSecret: (path: string, content: string) => Result<undefined, string>;
  /** The text in a vaulted one, or why it cannot be had. Absent where nothing can be opened. */
  readonly openVault?: (envelope: string) => Result<string, string>;
  /** Runs a command in a shell on the controller: its standard output, or why it failed. */
  readonly runPipe: (command: string) => Result<string, string>;
  /** What a web server gives, or why it does not. */
  readonly fetchUrl: (request: UrlRequest) => Result<string, string>;
}

/** What to ask a web server for, and how. */
export interface UrlRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Follow them. */
  readonly redirects: boolean;
  /** Go through the proxy that the environment names. */
  readonly proxy: boolean;
  readonly validateCerts: boolean;
  readonly caFile?: string;
}
