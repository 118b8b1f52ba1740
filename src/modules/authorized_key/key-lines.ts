import { shellLibrary } from "../../shell/shell-function.ts";

/** The lines of authorized_keys, taken apart on the host. */
export const keyLinesLibrary = shellLibrary("key_lines", new URL("key-lines.sh", import.meta.url));
