import { shellLibrary } from "./shell-function.ts";

/** What is at a path, its attributes, links and directories. Bodies that use `writeLibrary` need it first. */
export const filesLibrary = shellLibrary("files", new URL("files.sh", import.meta.url));

/** Changing a file whole or not at all. */
export const writeLibrary = shellLibrary("write", new URL("write.sh", import.meta.url));
