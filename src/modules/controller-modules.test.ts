import { describe, expect, it } from "vitest";
import { untoldKeys } from "../../test/shell/returned-keys.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap, ValueMap } from "../vars/value.ts";
import { Template } from "../vars/value.ts";
import { coerceArguments } from "./arguments.ts";
import type { ControllerContext, ControllerResult, Module, TriedLogin } from "./module.ts";
import { findModule } from "./registry.ts";

/** A controller on which every condition is a key of `truths`, and time passes when somebody waits. */
const controller = (own: Partial<ControllerContext> = {}): ControllerContext => ({
  check: false,
  diff: false,
  readFile: () => err("no files"),
  renderTemplate: () => err("no templates"),
  evaluate: (expression) => (expression === "broken" ? err("it is broken") : ok(expression === "true")),
  lookup: (expression) =>
    expression === "broken" ? err("it is broken") : ok(expression === "known" ? [1] : undefined),
  include: async () => err("nothing to include"),
  verbosity: 0,
  signal: new AbortController().signal,
  wait: async () => {},
  prompt: async () => err("there is no terminal"),
  readVars: () => err("no such file"),
  listFiles: () => err("no such folder"),
  addHost: () => true,
  groupBy: () => true,
  tryConnection: async () => ok(undefined),
  cloud: async () => err({ kind: "module", message: "there is no cloud" }),
  tryLogin: async () => ok({ is: "let-in", command: ok({ name: "sup" }) }),
  ...own,
});

const call = async (name: string, args: PlainMap, own?: Partial<ControllerContext>): Promise<ControllerResult> => {
  const module: Module | undefined = await findModule(name)?.load();
  if (module?.runs !== "controller") throw new Error(`${name} is no module of the controller`);
  const made = coerceArguments(module, args);
  if (!made.ok) return { outcome: "failed", fields: { msg: made.error } };
  const result = await module.run(made.value as never, controller(own));
  expect(untoldKeys(module, result.fields)).toEqual([]);
  return result;
};

describe("assert", () => {
  it("says that all hold", async () => {
    expect(await call("assert", { that: ["true", "true"] })).toEqual({
      outcome: "ok",
      fields: { msg: "All assertions passed" },
    });
    expect(await call("assert", { that: "true", success_msg: "fine" })).toMatchObject({ fields: { msg: "fine" } });
  });

  it("stops at the first that does not", async () => {
    const fields = { assertion: "a, b", evaluated_to: false, msg: "Assertion failed" };
    expect(await call("assert", { that: ["true", "a, b", "broken"] })).toEqual({ outcome: "failed", fields });
    expect(await call("assert", { that: "x", msg: "why" })).toMatchObject({ fields: { msg: "why" } });
  });

  it("fails where a condition cannot be evaluated", async () => {
    expect(await call("assert", { that: "broken" })).toMatchObject({
      outcome: "failed",
      fields: { msg: "it is broken" },
    });
  });
});

describe("debug", () => {
  it.each([
    [{}, { msg: "Hello world!" }],
    [{ msg: ["a", 1] }, { msg: ["a", 1] }],
    [{ var: "known" }, { known: [1] }],
    [{ var: "nope.x" }, { "nope.x": "VARIABLE IS NOT DEFINED!" }],
  ])("%j prints %j", async (args, fields) => {
    expect(await call("debug", args)).toEqual({ outcome: "ok", fields });
  });

  it("is skipped below its verbosity", async () => {
    expect(await call("debug", { verbosity: "2" })).toMatchObject({ outcome: "skipped" });
    expect(await call("debug", { verbosity: 2 }, { verbosity: 2 })).toMatchObject({ outcome: "ok" });
  });

  it("takes one of the two", async () => {
    expect(await call("debug", { msg: "a", var: "b" })).toMatchObject({
      fields: { msg: "'msg' and 'var' are incompatible options" },
    });
  });
});

describe("set_fact", () => {
  it("sets what it is given, as it is", async () => {
    const facts = { a: "yes", b: [1] };
    expect(await call("set_fact", { ...facts, cacheable: "no" })).toEqual({
      outcome: "ok",
      fields: { ansible_facts: facts },
      facts,
    });
  });

  it.each(["1x", "a-b", "é", "class"])("refuses the name %s", async (name) => {
    expect(await call("set_fact", { [name]: 1 })).toMatchObject({
      outcome: "failed",
      fields: { msg: expect.stringContaining(`'${name}' is not valid`) },
    });
  });

  it("refuses nothing at all", async () => {
    expect(await call("set_fact", {})).toMatchObject({ outcome: "failed" });
  });
});

describe("pause", () => {
  it("waits as long as it is told", async () => {
    const waits: number[] = [];
    const wait = async (ms: number): Promise<void> => void waits.push(ms);
    const result = await call("pause", { minutes: "0.5" }, { wait });
    expect(waits).toEqual([30_000]);
    expect(result).toMatchObject({
      outcome: "ok",
      fields: { rc: 0, user_input: "", stdout: "Paused for 0.0 minutes", delta: 0 },
    });
  });

  it("asks, and gives the answer", async () => {
    const asked: unknown[] = [];
    const prompt = async (text: string, echo: boolean): Promise<Result<string, string>> => {
      asked.push([text, echo]);
      return ok("go");
    };
    expect(await call("pause", { prompt: "Really?", echo: false }, { prompt })).toMatchObject({
      fields: { user_input: "go", echo: false },
    });
    expect(asked).toEqual([["Really?: ", false]]);
  });

  it("goes on with a warning where nobody can be asked", async () => {
    expect(await call("pause", {})).toMatchObject({
      outcome: "ok",
      fields: { warnings: [expect.stringContaining("no terminal")] },
    });
  });
});

describe("wait_for_connection", () => {
  it("tries until the host is there", async () => {
    const waits: number[] = [];
    let tries = 0;
    const own = {
      wait: async (ms: number): Promise<void> => void waits.push(ms),
      tryConnection: async (): Promise<Result<void, string>> => (++tries < 3 ? err("refused") : ok(undefined)),
    };
    expect(await call("wait_for_connection", { delay: 4, sleep: 2 }, own)).toEqual({
      outcome: "ok",
      fields: { elapsed: 0 },
    });
    expect(waits).toEqual([4000, 2000, 2000]);
  });

  it("gives up in time, and says what the last attempt said", async () => {
    const tryConnection = async (): Promise<Result<void, string>> => err("refused");
    const result = await call("wait_for_connection", { timeout: 1 }, { tryConnection });
    expect(result).toEqual({
      outcome: "failed",
      fields: { elapsed: 0, msg: "timed out waiting for ping module test: refused" },
    });
  });

  it("is skipped in a dry run", async () => {
    expect(await call("wait_for_connection", {}, { check: true })).toMatchObject({ outcome: "skipped" });
  });
});

describe("add_host and group_by", () => {
  it("adds a host with its variables", async () => {
    const added: unknown[] = [];
    const addHost = (...host: unknown[]): boolean => added.push(host) === 1;
    const args = { hostname: "[2001:db8::1]:2222", groups: "a, b", ansible_user: "x" };
    const vars = { ansible_user: "x", ansible_ssh_port: 2222 };
    expect(await call("add_host", args, { addHost })).toEqual({
      outcome: "changed",
      fields: { add_host: { host_name: "2001:db8::1", groups: ["a", "b"], host_vars: vars } },
    });
    expect(await call("add_host", { name: "2001:db8::1" }, { addHost })).toMatchObject({ outcome: "ok" });
    expect(added).toEqual([
      ["2001:db8::1", ["a", "b"], vars],
      ["2001:db8::1", [], {}],
    ]);
  });

  it("makes a group without spaces", async () => {
    expect(await call("group_by", { key: "a b", parents: "x y,z" })).toEqual({
      outcome: "changed",
      fields: { add_group: "a-b", parent_groups: ["x-y", "z"] },
    });
  });
});

describe("include_vars", () => {
  const files: Readonly<Record<string, ValueMap>> = {
    "v.yml": { a: 1, t: new Template("{{ a }}") },
    "d/x.yml": { b: 1, c: 1 },
    "d/sub/y.json": { c: 2 },
  };
  const own: Partial<ControllerContext> = {
    readVars: (path) => (files[path] === undefined ? err(`no ${path}`) : ok({ path: `/p/${path}`, vars: files[path] })),
    listFiles: (path) => (path === "d" ? ok(["sub/y.json", "x.yml", "z.txt"]) : err(`no ${path}`)),
  };

  it("reads a file, templates unrendered", async () => {
    expect(await call("include_vars", { file: "v.yml" }, own)).toEqual({
      outcome: "ok",
      fields: { ansible_facts: { a: 1, t: "{{ a }}" }, ansible_included_var_files: ["/p/v.yml"] },
      facts: files["v.yml"],
    });
    expect(await call("include_vars", { file: "v.yml", name: "n" }, own)).toMatchObject({
      facts: { n: files["v.yml"] },
    });
  });

  it("reads a folder, deeper files last", async () => {
    const result = await call("include_vars", { dir: "d", ignore_unknown_extensions: true }, own);
    expect(result.facts).toEqual({ b: 1, c: 2 });
    expect(await call("include_vars", { dir: "d", depth: 1, ignore_files: "z.txt" }, own)).toMatchObject({
      facts: { b: 1, c: 1 },
    });
    expect(await call("include_vars", { dir: "d", files_matching: "^y" }, own)).toMatchObject({ facts: { c: 2 } });
  });

  it("fails where it cannot", async () => {
    const failed = async (args: PlainMap): Promise<unknown> => (await call("include_vars", args, own)).fields["msg"];
    expect(await failed({ dir: "d" })).toBe("d/z.txt does not have a valid extension: json, yaml, yml");
    expect(await failed({ file: "none" })).toBe("no none");
    expect(await failed({})).toBe("one of the following is required: file, dir");
    expect(await failed({ file: "a", dir: "b" })).toBe("parameters are mutually exclusive: file|dir");
  });
});

describe("fail and meta", () => {
  it("fail", async () => {
    expect(await call("fail", {})).toEqual({ outcome: "failed", fields: { msg: "Failed as requested from task" } });
  });

  it("takes only what a run can do", async () => {
    expect(await call("meta", { free_form: "noop" })).toEqual({ outcome: "ok", fields: {} });
    expect(await call("meta", { free_form: "end_world" })).toMatchObject({ outcome: "failed" });
  });
});

describe("login", () => {
  const refused = async (): Promise<Result<TriedLogin, Failure>> => ok({ is: "refused", reason: "web1 refused it." });
  const lost = async (): Promise<Result<TriedLogin, Failure>> =>
    err({ kind: "unreachable", message: "No connection to web1.", hint: "Check the port." });
  const noShell = async (): Promise<Result<TriedLogin, Failure>> =>
    ok({ is: "let-in", command: err("the shell ended.") });
  const msgOf = async (args: PlainMap, own?: Partial<ControllerContext>): Promise<unknown> => {
    const { outcome, fields } = await call("login", { user: "sup", ...args }, own);
    return outcome === "failed" ? fields["msg"] : outcome;
  };

  it("passes on who is to log in, and how", async () => {
    const asked: unknown[] = [];
    const tryLogin: ControllerContext["tryLogin"] = async (...args) => {
      asked.push(args);
      return refused();
    };
    await call("login", { user: "sup", key_file: "~/k", expect: "refused" }, { tryLogin });
    await call("login", { user: "sup", expect: "refused" }, { tryLogin });
    await call("login", { user: "sup", command: false }, { tryLogin });
    await call("login", { user: "sup", sudo: "all" }, { tryLogin });
    expect(asked).toEqual([
      // Where it is to be refused, nothing is to run.
      [{ user: "sup", keyFile: "~/k", runs: false, sudo: "none" }],
      [{ user: "sup", keyFile: undefined, runs: false, sudo: "none" }],
      [{ user: "sup", keyFile: undefined, runs: false, sudo: "none" }],
      [{ user: "sup", keyFile: undefined, runs: true, sudo: "all" }],
    ]);
  });

  it("says what came of it, and how long it took", async () => {
    expect(await call("login", { user: "sup" })).toEqual({
      outcome: "ok",
      fields: { user: "sup", login: "works", name: "sup", ms: expect.any(Number) as number },
    });
    expect(await call("login", { user: "sup", expect: "refused" }, { tryLogin: refused })).toEqual({
      outcome: "ok",
      fields: { user: "sup", login: "refused", ms: expect.any(Number) as number },
    });
  });

  it("may be all there is, or be for sudo, too", async () => {
    const noCommand = async (): Promise<Result<TriedLogin, Failure>> => ok({ is: "let-in" });
    expect(await call("login", { user: "sup", command: false }, { tryLogin: noCommand })).toEqual({
      outcome: "ok",
      fields: { user: "sup", login: "works", ms: expect.any(Number) as number },
    });
    expect(await msgOf({ command: false, sudo: "all" })).toBe("sudo is tried by a command, and command is false");
    const noSudo = async (): Promise<Result<TriedLogin, Failure>> =>
      ok({ is: "let-in", command: ok({ name: "sup", sudoProblem: "sudo -n true: sudo: a password is required" }) });
    expect(await msgOf({ sudo: "all" }, { tryLogin: noSudo })).toBe(
      "sup is let in, but sudo is not: sudo -n true: sudo: a password is required",
    );
  });

  it("fails where it is not as expected", async () => {
    expect(await msgOf({}, { tryLogin: refused })).toBe("sup cannot log in: web1 refused it.");
    expect(await msgOf({ expect: "refused" })).toMatch(/^sup can still log in/);
    expect(await msgOf({}, { tryLogin: noShell })).toBe("sup is let in, but no command runs there: the shell ended.");
    expect(await msgOf({ expect: "refused" }, { tryLogin: noShell })).toMatch(/^sup can still log in/);
  });

  it.each(["works", "refused"])("fails where nothing is known, and %s was expected", async (wanted) => {
    expect(await msgOf({ expect: wanted }, { tryLogin: lost })).toBe(
      "No connection to web1. So nothing is known about the login of sup. Check the port.",
    );
    expect((await call("login", { user: "sup", expect: wanted }, { tryLogin: lost })).fields["login"]).toBeUndefined();
  });

  it("tries nothing in a dry run, nor as nobody", async () => {
    expect(await call("login", { user: "sup" }, { check: true, tryLogin: lost })).toMatchObject({ outcome: "skipped" });
    expect(await msgOf({ user: "a:b" })).toMatch(/^invalid user name/);
  });
});
