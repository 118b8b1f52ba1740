import { describe, expect, it } from "vitest";
import { text } from "../vars/python/text.ts";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

const says = (name: string, text: string): string => `- { name: ${name}, debug: { msg: "${text}" } }\n`;

/** What the `debug` tasks of a playbook say, in order. */
const msgs = async (
  playbook: string,
  files: Readonly<Record<string, string>>,
  hosts?: readonly string[],
): Promise<readonly string[]> => {
  const { events } = await runPlaybook(playbook, hosts, {}, files);
  const debug = new Set(
    events.flatMap((event) => (event.type === "step.start" && event.action === "debug" ? event.step : [])),
  );
  return events.flatMap((event) =>
    event.type === "step.end" && debug.has(event.step) && event.outcome === "ok"
      ? [text(event.result["msg"] ?? "")]
      : [],
  );
};

const role = (name: string, parts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([part, text]) => [`roles/${name}/${part}/main.yml`, text]));

const play = (rest: string): string => `- hosts: all\n  gather_facts: false\n${rest.replaceAll(/^(?=.)/gm, "  ")}`;

describe("roles of a play", () => {
  it("run between pre_tasks and tasks, what they depend on first, and each name stands behind its role's", async () => {
    const ran = await runPlaybook(
      play(`pre_tasks:
  - { name: pre, debug: {} }
roles: [web]
tasks:
  - { name: own, debug: {} }
post_tasks:
  - { name: post, debug: {} }
`),
      ["h1"],
      {},
      {
        ...role("web", { tasks: says("serve", "x"), meta: "dependencies: [base]\n" }),
        ...role("base", { tasks: says("prepare", "x") }),
      },
    );
    expect(ran.steps).toEqual(["h1 pre ok", "h1 base : prepare ok", "h1 web : serve ok", "h1 own ok", "h1 post ok"]);
  });

  it("run once, whoever depends on them, unless they allow duplicates or are asked for otherwise", async () => {
    const files = (allow: string): Record<string, string> => ({
      ...role("a", { tasks: says("a", "a"), meta: "dependencies: [base]\n" }),
      ...role("b", { tasks: says("b", "b"), meta: "dependencies: [{ role: base }]\n" }),
      ...role("base", { tasks: says("base", "base {{ n | default(0) }}"), meta: `allow_duplicates: ${allow}\n` }),
    });
    expect(await msgs(play("roles: [a, b, a]\n"), files("false"))).toEqual(["base 0", "a", "b"]);
    expect(await msgs(play("roles: [a, b]\n"), files("true"))).toEqual(["base 0", "a", "base 0", "b"]);
    expect(await msgs(play("roles: [base, { role: base, n: 1 }]\n"), files("false"))).toEqual(["base 0", "base 1"]);
  });

  it("see variables in Ansible's order: defaults < inventory < play < role's vars < set_fact < params", async () => {
    const files = role("r", {
      tasks: `- set_fact: { e: fact, f: fact }\n${says("r", "{{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ f }}")}`,
      defaults: "{ a: default, b: default, c: default, d: default, e: default, f: default }\n",
      vars: "{ d: vars, e: vars, f: vars }\n",
    });
    const playbook = play("vars: { c: play, d: play }\nroles: [{ role: r, f: param }]\n");
    expect(await msgs(playbook, files, ["h1 b=inventory c=inventory"])).toEqual([
      "default inventory play vars fact param",
    ]);
  });

  it("of `roles` are seen by the whole play with their variables, those of include_role by their own tasks", async () => {
    const files = {
      ...role("seen", { vars: "s: 1\n", defaults: "d: 2\n" }),
      ...role("own", { vars: "o: 3\n", tasks: says("own", "{{ s }}{{ d }}{{ o }}{{ role_name }}") }),
    };
    const playbook = play(`roles: [seen]
tasks:
  - include_role: { name: own }
  - debug: { msg: "{{ s }}{{ d }}{{ o | default('-') }}{{ role_name | default('-') }}" }
  - include_role: { name: own, public: true }
  - debug: { msg: "{{ o }}" }
`);
    expect(await msgs(playbook, files)).toEqual(["123own", "12--", "123own", "3"]);
  });

  it("have their files, templates and tasks at hand, and those beside the playbook", async () => {
    const files = {
      ...role("r", {
        tasks: `- debug: { msg: "{{ lookup('file', 'a') }}{{ lookup('file', 'b') }}" }
- include_tasks: more.yml
- import_tasks: more.yml
- include_vars: extra.yml
- debug: { msg: "{{ extra }}" }
`,
      }),
      "roles/r/tasks/more.yml": says("more", "more {{ role_path | basename }}"),
      "roles/r/files/a": "A",
      "files/a": "wrong",
      "files/b": "B",
      "roles/r/vars/extra.yml": "extra: E\n",
      "vars/extra.yml": "extra: wrong\n",
    };
    expect(await msgs(play("roles: [r]\n"), files)).toEqual(["AB", "more r", "more r", "E"]);
  });

  it("take over the keywords of their entry, and hand them to what they depend on", async () => {
    const files = {
      ...role("a", { tasks: says("a", "{{ v }}"), meta: "dependencies: [base]\n" }),
      ...role("base", { tasks: says("base", "base {{ v }}") }),
    };
    const playbook = play("roles: [{ role: a, when: false }, { role: a, vars: { v: 1 }, when: v == 1 }]\n");
    expect(await msgs(playbook, files)).toEqual(["base 1", "1"]);
  });

  it("bring handlers, which answer to their names with and without the role's; the play's own come before them", async () => {
    const files = role("r", {
      tasks: `- { command: "true", notify: [one, "r : two", both] }\n`,
      handlers: `- { name: one, debug: { msg: one } }
- { name: two, debug: { msg: two } }
- { name: both, debug: { msg: role's } }
`,
    });
    const playbook = play("roles: [r]\nhandlers:\n  - { name: both, debug: { msg: play's } }\n");
    expect(await msgs(playbook, files)).toEqual(["one", "two", "play's"]);
  });

  it("end where meta: end_role says so", async () => {
    const files = role("r", { tasks: `${says("a", "a")}- meta: end_role\n${says("b", "b")}` });
    expect(await msgs(play(`roles: [r]\ntasks:\n  ${says("c", "c")}`), files)).toEqual(["a", "c"]);
  });
});

describe("include_tasks", () => {
  it("brings tasks for each item, which see the item and the include's variables above all others", async () => {
    const playbook = play(`tasks:
  - set_fact: { v: fact, w: fact }
  - include_tasks: "{{ item }}.yml"
    loop: [a, b, a]
    vars: { v: "include {{ item }}" }
`);
    const files = { "a.yml": says("a", "a {{ item }} {{ v }} {{ w }}"), "b.yml": says("b", "b {{ item }} {{ v }}") };
    expect(await msgs(playbook, files)).toEqual(["a a include a fact", "b b include b", "a a include a fact"]);
  });

  it("hands on none of its keywords but those of apply", async () => {
    const playbook = play(`tasks:
  - include_tasks: { file: a.yml, apply: { vars: { v: applied }, when: v == 'applied' } }
    when: v is undefined
`);
    expect(await msgs(playbook, { "a.yml": says("a", "{{ v }}") })).toEqual(["applied"]);
  });

  it("brings other files for other hosts, each host running its own", async () => {
    const ran = await runPlaybook(
      play('tasks:\n  - include_tasks: "{{ own }}.yml"\n  - { name: after, debug: {} }\n'),
      ["h1 own=a", "h2 own=b", "h3 own=a"],
      {},
      { "a.yml": `- { name: once, debug: {}, run_once: true }\n`, "b.yml": says("other", "x") },
    );
    expect(ran.steps.filter((step) => !step.includes("after") && !step.includes("include"))).toEqual([
      "h1 once ok",
      "h2 other ok",
    ]);
    expect(ran.stats).toEqual({ h1: "3 0 0 0 0 0 0", h2: "3 0 0 0 0 0 0", h3: "2 0 0 0 0 0 0" });
  });

  it("fails where the file is not there or is wrong, which a rescue can take", async () => {
    const ran = await runPlaybook(
      play(`tasks:
  - block:
      - include_tasks: "{{ own }}.yml"
    rescue:
      - { name: why, debug: { msg: "{{ ansible_failed_result.msg }}" } }
`),
      ["h1 own=nowhere", "h2 own=wrong"],
      {},
      { "wrong.yml": "- comand: a\n" },
    );
    const why = ran.events.flatMap((event) =>
      event.type === "step.end" && event.outcome === "ok" ? [text(event.result["msg"] ?? "")] : [],
    );
    expect(why[0]).toMatch(/cannot read ".*nowhere.yml": there is no such file/);
    expect(why[1]).toMatch(/wrong\.yml:1:3: there is no module "comand"/);
    expect(ran.exitCode).toBe(0);
  });

  it("may include itself until a condition ends it", async () => {
    const files = {
      "down.yml": `${says("n", "{{ n }}")}- include_tasks: down.yml
  vars: { n: "{{ m }}", m: "{{ m | int - 1 }}" }
  when: false
`,
    };
    expect(await msgs(play('vars: { n: "1", m: "0" }\ntasks:\n  - include_tasks: down.yml\n'), files)).toEqual(["1"]);
  });
});

describe("import_playbook", () => {
  it("brings the plays of another playbook, with its variables, tags and conditions", async () => {
    const files = {
      "more/other.yml": play(`vars: { v: own }\ntasks:\n  - debug: { msg: "{{ v }}" }\n  - import_tasks: t.yml\n`),
      "more/t.yml": says("t", "t"),
    };
    const playbook = `- import_playbook: more/other.yml\n  vars: { v: imported }\n- import_playbook: more/other.yml\n  when: false\n`;
    expect(await msgs(playbook, files)).toEqual(["imported", "t"]);
  });
});

describe("a role with an argument specification", () => {
  const files = {
    ...role("s", { tasks: says("own", "{{ port }}") }),
    "roles/s/meta/argument_specs.yml": `argument_specs:
  main:
    short_description: Opens it
    options:
      port: { type: int, required: true }
      who: { choices: [a, b] }
      deep: { type: dict, options: { list: { type: list, elements: int, required: true } } }
`,
  };

  it("holds what it is given against it before its tasks", async () => {
    const ran = await runPlaybook(
      play(`tasks:
  - include_role: { name: s }
    vars: { port: "22", deep: { list: "1,2" } }
  - include_role: { name: s, rolespec_validate: false }
    vars: { port: x }
  - include_role: { name: s }
    vars: { port: x, who: c, deep: { lists: [1] } }
`),
      ["h1"],
      {},
      files,
    );
    const check = "s : Validating arguments against arg spec 'main' - Opens it";
    expect(ran.steps.filter((step) => !step.includes("include_role"))).toEqual([
      `h1 ${check} ok`,
      "h1 s : own ok",
      "h1 s : own ok",
      `h1 ${check} failed`,
    ]);
    const last = ran.events.findLast((event) => event.type === "step.end");
    expect(last?.result["argument_errors"]).toEqual([
      "argument 'port' is of type str and we were unable to convert to int: str cannot be converted to an int",
      "value of who must be one of: a, b, got: c",
      "missing required arguments: list found in deep",
      "deep.lists. Supported parameters include: list.",
    ]);
  });
});

describe("vars_files that a host's variables name", () => {
  const files = {
    "h1.yml": "v: one\n",
    "other.yml": "v: other\n",
    "h2.yml": "w: '{{ v | default(0) }}!'\n",
  };

  it("are each host's own, of several the first that is there", async () => {
    const playbook = play(`vars: { v: play }
vars_files:
  - ["{{ inventory_hostname }}x.yml", "{{ inventory_hostname }}.yml", other.yml]
  - ["{{ own | default('h2') }}.yml"]
tasks:
  - debug: { msg: "{{ v }} {{ w | default('-') }}" }
`);
    expect(await msgs(playbook, files, ["h1 own=other"])).toEqual(["other -"]);
    expect(await msgs(playbook, files, ["h1"])).toEqual(["one one!"]);
    expect(await msgs(playbook, files, ["h3"])).toEqual(["other other!"]);
  });

  it("wait for facts that name them, and fail the host where no file is there", async () => {
    const playbook = play(`vars_files: ["{{ fact }}.yml"]
tasks:
  - set_fact: { fact: h1 }
  - debug: { msg: "{{ v }}" }
  - set_fact: { fact: nowhere }
  - { name: last, debug: { msg: "{{ v }}" } }
`);
    const ran = await runPlaybook(playbook, ["h1"], {}, files);
    expect(ran.steps).toEqual(["h1 set_fact ok", "h1 debug ok", "h1 set_fact ok", "h1 last failed"]);
    const last = ran.events.findLast((event) => event.type === "step.end");
    expect(last?.result["msg"]).toMatch(/^vars file \/.*\/nowhere\.yml was not found$/);
  });
});
