import { readFileSync, readdirSync } from "node:fs";

/** The pids of the processes whose command line holds a text. */
export const processesWith = (text: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number);

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/** Resolves when a condition holds; rejects after 10 s. */
export const until = async (condition: () => boolean, what: string): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
