import { accountsLibrary } from "./accounts.ts";
import { deadManLibraries } from "./dead-man.ts";
import { writeLibrary } from "./libraries.ts";
import type { ShellFunction } from "./program.ts";
import { shellLibrary } from "./shell-function.ts";

/** What a change of sshd's configuration needs, with the switch by which the host takes it back. */
export const sshdConfigLibraries: readonly ShellFunction[] = [
  accountsLibrary,
  ...deadManLibraries,
  writeLibrary,
  shellLibrary("sshd_config", new URL("sshd-config.sh", import.meta.url)),
];
