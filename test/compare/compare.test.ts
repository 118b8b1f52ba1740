// Cases that Latchkey and Ansible run alike. Three ways, by the variable COMPARE:
//
//   (none)   what Latchkey does now against what Ansible did when it was recorded (recorded/NAME.json): `npm test`
//   live     both run, on twin hosts; and what was recorded is still what Ansible does: `npm run compare`
//   record   Ansible runs, and what it does is written down: `npm run compare:record`
//
// Those two need Debian's packages ansible and python3-passlib; all need a build (npm run build), and a lab. `-t NAME`
// chooses cases. The language is that of ansible-core 2.19; where Debian's older one means something else, the case says
// so under `differs`, and docs/differences-from-ansible.md says why.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { labMissing } from "../lab/lab.ts";
import { hostFiles } from "./host-files.ts";
import { createHostPool } from "./host-pool.ts";
import { differencesOf, type Outcome, outcomeOf } from "./outcome.ts";
import { preparePlace } from "./place.ts";
import { runAnsible, runLatchkey, type Told } from "./programs.ts";
import { readSituations, type Situation } from "./situation.ts";

const mode = process.env["COMPARE"] ?? "replay";
const missing = labMissing();

/** What Ansible did with a case as it was then. */
interface Recording extends Outcome {
  readonly case: string;
}

/** Of what Ansible was given, and not of what is said about differences. */
const digest = (situation: Situation): string => {
  const given = { ...situation, name: undefined, text: undefined, differs: undefined, varies: undefined };
  return createHash("sha256").update(JSON.stringify(given)).digest("hex").slice(0, 16);
};

const recordingPath = (name: string): string => join(import.meta.dirname, "recorded", `${name}.json`);

describe.skipIf(missing !== undefined)(`as Ansible does${missing ? ` (${missing})` : ""}`, () => {
  const pool = createHostPool();
  afterAll(() => pool.stop());

  for (const situation of readSituations()) {
    const { name } = situation;
    it.concurrent(name, async () => {
      const recorded = mode !== "record" && existsSync(recordingPath(name)) ? readRecording(name) : undefined;
      if (mode === "replay") {
        expect(recorded?.case, `record it anew: npm run compare:record -- -t '${name}'`).toBe(digest(situation));
        if (recorded !== undefined) await compare(situation, recorded);
        return;
      }
      const theirs = await runBy(runAnsible, situation);
      expect(theirs.outcome.steps, theirs.said).not.toHaveLength(0);
      if (mode === "record") {
        writeFileSync(recordingPath(name), asText({ case: digest(situation), ...theirs.outcome }));
        return;
      }
      await compare(situation, theirs.outcome);
      const record = `npm run compare:record -- -t '${name}'`;
      expect(recorded?.case, record).toBe(digest(situation));
      // In which order hosts come, and what names are made up, is another thing in each run.
      const aged = recorded === undefined ? [] : unmeantIn(situation, differencesOf(recorded, theirs.outcome));
      expect(aged, `Ansible does something else now (recorded | now): ${record}`).toEqual([]);
    });
  }

  async function runBy(program: typeof runLatchkey, situation: Situation): Promise<{ outcome: Outcome; said: string }> {
    const { lab, names, unused } = await pool.take(situation.hosts ?? 1);
    const place = await preparePlace(situation, lab, names);
    try {
      const told: Told = await program(situation, place);
      return { outcome: outcomeOf(told.code, told, await hostFiles(place, unused), place), said: told.said };
    } finally {
      place.remove();
    }
  }

  async function compare(situation: Situation, theirs: Outcome): Promise<void> {
    const { outcome, said } = await runBy(runLatchkey, situation);
    const told = differencesOf(theirs, outcome);
    expect(unmeantIn(situation, told), `(Ansible | Latchkey)\n${said}`).toEqual([]);
    // What has ceased to differ is no difference to tell people of.
    const stale = beginnings(situation.differs).filter((pattern) => !told.some((line) => pattern.test(line)));
    expect(stale.map(String), "these no longer differ").toEqual([]);
  }
});

const beginnings = (patterns: readonly string[] = []): readonly RegExp[] =>
  patterns.map((pattern) => new RegExp(`^(?:${pattern})`));

const unmeantIn = ({ differs, varies }: Situation, differences: readonly string[]): readonly string[] => {
  const meant = [...beginnings(differs), ...beginnings(varies)];
  return differences.filter((line) => !meant.some((pattern) => pattern.test(line)));
};

const readRecording = (name: string): Recording => JSON.parse(readFileSync(recordingPath(name), "utf8")) as Recording;

/** A line for each step and file, so that a change is seen. */
const asText = ({ steps, files, ...rest }: Recording): string => {
  const listed = steps.map((step) => `  ${JSON.stringify(step)}`).join(",\n");
  const changed = Object.entries(files).map(([path, state]) => `  ${JSON.stringify(path)}: ${JSON.stringify(state)}`);
  const [head] = JSON.stringify(rest, null, 1).split(/\n\}$/);
  return `${head},\n "steps": [\n${listed}\n ],\n "files": {\n${changed.join(",\n")}\n }\n}\n`;
};
