import { filesLibrary, pathsLibrary, undoLibrary } from "./libraries.ts";
import type { ShellFunction } from "./program.ts";
import { shellBody, shellLibrary } from "./shell-function.ts";

/** What the host takes back by itself unless a new connection confirms it, with the libraries that it needs. */
export const deadManLibraries: readonly ShellFunction[] = [
  pathsLibrary,
  filesLibrary,
  undoLibrary,
  shellLibrary("dead_man", new URL("dead-man.sh", import.meta.url)),
];

/** The program that disarms the switch of the token `switch`. */
export const confirmSwitch: readonly ShellFunction[] = [
  ...deadManLibraries,
  shellBody("m_confirm_switch", new URL("confirm-switch.sh", import.meta.url)),
];
