import type { Command } from "commander";
import { diagnosticCodes } from "../../diagnostics/codes.ts";
import { moduleNames } from "../../modules/registry.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { bashCompletion } from "../completion/bash.ts";
import { commandTree } from "../completion/command-tree.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { Io } from "../io.ts";
import { usage } from "../usage.ts";
import { schemaNames } from "./schema.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `latchkey completion`: what a shell needs to know to complete this program's commands, options and choices. */
export const completionCommand = (shell: string, program: Command, io: Io): number => {
  if (!isShell(shell))
    return usage(io, `there is no completion for "${shell}", only for ${Object.keys(shells).join(", ")}`);
  const words = {
    "latchkey completion": Object.keys(shells),
    "latchkey doc": moduleNames(),
    "latchkey explain": Object.keys(diagnosticCodes),
    "latchkey schema": [...schemaNames, ...moduleNames()],
  };
  io.stdout.write(shells[shell](commandTree(program, words)));
  return exitCodes.ok;
};

const isShell = (name: string): name is keyof typeof shells => Object.hasOwn(shells, name);
