import type { Evaluation } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { candidates, findFile } from "../find-file.ts";
import { readTextFile } from "../open-vault.ts";

/** The text of a file on the controller, found as lookups find files. @throws Fault where it is not there */
export const readText = (name: string, folder: string, evaluation: Evaluation): string => {
  const { lookups } = evaluation.context;
  const path = findFile(name, folder, lookups);
  if (path === undefined) {
    throw new Fault(`could not find the file ${name}; searched: ${candidates(name, folder, lookups).join(", ")}`);
  }
  const read = readTextFile(path, lookups);
  if (!read.ok) throw new Fault(`cannot read ${path}: ${read.error}`);
  return read.value;
};
