/** The process as the program sees it; only `program.ts` makes one of the real thing. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  /** Whether a process of this machine is still there. */
  readonly isAlive: (pid: number) => boolean;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: NodeJS.ReadStream;
  /** Interrupts the process itself, for a Ctrl-C that the terminal gave as a key. */
  readonly interrupt: () => void;
  /** Calls back at each interrupt (Ctrl-C, SIGTERM, SIGHUP); gives the way to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** A stream to write to, a terminal perhaps. */
export type OutputStream = NodeJS.WriteStream;
