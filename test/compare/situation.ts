import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One idea, as a playbook that both programs run; a file cases/NAME.yml. */
export interface Situation {
  readonly name: string;
  /** Of the file, as it was read. */
  readonly text: string;
  /** The playbook's text; its plays have hosts h1 ... hN, all of them in the group `lab`. */
  readonly playbook: string;
  /** N; 1 unless said. */
  readonly hosts?: number;
  /** More arguments for both commands. */
  readonly args?: readonly string[];
  /** Files beside the playbook, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** More lines of the inventory. */
  readonly inventory?: string;
  /** Files beside the inventory, by path. */
  readonly inventoryFiles?: Readonly<Record<string, string>>;
  /** Variables on a host's line of the inventory. */
  readonly hostvars?: Readonly<Record<string, string>>;
  /** A script that prepares each host. */
  readonly given?: string;
  /** What is meant to differ: regular expressions for the beginnings of the lines that would tell it. */
  readonly differs?: readonly string[];
  /** The same of what may differ or not, as the machine is fast. */
  readonly varies?: readonly string[];
}

const folder = join(import.meta.dirname, "cases");

/** All cases, by name. */
export const readSituations = (): readonly Situation[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yml"))
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return { ...(parse(text) as Omit<Situation, "name" | "text">), name: file.replace(/\.yml$/, ""), text };
    });
