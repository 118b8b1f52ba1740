import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spawn } from "node:child_process";
import { asyncStatus } from "../../src/modules/async_status/async_status.ts";
import { compile } from "../../src/shell/compile.ts";
import { jobProgram, startJob } from "../../src/shell/job.ts";
import { createLocalTransport } from "../../src/transport/local/create-local-transport.ts";
import type { Session } from "../../src/transport/transport.ts";
import { processesWith, until } from "./processes.ts";
import { openCommand, patient, program, target } from "./programs.ts";

const SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"]];
const options = { check: false, diff: false, planned: [], environment: {} };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(SHELLS.map((shell) => ({ name: shell.join(" "), shell })))("a job, in $name", ({ shell }) => {
  const inSession = async <T>(use: (session: Session) => Promise<T>): Promise<T> => {
    const connected = await createLocalTransport({ shell }).connect(target(), new AbortController().signal);
    if (!connected.ok) throw new Error(connected.error.message);
    const session = await connected.value.session({}, new AbortController().signal);
    if (!session.ok) throw new Error(session.error.message);
    const result = await use(session.value);
    await connected.value.close();
    return result;
  };
  const environment = (): Readonly<Record<string, string>> => ({ ANSIBLE_ASYNC_DIR: folder });

  it("goes on when its session ends, and is told of in another one", async () => {
    const text = jobProgram(
      openCommand(`while [ ! -f '${folder}/go' ]; do sleep 0.1; done; echo out; echo err >&2; exit 3`),
    );
    const params = { program: text, jid: "j1", limit: 60 };
    const started = await inSession((session) =>
      session.exec(compile(startJob, params, { ...options, environment: environment() }), patient()),
    );
    const fields = started.ok ? started.value.fields : {};
    const [jid, place] = [fields["ansible_job_id"], fields["results_file"]].map((value) =>
      typeof value === "string" ? value : "",
    );
    const ask = () =>
      inSession((session) =>
        session.exec(
          compile(
            asyncStatus.functions,
            { jid: jid, mode: "status" },
            {
              ...options,
              environment: environment(),
            },
          ),
          patient(),
        ),
      );
    expect(fields).toMatchObject({ started: true, finished: false, results_file: `${folder}/${jid}` });
    expect(await ask()).toMatchObject({ value: { outcome: "ok", fields: { job: { finished: 0 } } } });
    writeFileSync(join(folder, "go"), "");
    await until(() => existsSync(join(place ?? "", "ended")), "the job's end");
    expect(await ask()).toMatchObject({
      value: { outcome: "changed", stdout: "out\n", stderr: "err\n", fields: { rc: 3, job: { finished: 1 } } },
    });
  });

  it("is ended with all that it started when its time is up", async () => {
    const sleep = `sleep 300.${Date.now()}${process.pid}`;
    const [command = "", ...args] = shell;
    // Detached: the leader of a group of its own, as setsid(1) makes it.
    const job = spawn(command, [...args, "-s", "--", "group", folder, "0", "/", "022", ""], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    job.stdin.end(jobProgram(program(`(${sleep}; true) & ${sleep}`)));
    await new Promise((resolve) => job.once("close", resolve));
    await until(() => processesWith(sleep).length === 0, "the end of the processes");
    expect(readFileSync(join(folder, "late"), "utf8")).toBe("0\n");
    expect(existsSync(join(folder, "result"))).toBe(false);
  });
});
