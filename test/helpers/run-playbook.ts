import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Event } from "../../src/events/event.ts";
import { load, run } from "../../src/index.ts";
import type { RunOptions } from "../../src/plan/plan.ts";
import { brokenLaws } from "./event-laws.ts";

/** What came of a playbook that was run on this machine's own shell, once for each host name. */
export interface Ran {
  readonly exitCode: number;
  readonly events: readonly Event[];
  /** `host task outcome` for each step, in the order in which they ended. */
  readonly steps: readonly string[];
  /** `ok changed unreachable failed skipped rescued ignored` for each host. */
  readonly stats: Readonly<Record<string, string>>;
}

/** Runs a playbook for hosts that are all this machine (`ansible_connection: local`), and holds the events to their laws. */
export const runPlaybook = async (
  playbook: string,
  hosts: readonly string[] = ["h1"],
  options: Partial<Omit<RunOptions, "limit">> = {},
  /** Files beside the playbook, by their paths. */
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    writeFileSync(join(folder, "play.yml"), playbook);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, "hosts"), `[g]\n${hosts.join("\n")}\n[g:vars]\nansible_connection=local\n`);
    const loaded = await load({ playbooks: ["play.yml"], inventory: ["hosts"], cwd: folder, options });
    const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    const events: Event[] = [];
    const reporter = { on: (event: Event) => void events.push(event), close: () => Promise.resolve() };
    const exitCode = await run(loaded.plan, { reporters: [reporter] });
    const broken = brokenLaws(events);
    if (broken.length > 0) throw new Error(broken.join("\n"));
    return { exitCode, events, steps: stepsOf(events), stats: statsOf(events) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const stepsOf = (events: readonly Event[]): readonly string[] => {
  const names = new Map<number, string>();
  return events.flatMap((event) => {
    if (event.type === "step.start") names.set(event.step, event.name);
    return event.type === "step.end" ? [`${event.host} ${names.get(event.step)} ${event.outcome}`] : [];
  });
};

const statsOf = (events: readonly Event[]): Ran["stats"] => {
  const last = events.at(-1);
  if (last?.type !== "run.end") return {};
  return Object.fromEntries(Object.entries(last.stats).map(([host, stats]) => [host, Object.values(stats).join(" ")]));
};
