/** Where a reporter writes: `process.stdout`, or a test's own. */
export interface ReporterOutput {
  /** As a Node stream's: `done` is called once this and all text before it is out of our hands, or cannot be written. */
  readonly write: (text: string, done?: (error?: Error | null) => void) => unknown;
  readonly isTTY?: boolean;
  /** Size of the terminal; changes while a run goes on. */
  readonly columns?: number;
  readonly rows?: number;
}

/** Waits until all that was written has left; a reader that went away is no reason to wait. */
export const flush = async (output: ReporterOutput): Promise<void> =>
  new Promise((resolve) => {
    output.write("", () => {
      resolve();
    });
  });
