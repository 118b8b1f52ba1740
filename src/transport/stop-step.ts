import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import { withoutComments } from "../shell/shell-function.ts";
import type { Channel } from "./channel.ts";

/** What is to end: the processes of the running step, or the shell with them. */
export type StopScope = "step" | "session";

/** Whose processes are to end. */
export interface StopRequest {
  readonly shellPid: number;
  readonly scope: StopScope;
  /** Asked at the last moment: a step that has ended by itself must not cost the next one its life. */
  readonly isStillNeeded: () => boolean;
}

let script: string | undefined;

/** Kills on the host what the running step of a shell started. Does what it can: the caller bounds the time. */
export const stopStep = async (
  openShell: () => Promise<Result<Channel, Failure>>,
  { shellPid, scope, isStillNeeded }: StopRequest,
): Promise<void> => {
  const shell = await openShell();
  if (!shell.ok) return;
  const channel = shell.value;
  script ??= withoutComments(new URL("./stop-step.sh", import.meta.url));
  channel.stdin.on("error", () => {});
  channel.stdout.resume();
  channel.stderr.resume();
  if (!isStillNeeded()) return channel.destroy();
  channel.stdin.end(`lk_pid=${shellPid} lk_scope=${scope}\n${script}exit\n`);
  await channel.closed;
};
