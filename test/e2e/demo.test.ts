import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import type { CommandResult } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";

const DEMO = ["test/lab/demo.mjs"];

describeLab("the demo", () => {
  it("also runs where namespaces are not permitted, and says what it cannot prove", async () => {
    const { code, stdout, stderr } = await demo(["--mode", "chroots"]);
    expect(stderr).toContain("cannot prove");
    expect(stdout).toContain("no trace of the grant is left");
    expect(stdout).not.toContain("NOT AS IT SHOULD BE");
    expect(code).toBe(0);
  });

  it("takes the lab down on Ctrl-C", async () => {
    const { code, stdout } = await demo([], "== The grant");
    const inventory = /^(\S+\/lab)\/inventory\.ini:$/m.exec(stdout)?.[1] ?? "";
    expect(inventory).toMatch(/^\/.*latchkey-demo-/);
    expect(existsSync(inventory)).toBe(false);
    expect(stdout).toContain("The lab is taken down");
    expect(code).toBe(130);
  });
});

/** Runs the demo; with a text to wait for, interrupts it there as a terminal would: the whole process group. */
function demo(args: readonly string[], interruptAt?: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...DEMO, ...args], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let interrupted = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (interruptAt === undefined || interrupted || !stdout.includes(interruptAt)) return;
      interrupted = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
