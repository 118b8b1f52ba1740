import type { Io } from "../../src/cli/io.ts";

/** A process without a terminal, and all that it said. */
export interface CapturedIo {
  readonly io: Io;
  readonly said: { out: string; err: string };
}

/** Makes one that works in a directory. */
export const capturedIo = (cwd: string, env: Io["env"] = { PATH: process.env["PATH"] }): CapturedIo => {
  const said = { out: "", err: "" };
  const stream = (name: "out" | "err"): Io["stdout"] =>
    // Commands write to the stream, and ask it for nothing else.
    ({
      write: (text: string, done?: () => void) => {
        said[name] += text;
        done?.();
        return true;
      },
    }) as Io["stdout"];
  const io: Io = {
    env,
    cwd,
    stdin: process.stdin,
    stdout: stream("out"),
    stderr: stream("err"),
    interrupt: () => {},
    pid: 1,
    isAlive: () => true,
    onInterrupt: () => () => {},
  };
  return { io, said };
};
