import { exitCodes } from "../run/exit-code.ts";
import type { Io } from "./io.ts";

/** Says what is wrong with the command line. */
export const usage = (io: Io, message: string): number => {
  io.stderr.write(`latchkey: ${message}\n`);
  return exitCodes.usage;
};
