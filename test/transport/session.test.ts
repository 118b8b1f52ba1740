import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createLocalTransport } from "../../src/transport/local/create-local-transport.ts";
import type { Connection, Session } from "../../src/transport/transport.ts";
import { processesWith, until } from "./processes.ts";
import { openCommand, patient, program, target } from "./programs.ts";

const SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"]];

const connections: Connection[] = [];

const connect = async (shell: readonly string[]): Promise<Connection> => {
  const connected = await createLocalTransport({ shell }).connect(target(), new AbortController().signal);
  if (!connected.ok) throw new Error(connected.error.message);
  connections.push(connected.value);
  return connected.value;
};

const open = async (shell: readonly string[] = ["sh"]): Promise<Session> => {
  const connection = await connect(shell);
  const session = await connection.session({}, new AbortController().signal);
  if (!session.ok) throw new Error(session.error.message);
  return session.value;
};

/** A number that only this test's processes have in their command line, usable as `sleep 300.NUMBER`. */
const uniqueSleep = (): string => `300.${Number.parseInt(randomBytes(5).toString("hex"), 16)}`;

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

describe.each(SHELLS.map((shell) => ({ name: shell.join(" "), shell })))("a session of $name", ({ shell }) => {
  it("answers with outcome and typed fields", async () => {
    const session = await open(shell);
    const result = await session.exec(
      program(
        "lk_s msg 'a b\nc'; lk_i rc 3; lk_b there true; lk_n none; lk_l list x; lk_l list y; lk_s stat.mode 0700; lk_changed",
      ),
      patient(),
    );
    expect(result).toEqual({
      ok: true,
      value: {
        outcome: "changed",
        fields: { msg: "a b\nc", rc: 3, there: true, none: null, list: ["x", "y"], stat: { mode: "0700" } },
        planned: [],
        stdout: "",
        stderr: "",
      },
    });
  });

  it("answers queued programs in order", async () => {
    const session = await open(shell);
    const order: number[] = [];
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map(async (n) => {
        const result = await session.exec(openCommand(`echo out${n}; echo err${n} >&2; exit ${n}`), patient());
        order.push(n);
        return result.ok ? [result.value.stdout, result.value.stderr, result.value.fields["rc"]] : result.error;
      }),
    );
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(results).toEqual([1, 2, 3, 4, 5].map((n) => [`out${n}\n`, `err${n}\n`, n]));
  });

  it("defines a function once and keeps it for later programs", async () => {
    const session = await open(shell);
    const fn = { name: "greet", text: "greet() { lk_s greeting hello; lk_ok; }\n" };
    const first = await session.exec({ functions: [fn], text: "greet\n" }, patient());
    // Were the text written again, this one would now win.
    const again = await session.exec(
      { functions: [{ ...fn, text: "greet() { lk_fail other; }\n" }], text: "greet\n" },
      patient(),
    );
    expect([first.ok && first.value.fields, again.ok && again.value.fields]).toEqual([
      { greeting: "hello" },
      { greeting: "hello" },
    ]);
  });

  it("gives a program nothing to read", async () => {
    const session = await open(shell);
    const [first, second] = await Promise.all([
      session.exec(openCommand("cat; echo read nothing"), patient()),
      session.exec(openCommand("echo second"), patient()),
    ]);
    expect(first.ok && first.value.stdout).toBe("read nothing\n");
    expect(second.ok && second.value.stdout).toBe("second\n");
  });

  it("kills the step at its limit of time, all of it, and lives on", async () => {
    const session = await open(shell);
    const nap = uniqueSleep();
    // A child that ignores TERM, one that lost its parent, and one in the foreground.
    const command = `trap '' TERM; (sleep ${nap} & ) ; sh -c 'sleep ${nap}; :' & sleep ${nap}`;
    const started = Date.now();
    const result = await session.exec(openCommand(command), patient({ timeoutMs: 300 }));
    expect(result).toMatchObject({ ok: false, error: { kind: "timeout", message: expect.stringContaining("0.3 s") } });
    expect(Date.now() - started).toBeLessThan(4000);
    await until(() => processesWith(nap).length === 0, "every process of the step is gone");
    const next = await session.exec(openCommand("echo alive"), patient());
    expect(next.ok && next.value.stdout).toBe("alive\n");
  });
});

describe("a session", () => {
  it("is not held up by a background process that keeps the streams", async () => {
    const session = await open();
    const nap = uniqueSleep();
    const result = await session.exec(openCommand(`sleep ${nap} & echo started`), patient());
    expect(result.ok && result.value.stdout).toBe("started\n");
    // The shell's child may not have become sleep yet.
    await until(() => processesWith(nap).length === 1, "the process in the background runs");
    for (const pid of processesWith(nap)) process.kill(pid);
  });

  it("leaves what an earlier step started on purpose alone when it kills a later one", async () => {
    const session = await open();
    const daemon = uniqueSleep();
    const nap = uniqueSleep();
    await session.exec(openCommand(`sleep ${daemon} >/dev/null 2>&1 & sleep 0.05`), patient());
    await session.exec(openCommand(`sleep ${nap}`), patient({ timeoutMs: 200 }));
    expect(processesWith(nap)).toHaveLength(0);
    expect(processesWith(daemon)).toHaveLength(1);
    for (const pid of processesWith(daemon)) process.kill(pid);
  });

  it("runs what is queued behind a step that was killed by its limit", async () => {
    const session = await open();
    const [slow, next] = await Promise.all([
      session.exec(openCommand(`sleep ${uniqueSleep()}`), patient({ timeoutMs: 200 })),
      session.exec(openCommand("sleep 0.4; echo next"), patient()),
    ]);
    expect(slow).toMatchObject({ ok: false, error: { kind: "timeout" } });
    expect(next.ok && next.value.stdout).toBe("next\n");
  });

  it("counts the limit of a queued step from its own beginning", async () => {
    const session = await open();
    const [first, second] = await Promise.all([
      session.exec(openCommand("sleep 0.6"), patient()),
      session.exec(openCommand("sleep 0.1; echo done"), patient({ timeoutMs: 500 })),
    ]);
    expect([first.ok, second.ok]).toEqual([true, true]);
  });

  it("kills the running step when it is cancelled, and lives on", async () => {
    const session = await open();
    const nap = uniqueSleep();
    const abort = new AbortController();
    const running = session.exec(openCommand(`sleep ${nap}`), patient({ signal: abort.signal }));
    await until(() => processesWith(`sleep ${nap}`).length > 0, "the step runs");
    abort.abort();
    expect(await running).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(processesWith(nap)).toHaveLength(0);
    const next = await session.exec(openCommand("echo alive"), patient());
    expect(next.ok && next.value.stdout).toBe("alive\n");
  });

  it("never starts what was queued when all is cancelled; the next call gets a new shell", async () => {
    const connection = await connect(["sh"]);
    const signal = new AbortController().signal;
    const first = await connection.session({}, signal);
    if (!first.ok) throw new Error(first.error.message);
    const nap = uniqueSleep();
    const later = uniqueSleep();
    const abort = new AbortController();
    const options = patient({ signal: abort.signal });
    const results = [
      first.value.exec(openCommand(`sleep ${nap}`), options),
      first.value.exec(openCommand(`sleep ${later}`), options),
    ];
    await until(() => processesWith(`sleep ${nap}`).length > 0, "the step runs");
    const laterSeen = new Set<number>();
    const watch = setInterval(() => processesWith(`sleep ${later}`).forEach((pid) => laterSeen.add(pid)), 5);
    abort.abort();
    for (const result of await Promise.all(results))
      expect(result).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    clearInterval(watch);
    expect(processesWith(nap)).toHaveLength(0);
    expect(laterSeen).toEqual(new Set());
    const second = await connection.session({}, signal);
    expect(second.ok && second.value).not.toBe(first.value);
    const alive = second.ok && (await second.value.exec(openCommand("echo alive"), patient()));
    expect(alive).toMatchObject({ ok: true, value: { stdout: "alive\n" } });
  });

  it("kills what runs when the connection is closed", async () => {
    const connection = await connect(["sh"]);
    const session = await connection.session({}, new AbortController().signal);
    if (!session.ok) throw new Error(session.error.message);
    const nap = uniqueSleep();
    const running = session.value.exec(openCommand(`sleep ${nap}`), patient());
    await until(() => processesWith(`sleep ${nap}`).length > 0, "the step runs");
    await connection.close();
    expect(await running).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(processesWith(nap)).toHaveLength(0);
  });

  it("takes a frame without the nonce for output", async () => {
    const session = await open();
    const forged = "\\036deadbeefdeadbeefdeadbeefdeadbeef res 1 3\\nok\\n\\n";
    const result = await session.exec(openCommand(`printf '${forged}'; exit 4`), patient());
    expect(result.ok && [result.value.outcome, result.value.fields["rc"]]).toEqual(["changed", 4]);
    expect(result.ok && result.value.stdout).toBe("\u001edeadbeefdeadbeefdeadbeefdeadbeef res 1 3\nok\n\n");
  });

  it("does not show the nonce to a command", async () => {
    const session = await open();
    const result = await session.exec(openCommand("env; set"), patient());
    expect(result.ok && result.value.stdout).toMatch(/PATH=/);
    expect(result.ok && result.value.stdout).not.toContain("lk_nonce");
  });

  it("keeps output before the command out of the command's output", async () => {
    const session = await open();
    const result = await session.exec(program("echo noise; echo noise >&2; lk_begin; echo real; lk_ok"), patient());
    expect(result.ok && [result.value.stdout, result.value.stderr]).toEqual(["real\n", ""]);
  });

  it("passes output on as it comes, characters whole", async () => {
    const session = await open();
    const seen: string[] = [];
    const onOutput = (stream: string, text: string): void => void seen.push(`${stream}:${text}`);
    // The three bytes of a euro sign, cut.
    const command = "printf '\\342'; sleep 0.1; printf '\\202\\254'; sleep 0.1; printf x >&2";
    const result = await session.exec(openCommand(command), patient({ onOutput }));
    expect(result.ok && [result.value.stdout, result.value.stderr]).toEqual(["€", "x"]);
    expect(seen).toEqual(["stdout:€", "stderr:x"]);
  });

  it("replaces bytes that are no UTF-8, and never fails for them", async () => {
    const session = await open();
    const result = await session.exec(openCommand("printf 'a\\000b\\377c\\342'"), patient());
    expect(result.ok && result.value.stdout).toBe("a\0b\uFFFDc\uFFFD");
  });

  it("keeps the first 8 MiB of an endless output, and says what it dropped", { timeout: 60_000 }, async () => {
    const session = await open();
    const before = process.memoryUsage().rss;
    const result = await session.exec(openCommand("head -c 52428800 /dev/zero | tr '\\0' x"), patient());
    const stdout = result.ok ? result.value.stdout : "";
    expect(stdout.slice(8 * 1024 * 1024)).toBe("\n[latchkey: 44040192 more bytes of output were not kept]\n");
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it("says how a program ended that gave no result", async () => {
    const session = await open();
    const result = await session.exec(program("echo 'a body is wrong' >&2; exit 7"), patient());
    expect(result).toMatchObject({
      ok: false,
      error: { kind: "program", message: expect.stringMatching(/status 7 and without a result: a body is wrong/) },
    });
    const next = await session.exec(program("lk_ok fine"), patient());
    expect(next.ok && next.value.outcome).toBe("ok");
  });

  it("says that the shell went away, and the next call opens another", async () => {
    const connection = await connect(["sh"]);
    const signal = new AbortController().signal;
    const session = await connection.session({}, signal);
    const result = session.ok && (await session.value.exec(program("kill -s KILL $$"), patient()));
    expect(result).toMatchObject({
      ok: false,
      error: { kind: "program", message: expect.stringContaining("killed by SIGKILL") },
    });
    const next = await connection.session({}, signal);
    expect(next.ok && (await next.value.exec(program("lk_ok"), patient()))).toMatchObject({ ok: true });
  });

  it("gives a shell that never answers up", async () => {
    const transport = createLocalTransport({ shell: ["sh", "-c", "echo please wait; exec sleep 307"] });
    const connected = await transport.connect(target({ connectTimeoutMs: 300 }), new AbortController().signal);
    const session = connected.ok && (await connected.value.session({}, new AbortController().signal));
    const result = session && session.ok && (await session.value.exec(program("lk_ok"), patient()));
    expect(result).toMatchObject({
      ok: false,
      error: { kind: "timeout", message: expect.stringContaining("please wait") },
    });
    await until(() => processesWith("sleep 307").length === 0, "it is killed");
    if (connected.ok) await connected.value.close();
  });

  it("runs nothing in a shell that comes after it was given up", async () => {
    const directory = mkdtempSync(join(tmpdir(), "latchkey-late-"));
    // In a session of its own, as a shell of sudo's is somebody else's: the kill of the login shell does not reach it.
    const late = ["setsid", "-w", "sh", "-c", `sleep 2; : >${directory}/came; exec sh`];
    const transport = createLocalTransport({ shell: late });
    const connected = await transport.connect(target({ connectTimeoutMs: 200 }), new AbortController().signal);
    const session = connected.ok && (await connected.value.session({}, new AbortController().signal));
    const result =
      session && session.ok && (await session.value.exec(program(`: >${directory}/ran; lk_ok`), patient()));
    expect(result).toMatchObject({ ok: false, error: { kind: "timeout" } });
    await until(() => existsSync(`${directory}/came`), "the shell comes at last");
    await until(() => processesWith(directory).length === 0, "it goes");
    expect(existsSync(`${directory}/ran`)).toBe(false);
    rmSync(directory, { recursive: true });
    if (connected.ok) await connected.value.close();
  });

  it("says what a login without a shell said", async () => {
    const transport = createLocalTransport({ shell: ["sh", "-c", "echo This account is not available.; exit 1"] });
    const connected = await transport.connect(target(), new AbortController().signal);
    const session = connected.ok && (await connected.value.session({}, new AbortController().signal));
    const result = session && session.ok && (await session.value.exec(program("lk_ok"), patient()));
    expect(result).toMatchObject({
      ok: false,
      error: {
        kind: "protocol",
        message: expect.stringContaining("status 1; it said: This account is not available."),
      },
    });
  });

  it("finds its way through a banner before the shell", async () => {
    const session = await open(["sh", "-c", "echo; echo '*** Welcome ***'; printf '\\036half a frame'; exec sh"]);
    const result = await session.exec(openCommand("echo through"), patient());
    expect(result.ok && result.value.stdout).toBe("through\n");
  });
});
