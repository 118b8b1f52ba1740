import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturedIo } from "../../../test/helpers/captured-io.ts";
import type { GivenOptions } from "../options.ts";
import { validateCommand } from "./validate.ts";

describe("latchkey validate", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-validate-"));
  beforeAll(() => {
    writeFileSync(join(folder, "good.yml"), "- hosts: web\n  tasks:\n    - ping:\n");
    writeFileSync(join(folder, "bad.yml"), "- hosts: all\n  tasks:\n    - usr: {name: a}\n");
    writeFileSync(join(folder, "inventory.ini"), "[db]\nvm1\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const validate = async (playbooks: readonly string[], given: GivenOptions) => {
    const { io, said } = capturedIo(folder);
    return { code: await validateCommand(playbooks, given, io), ...said };
  };

  it("says nothing of hosts that it does not know", async () => {
    expect(await validate(["good.yml"], {})).toEqual({ code: 0, out: "nothing wrong was found\n", err: "" });
  });

  it("takes a variable for one that an inventory may define, where it knows none", async () => {
    writeFileSync(join(folder, "open.yml"), '- hosts: db\n  tasks:\n    - debug: {msg: "{{ http_port }}"}\n');
    const alone = await validate(["open.yml"], {});
    expect(alone.out).toContain('open.yml:3:24: warning: "http_port" is not defined [V21]');
    expect(alone.code).toBe(0);
    expect((await validate(["open.yml"], { inventory: ["inventory.ini"] })).code).toBe(1);
  });

  it("holds playbooks against an inventory", async () => {
    const { code, out } = await validate(["good.yml"], { inventory: ["inventory.ini"] });
    expect(out).toContain("[V40]");
    expect(code).toBe(1);
  });

  it.each([
    [
      "text",
      /^bad\.yml:3:7: there is no module "usr" \[V10\]\n[^]*\n1 error, 0 warnings; --fix mends 1\nlatchkey explain V10 says more\n$/,
    ],
    ["json", /^\[\n {2}\{\n {4}"code": "V10"/],
    ["jsonl", /^\{"code":"V10",[^\n]*\}\n$/],
    ["sarif", /"ruleId": "V10"/],
    ["github", /^::error file=bad\.yml,line=3,col=7,/],
  ])("tells findings as %s", async (format, expected) => {
    const { code, out } = await validate(["bad.yml"], { format });
    expect(out).toMatch(expected);
    expect(code).toBe(1);
  });
});
