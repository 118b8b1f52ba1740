import type { Readable, Writable } from "node:stream";
import type { Failure } from "../util/failure.ts";

/** How a channel ended. Neither status nor signal nor `lost`: it was closed without a word. */
export interface ChannelEnd {
  readonly exitStatus?: number;
  readonly signal?: string;
  /** Why the connection below it went away. */
  readonly lost?: Failure;
}

/** Standard input, output and error of one process on a host, however it is reached. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** True behind a pty: standard error comes on standard output. */
  readonly merged: boolean;
  /** Resolves once, when the process is over or out of reach. All output was delivered before. */
  readonly closed: Promise<ChannelEnd>;
  /** Asks the other side to signal the process group; not everywhere possible, never answered. */
  signal(name: "KILL"): void;
  /** Lets go of the channel. What runs behind it is not killed by that. */
  destroy(): void;
}

/** Tells a person how a channel ended. */
export const describeEnd = (end: ChannelEnd): string => {
  if (end.lost !== undefined) return end.lost.message;
  if (end.signal !== undefined) return `it was killed by ${end.signal}`;
  if (end.exitStatus !== undefined) return `it ended with status ${end.exitStatus}`;
  return "it was closed without an exit status";
};
