import { createHash } from "node:crypto";
import type { ShellParams } from "../../shell/program.ts";
import type { FolderEntry } from "../module.ts";

/** The variables that tell the body about a folder: its directories, and its files with their contents. */
export const folderParams = (entries: readonly FolderEntry[]): ShellParams => {
  const files = entries.flatMap((entry) => (entry.file === undefined ? [] : [{ path: entry.path, file: entry.file }]));
  return {
    folders: entries.filter((entry) => entry.file === undefined).map((entry) => entry.path),
    files: files.map(({ path }) => path),
    modes: files.map(({ file }) => file.mode.toString(8).padStart(4, "0")),
    sizes: files.map(({ file }) => String(file.content.length)),
    sums: files.map(({ file }) => createHash("sha1").update(file.content).digest("hex")),
    ...Object.fromEntries(files.map(({ file }, index) => [`content_${index + 1}`, file.content])),
  };
};
