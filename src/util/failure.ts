/**
 * Why a step or a host did not succeed.
 *
 * - `unreachable`: no TCP connection, or it was lost
 * - `timeout`: a limit of time passed (the message names which one)
 * - `auth`: the SSH server refused every credential
 * - `host-key`: the server's key is unknown, changed or revoked
 * - `sudo`: become did not give a shell
 * - `protocol`: the other side did not speak the expected protocol
 * - `program`: a program ended without a result (a bug in a body, or a killed shell)
 * - `module`: the module says that it failed
 * - `template`: an expression could not be evaluated
 * - `cancelled`: the user interrupted
 * - `internal`: a bug of ours
 */
export type FailureKind =
  | "unreachable"
  | "timeout"
  | "auth"
  | "host-key"
  | "sudo"
  | "protocol"
  | "program"
  | "module"
  | "template"
  | "cancelled"
  | "internal";

/** An expected failure, told to a person: what was tried, as whom, on which host, and what to do about it. */
export interface Failure {
  readonly kind: FailureKind;
  /** What went wrong, in one line. Text that came from a host is escaped only when it is rendered. */
  readonly message: string;
  /** What the reader can do, where we know it. */
  readonly hint?: string;
}
