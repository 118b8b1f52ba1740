import { shellLibrary } from "./shell-function.ts";

/** Paths as texts: `~` and `$NAME` expanded, made absolute, their directory. */
export const pathsLibrary = shellLibrary("paths", new URL("paths.sh", import.meta.url));

/** What is at a path, its attributes, links and directories. Needs `pathsLibrary`. */
export const filesLibrary = shellLibrary("files", new URL("files.sh", import.meta.url));

/** Changing a file whole or not at all. Needs `filesLibrary`. */
export const writeLibrary = shellLibrary("write", new URL("write.sh", import.meta.url));

/** How a body says that a change which is no file and no account is taken back. */
export const undoLibrary = shellLibrary("undo", new URL("undo.sh", import.meta.url));
