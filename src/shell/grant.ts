import { accountsLibrary } from "./accounts.ts";
import { filesLibrary, pathsLibrary, undoLibrary, writeLibrary } from "./libraries.ts";
import type { ShellFunction } from "./program.ts";
import { quote } from "./quote.ts";
import { shellLibrary, withoutComments } from "./shell-function.ts";

const journal = shellLibrary("journal", new URL("journal.sh", import.meta.url));
const reaper = shellLibrary("reaper", new URL("reaper.sh", import.meta.url));
const takeBack = shellLibrary("take_back", new URL("take-back.sh", import.meta.url));

/** What the steps of a grant need to keep its journal. */
export const journalLibraries: readonly ShellFunction[] = [
  accountsLibrary,
  pathsLibrary,
  filesLibrary,
  undoLibrary,
  journal,
];

/** Looks for what an account that is gone could have left. Needs `accountsLibrary`. */
export const censusLibrary = shellLibrary("census", new URL("census.sh", import.meta.url));

/** What the modules need that begin, end and show grants. */
export const grantLibraries: readonly ShellFunction[] = [...journalLibraries, reaper];

const prelude = new URL("prelude.sh", import.meta.url);

/** The functions that a grant's undo program consists of; a script has them once for that program and for its own steps. */
export const undoFunctions: readonly ShellFunction[] = [...journalLibraries, writeLibrary, reaper, takeBack];

/** The program that lies beside a grant's journal and takes it back: it needs nothing else. */
export const undoProgram = (id: string): string => {
  const { before, library, after } = undoProgramParts(id);
  return before + library + after;
};

/** That program in three parts, of which the one in the middle is the same for all grants. */
export const undoProgramParts = (
  id: string,
): { readonly before: string; readonly library: string; readonly after: string } => ({
  before: "#!/bin/sh\n# Takes a grant of support access back: sh undo. With --tick only when its time is up.\n",
  library: [withoutComments(prelude), ...undoFunctions.map(({ text }) => text)].join(""),
  after: `lk_undo_main ${quote(id)} "$@"\n`,
});
