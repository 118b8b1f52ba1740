import { describe, expect, it } from "vitest";
import { CapturedOutput } from "../../test/helpers/captured-output.ts";
import { EventScript } from "../../test/helpers/events.ts";
import type { HostStats } from "../events/event.ts";
import { createPalette } from "./palette.ts";
import { createPlainReporter } from "./plain.ts";
import type { StepStyle } from "./step-text.ts";

const print = async (script: EventScript, style: Partial<StepStyle> = {}): Promise<string> => {
  const output = new CapturedOutput();
  const reporter = createPlainReporter(output, { palette: createPalette(false), verbosity: 0, diff: false, ...style });
  for (const event of script.events) reporter.on(event);
  await reporter.close();
  return output.text;
};

const stats = (counts: Partial<HostStats>): HostStats => ({
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
  ...counts,
});

describe("the plain reporter", () => {
  it("prints what ansible-playbook prints where hosts go in step", async () => {
    const script = new EventScript()
      .run()
      .play("Grant", ["web1", "db"], 3)
      .step("create the group", "web1", "changed")
      .step("create the group", "db", "ok")
      .step(
        "a task with a name that goes on well beyond the width of the heading, so that three stars are left",
        "web1",
        "skipped",
      )
      .step("say it", "web1", "ok", { action: "ansible.builtin.debug", result: { msg: "hello", changed: false } })
      .step("restart", "web1", "changed", { handler: true })
      .endPlay("Grant")
      .play("Nobody", []);
    // Recorded from ansible-core 2.14.
    expect(await print(script)).toBe(`
PLAY [Grant] *******************************************************************

TASK [create the group] ********************************************************
changed: [web1]
ok: [db]

TASK [a task with a name that goes on well beyond the width of the heading, so that three stars are left] ***
skipping: [web1]

TASK [say it] ******************************************************************
ok: [web1] => {
    "msg": "hello"
}

RUNNING HANDLER [restart] ******************************************************
changed: [web1]

PLAY [Nobody] ******************************************************************
skipping: no hosts matched
`);
  });

  it("says behind the recap where a grant that failed half-way was rolled back, and where not", async () => {
    const undo = { action: "latchkey.access.grant_undo" };
    const script = new EventScript()
      .run()
      .play("Grant", ["web2", "web1", "db"])
      .step("Roll back grant ops-1", "web2", "changed", undo)
      .step("Roll back grant ops-1", "web1", "ok", undo)
      .step("Roll back grant ops-1", "db", "failed", undo)
      .step("Take grants back", "app", "changed", undo)
      .endRun({ web1: stats({ failed: 1 }) });
    expect(await print(script)).toMatch(/ignored=0 {3}\n\nrolled back: web1, web2\nNOT rolled back: db\n$/);
  });

  it("prints the recap byte for byte as ansible-playbook", async () => {
    const script = new EventScript()
      .run()
      .play("Grant", ["web1"])
      .endRun({
        web1: stats({ ok: 18, changed: 9, failed: 1, rescued: 1, ignored: 3 }),
        "a-very-long-host-name.example.internal": stats({ ok: 17, changed: 8, skipped: 3, rescued: 1, ignored: 2 }),
        localhost: stats({ ok: 3, changed: 1, failed: 1, ignored: 1 }),
        dead: stats({ unreachable: 1 }),
        db: stats({ ok: 13, changed: 5, failed: 1, skipped: 2, rescued: 1, ignored: 2 }),
      });
    // Recorded from ansible-core 2.14 of Debian 12, its output not a terminal. Blanks at the ends of lines are its own.
    const recorded = [
      "",
      "PLAY RECAP *********************************************************************",
      "a-very-long-host-name.example.internal : ok=17   changed=8    unreachable=0    failed=0    skipped=3    rescued=1    ignored=2   ",
      "db                         : ok=13   changed=5    unreachable=0    failed=1    skipped=2    rescued=1    ignored=2   ",
      "dead                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0   ",
      "localhost                  : ok=3    changed=1    unreachable=0    failed=1    skipped=0    rescued=0    ignored=1   ",
      "web1                       : ok=18   changed=9    unreachable=0    failed=1    skipped=0    rescued=1    ignored=3   ",
      "",
      "",
    ].join("\n");
    expect((await print(script)).split("***\n").slice(1).join("***\n")).toBe(recorded);
  });

  it("names the task on each line that does not stand below its own heading", async () => {
    const script = new EventScript().run().play("Grant", ["web1", "web2"], 2);
    const one = script.start("create the account", "web2");
    script.step("create the account", "web1", "changed").step("add the key", "web1", "changed");
    script.end(one, "changed", { ms: 314 }).step("add the key", "web2", "ok");
    expect(await print(script)).toMatchInlineSnapshot(`
      "
      PLAY [Grant] *******************************************************************

      TASK [create the account] ******************************************************
      changed: [web1]

      TASK [add the key] *************************************************************
      changed: [web1]
      changed: [web2] | create the account (0.31 s)
      ok: [web2]
      "
    `);
  });

  it("says of a failure what, the command, the exit code, the end of its output and the cure", async () => {
    const stdout = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join("\n");
    const script = new EventScript()
      .run()
      .play("Grant", ["web1", "web2", "db"])
      .step("check", "web1", "failed", {
        result: { cmd: ["sh", "-c", "echo out; exit 3"], rc: 3, msg: "non-zero return code", stderr: "no\n", stdout },
        failure: { kind: "module", message: "non-zero return code", hint: "run it by hand" },
      })
      .step("check", "web2", "failed", { result: { msg: "two\nlines" }, ignored: true })
      .step("check", "db", "failed", { result: { censored: "the output is hidden (no_log)" }, rescued: true })
      .lost("db", "connection refused by 10.0.0.5:22 (as root)", "is sshd running there?");
    expect(await print(script)).toMatchInlineSnapshot(`
      "
      PLAY [Grant] *******************************************************************

      TASK [check] *******************************************************************
      fatal: [web1]: FAILED! => non-zero return code
          command: sh -c "echo out; exit 3"
          exit code: 3
          stderr: no
          stdout (the last 20 of 30 lines):
              line 11
              line 12
              line 13
              line 14
              line 15
              line 16
              line 17
              line 18
              line 19
              line 20
              line 21
              line 22
              line 23
              line 24
              line 25
              line 26
              line 27
              line 28
              line 29
              line 30
          hint: run it by hand
      fatal: [web2]: FAILED! => two
          lines
      ...ignoring
      fatal: [db]: FAILED! => the output is hidden (no_log)
      ...rescuing
      fatal: [db]: UNREACHABLE! => connection refused by 10.0.0.5:22 (as root)
          hint: is sshd running there?
      "
    `);
  });

  it("tells a lost host once", async () => {
    const failure = { kind: "unreachable", message: "the connection was lost" } as const;
    const script = new EventScript()
      .run()
      .play("Grant", ["web1"])
      .step("check", "web1", "unreachable", { failure, result: {} })
      .add({ type: "host.lost", host: "web1", failure });
    expect((await print(script)).match(/connection was lost/g)).toHaveLength(1);
  });

  it("prints loops an item a line, as ansible-playbook does", async () => {
    const script = new EventScript().run().play("Loops", ["db"]);
    const mixed = script.start("loop", "db");
    script.item(mixed, "changed", "a").item(mixed, "ok", { x: 1 }).item(mixed, "skipped", "b c").end(mixed, "changed");
    const bad = script.start("bad loop", "db");
    script.item(bad, "failed", 2, { msg: "non-zero return code", rc: 1 }).item(bad, "changed", true);
    script.end(bad, "failed", { ignored: true, result: { msg: "One or more items failed" } });
    const none = script.start("all skipped", "db");
    script.item(none, "skipped", 1).end(none, "skipped");
    const said = script.start("say", "db", { action: "debug" });
    script.item(said, "ok", "two", { msg: "two" }).end(said, "ok");
    expect(await print(script)).toMatchInlineSnapshot(`
      "
      PLAY [Loops] *******************************************************************

      TASK [loop] ********************************************************************
      changed: [db] => (item=a)
      ok: [db] => (item={'x': 1})
      skipping: [db] => (item=b c)

      TASK [bad loop] ****************************************************************
      failed: [db] (item=2) => non-zero return code
          exit code: 1
      changed: [db] => (item=True)
      ...ignoring

      TASK [all skipped] *************************************************************
      skipping: [db] => (item=1)
      skipping: [db]

      TASK [say] *********************************************************************
      ok: [db] => (item=two) => {
          "msg": "two"
      }
      "
    `);
  });

  it("keeps a dry run's 'would run' apart from a skipped step", async () => {
    const script = new EventScript()
      .run({ check: true })
      .play("Grant", ["web1"])
      .step("when is false", "web1", "skipped")
      .step("a command", "web1", "skipped", { wouldRun: true, result: { cmd: ["systemctl", "reload", "a b"] } });
    expect(await print(script)).toMatchInlineSnapshot(`
      "
      PLAY [Grant] *******************************************************************

      TASK [when is false] ***********************************************************
      skipping: [web1]

      TASK [a command] ***************************************************************
      would run: [web1] => systemctl reload "a b"
      "
    `);
  });

  it("shows differences where they are asked for", async () => {
    const result = {
      diff: [
        { before: "a\nb\n", after: "a\nc\n", before_header: "/etc/f", after_header: "/etc/f" },
        { before: { mode: "0644", path: "/f" }, after: { mode: "0600", path: "/f" } },
        { before: "same", after: "same" },
      ],
    };
    const script = new EventScript()
      .run({ diff: true })
      .play("Grant", ["web1"])
      .step("write", "web1", "changed", { result });
    expect(await print(script, { diff: true })).toMatchInlineSnapshot(`
      "
      PLAY [Grant] *******************************************************************

      TASK [write] *******************************************************************
      --- before: /etc/f
      +++ after: /etc/f
      @@ -1,2 +1,2 @@
       a
      -b
      +c

      --- before
      +++ after
      @@ -1,4 +1,4 @@
       {
      -    "mode": "0644",
      +    "mode": "0600",
           "path": "/f"
       }

      changed: [web1]
      "
    `);
    expect(await print(script)).not.toContain("---");
  });

  it("tells more with each -v", async () => {
    const script = new EventScript()
      .run()
      .play("Grant", ["web1"])
      .add({ type: "host.connect", host: "web1", address: "10.0.0.5", port: 22, user: "debian" })
      .add({ type: "host.ready", host: "web1", ms: 210 })
      .step("write", "web1", "changed", {
        result: { changed: true, path: "/f", invocation: { a: 1 }, diff: {} },
        place: { file: "playbooks/grant.yml", line: 12, column: 5 },
      })
      .add({ type: "handler.notified", host: "web1", handler: "reload" })
      .add({ type: "host.end", play: "play Grant", host: "web1" });
    expect((await print(script, { verbosity: 1 })).split("\n\n")[1]).toMatchInlineSnapshot(`
      "TASK [write] *******************************************************************
      changed: [web1] => {"changed": true, "path": "/f"}
      "
    `);
    expect(await print(script, { verbosity: 3 })).toMatchInlineSnapshot(`
      "
      PLAY [Grant] *******************************************************************
      <web1> connecting to 10.0.0.5 port 22 as debian
      <web1> connected after 0.21 s

      TASK [write] *******************************************************************
      task path: playbooks/grant.yml:12
      changed: [web1] => {"changed": true, "diff": {}, "invocation": {"a": 1}, "path": "/f"}
      NOTIFIED HANDLER reload for web1
      <web1> done with the play
      "
    `);
  });

  it("heads a task anew that comes again", async () => {
    const script = new EventScript().run().play("p", ["h1", "h2"]);
    for (const name of ["one", "two"]) {
      for (const host of ["h1", "h2"]) {
        const step = script.start("t", host);
        script.bodies.pop();
        script
          .add({ type: "step.start", step, task: "task t", host, name, action: "ping", handler: false })
          .end(step, "ok");
      }
    }
    const lines = (await print(script)).split("\n").filter((line) => /^TASK|^ok/.test(line));
    expect(lines.slice(0, 3)).toEqual([expect.stringMatching(/^TASK \[one\] /), "ok: [h1]", "ok: [h2]"]);
    expect(lines.slice(3)).toEqual([expect.stringMatching(/^TASK \[two\] /), "ok: [h1]", "ok: [h2]"]);
  });

  it("tells where a step worked that was another host's", async () => {
    const at = (host: string, address: string) => ({ delegate: { host, address } });
    const script = new EventScript()
      .run()
      .play("p", ["web1"])
      .step("a", "web1", "changed", at("db", "10.0.0.5"))
      .step("b", "web1", "failed", { ...at("localhost", "localhost"), ignored: true });
    const lines = (await print(script)).split("\n").filter((line) => line.includes("["));
    expect(lines).toContain("changed: [web1 -> db(10.0.0.5)]");
    expect(lines).toContainEqual(expect.stringMatching(/^fatal: \[web1 -> localhost\]: FAILED! => /));
  });

  it("prints what a module warns of", async () => {
    const script = new EventScript().run().play("Grant", ["web1"]);
    script.end(script.start("keys", "web1"), "ok", { result: { warnings: ["a second line\u001b[2J"] } });
    const text = await print(script);
    expect(text).toContain("\n[WARNING]: web1: a second line\\x1b[2J\nok: [web1]\n");
  });

  it("prints warnings with their place, retries, why a play stopped, and an interrupt", async () => {
    const place = { file: "playbooks/grant.yml", line: 3, column: 7 };
    const script = new EventScript()
      .run()
      .add({ type: "diagnostic", severity: "warning", message: "key is weak", code: "V50", place })
      .play("Grant", ["web1"]);
    const step = script.start("wait", "web1");
    script.add({ type: "step.retry", step, host: "web1", left: 2, delayMs: 1000 }).end(step, "cancelled");
    script.endPlay("Grant", "more than 10 % of the hosts failed");
    script.add({ type: "run.end", exitCode: 130, ms: 5, interrupted: true, stats: {} });
    expect(await print(script)).toMatchInlineSnapshot(`
      "[WARNING]: playbooks/grant.yml:3:7: key is weak [V50]

      PLAY [Grant] *******************************************************************

      TASK [wait] ********************************************************************
      FAILED - RETRYING: [web1]: wait (2 retries left).
      cancelled: [web1]

      stopped because more than 10 % of the hosts failed

      [ERROR]: interrupted

      PLAY RECAP *********************************************************************

      "
    `);
  });

  it("prints nothing of a host or a file that could steer a terminal", async () => {
    const evil = "\u001b]0;owned\u0007\u202e\u009b2J";
    const script = new EventScript().run().play(evil, [evil]);
    const step = script.start(evil, evil);
    script.item(step, "failed", evil, { msg: evil, stdout: `${evil}\n${evil}`, cmd: [evil] }).end(step, "failed");
    const result = { msg: evil, stderr: evil, diff: { before: evil, after: evil + evil, before_header: evil } };
    script.step(evil, evil, "failed", { result, failure: { kind: "module", message: evil, hint: evil } });
    script.step("say", evil, "ok", { action: "debug", result: { msg: evil } }).lost(evil, evil, evil);
    script.add({
      type: "diagnostic",
      severity: "error",
      message: evil,
      code: evil,
      place: { file: evil, line: 1, column: 1 },
    });
    script.add({ type: "step.output", step, host: evil, stream: "stdout", text: evil }).endPlay(evil, evil);
    script.endRun({ [evil]: stats({}) });
    for (const verbosity of [0, 3]) {
      expect(await print(script, { verbosity, diff: true })).not.toMatch(
        // oxlint-disable-next-line no-control-regex -- what must not be there
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/,
      );
    }
  });
});
