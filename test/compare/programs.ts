import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, Outcome, Step } from "./outcome.ts";
import type { Place } from "./place.ts";
import type { Situation } from "./situation.ts";

/** What a program told of its run. */
export interface Told {
  readonly code: number | null;
  readonly steps: readonly Step[];
  readonly stats: Outcome["stats"];
  /** What it said to people, for whoever looks into a difference. */
  readonly said: string;
}

const limitMs = 120_000;
const latchkey = join(import.meta.dirname, "../../dist/main.js");

/** Runs a command to its end; a code of null means that it took too long. */
const run = (
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { cwd, env: { ...process.env, ...env }, timeout: limitMs, killSignal: "SIGKILL", maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        const missing = error !== null && child.pid === undefined ? error.message : "";
        resolve({ code: child.exitCode, stdout, stderr: stderr + missing });
      },
    );
    child.stdin?.end();
  });

const jsonLines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Runs a case by ansible-playbook, with the callback plugin of this folder. */
export async function runAnsible(situation: Situation, place: Place): Promise<Told> {
  const trace = join(place.folder, "inventory/.trace");
  // The machine's own settings of Ansible are nobody's business here.
  const config = join(place.folder, "inventory/.ansible.cfg");
  writeFileSync(config, "");
  const ran = await run(
    "ansible-playbook",
    ["-i", "inventory/hosts", "play.yml", ...(situation.args ?? [])],
    place.folder,
    {
      COMPARE_TRACE: trace,
      ANSIBLE_CALLBACK_PLUGINS: import.meta.dirname,
      ANSIBLE_CALLBACKS_ENABLED: "trace",
      ANSIBLE_CONFIG: config,
      ANSIBLE_JINJA2_NATIVE: "1",
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_PIPELINING: "1",
      ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
      ANSIBLE_SSH_ARGS: "-C -o ControlMaster=auto -o ControlPersist=5s",
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(place.folder, "inventory/.ssh"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  );
  const told = existsSync(trace) ? jsonLines(readFileSync(trace, "utf8")) : [];
  const stats = (told.find((line) => "stats" in line)?.["stats"] ?? {}) as Record<string, Record<string, number>>;
  return {
    code: ran.code,
    steps: told.filter((line) => "outcome" in line) as unknown as readonly Step[],
    stats: Object.fromEntries(
      Object.entries(stats).map(([host, { failures, ...rest }]) => [host, { ...rest, failed: failures ?? 0 }]),
    ),
    said: ran.stderr + ran.stdout,
  };
}

/** Runs a case by the built program. */
export async function runLatchkey(situation: Situation, place: Place): Promise<Told> {
  const args = [latchkey, "run", "-i", "inventory/hosts", "play.yml", "--reporter", "jsonl", ...(situation.args ?? [])];
  const ran = await run(process.execPath, args, place.folder, {});
  const events = jsonLines(ran.stdout);
  const names = new Map(events.filter(({ type }) => type === "step.start").map(({ step, name }) => [step, name]));
  return {
    code: ran.code,
    steps: events
      .filter(({ type }) => type === "step.end")
      .map(({ step, host, outcome, ignored, result }) => ({
        host: String(host),
        name: String(names.get(step)),
        outcome: String(outcome),
        ignored: ignored === true,
        result: (result ?? null) as Json,
      })),
    stats: (events.at(-1)?.["stats"] ?? {}) as Outcome["stats"],
    said: ran.stderr,
  };
}
