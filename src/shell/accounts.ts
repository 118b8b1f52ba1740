import { shellLibrary } from "./shell-function.ts";

/** Words for bodies that read or change accounts. */
export const accountsLibrary = shellLibrary("accounts", new URL("accounts.sh", import.meta.url));
