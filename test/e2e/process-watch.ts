import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Looks at the arguments and the environment of every process of this machine and of its lab hosts, as often as it can,
 * for a text. A process of a millisecond may escape one look; what leaks shows in some step of a run.
 */
export class ProcessWatch {
  readonly #child: ChildProcess;
  #found = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#found += text));
  }

  static start(pattern: RegExp): ProcessWatch {
    return new ProcessWatch(
      spawn(process.execPath, ["-e", LOOK, pattern.source.split("").join("\u0001")], {
        stdio: ["pipe", "pipe", "inherit"],
      }),
    );
  }

  /** Ends the watch; what was found, a line a process. */
  async stop(): Promise<readonly string[]> {
    this.#child.stdin?.end();
    await once(this.#child, "close");
    return [...new Set(this.#found.split("\n").filter((line) => line !== ""))];
  }
}

/** The pattern comes with a character between its letters, so that the watch does not find itself. */
const LOOK = `
  const { readdirSync, readFileSync } = require("node:fs");
  const pattern = new RegExp(process.argv[1].replaceAll("\\u0001", ""));
  let over = false;
  process.stdin.on("end", () => { over = true; }).resume();
  const read = (path) => { try { return readFileSync(path, "latin1").replaceAll("\\0", " "); } catch { return ""; } };
  const look = () => {
    for (const pid of readdirSync("/proc")) {
      if (!/^[0-9]+$/.test(pid)) continue;
      for (const file of ["cmdline", "environ"]) {
        const text = read("/proc/" + pid + "/" + file);
        if (pattern.test(text)) process.stdout.write(file + ": " + text.slice(0, 300).replaceAll("\\n", " ") + "\\n");
      }
    }
    if (!over) setImmediate(look);
  };
  look();
`;
