import type { HostStats } from "../events/event.ts";

/** The exit codes, as ansible-playbook has them where it has one. */
export const exitCodes = {
  ok: 0,
  /** The user's files are wrong; nothing was run. */
  diagnostics: 1,
  failed: 2,
  unreachable: 4,
  usage: 5,
  bug: 70,
  interrupted: 130,
} as const;

/** The exit code of a run that has ended. An unreachable host weighs more than a failed one, as in Ansible. */
export const exitCodeOf = (run: {
  readonly stats: readonly HostStats[];
  readonly interrupted: boolean;
  readonly bug: boolean;
  /** Something stays open that should not. */
  readonly leftOpen: boolean;
  /** A play could not begin, since what it asks for was not given. */
  readonly isRefused: boolean;
}): number => {
  if (run.bug) return exitCodes.bug;
  if (run.interrupted) return exitCodes.interrupted;
  if (run.isRefused) return exitCodes.diagnostics;
  if (run.stats.some((stats) => stats.unreachable > 0)) return exitCodes.unreachable;
  return run.leftOpen || run.stats.some((stats) => stats.failed > 0) ? exitCodes.failed : exitCodes.ok;
};
