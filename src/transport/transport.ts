import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import type { Program, ProgramResult } from "../shell/program.ts";

/** A text that must never be shown or logged; read it with `reveal()` at the last moment. */
export interface Secret {
  reveal(): string;
  /** Shows `***`. */
  toString(): string;
}

/** The way to a host that is not reached directly. */
export type Via =
  /** By a connection to another host, which all hosts behind it share. */
  | { readonly kind: "jump"; readonly host: ConnectionTarget }
  /** By a command of this machine, whose input and output are the connection (ProxyCommand of ssh_config(5)). */
  | { readonly kind: "command"; readonly command: string };

/** How to reach and log in to one host. All times in milliseconds. */
export interface ConnectionTarget {
  /** The inventory's name, for messages. */
  readonly name: string;
  readonly kind: "ssh" | "local";
  /** A name or address; IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly via?: Via;
  /** The one private key to show; absent means those of `identityFiles`, of the agent and of the usual files. */
  readonly privateKeyFile?: string;
  /** Private key files that are shown before the agent's keys, and in the place of the usual files of `~/.ssh`. */
  readonly identityFiles?: readonly string[];
  /** Whether the agent's keys are shown only where they are those of `identityFiles`. */
  readonly identitiesOnly?: boolean;
  readonly passphrase?: Secret;
  readonly password?: Secret;
  readonly hostKeyPolicy: "strict" | "accept-new" | "off";
  /** known_hosts files, read in this order; `accept-new` writes to the first. */
  readonly knownHostsFiles: readonly string[];
  readonly connectTimeoutMs: number;
  /** The connection counts as lost when the server is silent for so long while it is asked for a sign of life. */
  readonly idleTimeoutMs: number;
}

/** Who runs a program: the login user, or somebody else through a become method. */
export interface Identity {
  readonly become?: {
    readonly method: "sudo" | "su" | "doas";
    readonly user: string;
    readonly password?: Secret;
    /** The program instead of the method's own, with words of its own behind it. */
    readonly exe?: string;
    /** Replaces the method's own flags (`-H -S -n` for sudo). */
    readonly flags?: string;
  };
}

/** How one program is to be run. */
export interface ExecOptions {
  /** Ends the step after so long; absent means no limit. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
  /** Gets output of a command as it comes. The text is the host's: data, never for a terminal as it is. */
  readonly onOutput?: (stream: "stdout" | "stderr", text: string) => void;
}

/** One live shell of one identity on one host. Programs may be queued: they are written at once, answered in order. */
export interface Session {
  /** Runs a program. Never rejects for what a network, a shell or a program can do. */
  exec(program: Program, options: ExecOptions): Promise<Result<ProgramResult, Failure>>;
  /** Like `exec`, but the host runs it only where the program given before did not fail; else it was "skipped". */
  execAfter(program: Program, options: ExecOptions): Promise<Result<ProgramResult, Failure> | "skipped">;
}

/** One connection to one host. */
export interface Connection {
  /** The session of an identity: opened at the first call, the same one afterwards. */
  session(identity: Identity, signal: AbortSignal): Promise<Result<Session, Failure>>;
  /** Ends every session; after it nothing of ours runs on the host. Waits a bounded time. */
  close(): Promise<void>;
}

/**
 * What came of a login that was only tried: the server let it in, or it was shown the key and refused it. All else, such
 * as a host that does not answer or a key file that cannot be read, says nothing about the login.
 */
export type LoginTrial =
  | { readonly is: "let-in"; readonly connection: Connection }
  | { readonly is: "refused"; readonly failure: Failure }
  | { readonly is: "unproven"; readonly failure: Failure };

/** A way to hosts. */
export interface Transport {
  connect(target: ConnectionTarget, signal: AbortSignal): Promise<Result<Connection, Failure>>;
  /**
   * Tries once, with one key and nothing else: the target's key file, or where it names none the first key of the agent.
   * Servers count refused logins, and shut out whoever collects too many.
   */
  tryLogin(target: ConnectionTarget, signal: AbortSignal): Promise<LoginTrial>;
}
