import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { recapOf, startLatchkey } from "./latchkey.ts";
import { onTerminal } from "./on-terminal.ts";

/** From the interrupt to the end of the program, in milliseconds. */
const LIMIT_MS = 3000;

/** A program with a child that left its process group, one in the background, and one that ignores polite signals. */
const LONG = `setsid sleep 1001 & sleep 1002 & trap '' TERM INT HUP; sleep 1003; echo over`;

describeLab("a run that is interrupted", () => {
  let lab: Lab;
  const playbook = (name: string, tasks: string, become = false): string => {
    const path = join(lab.dir, name);
    writeFileSync(path, `- hosts: all\n  gather_facts: false\n  become: ${become}\n  tasks:\n${tasks}`);
    return path;
  };
  const ours = async (): Promise<readonly string[]> => {
    const lists = await Promise.all(lab.hosts.map(({ name }) => lab.exec(name, ["ps", "-eo", "args="])));
    return lists.flatMap(({ stdout }) =>
      stdout.split("\n").filter((line) => /sleep 100|\/bin\/sh|latchkey/.test(line)),
    );
  };
  const isLong = (): Promise<number> =>
    ours().then((lines) => lines.filter((line) => line.startsWith("sleep 1003")).length);
  /** The hosts that have a file. */
  const whereIs = async (path: string): Promise<readonly string[]> => {
    const tests = await Promise.all(lab.hosts.map(({ name }) => lab.exec(name, ["test", "-e", path])));
    return lab.hosts.filter((_host, at) => tests[at]?.code === 0).map(({ name }) => name);
  };
  beforeAll(async () => {
    lab = await startLab({ hosts: 3 });
  });
  afterAll(() => lab.stop());

  it.each([
    ["SIGINT", 1, false],
    ["SIGTERM", 1, true],
    ["SIGINT", 2, true],
  ] as const)(
    "ends at once on %s (%i times, become: %s), kills what it started, tells what was done",
    async (...how) => {
      const [name, times, become] = how;
      const tasks = `
    - { name: quick, command: id -un }
    - { name: long, shell: "${LONG}" }
    - { name: never, command: touch /tmp/never }
`;
      const run = startLatchkey(["run", playbook("long.yml", tasks, become), "-i", lab.inventory]);
      await expect.poll(isLong, { timeout: 10_000, interval: 100 }).toBe(lab.hosts.length);
      const at = performance.now();
      run.signal(name);
      if (times === 2) setTimeout(() => run.signal(name), 100);
      const { code, stdout, stderr } = await run.done;
      expect(performance.now() - at).toBeLessThan(LIMIT_MS);
      expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
      expect(stdout.match(/^cancelled: /gm)).toHaveLength(lab.hosts.length);
      const each = { ok: 1, changed: 1, unreachable: 0, failed: 0 };
      expect(recapOf(stdout)).toEqual(lab.hosts.map((host) => ({ host: host.name, ...each })));
      expect(await ours()).toEqual([]);
      expect(await whereIs("/tmp/never")).toEqual([]);
    },
  );

  it("ends at once while a server does not answer, and while it waits for the next attempt", async () => {
    const silent = createServer((socket) => void socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, lab.controller, resolve));
    const address = silent.address();
    const inventory = join(lab.dir, "silent.ini");
    const port = typeof address === "object" ? address?.port : 0;
    writeFileSync(inventory, `silent ansible_host=${lab.controller} ansible_port=${port} ansible_password=none\n`);
    const tasks = `    - { name: until, command: "false", until: false, retries: 9, delay: 100 }\n`;
    const run = startLatchkey(["run", playbook("until.yml", tasks), "-i", lab.inventory, "-i", inventory]);
    await run.said("FAILED - RETRYING: [vm3]");
    const at = performance.now();
    run.signal("SIGINT");
    expect(await run.done).toMatchObject({ code: 130 });
    expect(performance.now() - at).toBeLessThan(LIMIT_MS);
    await new Promise((resolve) => silent.close(resolve));
    expect(await ours()).toEqual([]);
  });

  it("does not count a pause that was cut short as done", async () => {
    const tasks = "    - { name: quick, command: id }\n    - { name: wait, pause: { seconds: 100 } }\n";
    const run = startLatchkey(["run", playbook("pause.yml", tasks), "-i", lab.inventory]);
    for (const host of lab.hosts) await run.said(`changed: [${host.name}]`);
    run.signal("SIGINT");
    const { code, stdout } = await run.done;
    expect(code).toBe(130);
    expect(stdout).not.toContain("ok: [");
    expect(recapOf(stdout).map(({ ok }) => ok)).toEqual([1, 1, 1]);
  });

  it("takes Ctrl-C at a question for an interrupt, not for an answer", async () => {
    const tasks = `
    - { name: ask, pause: { prompt: "Go on?" } }
    - { name: never, command: touch /tmp/never }
`;
    const run = onTerminal(["run", playbook("ask.yml", tasks), "-i", lab.inventory]);
    await run.said("Go on?");
    run.type("\u0003");
    const { code, stdout } = await run.done;
    expect(code).toBe(130);
    expect(stdout).toContain("interrupted");
    expect(await whereIs("/tmp/never")).toEqual([]);
  });

  it("takes Ctrl-C at the question for a password for an interrupt", async () => {
    const run = onTerminal(["run", playbook("asked.yml", "    - ping:\n"), "-i", lab.inventory, "-K"]);
    await run.said("BECOME password: ");
    run.type("sec\u0003");
    expect(await run.done).toMatchObject({ code: 130, stdout: expect.not.stringContaining("sec") });
  });

  it("keeps the question on the screen, and takes the answer", async () => {
    const tasks = `
    - { name: ask, pause: { prompt: "What \\e[31mname?" }, register: asked }
    - { name: told, debug: { msg: "it is {{ asked.user_input }}" } }
`;
    const run = onTerminal([
      "run",
      playbook("name.yml", tasks),
      "-i",
      lab.inventory,
      "-l",
      "vm1",
      "--reporter",
      "plain",
    ]);
    await run.said("name?");
    run.type("Kim\r");
    const { code, stdout } = await run.done;
    expect(code).toBe(0);
    expect(stdout).toContain("What \\x1b[31mname?");
    expect(stdout).toContain("it is Kim");
    // oxlint-disable-next-line no-control-regex -- what a terminal is sent
    expect(stdout.slice(stdout.indexOf("name?"), stdout.indexOf("Kim"))).not.toMatch(/\u001b\[0?J/);
  });

  it("goes on where its output cannot be written, and says so at the end", async () => {
    const tasks = "    - { name: done, command: touch /tmp/done }\n";
    const args = ["run", playbook("full.yml", tasks), "-i", lab.inventory];
    const result = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn("sh", ["-c", 'exec "$@" >/dev/full', "sh", process.execPath, "dist/main.js", ...args]);
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.on("close", (code) => resolve({ code, stderr }));
    });
    expect(result.code).toBe(70);
    expect(result.stderr).toMatch(/^latchkey: standard output could not be written: .*ENOSPC.*\n$/);
    expect(await whereIs("/tmp/done")).toEqual(lab.hosts.map((host) => host.name));
  });

  it("kills what it started when its terminal is closed, and says nothing of a bug", async () => {
    const errors = join(lab.dir, "errors");
    const run = onTerminal(
      ["run", playbook("hang-up.yml", `    - { name: long, shell: "${LONG}" }\n`), "-i", lab.inventory],
      errors,
    );
    await expect.poll(isLong, { timeout: 10_000, interval: 100 }).toBe(lab.hosts.length);
    run.hangUp();
    await run.done;
    await expect.poll(ours, { timeout: LIMIT_MS, interval: 100 }).toEqual([]);
    expect(readFileSync(errors, "utf8")).not.toMatch(/EIO|Error:/);
  });
});
