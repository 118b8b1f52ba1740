import { shellLibrary } from "./shell-function.ts";

/** Paths as texts: `~` and `$NAME` expanded, made absolute, their directory. */
export const pathsLibrary = shellLibrary("paths", new URL("paths.sh", import.meta.url));

/** What is at a path, its attributes, links and directories. Needs `pathsLibrary`. */
export const filesLibrary = shellLibrary("files", new URL("files.sh", import.meta.url));

/** Changing a file whole or not at all. Needs `filesLibrary`. */
export const writeLibrary = shellLibrary("write", new URL("write.sh", import.meta.url));
