import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../events/event.ts";
import { load } from "../index.ts";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";
import type { TemplateContext } from "../vars/template.ts";
import type { Value } from "../vars/value.ts";
import { type AskServices, askVars } from "./ask-vars.ts";

interface Asked {
  readonly answers: unknown;
  readonly questions: readonly string[];
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
}

/** Asks for `vars_prompt` of a play; without answers there is no terminal. */
const asked = async (
  prompts: string,
  answers?: readonly string[],
  extraVars: readonly string[] = [],
): Promise<Asked> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: all\n  vars: { who: me }\n  vars_prompt: ${prompts}\n  tasks: []\n`,
  );
  const { plan } = await load({ playbooks: ["play.yml"], inventory: ["h1,"], extraVars, cwd: folder });
  rmSync(folder, { recursive: true });
  const [play] = plan.playbooks[0]?.playbook.plays ?? [];
  if (play === undefined) throw new Error("no play");
  const left = [...(answers ?? [])];
  const questions: string[] = [];
  const secrets: string[] = [];
  const events: EventBody[] = [];
  const io: Pick<AskServices["io"], "canPrompt" | "prompt"> = {
    canPrompt: () => answers !== undefined,
    prompt: (text, echo) => {
      questions.push(`${echo ? "" : "hidden "}${text}`);
      return Promise.resolve({ ok: true, value: left.shift() ?? "" });
    },
  };
  const services: AskServices = {
    io: io as AskServices["io"],
    emit: (event) => void events.push(event),
    redact: { add: (secret) => void secrets.push(secret), text: (text) => text, redact: (body) => [body] },
    signal: new AbortController().signal,
    variables: { extraVars: plan.extraVars },
  };
  const vars: Readonly<Record<string, Value>> = { who: "me" };
  const lookups = {} as TemplateContext["lookups"];
  const result = await askVars(services, play, { variable: (name) => vars[name], names: () => ["who"], lookups });
  return {
    answers: result.ok ? result.value : result.error,
    questions,
    secrets,
    warnings: events.flatMap((event) => (event.type === "diagnostic" ? [event.message] : [])),
  };
};

describe("vars_prompt", () => {
  it("asks in order, unseen unless it is said otherwise, and keeps texts", async () => {
    const all = await asked(
      `[{ name: a }, { name: b, prompt: "Which, {{ who }}?", private: false, default: 80 }, { name: c, private: no }]`,
      ["s3cret", "", "{{ who }}"],
    );
    expect(all).toEqual({
      answers: { a: "s3cret", b: "80", c: "{{ who }}" },
      questions: ["hidden a: ", "Which, me? [80]: ", "c: "],
      secrets: ["s3cret", "s3cret"],
      warnings: [],
    });
  });

  it("asks anew until both answers are the same", async () => {
    const all = await asked("[{ name: a, confirm: true }]", ["one", "two", "two", "two"]);
    expect(all.answers).toEqual({ a: "two" });
    expect(all.questions).toEqual([
      "hidden a: ",
      "hidden confirm a: ",
      "hidden The two do not match.\na: ",
      "hidden confirm a: ",
    ]);
  });

  it("says which answer could not be hashed", async () => {
    const all = await asked('[{ name: a, encrypt: sha512_crypt, salt: "bad salt" }]', ["pw"]);
    expect(all.answers).toMatch(/^vars_prompt for "a": password_hash: a salt has 1 to 16 characters/);
  });

  it("does not ask for what -e gives", async () => {
    const all = await asked("[{ name: a }, { name: b }]", ["two"], ["a=one"]);
    expect(all.answers).toEqual({ b: "two" });
    expect(all.questions).toEqual(["hidden b: "]);
  });

  it("without a terminal takes the default and says so, or ends where there is none", async () => {
    const where = "standard input is no terminal";
    const all = await asked("[{ name: a, default: x }]");
    expect(all).toEqual({
      answers: { a: "x" },
      questions: [],
      secrets: [],
      warnings: [`cannot ask for "a": ${where}; its default is taken`],
    });
    expect((await asked("[{ name: a }]")).answers).toBe(`cannot ask for "a": ${where}; give it with -e a=…`);
  });

  it("wins over the play's vars, and a file of variables over it", async () => {
    const playbook = `- hosts: all
  gather_facts: false
  vars: { a: of-play }
  vars_prompt: [{ name: a, default: asked }]
  tasks:
    - { name: t, assert: { that: a == 'asked' } }
`;
    const ran = await runPlaybook(playbook);
    expect(ran.exitCode).toBe(0);
    expect(ran.steps).toEqual(["h1 t ok"]);
  });

  it("runs nothing where it cannot ask", async () => {
    const ran = await runPlaybook("- hosts: all\n  vars_prompt: [{ name: a }]\n  tasks: [{ ping: }]\n");
    expect(ran.exitCode).toBe(1);
    expect(ran.steps).toEqual([]);
  });
});
